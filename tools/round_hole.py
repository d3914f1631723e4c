"""Compute the thin round hole into vacuum at given gammas: the rows of `leak/fitted/round_hole.py`.

`python tools/round_hole.py 1.05 1.1` solves hole and slit on 20, 40, 80 and 160 cells across half the
opening and prints, as docs/round_hole.md describes, the values on each mesh, the error of the slit against
the exact solution, and the limits that the round hole has after its error is scaled from the slit's. It
takes some two minutes for each gamma. `--across 80` stops at 80 cells.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

import breachflow
from breachflow.theory.slit.free_streamline import discharge_coefficient, reaction_coefficient

CASES = Path(__file__).parents[1] / "cases"
HOLE, SLIT = "reference/round_hole", "orifice/slit"
ACROSS = 20, 40, 80, 160
"""Cells across half the opening."""


class Values(NamedTuple):
    """C_d and thrust over p0 A on each mesh of a family, (n_meshes,) each, the coarsest first."""

    discharge: np.ndarray
    thrust: np.ndarray


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("gamma", type=float, nargs="+")
    options.add_argument("--across", type=int, default=160, choices=ACROSS)
    given = options.parse_args()
    print("gamma   quantity  values of the hole; errors of the slit in %; limits from the last two pairs")
    for gamma in given.gamma:
        hole, slit = (solved(case, gamma, given.across) for case in (HOLE, SLIT))
        exact = discharge_coefficient(0.0, gamma), reaction_coefficient(0.0, gamma)
        for name, values, others, true in zip(Values._fields, hole, slit, exact, strict=True):
            print(f"{gamma:.4f}  {name:9}", row(values, others, true), flush=True)


def solved(case: str, gamma: float, finest: int) -> Values:
    """The values of a shipped case with another gas on each mesh."""
    found = [solved_on(case, gamma, across) for across in ACROSS if across <= finest]
    return Values(*(np.array(column) for column in zip(*found, strict=True)))


def solved_on(case: str, gamma: float, across: int) -> tuple[float, float]:
    """C_d and thrust over p0 A on one mesh, started from coarser ones."""
    settings = [f"gas.gamma={gamma}", f"mesh.resolution={{across={across}}}"]
    loaded = breachflow.load_case(CASES / case / "case.toml", settings)
    with tempfile.TemporaryDirectory() as folder:
        result = breachflow.run(loaded, output=Path(folder) / "result.vtkhdf")
    if not result.converged:
        moved = result.mass_flow_fluctuation
        print(f"{case}, gamma = {gamma:g}, {across} cells: stopped, the mass flow moves by {moved:.0e}")
    return result.discharge_coefficient, result.thrust_coefficient


def row(values: np.ndarray, others: np.ndarray, exact: float) -> str:
    """Values on four meshes, errors of the slit there, and the limit R - k e of each pair of meshes."""
    error = others / exact - 1.0
    slope = np.diff(values) / np.diff(error)
    limits = (values[1:] - slope * error[1:])[-2:]
    shown = (("%.5f", values[-4:]), ("%.3f", 100.0 * error[-4:]), ("%.5f", limits))
    return "; ".join(" ".join(form % number for number in numbers) for form, numbers in shown)


if __name__ == "__main__":
    main()
