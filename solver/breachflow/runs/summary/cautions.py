"""Cautions about an answer or the inviscid model behind it, in words."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isnan, sqrt
from typing import TYPE_CHECKING

from breachflow.case.schema import Case
from breachflow.case.similarity import has_friction
from breachflow.leak.breach import Breach, Leak, LeakState, Section
from breachflow.leak.real_gas import departure, gas_cautions, real_gas_caution
from breachflow.leak.throat import low_reynolds_caution
from breachflow.results.cautions import joined
from breachflow.results.quantities import EXPECTED
from breachflow.runs.summary.comparison import Caution, contradictions
from breachflow.theory.coefficient import Coefficient

if TYPE_CHECKING:
    from breachflow.runs.summary.solved_run import SolvedRun

THIN = 0.02
"""Wall thickness over diameter up to which the stream does not attach to the bore."""

FREE_OF_BACK_PRESSURE = 0.05
"""Ratio of outside to cabin pressure below which a stream expands to the wall of the bore at once."""

SLENDER = 2.0
"""Wall thickness over diameter from which friction takes 2 % of a choked flow (Fanno, 4 f = 0.024)."""

SLENDER_EFFECT = 0.01
"""Part of the flow that friction takes for each diameter of wall thickness, by the same number."""

SMALLEST = 0.5
"""Discharge coefficient of a thin tube that stands into the cabin (Borda 1766): no hole has less."""

EDGE = 0.2
"""The flow of a hole with a round edge over that of one with a sharp edge, less 1: 1 over 0.83."""

ATTACHED = 0.3
"""An attached stream over a separated one, less 1: the vena contracta is 0.6 to 0.8 of the hole."""


def cautions(solved: SolvedRun, reynolds: float) -> str:
    """All cautions about a solved run in one text, which `results.cautions.listed` takes apart.

    The one that may change the mass flow most comes first, each once; empty if there are none. `reynolds` is
    the Reynolds number at the throat, nan where it is not known.
    """
    found = sorted(_all_cautions(solved, reynolds), key=lambda caution: -caution.effect)
    return joined(caution.text for caution in found if caution.text)


def _all_cautions(solved: SolvedRun, reynolds: float) -> Iterator[Caution]:
    if solved.impossible:
        yield Caution(solved.impossible, inf)
    elif not solved.unsettled and not solved.changing:
        yield from contradictions(Coefficient(solved.coefficient, solved.spread), solved.comparison)
        yield _small_coefficient_caution(solved)
    yield from (Caution(text, EDGE) for text in solved.hole_cautions)
    yield from model_cautions(solved.case, reynolds)
    yield Caution(_plume_caution(solved))


def model_cautions(case: Case, reynolds: float) -> Iterator[Caution]:
    """Where the model does not hold for a case, which is known before it is solved; some texts are empty."""
    if not has_friction(case):
        yield _thick_wall_caution(case)
        yield Caution(low_reynolds_caution(reynolds), _friction_effect(case, reynolds))
    yield from _gas_cautions(case)


def _gas_cautions(case: Case) -> Iterator[Caution]:
    """Where the gas is not perfect, or its viscosity is not known and matters."""
    state = _inside(case)
    if state is not None:
        for caution in gas_cautions(Leak(Breach(Section.ROUND, case.hole.diameter), state)):
            yield Caution(*caution)


def perfect_gas_uncertainty(case: Case) -> float:
    """Relative uncertainty of the mass flow where a caution says that the gas is not perfect; otherwise 0."""
    state = _inside(case)
    return departure(state).uncertainty if state is not None and real_gas_caution(state) else 0.0


def _inside(case: Case) -> LeakState | None:
    """The gas in the cabin of a case with a hole; None of other cases."""
    if case.orifice is None or case.reservoir is None:
        return None
    cabin, outside = case.reservoir, case.outside_pressure or 0.0
    return LeakState(case.species, cabin.pressure, cabin.temperature, outside)


def _small_coefficient_caution(solved: SolvedRun) -> Caution:
    """Caution for a coefficient too small for a plain hole, where no closed form is there to say so.

    Friction may make it as small as it likes.
    """
    case = solved.case
    is_free = case.run.mode == "transient" or case.mesh.is_a_jet or case.flow.is_viscous
    if is_free or EXPECTED in solved.comparison:
        return Caution("")
    if solved.coefficient >= SMALLEST:
        return Caution("")
    return Caution(
        f"the discharge coefficient {solved.coefficient:.3g} is below {SMALLEST:g}, which even an inlet that "
        "stands into the cabin passes: the hole of the mesh may be smaller than that of the case, or blocked",
        1.0,
    )


def _friction_effect(case: Case, reynolds: float) -> float:
    """How much friction may take of the flow: the displacement of boundary layers, d/sqrt(Re) thick."""
    thick = 1.0 + case.hole.wall_thickness / case.hole.diameter
    return 0.0 if isnan(reynolds) or reynolds <= 0.0 else min(2.0 * sqrt(thick / reynolds), 1.0)


def _thick_wall_caution(case: Case) -> Caution:
    """Caution for a thick wall, where viscosity decides on reattachment or friction matters; empty otherwise.

    An unknown pressure outside does not count as a back pressure.
    """
    hole, ratio = case.hole, case.pressure_ratio
    slender = hole.wall_thickness / hole.diameter
    against_gas = ratio is not None and ratio > FREE_OF_BACK_PRESSURE
    if slender > THIN and against_gas and not hole.rounding:
        return Caution(
            f"wall thickness {slender:.2g} diameters against a back pressure: the stream separates at the "
            "edge, and without viscosity the mesh decides whether it meets the bore again. A real hole may "
            "pass as much as an attached stream",
            ATTACHED,
        )
    if slender > SLENDER:
        return Caution(
            f"wall thickness {slender:.2g} diameters: friction, which this inviscid flow lacks, reduces the "
            "flow of a real hole",
            SLENDER_EFFECT * slender,
        )
    return Caution("")


def _plume_caution(solved: SolvedRun) -> str:
    """Caution for a run that has converged at the hole, but not in its plume; empty otherwise."""
    run, ending = solved.case.run, solved.ending
    if not ending.converged or ending.plume_drop <= run.residual_drop or run.mode == "transient":
        return ""
    return (
        "the far plume, about its Mach disk, still moves (its residual fell to "
        f"{ending.plume_drop:.0e}): it cannot act on the hole, but do not use its fields"
    )
