"""Files whose contents another program has changed: each is refused or read, none is our fault."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from breachflow.case import load_case, parse_case
from breachflow.cli.main import main
from breachflow.runs.run import run
from breachflow.shipped import root
from breachflow.sweeps.driver import sweep
from cases.test_kept_iterations import HOLE

LAW = root() / "cases" / "sweep" / "crack" / "law.h5"

Forgery = Callable[[h5py.File], None]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(parse_case(HOLE), output=tmp_path_factory.mktemp("result") / "result.h5", threads=1).path


def points(value: float) -> Forgery:
    def forge(file: h5py.File) -> None:
        file["VTKHDF/Points"][...] = value

    return forge


def value(place: str, new: Any) -> Forgery:
    def forge(file: h5py.File) -> None:
        attributes = dict(file[place].attrs)
        del file[place]
        file.create_dataset(place, data=new).attrs.update(attributes)

    return forge


def without(*places: str) -> Forgery:
    def forge(file: h5py.File) -> None:
        for place in places:
            del file[place]

    return forge


RESULTS: dict[str, Forgery] = {
    "points nan": points(np.nan),
    "points inf": points(np.inf),
    "points equal": points(1.0),
    "text for mass flow": value("summary/mass_flow", np.bytes_("much")),
    "text for converged": value("summary/converged", np.bytes_("yes")),
    "coefficient nan": value("summary/discharge_coefficient", np.nan),
    "no mass flow": without("summary/mass_flow"),
    "no summary": without("summary"),
    "no pressure": without("VTKHDF/CellData/pressure"),
    "no patches": without("patches"),
    "another case": value("case/completed", [np.bytes_("x = 1")]),
    "array for an attribute": lambda file: file["summary/mass_flow"].attrs.update(units=[1, 2, 3]),
    "no provenance": lambda file: file["provenance"].attrs.clear(),
}

TABLES: dict[str, Forgery] = {
    "no error": without("error"),
    "no coefficient": without("discharge_coefficient"),
    "no status": without("status"),
    "no law": without("law"),
    "coefficients nan": lambda file: file["discharge_coefficient"].write_direct(
        np.full(file["discharge_coefficient"].shape, np.nan)
    ),
    "lengths tiny": lambda file: [file["law/lengths"].__setitem__(..., 1e-300)],
}


def axes_of_nothing(file: h5py.File) -> None:
    """The list of the axes has its length, and no references."""
    nothing = np.empty(2, dtype=object)
    nothing[:] = [np.empty(0, dtype=h5py.ref_dtype)] * 2
    file["pressure"].attrs.create("DIMENSION_LIST", nothing, dtype=h5py.vlen_dtype(h5py.ref_dtype))


CABINS: dict[str, Forgery] = {
    "no axes told": lambda file: file["pressure"].attrs.pop("DIMENSION_LIST"),
    "axes told by nothing": axes_of_nothing,
    "more axes than told": value("pressure", np.zeros((2, 2, 2))),
    "times nan": lambda file: file["time"].write_direct(np.full(file["time"].shape, np.nan)),
    "time renamed": lambda file: file.move("time", "other"),
    "no events": without("event_what"),
    "pressures infinite": lambda file: file["pressure"].write_direct(np.full(file["pressure"].shape, np.inf)),
    "numbers for names": value("compartment", np.array([1.0])),
    "no text": lambda file: file.attrs.pop("text"),
    "another unit": lambda file: file.attrs.update(unit="furlong"),
    "a list for the summary": lambda file: file.attrs.update(summary="[]"),
}


def forged(source: Path, forge: Forgery, folder: Path) -> str:
    path = folder / "forged.h5"
    shutil.copyfile(source, path)
    with h5py.File(path, "r+") as file:
        forge(file)
    return str(path)


def assert_no_fault(capsys: pytest.CaptureFixture[str], path: str, *commands: list[str]) -> None:
    """Each command reads the file or refuses it by its name."""
    for command in commands:
        code = main(command)
        said = capsys.readouterr().err
        assert code in (0, 8), (command, said)
        assert (code == 0) == (said == ""), (command, said)
        assert code == 0 or path in said, (command, said)


@pytest.mark.parametrize("name", RESULTS)
def test_results(name: str, result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = forged(result, RESULTS[name], tmp_path)
    picture = ["report", path, "-o", str(tmp_path / "out")]
    assert_no_fault(capsys, path, ["show", path], ["export", path, "--history", "-o", f"{tmp_path}/a.csv"])
    if name.startswith(("points", "text", "coefficient")):
        assert_no_fault(capsys, path, picture)


@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = forged(LAW, TABLES[name], tmp_path)
    crack = ["--width", "20 um", "--length", "1 cm", "--depth", "1 mm"]
    state = ["--pressure", "1 bar", "--temperature", "300 K"]
    assert_no_fault(capsys, path, ["show", path], ["estimate", "--law", path, *crack, *state])
    assert "nan" not in capsys.readouterr().out


@pytest.fixture(scope="module")
def cabin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cabin") / "cabin.nc"
    assert main(["cabin", str(root() / "cases" / "cabin" / "airlock"), "-o", str(path)]) == 0
    return path


@pytest.mark.parametrize("name", CABINS)
def test_cabins(name: str, cabin: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each is refused by the name of the file."""
    path = forged(cabin, CABINS[name], tmp_path)
    for command in (["show", path], ["compare", path, str(cabin)]):
        assert main(command) == 8
        assert path in capsys.readouterr().err


ENTRIES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "list": lambda entry: [entry],
    "number": lambda _: 3,
    "empty": lambda _: {},
    "no summary": lambda entry: {key: entry[key] for key in entry if key != "summary"},
    "text for summary": lambda entry: {**entry, "summary": "x"},
    "short quantity": lambda entry: {**entry, "summary": {"converged": [True]}},
    "table for a value": lambda entry: {**entry, "summary": {"converged": [{}, "", ""]}},
    "number for a unit": lambda entry: {**entry, "summary": {"converged": [True, 1, ""]}},
    "number for error": lambda entry: {**entry, "error": 1},
    "numbers for parents": lambda entry: {**entry, "started_from": [1]},
}


@pytest.mark.parametrize("name", ENTRIES)
def test_ledgers(name: str, swept: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the right checksum: by a program that knows how."""
    shutil.copytree(swept, tmp_path / "sweep")
    with sqlite3.connect(tmp_path / "sweep/case.sweep/ledger.sqlite") as ledger:
        digest, text = ledger.execute("SELECT digest, record FROM flows").fetchone()
        changed = json.dumps(ENTRIES[name](json.loads(text)))
        ledger.execute("UPDATE flows SET record = ?, checksum = ?", (changed, checksum(digest, changed)))
    ledger.close()
    assert main(["sweep", str(tmp_path / "sweep/case.toml"), "--quiet", "--workers", "1"]) == 8
    said = capsys.readouterr().err
    assert f"ledger.sqlite: the entry {digest} is none of a sweep; remove the folder" in said


def checksum(digest: str, text: str) -> int:
    return zlib.crc32(f"{digest} {text}".encode())


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("swept")
    (folder / "case.toml").write_text(f'{HOLE}\n[sweep]\n"numerics.order" = [1]\n')
    assert sweep(load_case(folder / "case.toml"), workers=1).complete
    return folder
