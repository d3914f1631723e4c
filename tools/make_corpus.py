"""Make real files of a version of the program, and record what is in them: the corpus of `tests/corpus`.

`python tools/make_corpus.py FILE.zip` runs the cases below with the `breachflow` that Python finds (that
of a checkout where PYTHONPATH names its `solver`), and writes one archive: result files, snapshots, a
table with its law, a ledger, the result of a cabin, a checkpoint, and `contents.json`, which h5py and
sqlite3 read from them without the program. Names of cases behind the file choose some.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import h5py
import numpy as np

HOLE: Final = """\
title = "a hole"
gas = "air"
orifice = { shape = "round", diameter = "2 mm", wall_thickness = "0.4 mm" }
mesh = { resolution = { across = 8 } }
[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }
space = { kind = "outlet", pressure = "70 kPa" }
"""

PROBES: Final = """
[probes]
axis = ["1.2 mm", "0 mm"]
"""

PUNCTURE: Final = """
[run]
mode = "transient"
end_time = "4 us"
[output]
snapshots = 2
"""

WALLS: Final = """
[sweep]
"boundary.space.pressure" = ["0 kPa", "20 kPa", "40 kPa", "60 kPa", "70 kPa", "80 kPa"]
"""

AIRLOCK: Final = """\
title = "an airlock"
gas = "air"
thermal = "isothermal"
compartment.lock = { volume = "4.25 m3", pressure = "100 kPa", temperature = "295 K" }
compartment.suit = { volume = "0.1 m3", pressure = "100 kPa", temperature = "295 K" }
hatch.valve = { between = ["lock", "suit"], state = "closed" }
leak.hole = { from = "lock", kind = "hole", diameter = "12 mm", discharge_coefficient = 0.8 }
limit.low = { pressure = "30 kPa", source = "of this case" }
run = { end_time = "10 min", sample = "60 s" }
"""

CASES: Final = {
    "hole": HOLE + PROBES,
    "puncture": HOLE + PROBES + PUNCTURE,
    "walls": HOLE + WALLS,
    "stopped": HOLE,
    "airlock": AIRLOCK,
}

COMMANDS: Final = {
    "hole": ("run", "hole.toml", "-o", "hole.vtkhdf"),
    "puncture": ("run", "puncture.toml", "-o", "puncture.vtkhdf"),
    "walls": ("sweep", "walls.toml"),
    "stopped": ("run", "stopped.toml", "-o", "stopped.vtkhdf", "--set", "run.wall_clock=1 ms"),
    "airlock": ("cabin", "airlock.toml", "-o", "airlock.h5"),
}
"""What is run of each case."""

LEFT_OUT: Final = ("walls.sweep/points", "walls.sweep/owners", "stopped.vtkhdf", "walls.sweep/table.csv")
"""Beginnings of the paths of files that add nothing; checkpoints of stopped.vtkhdf are kept."""

LAW: Final = "walls.sweep/table.h5"

ESTIMATE: Final = (
    "estimate", "--diameter", "2 mm", "--wall-thickness", "0.4 mm", "--pressure", "100 kPa",
    "--temperature", "300 K", "--outside", "65 kPa", "--law", LAW, "--json",
)  # fmt: skip
"""A point between those of the sweep."""


def main() -> None:
    """Make the files in a temporary folder, and the archive of them."""
    archive, chosen = Path(sys.argv[1]).resolve(), sys.argv[2:] or list(CASES)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for case in chosen:
            (folder / f"{case}.toml").write_text(CASES[case], encoding="utf-8")
        for command in (COMMANDS[case] for case in chosen):
            breachflow(folder, *command, "--quiet")
        contents = {path: contents_of(folder / path) for path in kept(folder) if not path.endswith(".toml")}
        contents |= {f"law of {LAW}": law_of(folder)} if LAW in contents else {}
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as written:
            for path in kept(folder):
                written.write(folder / path, path)
            written.writestr("contents.json", json.dumps(contents, indent=1, sort_keys=True))
    print(archive, f"{archive.stat().st_size / 1000:.0f} kB:", ", ".join(contents))


def breachflow(folder: Path, *arguments: str) -> str:
    """What a command prints; what a version does not know ends in an error, which is printed."""
    command = [sys.executable, "-m", "breachflow", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    print(" ".join(arguments), "->", done.returncode, done.stderr.strip()[:300])
    return done.stdout


def kept(folder: Path) -> list[str]:
    """The files of the archive."""
    paths = [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file()]
    return [path for path in paths if not path.startswith(LEFT_OUT) or "checkpoint" in path]


def law_of(folder: Path) -> dict[str, Any]:
    """What the fitted law says."""
    printed = breachflow(folder, *ESTIMATE)
    return json.loads(printed) if printed else {}


def contents_of(path: Path) -> dict[str, Any]:
    """What a file holds: numbers and texts as they are, a digest of each array."""
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as connection:
            query = "SELECT digest, record FROM flows UNION SELECT digest, answer FROM answers"
            return dict(connection.execute(query).fetchall())
    with h5py.File(path) as root:
        return dict(sorted(_datasets(root)))


def _datasets(group: h5py.Group) -> Iterator[tuple[str, Any]]:
    for name in group:
        item = group.get(name)
        if isinstance(item, h5py.Group):
            yield from _datasets(item)
        elif isinstance(item, h5py.Dataset) and not item.is_virtual:
            yield item.name, value_of(np.asarray(item[()]))


def value_of(values: np.ndarray[Any, Any]) -> float | str:
    """A number or a text as it is, a digest of an array of numbers, the texts of an array of texts joined."""
    if values.dtype.kind in "OSU":
        parts = [part.encode() if isinstance(part, str) else bytes(part) for part in values.ravel().tolist()]
        return digest_of(b"".join(parts).replace(b"\0", b"")) if values.ndim else parts[0].decode()
    if values.ndim == 0:
        return float(values)
    return digest_of(np.ascontiguousarray(values, dtype="<f8").tobytes())


def digest_of(content: bytes) -> str:
    """SHA-256, its first 16 digits."""
    return hashlib.sha256(content).hexdigest()[:16]


if __name__ == "__main__":
    main()
