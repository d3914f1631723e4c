"""The model of the flow where a case does not state one, and what laminar flow must know of the gas.

Laminar is the default of flow through a hole, where the viscosity of the gas is known. Verification has the
equations of its exact solution. Streams without a hole have no friction by default. A wall of kind "slip" or
"no_slip" says that a flow has friction.

In time, friction in the thin gas outside makes the steps short. Where a case does not state it, the
background that stands for a vacuum is then as dense as the steps need.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from breachflow.case.boundaries import FrictionWall
from breachflow.case.flow import FlowModelName
from breachflow.case.schema import LARGEST_BACKGROUND, Case
from breachflow.document.faults import DottedKey
from breachflow.theory.gases.viscosity import viscosity, viscosity_range

LEAST_MARGIN: Final = 1.05
"""Least temperature of laminar flow over the lower end of the law of viscosity: in the hole it is less."""


THINNEST: Final = 10.0
"""Kinematic viscosity outside over the speed of sound and the opening, up to which laminar flow is computed
in time. Steps shrink in proportion: a 0.1 mm hole takes seconds at 4, half a minute at 40, an hour at 400."""

ROOM: Final = 10.0
"""Default of the background over the least one: a run is then four times as fast as with the least.

The mass flow of a puncture differs by 3e-6 from that with a hundred times as much (2 mm, air at 1 atm)."""


def with_model(case: Case) -> Case:
    """The case with the model of its flow, and with the background that its steps in time need.

    What the case states itself stays.
    """
    if case.flow.model is None:
        flow = case.flow.model_copy(update={"model": default_model(case)})
        case = case.model_copy(update={"flow": flow})
    least = least_background(case)
    if least > 0.0 and "background" not in case.numerics.model_fields_set:
        background = min(max(case.numerics.background, _rounded_up(ROOM * least)), LARGEST_BACKGROUND)
        numerics = case.numerics.model_copy(update={"background": background})
        case = case.model_copy(update={"numerics": numerics})
    return case


def default_model(case: Case) -> FlowModelName:
    """The model of the flow where a case does not state one."""
    if case.exact is not None:
        return case.exact.models[0]
    if any(entry.needs_friction for entry in case.boundary.values()):
        return "laminar"
    has_friction = case.orifice is not None and case.mesh.resolves_friction
    return "laminar" if has_friction and not any(unknown_viscosity(case)) else "inviscid"


def least_background(case: Case) -> float:
    """Least density and pressure outside, over those inside, with which a laminar run in time ends.

    0 where there is no such limit.
    """
    law, inside = case.species.viscosity, case.reservoir
    in_time = case.run.mode == "transient" and case.flow.is_viscous
    if not in_time or case.orifice is None or law is None or inside is None:
        return 0.0
    low, high = viscosity_range(law)
    if not low <= inside.temperature <= high:
        return 0.0
    gas, gamma = case.species.specific_gas_constant * inside.temperature, case.species.heat_capacity_ratio
    spread = viscosity(law, inside.temperature) * gas / (inside.pressure * math.sqrt(gamma * gas))
    return _rounded_up(spread / (THINNEST * case.orifice.diameter))


def _rounded_up(value: float) -> float:
    """The value to one significant digit, not less than it."""
    power = math.floor(math.log10(value))
    return float(f"{math.ceil(value / 10.0**power - 1e-9)}e{power}")


def unknown_viscosity(case: Case) -> Iterator[tuple[DottedKey, str]]:
    """Keys of a case at whose values the viscosity of its gas is not known, each with the reason."""
    law, name = case.species.viscosity, case.species.name
    if law is None:
        yield ("gas",), 'the viscosity of the gas is not known; give viscosity, e.g. "1.8e-5 Pa s"'
        return
    low, high = viscosity_range(law)
    known = f"the viscosity of {name} is known from {low:g} to {high:g} K"
    if any(entry.feeds for entry in case.boundary.values()) or case.exact is not None:
        temperature = case.driving_gas[1]
        if not LEAST_MARGIN * low <= temperature <= high:
            yield ("gas",), f"{known}, and the gas has {temperature:g} K"
    for wall, entry in case.boundary.items():
        warmth = entry.temperature if isinstance(entry, FrictionWall) else None
        if warmth is not None and not low <= warmth <= high:
            yield ("boundary", wall, "temperature"), known


def friction_advice(case: Case) -> str:
    """What to write in a case so that its flow has friction."""
    return "give the gas a viscosity" if case.species.viscosity is None else 'write [flow] model = "laminar"'
