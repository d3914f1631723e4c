"""Run a grid of holes and print how each run ends: what shows where runs settle and where they do not.

`python tools/settling.py --resolution coarse --model inviscid` runs the grid of `cases`, each case in a
process of one thread, and prints a row for each run, then the counts of their endings and the iterations.
`--every 4 --first 1` takes every fourth case from the second on; `--only WORD` those whose names contain the
word; `--out FILE.csv` keeps all rows.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np

SHAPES = {"round": 'shape = "round", diameter = "2 mm"', "slit": 'shape = "slit", width = "2 mm"'}
WALLS = ("0", "0.1", "0.25", "0.5", "0.5 chamfer", "0.5 rounding", "1", "2", "5", "10")
"""Wall thickness over the opening, and the upstream edge."""
RATIOS = (0.0, 0.001, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99)
GAMMAS = (1.1, 5.0 / 3.0)
OTHER_GASES = tuple(product(SHAPES, ("0", "0.5"), (0.0, 0.3, 0.9), GAMMAS))
"""Shape, wall, pressure ratio and gamma of the cases of other gases than air."""

CASE = """\
gas = {gas}
orifice = {{ {shape}, wall_thickness = "{thickness} mm"{edge} }}
mesh = {{ resolution = "{resolution}" }}
[boundary]
cabin = {{ kind = "reservoir", pressure = "101325 Pa", temperature = "293.15 K" }}
space = {space}
[flow]
model = "{model}"
"""


RUN = """\
import pathlib, sys, tempfile
import breachflow
with tempfile.TemporaryDirectory() as folder:
    case = breachflow.parse_case(sys.stdin.read())
    result = breachflow.run(case, output=pathlib.Path(folder) / "result.vtkhdf", threads=1)
    summary = result.summary
    held = str(summary["held"].value).replace(" ", "-") if "held" in summary else "-"
    ending = "unsteady" if "unsteady" in summary else str(summary["converged"].value)
    numbers = [result[f"discharge_coefficient{end}"] for end in ("", "_uncertainty")]
    print("ROW", ending, *numbers, result["iterations"], held, summary["converged"].description, sep="|")
"""
"""What a process runs: a case from its standard input."""


class Hole(NamedTuple):
    """A case of the grid."""

    shape: str
    wall: str
    ratio: float
    gamma: float = 1.4

    @property
    def name(self) -> str:
        """Name in the rows."""
        return f"{self.shape} {self.wall}, r {self.ratio:g}, gamma {self.gamma:.3g}"


class Row(NamedTuple):
    """How a run ended."""

    name: str
    ending: str
    coefficient: float
    uncertainty: float
    iterations: int
    seconds: float
    held: str
    why: str


def cases() -> Iterator[Hole]:
    """All cases of the grid."""
    yield from (Hole(*one) for one in product(SHAPES, WALLS, RATIOS))
    yield from (Hole(*one) for one in OTHER_GASES)


def case_text(hole: Hole, resolution: str, model: str) -> str:
    """The case file of a hole."""
    thickness, _, edge = hole.wall.partition(" ")
    leg = f', {edge} = "0.5 mm"' if edge else ""
    gas = '"air"' if hole.gamma == 1.4 else f'{{ gamma = {hole.gamma}, molar_mass = "28.97 g/mol" }}'
    pressure = 101325.0 * hole.ratio
    space = f'{{ kind = "outlet", pressure = "{pressure} Pa" }}' if hole.ratio else '{ kind = "vacuum" }'
    return CASE.format(
        gas=gas, shape=SHAPES[hole.shape], thickness=2.0 * float(thickness), edge=leg, resolution=resolution,
        space=space, model=model,
    )  # fmt: skip


def outcome(hole: Hole, resolution: str, model: str) -> Row:
    """Run a case in a process of its own."""
    begin = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", RUN], input=case_text(hole, resolution, model), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    seconds = time.monotonic() - begin
    line = next((line for line in done.stdout.splitlines() if line.startswith("ROW|")), "")
    if not line:
        why = (done.stderr.strip().splitlines() or ["?"])[-1]
        return Row(hole.name, "failed", float("nan"), float("nan"), 0, seconds, "-", why)
    _, how, coefficient, spread, iterations, held, why = line.split("|", 6)
    ending = {"True": "converged" if held == "-" else "held", "False": "not converged"}.get(how, how)
    return Row(hole.name, ending, float(coefficient), float(spread), int(iterations), seconds, held, why)


def main() -> None:
    """Run the grid and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--resolution", default="coarse")
    parser.add_argument("--model", default="inviscid", choices=("inviscid", "laminar"))
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    holes = [hole for hole in cases() if asked.only in hole.name][asked.first :: asked.every]
    rows = []
    with ProcessPoolExecutor(asked.workers) as pool:
        runs = [pool.submit(outcome, hole, asked.resolution, asked.model) for hole in holes]
        for run in runs:
            row = run.result()
            rows.append(row)
            print(
                f"{row.name:34s} {row.ending:14s} {row.coefficient:.5f} ± {row.uncertainty:.5f} "
                f"{row.iterations:5d} its {row.seconds:6.1f} s {row.held:10s} {row.why[:110]}",
                flush=True,
            )
    if asked.out:
        with asked.out.open("w", newline="") as file:
            csv.writer(file).writerows([Row._fields, *rows])
    counts = Counter(row.ending for row in rows)
    steps = [row.iterations for row in rows if row.iterations]
    print(", ".join(f"{ending} {count}" for ending, count in counts.most_common()), f"of {len(rows)}")
    print(f"iterations: median {np.median(steps):.0f}, 90 % {np.quantile(steps, 0.9):.0f}, most {max(steps)}")


if __name__ == "__main__":
    main()
