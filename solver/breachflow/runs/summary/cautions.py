"""Cautions about an answer or the inviscid model behind it, in words."""

from __future__ import annotations

from collections.abc import Iterator

from breachflow.case.schema import Case
from breachflow.case.similarity import FLOW_MODEL
from breachflow.leak.throat import low_reynolds_caution
from breachflow.runs.summary.comparison import disagreements
from breachflow.runs.summary.solved_run import SolvedRun
from breachflow.units import Dimension

THIN = 0.02
"""Wall thickness over diameter up to which the stream does not attach to the bore."""

FREE_OF_BACK_PRESSURE = 0.05
"""Ratio of outside to cabin pressure below which a stream expands to the wall of the bore at once."""

SLENDER = 2.0
"""Wall thickness over diameter from which friction takes 2 % of a choked flow (Fanno, 4 f = 0.024)."""


def cautions(solved: SolvedRun, reynolds: float) -> str:
    """All cautions about a solved run, in one line; empty if there are none.

    `reynolds` is the Reynolds number at the throat, nan where it is not known.
    """
    return "; ".join(filter(None, _all_cautions(solved, reynolds)))


def _all_cautions(solved: SolvedRun, reynolds: float) -> Iterator[str]:
    yield from disagreements(solved.coefficient, solved.spread, solved.comparison)
    if not FLOW_MODEL.depends_on(Dimension.VISCOSITY):
        yield _thick_wall_caution(solved.case)
        yield low_reynolds_caution(reynolds)
    yield _plume_caution(solved)


def _thick_wall_caution(case: Case) -> str:
    """Caution for a thick wall, where viscosity decides on reattachment or friction matters; empty otherwise.

    An unknown pressure outside does not count as a back pressure.
    """
    hole, ratio = case.hole, case.pressure_ratio
    slender = hole.wall_thickness / hole.diameter
    against_gas = ratio is not None and ratio > FREE_OF_BACK_PRESSURE
    if slender > THIN and against_gas and not hole.rounding:
        return (
            f"wall thickness {slender:.2g} diameters against a back pressure: the stream separates at the "
            "edge, and without viscosity the mesh decides whether it meets the bore again; a real hole may "
            "pass as much as an attached stream"
        )
    if slender > SLENDER:
        return (
            f"wall thickness {slender:.2g} diameters: friction, which this inviscid flow lacks, reduces the "
            "flow of a real hole"
        )
    return ""


def _plume_caution(solved: SolvedRun) -> str:
    """Caution for a run that has converged at the hole, but not in its plume; empty otherwise."""
    run, ending = solved.case.run, solved.ending
    if not ending.converged or ending.plume_drop <= run.residual_drop or run.mode == "transient":
        return ""
    return (
        "the far plume, about its Mach disk, still moves (its residual fell to "
        f"{ending.plume_drop:.0e}): it cannot act on the hole, but do not use its fields"
    )
