"""The closed forms and published measurements that apply to a case, beside the computed coefficient."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot
from typing import NamedTuple

from breachflow.case.boundaries import FrictionWall
from breachflow.case.schema import Case
from breachflow.errors import OutOfRange
from breachflow.leak.blend.best_estimate import best_estimate
from breachflow.leak.breach import Breach, LeakState, Section
from breachflow.leak.laws import closed_forms, law_named
from breachflow.leak.real_gas import liquid_inside
from breachflow.results import LAW, Quantity
from breachflow.results.agreement import CONTRADICTION, Agreement
from breachflow.results.quantities import EXPECTED, UNCERTAINTY
from breachflow.theory.coefficient import Coefficient
from breachflow.words import plus_minus

AS_WARM = 0.03
"""Relative difference of temperature between a wall and the gas that passes: it changes the flow of a long
tube, as 1/(viscosity times temperature), by 5 %, within the uncertainty of its laws."""

SEEN = 1.0
"""Added to the effect of a contradiction, which is seen: others may only be."""


OF_CIRCLE = ", for the circle of equal area"
"""What laws say of an outline."""

SHAPE_EFFECT = 0.025
"""Relative difference between an outline and the circle of equal area: a slit passes 2.3 % more than a round
hole (0.8493 and 0.8305, thin walls, into vacuum)."""


class Caution(NamedTuple):
    """A reason to doubt an answer."""

    text: str
    effect: float = 0.0
    """How much it may change the mass flow, relative; 0 where it does not concern the flow."""


def comparison_summary(case: Case) -> dict[str, Quantity]:
    """The best estimate of the closed forms and every law that holds; empty where none does.

    No law applies to a chamfer, to a slanted hole, to a given stream, to a hole that a plate covers, to a
    hole of a mesh file whose wall thickness is not stated, where no boundary tells the pressure outside, to a
    liquid, and to walls that slide or whose temperature is another than that of the gas.
    """
    leak = _leak(case)
    if leak is None:
        return {}
    try:
        expected, forms = best_estimate(*leak), closed_forms(*leak)
    except OutOfRange:
        return {}
    of_circle = case.hole.shape == "outline"
    of, more = (OF_CIRCLE, SHAPE_EFFECT) if of_circle else ("", 0.0)
    basis = ", ".join(f"{law_named(name).title} {100.0 * part:.0f} %" for name, part in expected.basis)
    relative = hypot(expected.uncertainty / expected.mass_flow, more)
    found = _pair(
        "expected_discharge_coefficient",
        expected.discharge_coefficient,
        relative,
        f"best estimate: {basis}{of}",
    )
    for form in forms:
        relative = hypot(form.uncertainty / form.discharge_coefficient, more)
        found |= _pair(
            f"{LAW}{form.name}", form.discharge_coefficient, relative, f"{form.title}: {form.source}{of}"
        )
    return found


def contradictions(solved: Coefficient, theory: dict[str, Quantity]) -> Iterator[Caution]:
    """What contradicts the computed coefficient by more than both uncertainties: the best estimate, or laws.

    Where the best estimate does, the laws behind it are not named again.
    """
    if EXPECTED in theory and (found := _agreement(solved, theory, EXPECTED)) and not found.holds:
        yield Caution(
            f"{CONTRADICTION} {_pm(found)}: the computed "
            f"{found.computed:.3g} is {found.words}{found.assumption}",
            SEEN + abs(found.deviation),
        )
        return
    for name in theory:
        law = _agreement(solved, theory, name) if name.startswith(LAW) else None
        if law is not None and not law.holds:
            title = theory[name].description.partition(":")[0]
            computed = f"the computed {law.computed:.3g} is {law.words}{law.assumption}"
            yield Caution(f'the law "{title}" gives {_pm(law)}: {computed}', abs(law.deviation))


def _agreement(solved: Coefficient, theory: dict[str, Quantity], name: str) -> Agreement | None:
    """The computed coefficient beside one of the closed forms; None of what has no uncertainty."""
    uncertainty = theory.get(f"{name}{UNCERTAINTY}")
    if uncertainty is None:
        return None
    return Agreement(*solved, float(theory[name].value), float(uncertainty.value))


def _pm(found: Agreement) -> str:
    return plus_minus(found.expected, found.uncertainty)


def _leak(case: Case) -> tuple[Breach, LeakState] | None:
    hole, cabin = case.hole, case.reservoir
    is_free = not (case.mesh.is_a_jet or case.mesh.plate_side or hole.chamfer or hole.angle)
    if not is_free or cabin is None or case.outside_pressure is None:
        return None
    if not case.states_wall or not has_plain_walls(case):
        return None
    state = LeakState(case.species, cabin.pressure, cabin.temperature, case.outside_pressure)
    if liquid_inside(state):
        return None
    section = Section.SLIT if hole.shape == "slit" else Section.ROUND
    length = None if section is Section.ROUND else hole.length or 1.0
    breach = Breach(section, hole.diameter, hole.wall_thickness, length, hole.rounding)
    return breach, state


def has_plain_walls(case: Case) -> bool:
    """Whether the walls are as the laws take them: at rest, and as warm as the gas in the cabin."""
    warm = case.driving_gas[1]
    walls = [entry for entry in case.boundary.values() if isinstance(entry, FrictionWall)]
    return all(
        entry.velocity == (0.0, 0.0) and abs((entry.temperature or warm) / warm - 1.0) <= AS_WARM
        for entry in walls
    )


def _pair(name: str, value: float, relative: float, source: str) -> dict[str, Quantity]:
    return {
        name: Quantity(value, "1", source),
        f"{name}_uncertainty": Quantity(relative * value, "1", "of that coefficient"),
    }
