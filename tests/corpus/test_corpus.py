"""Files that earlier versions wrote still open, with the numbers that were recorded when they were made.

Each archive is of `tools/make_corpus.py`. `first_sweep.zip` is of the commit with the first sweeps, whose
flows have no friction and whose law has another form; `first_cabin.zip` of that with the first cabins;
the others are of the version that they are named after. A new version adds an archive and changes none.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
import pytest

from breachflow.cabin.grammar.read import parse_cabin
from breachflow.cli.main import main
from breachflow.errors import ResultError, UsageError
from breachflow.leak.fitted.law_file import read_law
from breachflow.results import read_result
from breachflow.results.checkpoint.pair import CheckpointPair, Earlier
from breachflow.results.files.cabin.series import read_series
from breachflow.results.files.tables import read_table
from breachflow.sweeps.entry import sound_answers, sound_entries
from breachflow.sweeps.ledger import Ledger
from breachflow.version import PROGRAM
from make_corpus import ESTIMATE, LAW, value_of
from tally import tally

ARCHIVES = sorted(Path(__file__).parent.glob("*.zip"))


def holding(name: str) -> pytest.MarkDecorator:
    """The archives that have a file: earlier versions did not write every kind."""
    having = [path for path in ARCHIVES if name in zipfile.ZipFile(path).namelist()]
    return pytest.mark.parametrize("old", having, ids=lambda path: path.stem, indirect=True)


@pytest.fixture(scope="module")
def old(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of an archive."""
    folder = tmp_path_factory.mktemp(request.param.stem)
    with zipfile.ZipFile(request.param) as archive:
        archive.extractall(folder)
    return folder


def recorded(old: Path, name: str) -> dict[str, Any]:
    """What h5py or sqlite3 read from a file when it was made."""
    return json.loads((old / "contents.json").read_text())[name]


def below(known: dict[str, Any], prefix: str) -> dict[str, Any]:
    """What was recorded of a group, by the names within it."""
    return {name.removeprefix(prefix): value for name, value in known.items() if name.startswith(prefix)}


def same(known: dict[str, Any], found: dict[str, Any]) -> bool:
    """Whether the numbers and texts that were read now are those that were recorded; nan equals nan."""
    tally(numbers=len(known))
    return repr(known) == repr({name: value_of(np.asarray(found[name])) for name in known})


@holding("hole.vtkhdf")
@pytest.mark.parametrize("name", ["hole.vtkhdf", "puncture.vtkhdf"])
def test_results_of_runs(old: Path, name: str) -> None:
    known, result = recorded(old, name), read_result(old / name)
    fields = {} if len(result.snapshots) else result.fields
    assert len(below(known, "/summary/")) > 15
    assert same(below(known, "/summary/"), {key: one.value for key, one in result.summary.items()})
    assert same(below(known, "/history/"), {key: one.values for key, one in result.history.items()})
    assert same(
        below(known, "/probes/axis/"), {key: one.values for key, one in result.probes["axis"].items()}
    )
    assert same(below(known, "/VTKHDF/CellData/"), {key: one.values for key, one in fields.items()})
    assert value_of(result.points) == known["/VTKHDF/Points"]
    assert result.case_text == (old / name).with_suffix(".toml").read_text()
    assert result.case.title == "a hole"
    tally(files=1)


@holding("puncture.vtkhdf")
def test_snapshots(old: Path) -> None:
    result = read_result(old / "puncture.vtkhdf")
    assert len(result.snapshots) == 3
    for number, snapshot in enumerate(result.snapshots):
        known = recorded(old, f"puncture.steps/{number:06d}.h5")
        assert same(below(known, "/fields/"), {key: one.values for key, one in snapshot.fields.items()})
        tally(files=1)


@holding(LAW)
def test_tables(old: Path) -> None:
    known, table = recorded(old, LAW), read_table(old / LAW)
    columns = {name: value for name, value in below(known, "/").items() if name in table.units}
    assert len(columns) > 30
    assert same(
        columns, {name: table.variables[name].values for name in table.variables} | axes_of(table.axes)
    )
    assert table.case.sweep is not None
    tally(files=1)


def axes_of(axes: Any) -> dict[str, Any]:
    return {axis.name: axis.values for axis in axes}


