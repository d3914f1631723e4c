"""From a measured mass flow to the opening that has it, and its estimate; no numpy."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.leak.answer import Estimate
from breachflow.leak.breach import Leak, LeakState
from breachflow.leak.estimate import Choice, Drain, estimate_leak, expected_flow
from breachflow.leak.inverse.found import FoundOpening, size_text
from breachflow.leak.inverse.size import FIRST_SIZE, OpeningFamily, equivalent_hole, size_of
from breachflow.leak.real_gas import require_gas

SIZE_STEP: Final = 1e-3
"""Relative step of the size by which the exponent of the flow is found."""


class MeasuredFlow(NamedTuple):
    """A mass flow that was measured."""

    mass_flow: float
    """kg/s, above 0."""
    uncertainty: float | None
    """One standard deviation, kg/s; None where it is not known."""


def estimate_opening(
    family: OpeningFamily, state: LeakState, choice: Choice, measured: MeasuredFlow, drain: Drain | None
) -> Estimate:
    """The opening of a family that leaks as much as was measured, and its estimate.

    The uncertainty of its size is that of the law and of the measured flow, over the exponent of the flow.
    Raises OutOfRange where a liquid is inside, where no such opening leaks as much, or where the law that was
    asked for does not hold.

    A crack of 30 mm in a wall of 2 mm that loses 1.6 kg/day at 730 mmHg:

    >>> from breachflow.constants import SPECIES
    >>> state, measured = LeakState(SPECIES["air"], 97325.3, 295.0), MeasuredFlow(1.6 / 86400, None)
    >>> found = estimate_opening(OpeningFamily(2e-3, 30e-3), state, Choice(), measured, None)
    >>> round(1e6 * found.size, 1)  # um
    17.1
    """
    require_gas(state)
    if state.outside_pressure == state.pressure:
        raise OutOfRange("nothing flows through any hole: the pressures inside and outside are equal")

    size = _size(family, state, choice, measured.mass_flow)
    found = estimate_leak(family.of(size), state, choice, drain)
    law = None if found.mass_flow_uncertainty is None else found.mass_flow_uncertainty / found.mass_flow
    smaller = expected_flow(Leak(family.of(size * (1.0 - SIZE_STEP)), state), choice).value
    exponent = math.log(smaller / found.mass_flow) / math.log1p(-SIZE_STEP)
    return replace(
        found,
        found=FoundOpening(
            shape=found.shape,
            size=size,
            size_uncertainty=_over(exponent, size, law, measured),
            length=family.length,
            depth=family.depth,
            size_exponent=exponent,
            measured_mass_flow=measured.mass_flow,
            measured_mass_flow_uncertainty=measured.uncertainty,
            law_uncertainty=law,
            equivalent_diameter=equivalent_hole(state, measured.mass_flow),
        ),
    )


def _size(family: OpeningFamily, state: LeakState, choice: Choice, mass_flow: float) -> float:
    """The size with this flow, m, by the choice: from that by the best estimate, which holds for all sizes.

    Raises OutOfRange where there is none.
    """

    def by(choice: Choice, first: float = FIRST_SIZE) -> float | None:
        return size_of(
            family, mass_flow, lambda breach: expected_flow(Leak(breach, state), choice).value, first
        )

    size = by(Choice())
    if size is not None and choice != Choice():
        size = by(choice, size)
    if size is None:
        widest = "" if family.length is None else f" (at most half as wide as its {size_text(family.length)})"
        raise OutOfRange(f"no opening of this kind{widest} leaks {mass_flow:.3g} kg/s")
    return size


def _over(exponent: float, size: float, law: float | None, measured: MeasuredFlow) -> float | None:
    """Standard deviation of the size, m; None where neither the law nor the flow has one."""
    parts = [] if law is None else [law]
    if measured.uncertainty is not None:
        parts.append(measured.uncertainty / measured.mass_flow)
    return size * math.hypot(*parts) / exponent if parts else None
