"""Run a grid of holes and print how each run ends: what shows where runs settle and where they do not.

`python tools/settling.py --resolution coarse --model inviscid` runs the grid of `cases`, each case in a
process of one thread, and prints a row for each run, then the counts of their endings, how many settled by
pressure ratio and by wall, and the iterations.
`--random 60 --seed 1` runs random holes in place of the grid, every third of them on a mesh file.
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
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby, product
from operator import itemgetter
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
import pathlib, re, sys, tempfile
import breachflow
with tempfile.TemporaryDirectory() as name:
    folder, text = pathlib.Path(name), sys.stdin.read()
    case = breachflow.parse_case(text)
    if sys.argv[1] != "template":
        breachflow.write_mesh(case, folder / "hole.msh")
        table = f'mesh = {{ file = "hole.msh", geometry = "{sys.argv[1]}" }}'
        text = re.sub("^mesh = .*$", table, text, flags=re.MULTILINE)
        (folder / "case.toml").write_text(text.replace("[boundary]\\n", "[boundary]\\n" + sys.argv[2]))
        case = breachflow.load_case(folder / "case.toml")
    result = breachflow.run(case, output=folder / "result.vtkhdf", threads=1)
    summary = result.summary
    held = str(summary["held"].value).replace(" ", "-") if "held" in summary else "-"
    ending = "unsteady" if "unsteady" in summary else str(summary["converged"].value)
    numbers = [result[f"discharge_coefficient{end}"] for end in ("", "_uncertainty")]
    print("ROW", ending, *numbers, result["iterations"], held, summary["converged"].description, sep="|")
"""
"""What a process runs: a case from its standard input, on a template's mesh or on a file of that mesh."""

LIPS = ("", "", "chamfer", "rounding")
WALL = 'wall = { kind = "wall" }\n'
ON_FILE = {
    "round": ("axisymmetric", WALL + 'axis = { kind = "axis" }\n'),
    "slit": ("planar", WALL + 'axis = { kind = "symmetry" }\n'),
}
"""Geometry of a mesh file of each shape, and the patches that a template knows by itself."""


class Hole(NamedTuple):
    """A case of the grid."""

    shape: str
    wall: str
    ratio: float
    gamma: float = 1.4
    on_file: bool = False
    """Whether it has a mesh file in place of a template."""

    @property
    def name(self) -> str:
        """Name in the rows."""
        mesh = ", file" if self.on_file else ""
        return f"{self.shape} {self.wall}, r {self.ratio:g}, gamma {self.gamma:.3g}{mesh}"


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


SETTLED = ("converged", "held", "unsteady")
"""Endings of a run whose coefficient counts: of a steady flow, of one with a part held, of a mean in time."""


def cases() -> Iterator[Hole]:
    """All cases of the grid."""
    yield from (Hole(*one) for one in product(SHAPES, WALLS, RATIOS))
    yield from (Hole(*one) for one in OTHER_GASES)


def random_cases(count: int, seed: int) -> Iterator[Hole]:
    """Holes of any wall up to ten openings, edge, pressure ratio and gas; every third on a mesh file."""
    draw = np.random.default_rng(seed)
    for number in range(count):
        shape, lip = str(draw.choice(list(SHAPES))), str(draw.choice(LIPS))
        thickness = 0.0 if draw.random() < 0.2 else float(10.0 ** draw.uniform(-1.0, 1.0))
        wall = f"{max(thickness, 0.3):.3g} {lip}" if lip else f"{thickness:.3g}"
        ratio = draw.choice([0.0, 10.0 ** draw.uniform(-3.0, -0.5), draw.uniform(0.3, 0.99)])
        gamma = draw.choice([1.4, draw.uniform(1.1, 1.66)])
        yield Hole(shape, wall, float(f"{ratio:.3g}"), float(f"{gamma:.3g}"), number % 3 == 2)


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
    mesh = ON_FILE[hole.shape] if hole.on_file else ("template",)
    text = case_text(hole, resolution, model)
    command = [sys.executable, "-c", RUN, *mesh]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - begin
    line = next((line for line in done.stdout.splitlines() if line.startswith("ROW|")), "")
    if not line:
        why = (done.stderr.strip().splitlines() or ["?"])[-1]
        return Row(hole.name, "failed", float("nan"), float("nan"), 0, seconds, "-", why)
    _, how, coefficient, spread, iterations, held, why = line.split("|", 6)
    ending = {"True": "converged" if held == "-" else "held", "False": "not converged"}.get(how, how)
    return Row(hole.name, ending, float(coefficient), float(spread), int(iterations), seconds, held, why)


def settled_by(key: Callable[[Hole], float], holes: Sequence[Hole], rows: Sequence[Row]) -> str:
    """How many runs settled of all, for each value of the key."""
    runs = sorted((key(hole), row.ending in SETTLED) for hole, row in zip(holes, rows, strict=True))
    groups = [(value, [settled for _, settled in group]) for value, group in groupby(runs, itemgetter(0))]
    return "; ".join(f"{value:g} {sum(settled)}/{len(settled)}" for value, settled in groups)


def main() -> None:
    """Run the grid and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--resolution", default="coarse")
    parser.add_argument("--model", default="inviscid", choices=("inviscid", "laminar"))
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    grid = random_cases(asked.random, asked.seed) if asked.random else cases()
    holes = [hole for hole in grid if asked.only in hole.name][asked.first :: asked.every]
    rows = []
    with ProcessPoolExecutor(asked.workers) as pool:
        runs = [pool.submit(outcome, hole, asked.resolution, asked.model) for hole in holes]
        for run in runs:
            row = run.result()
            rows.append(row)
            print(
                f"{row.name:42s} {row.ending:14s} {row.coefficient:.5f} ± {row.uncertainty:.5f} "
                f"{row.iterations:5d} its {row.seconds:6.1f} s {row.held:10s} {row.why[:110]}",
                flush=True,
            )
    if asked.out:
        with asked.out.open("w", newline="") as file:
            csv.writer(file).writerows([Row._fields, *rows])
    counts = Counter(row.ending for row in rows)
    if not asked.random:
        print("settled by pressure ratio:", settled_by(lambda hole: hole.ratio, holes, rows))
        print("settled by wall:", settled_by(lambda hole: float(hole.wall.split()[0]), holes, rows))
    steps = [row.iterations for row in rows if row.iterations]
    print(", ".join(f"{ending} {count}" for ending, count in counts.most_common()), f"of {len(rows)}")
    if steps:
        high = np.quantile(steps, 0.9)
        print(f"iterations: median {np.median(steps):.0f}, 90 % {high:.0f}, most {max(steps)}")


if __name__ == "__main__":
    main()
