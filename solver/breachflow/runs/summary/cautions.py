"""Cautions about an answer or the model behind it, in words."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isnan, nan
from typing import TYPE_CHECKING

from breachflow.case.schema import Case
from breachflow.case.similarity import has_friction, rarefaction_of
from breachflow.leak.breach import Breach, Leak, LeakState, Section
from breachflow.leak.laws import law_named
from breachflow.leak.plausible import implausible
from breachflow.leak.real_gas import departure, gas_cautions, real_gas_caution
from breachflow.results import LAW, Quantity
from breachflow.results.cautions import joined
from breachflow.results.quantities import EXPECTED, UNCERTAINTY
from breachflow.runs.solve.hold.parts import HeldPart
from breachflow.runs.summary.comparison import Caution, contradictions
from breachflow.runs.summary.model import friction_effect, inviscid_cautions, laminar_cautions, layer_caution
from breachflow.theory.coefficient import Coefficient
from breachflow.units import time_text
from breachflow.words import percent

if TYPE_CHECKING:
    from breachflow.runs.solve.iteration import Ending
    from breachflow.runs.summary.solved_run import SolvedRun

SMALLEST = 0.5
"""Discharge coefficient of a thin tube that stands into the cabin (Borda 1766): no hole has less."""

MUCH_FRICTION = 0.2
"""Part of the flow that friction takes, from which no least coefficient is expected."""

SHORT = 10.0
"""Length of a slit, in widths, below which its ends, each half a width of it, take a tenth of the flow."""

NO_FIELDS = "do not use its fields"
"""What to do about a part of the flow that still moves."""

EDGE = 0.2
"""The flow of a hole with a round edge over that of one with a sharp edge, less 1: 1 over 0.83."""


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
        yield from contradictions(Coefficient(solved.coefficient, solved.spread), _comparable(solved))
        yield _small_coefficient_caution(solved)
    yield from (Caution(text, EDGE) for text in solved.hole_cautions)
    is_held = solved.mesh.uncertainty >= 0.0  # the words say so
    yield from model_cautions(solved.case, reynolds, solved.ending.flux_difference if is_held else nan)
    yield layer_caution(solved.case, reynolds, solved.wall_cell)
    yield Caution(_plume_caution(solved))
    yield _swing_caution(solved)


def _comparable(solved: SolvedRun) -> dict[str, Quantity]:
    """The closed forms that a run must agree with: a flow with friction need not meet laws without it."""
    if not has_friction(solved.case):
        return solved.comparison
    laws = {name: name.removeprefix(LAW).removesuffix(UNCERTAINTY) for name in solved.comparison}
    return {
        name: form
        for name, form in solved.comparison.items()
        if not (name.startswith(LAW) and law_named(laws[name]).inviscid)
    }


def model_cautions(case: Case, reynolds: float, flux_change: float = nan) -> Iterator[Caution]:
    """Where the model does not hold for a case, which is known before it is solved; some texts are empty.

    `flux_change` is that of the coefficient by another numerical flux; nan where it is not computed.
    """
    if has_friction(case):
        yield from laminar_cautions(case, reynolds)
    else:
        yield from inviscid_cautions(case, reynolds, flux_change)
    yield from _gas_cautions(case)
    yield _short_slit(case)


def _short_slit(case: Case) -> Caution:
    """Caution for a slit so short that its ends matter: the computed flow is planar."""
    hole = None if case.mesh.plane == "spatial" else case.orifice
    if hole is None or hole.shape != "slit" or hole.length is None or hole.length >= SHORT * hole.diameter:
        return Caution("")
    widths = hole.length / hole.diameter
    return Caution(
        f"the slit is {widths:.3g} widths long: the computed flow is planar, without its ends, which matter "
        f"below {SHORT:g} widths",
        min(1.0, 1.0 / widths),
    )


def _gas_cautions(case: Case) -> Iterator[Caution]:
    """Where gas or hole cannot be, the gas is not perfect, or its viscosity is not known and matters."""
    state = _inside(case)
    if state is not None:
        leak = Leak(Breach(Section.ROUND, case.hole.diameter, case.hole.wall_thickness), state)
        yield from (Caution(text, 1.0) for text in implausible(leak))
        for caution in gas_cautions(leak):
            yield Caution(*caution)


def perfect_gas_uncertainty(case: Case) -> float:
    """Relative uncertainty of the mass flow where a caution says that the gas is not perfect; otherwise 0."""
    state = _inside(case)
    return departure_uncertainty(case) if state is not None and real_gas_caution(state) else 0.0


def departure_uncertainty(case: Case) -> float:
    """Relative uncertainty of the mass flow as the gas is not perfect, however small."""
    state = _inside(case)
    return 0.0 if state is None else departure(state).uncertainty


def _inside(case: Case) -> LeakState | None:
    """The gas in the cabin of a case with a hole; None of other cases."""
    if case.orifice is None or case.reservoir is None:
        return None
    cabin, outside = case.reservoir, case.outside_pressure or 0.0
    return LeakState(case.species, cabin.pressure, cabin.temperature, outside)


def _small_coefficient_caution(solved: SolvedRun) -> Caution:
    """Caution for a coefficient too small for a plain hole, where no closed form is there to say so.

    Where friction or rarefaction rules the flow, it may be as small as it likes.
    """
    case = solved.case
    is_free = case.run.mode == "transient" or case.mesh.is_a_jet or _friction_rules(case)
    if is_free or case.mesh.plate_side or EXPECTED in solved.comparison:
        return Caution("")
    if solved.coefficient >= SMALLEST:
        return Caution("")
    return Caution(
        f"the discharge coefficient {solved.coefficient:.3g} is below {SMALLEST:g}, which even an inlet that "
        "stands into the cabin passes: the hole of the mesh may be smaller than that of the case, or blocked",
        1.0,
    )


def _friction_rules(case: Case) -> bool:
    """Whether friction takes much of a laminar flow; a choked one has a Reynolds number of about 2 delta."""
    return has_friction(case) and friction_effect(case, 2.0 * rarefaction_of(case)) > MUCH_FRICTION


def _plume_caution(solved: SolvedRun) -> str:
    """Caution for a run that has converged at the hole, but not in its plume; empty otherwise."""
    run, ending = solved.case.run, solved.ending
    if not ending.converged or run.mode == "transient" or ending.swing is not None:
        return ""
    if ending.held == HeldPart.LIMITER:
        return (
            "the limiter of the scheme alternates between states without end (the residual fell to "
            f"{ending.plume_drop:.0e}): {_held_words(ending)}"
        )
    if ending.plume_drop <= run.residual_drop:
        return ""
    moves = f"still moves (its residual fell to {ending.plume_drop:.0e})"
    if ending.held == HeldPart.FAR:
        return f"the plume more than two openings from the hole {moves}: {_held_words(ending)}; {NO_FIELDS}"
    held = f"; {_held_words(ending)}" if ending.held else ""
    return f"the far plume, about its Mach disk, {moves}: it cannot act on the hole, but {NO_FIELDS}{held}"


def _swing_caution(solved: SolvedRun) -> Caution:
    """Caution for a flow without a steady state, whose rates are means in time; empty otherwise."""
    swing = solved.ending.swing
    if swing is None or not solved.coefficient:
        return Caution("")
    spread = swing.spread / abs(solved.coefficient)
    time, longest = time_text(swing.duration), time_text(swing.longest)
    periods = f"{swing.periods} periods, the longest of {longest}" if swing.periods else "not even one period"
    known = "" if isnan(swing.error) else f", known to {percent(swing.error / abs(solved.coefficient))}"
    return Caution(
        f"the flow has no steady state on this mesh: its discharge coefficient swings by {percent(spread)} "
        f"(standard deviation), and the one stated is the mean over {time}, {periods}{known}; "
        "fields are those at the end",
        spread,
    )


def _held_words(ending: Ending) -> str:
    """How the coefficient was found to be independent of what moves."""
    return (
        "it was held more than once while the rest settled, to discharge coefficients within "
        f"{ending.held_change:.0e} of each other"
    )
