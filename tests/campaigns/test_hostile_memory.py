"""Hostile files of up to 20 MB: how much memory a process takes before it refuses each of them."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import zlib
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Final

import h5py
import numpy as np
import pytest

from breachflow.shipped import root
from tally import tally, tally_most

LARGEST: Final = 20_000_000
"""Bytes of a file."""

MOST: Final = 1.0
"""GB of a process."""

MOST_SECONDS: Final = 60
"""Of processor time, after which a process is ended."""

MESH: Final = """gas = "air"
orifice = {{ shape = "slit", width = "10 mm", length = "1 m" }}
mesh = {{ file = "{name}", geometry = "planar" }}
[boundary]
inside = {{ kind = "reservoir", pressure = "1 bar", temperature = "300 K" }}
outside = {{ kind = "vacuum" }}
"""

Maker = Callable[[Path], tuple[str, ...]]
"""Writes a file and says which command reads it."""


def text(line: str, head: str = "", tail: str = "") -> bytes:
    """As many lines as there is room for."""
    count = (LARGEST - len(head) - len(tail)) // len(line)
    return (head + line * count + tail).encode()


def mesh(content: bytes) -> Maker:
    def make(path: Path) -> tuple[str, ...]:
        path.write_bytes(content)
        path.with_suffix(".toml").write_text(MESH.format(name=path.name), encoding="utf-8")
        return ("check", str(path.with_suffix(".toml")))

    return make


def given(*command: str, content: bytes) -> Maker:
    """A file that stands for {} in a command."""

    def make(path: Path) -> tuple[str, ...]:
        path.write_bytes(content)
        return tuple(word.format(path) for word in command)

    return make


def packed_zeros() -> bytes:
    """An array of a .vtu file that unpacks to 2 GB."""
    block = zlib.compress(bytes(1 << 20), 9)
    count = 2000
    header = np.array([count, 1 << 20, 0, *[len(block)] * count], dtype=np.uint32).tobytes()
    array = (b64encode(header) + b64encode(block * count)).decode()
    return (
        '<VTKFile type="UnstructuredGrid" version="0.1" byte_order="LittleEndian" header_type="UInt32" '
        'compressor="vtkZLibDataCompressor"><UnstructuredGrid>'
        '<Piece NumberOfPoints="80000000" NumberOfCells="1"><Points>'
        f'<DataArray type="Float64" NumberOfComponents="3" format="binary">{array}</DataArray>'
        "</Points></Piece></UnstructuredGrid></VTKFile>"
    ).encode()


def declared(path: Path) -> tuple[str, ...]:
    """A result whose array is declared with 80 TB and has no values."""
    with h5py.File(path, "w") as file:
        file.attrs["breachflow"] = 1
        file.create_dataset("VTKHDF/Points", (10**13,), "f8", chunks=(10**6,), compression="gzip")
    return ("show", str(path))


def many_groups(path: Path) -> tuple[str, ...]:
    """A file of as many groups as there is room for."""
    with h5py.File(path, "w", libver="latest") as file:
        for number in range(60_000):
            file.create_group(f"{number}", track_order=False)
    assert path.stat().st_size < LARGEST
    return ("show", str(path))


def ledger(path: Path) -> tuple[str, ...]:
    """A ledger whose record is one long text."""
    case = path.with_name("case.toml")
    case.write_text((root() / "cases" / "sweep" / "hole_size" / "case.toml").read_text(encoding="utf-8"))
    folder = path.with_name("case.sweep")
    folder.mkdir(exist_ok=True)
    with sqlite3.connect(folder / "ledger.sqlite") as data:
        data.execute("CREATE TABLE flows (digest TEXT, record TEXT, checksum INTEGER)")
        data.execute("INSERT INTO flows VALUES ('x', ?, 1)", ("[" * (LARGEST - 100_000),))
    return ("sweep", str(case), "--dry-run")


FILES: Final[dict[str, Maker]] = {
    "case of one line.toml": given("check", "{}", content=b"x = '" + b"a" * (LARGEST - 10) + b"'"),
    "case of brackets.toml": given("check", "{}", content=b"x = " + b"[" * 900_000),
    "case of tables.toml": given("check", "{}", content=b"[a]\n" * 240_000),
    "case of dots.toml": given("check", "{}", content=b"a" + b".a" * 450_000 + b" = 1"),
    "rows.su2": mesh(text("1 2\n", "NDIME= 2\nNPOIN= 5000000\n")),
    "elements.su2": mesh(text("5 0 1 2\n", "NDIME= 2\nNELEM= 2500000\n")),
    "rows.msh": mesh(text("1 0 0 0\n", "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$Nodes\n2500000\n")),
    "counts.msh": mesh(b"$MeshFormat\n4.1 0 8\n$EndMeshFormat\n$Nodes\n1 900000000000 1 900000000000\n"),
    "numbers.vtk": mesh(
        text("1 ", "# vtk DataFile Version 3.0\nx\nASCII\nDATASET UNSTRUCTURED_GRID\nPOINTS 3300000 float\n")
    ),
    "packed.vtu": mesh(packed_zeros()),
    "elements.vtu": mesh(text("<a>", '<VTKFile type="UnstructuredGrid">')),
    "rows.csv": given("infer", "{}", content=text("1,1\n", "time [s],pressure [mmHg]\n")),
    "cells.csv": given("infer", "{}", content=text("1,", "time [s],pressure [mmHg]\n")),
    "headings.csv": given("infer", "{}", content=text("a,")),
    "fed.csv": given("detect", "--noise-from", "{}", content=text('"', "time [s],pressure [mmHg]\n")),
    "law.h5": given("estimate", "--law", "{}", "--diameter", "1 mm", "--pressure", "1 bar",
                    "--temperature", "300 K", content=b"\x89HDF\r\n\x1a\n" + os.urandom(LARGEST - 8)),
    "declared.h5": declared,
    "groups.h5": many_groups,
    "ledger": ledger,
}  # fmt: skip


def _limit() -> None:
    """In the child: it ends after a time that no refusal takes."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "wait4"), reason="asks the system for the memory of a process")
@pytest.mark.parametrize("name", FILES)
def test_memory_of_hostile_files(name: str, tmp_path: Path) -> None:
    command = FILES[name](tmp_path / name)
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "breachflow", *command],
            stdout=subprocess.DEVNULL,
            stderr=said,
            preexec_fn=_limit,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    gigabytes, told = usage.ru_maxrss / 1e6, (tmp_path / "said").read_text()
    print(name, process.returncode, f"{gigabytes:.2f} GB", f"{usage.ru_utime:.1f} s", told[:200])
    tally(hostile=1)
    tally_most(gigabytes=gigabytes)
    assert process.returncode in (2, 3, 4, 8), told
    assert told.startswith("breachflow: error: "), told
    assert gigabytes < MOST