@holding(LAW)
def test_laws(old: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The same law in the same form says the same; of another form is told what to do."""
    known = recorded(old, f"law of {LAW}")
    monkeypatch.chdir(old)
    tally(files=1)
    if old.name.startswith("first_sweep"):
        with pytest.raises(ResultError) as caught:
            read_law(LAW)
        assert str(caught.value) == (
            f"{LAW}, written by breachflow 0.1.0: the law has a form that this version does not read: use "
            "the version that fitted it, or run `breachflow sweep` again"
        )
        return
    assert main(list(ESTIMATE)) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["discharge_coefficient"] == pytest.approx(known["discharge_coefficient"], rel=1e-12)
    assert found["mass_flow"] == pytest.approx(known["mass_flow"], rel=1e-12)


@holding("walls.sweep/ledger.sqlite")
def test_ledgers(old: Path) -> None:
    known, path = recorded(old, "walls.sweep/ledger.sqlite"), old / "walls.sweep" / "ledger.sqlite"
    with Ledger(path) as ledger:
        entries, answers = ledger.entries(known), ledger.answers(known)
    assert len(answers) == 6
    for digest, one in (entries | answers).items():
        assert repr(dict(one)) == repr(json.loads(known[digest]))
    assert sound_entries(entries, path) == entries
    assert sound_answers(answers, path) == answers
    tally(files=1, numbers=len(known))


@holding("airlock.h5")
def test_results_of_cabins(old: Path) -> None:
    known, series = recorded(old, "airlock.h5"), read_series(old / "airlock.h5")
    variables = {name: one.values for name, one in series.variables.items()}
    found = {name: value for name, value in below(known, "/").items() if name in variables}
    assert len(found) > 10
    assert same(found, variables)
    assert parse_cabin(str(series.attributes["case"])).title == "an airlock"
    assert json.loads(str(series.attributes["summary"]))["reserve_time"] > 0.0
    tally(files=1)


@holding("stopped.vtkhdf.checkpoint-1")
def test_a_checkpoint_is_for_the_sources_that_wrote_it(old: Path) -> None:
    """It is neither used nor discarded, whatever its record is."""
    owner = {"case": "", "sources": "of another version", "program": PROGRAM}
    with pytest.raises(UsageError) as caught:
        CheckpointPair(old / "stopped.vtkhdf", owner).take(NoRecord, Earlier.GO_ON)
    of = "breachflow 0.1.0, of other sources" if PROGRAM == "breachflow 0.1.0" else "breachflow 0.1.0"
    assert str(caught.value) == (
        f"{old}/stopped.vtkhdf.checkpoint-1: a run was stopped here, but it was written by {of}; finish that "
        "run, discard it with --fresh, or choose another output with -o"
    )
    assert (old / "stopped.vtkhdf.checkpoint-1").exists()
    tally(files=1)


class NoRecord(NamedTuple):
    """Another record than that of any version."""

    number: int


NEWER = {
    "hole.vtkhdf": ("breachflow_layout", "the result of a run"),
    LAW: ("breachflow_table", "the table of a sweep"),
    "airlock.h5": ("breachflow_cabin", "the result of a cabin"),
}


@holding("contents.json")
@pytest.mark.parametrize("name", NEWER)
def test_of_a_newer_format_the_version_that_reads_it_is_named(old: Path, name: str, tmp_path: Path) -> None:
    if not (old / name).exists():
        return
    attribute, what = NEWER[name]
    path = tmp_path / Path(name).name
    path.write_bytes((old / name).read_bytes())
    with h5py.File(path, "r+") as root:
        root.attrs[attribute] = 2
        group = root["provenance"] if name == "hole.vtkhdf" else root
        del group.attrs["program"]
        group.attrs["program"] = np.bytes_("breachflow 7.8.9")
    read = {"hole.vtkhdf": read_result, LAW: read_table, "airlock.h5": read_series}[name]
    with pytest.raises(ResultError) as caught:
        read(path)
    assert str(caught.value) == (
        f"{path}: {what} in format 2, written by breachflow 7.8.9; {PROGRAM} reads format 1: open it with "
        "the version that wrote it"
    )
    tally(files=1)
