"""Digest the results of some thirty runs: what a change of structure must leave as it is, bit for bit.

`python tools/field_digests.py before.json` writes a digest for each run of `RUNS` and each sweep of `SWEEPS`;
`python tools/field_digests.py after.json --compare before.json` also prints which runs differ from an earlier
file, and exits with 1 if any does. `--only WORD` takes the runs whose name contains the word.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

import breachflow

CASES = Path(__file__).parents[1] / "cases"

COARSE = "mesh.resolution=coarse"
OUTLET = "boundary.space={kind='outlet', pressure='%s'}"

RUNS: dict[str, tuple[str, list[str], int]] = {
    "soyuz": ("iss/soyuz_ms09", [COARSE], 1),
    "soyuz medium, two threads": ("iss/soyuz_ms09", [], 2),
    "soyuz hlle": ("iss/soyuz_ms09", [COARSE, "numerics.flux=hlle"], 1),
    "soyuz rusanov": ("iss/soyuz_ms09", [COARSE, "numerics.flux=rusanov"], 1),
    "soyuz van leer": ("iss/soyuz_ms09", [COARSE, "numerics.limiter=van_leer"], 1),
    "soyuz first order": ("iss/soyuz_ms09", [COARSE, "numerics.order=1"], 1),
    "soyuz back pressure": ("iss/soyuz_ms09", [COARSE, OUTLET % "80 kPa"], 1),
    "soyuz choked back pressure": ("iss/soyuz_ms09", [COARSE, OUTLET % "20 kPa"], 1),
    "pinhole": ("iss/zvezda_pinhole", [COARSE], 1),
    "slit": ("orifice/slit", [COARSE], 1),
    "slit monatomic": ("orifice/slit_monatomic", [COARSE], 1),
    "slit back pressure": ("orifice/slit_back_pressure", [COARSE, OUTLET % "60 kPa"], 1),
    "perry": ("orifice/perry", [COARSE], 1),
    "back pressure": ("orifice/back_pressure", [COARSE], 1),
    "thick wall": ("orifice/thick_wall", [COARSE], 1),
    "rounded throat": ("orifice/rounded_throat", [COARSE], 1),
    "expansibility": ("orifice/expansibility", [COARSE], 1),
    "mach disk": ("orifice/mach_disk", [COARSE, OUTLET % "2 kPa"], 1),
    "helium": ("teststand/helium", [COARSE], 1),
    "plate, triangles": ("imported/plate", [], 1),
    "plate, mixed": ("imported/plate", ["mesh.file=../../../meshes/plate_mixed.vtu"], 1),
    "puncture": ("transient/puncture", ["mesh.resolution={across=8}"], 1),
    "puncture, two threads, against gas": (
        "transient/puncture",
        ["mesh.resolution={across=8}", OUTLET % "20 kPa", "run.end_time=30 us"],
        2,
    ),
    "free stream": ("verification/free_stream", ["mesh.cells=[16, 16]"], 1),
    "manufactured": ("verification/manufactured", ["mesh.cells=[32, 32]"], 1),
    "source": ("verification/source", ["mesh.cells=[32, 32]"], 1),
    "ringleb": ("verification/ringleb", ["mesh.cells=[32, 32]"], 1),
    "vortex, triangles": (
        "verification/vortex",
        ["mesh.cells=[32, 32]", "mesh.levels=2", "mesh.elements=triangles", "mesh.turn=30 deg"],
        1,
    ),
    "riemann": ("verification/riemann", [], 1),
    "wedge": ("verification/wedge", [], 1),
    "cone": ("verification/cone", ["mesh.cells=[48, 32]"], 1),
    "expansion corner": ("verification/expansion_corner", [], 1),
    "free jet": ("verification/free_jet", [COARSE], 1),
}
"""Name: case, settings, threads."""

SWEEPS: dict[str, tuple[str, list[str]]] = {
    "sweep of holes": (
        "sweep/hole_size",
        [COARSE, 'sweep."orifice.diameter"=["0.5 mm", "2 mm", "10 mm"]'],
    ),
    "sweep of pressures": (
        "sweep/pressure_ratio",
        [
            COARSE,
            'sweep."orifice.wall_thickness"=["0 mm", "2 mm"]',
            'sweep."boundary.space.pressure"=["0 kPa", "20 kPa", "60 kPa", "70 kPa", "80 kPa"]',
        ],
    ),
    "sweep of gases": ("sweep/gases", [COARSE]),
}
"""Name: case, settings."""

TIMES = ("wall_time", "result")
"""What differs from run to run, and names that hold a digest of the sources."""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("file", type=Path)
    options.add_argument("--compare", type=Path)
    options.add_argument("--only", default="")
    given = options.parse_args()
    found: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in [name for name in (*RUNS, *SWEEPS) if given.only in name]:
            found[name] = digest_of(name, Path(folder))
            print(f"{name:40} {found[name]['digest']}  {found[name]['seconds']:7.2f} s", flush=True)
            given.file.write_text(json.dumps(found, indent=1) + "\n")
    return report(found, json.loads(given.compare.read_text())) if given.compare else 0


def digest_of(name: str, folder: Path) -> dict[str, Any]:
    """The digest of one run or sweep, the seconds that it took, and its discharge coefficient."""
    begun = time.perf_counter()
    digest, coefficient = sweep_digest(name, folder) if name in SWEEPS else run_digest(name, folder)
    return {"digest": digest, "coefficient": coefficient, "seconds": time.perf_counter() - begun}


def run_digest(name: str, folder: Path) -> tuple[str, float]:
    place, settings, threads = RUNS[name]
    case = breachflow.load_case(CASES / place / "case.toml", settings)
    result = breachflow.run(case, output=folder / f"{abs(hash(name))}.vtkhdf", threads=threads)
    digest = sha256()
    for key, field in sorted(result.fields.items()):
        update(digest, key, field.values)
    for key, column in sorted(result.history.items()):
        update(digest, key, column.values)
    for probe, columns in sorted(result.probes.items()):
        for key, column in sorted(columns.items()):
            update(digest, f"{probe}.{key}", column.values)
    for key, quantity in sorted(result.summary.items()):
        if key not in TIMES:
            update(digest, key, np.asarray(quantity.value))
    coefficient = result.summary.get("discharge_coefficient")
    return digest.hexdigest()[:16], float(coefficient.value) if coefficient else 0.0


def sweep_digest(name: str, folder: Path) -> tuple[str, float]:
    place, settings = SWEEPS[name]
    output = folder / name.replace(" ", "_")
    choices = [word for setting in settings for word in ("--set", setting)]
    command = [sys.executable, "-m", "breachflow", "sweep", str(CASES / place / "case.toml"), "--quiet"]
    subprocess.run(
        [*command, "-o", str(output), "--workers", "1", "--threads", "1", *choices],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    table = breachflow.read_table(output / "table.h5")
    digest = sha256()
    for key in sorted(table.units):
        if key not in TIMES:
            update(digest, key, np.asarray(table.column(key)))
    return digest.hexdigest()[:16], float(np.nanmean(table.column("discharge_coefficient")))


def update(digest: Any, name: str, values: np.ndarray) -> None:
    """Add an array; texts by their characters."""
    digest.update(name.encode())
    digest.update(repr(values.tolist()).encode() if values.dtype.kind in "OUT" else values.tobytes())


def report(found: dict[str, Any], before: dict[str, Any]) -> int:
    """Print what differs; 1 if anything does."""
    different = [name for name in found if name in before and found[name]["digest"] != before[name]["digest"]]
    for name in different:
        old, new = before[name]["coefficient"], found[name]["coefficient"]
        print(f"differs: {name}: coefficient {old!r} before, {new!r} now")
    print(f"{len(found) - len(different)} of {len(found)} equal, bit for bit")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
