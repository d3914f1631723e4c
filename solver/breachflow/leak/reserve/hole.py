"""The reserve time of a known hole; no numpy."""

from __future__ import annotations

import math
from dataclasses import replace

from breachflow.leak.answer import Estimate
from breachflow.leak.breach import Breach, LeakState, Section
from breachflow.leak.estimate import Choice, Drain, estimate_leak
from breachflow.leak.reserve.answer import ByLaw, Reserve
from breachflow.leak.reserve.cabin import KnownHole, LeakingCabin
from breachflow.leak.reserve.record import finite, interval_of, unanswered, verdict_on
from breachflow.theory.emptying import fed
from breachflow.theory.emptying.fed import FedFall


def time_of_hole(cabin: LeakingCabin, hole: KnownHole) -> Reserve:
    """The times of a thin round hole, with walls that keep the temperature and with walls that give no heat.

    The linear time is that of the first rate without heat, a bound below both. With a feed the coefficient
    is that of the start, and how far it changes on the way is part of the uncertainty. Raises OutOfRange
    where the best estimate has no answer, or a liquid is inside.

    >>> from breachflow.constants import SPECIES
    >>> cabin = LeakingCabin(SPECIES["air"], 295.0, True, 1005.0, 0.0, 490 * 133.322387415, True)
    >>> found = time_of_hole(cabin, KnownHole(760 * 133.322387415, 2e-3, 0.83))
    >>> round(found.time.hole_isothermal / 3600, 3), round(found.time.hole_adiabatic / 3600, 3)
    (235.829, 173.843)
    """
    estimate = _estimate(cabin, hole, hole.pressure)
    rate, relative = cabin.pressure_rate(estimate.mass_flow), _relative_deviation(cabin, hole, estimate)
    times = _times(cabin, estimate, rate)
    flow = estimate.mass_flow
    return replace(
        unanswered(cabin, hole.pressure, "hole"),
        verdict=verdict_on(times),
        time=times,
        interval=interval_of(
            relative, lambda factor: _times(cabin, estimate, factor * rate, factor).hole_isothermal
        ),
        rate=rate,
        rate_uncertainty=None if relative is None else relative * rate,
        mass_flow=flow,
        mass_flow_uncertainty=None if relative is None else relative * flow,
        equivalent_diameter=hole.diameter,
        holding_pressure=_holding(cabin, hole.pressure, rate),
        warnings=estimate.warnings,
    )


def _estimate(cabin: LeakingCabin, hole: KnownHole, pressure: float) -> Estimate:
    """The estimate of the hole at a pressure, with its times where the cabin is not fed."""
    assert cabin.volume is not None
    state = LeakState(cabin.gas, pressure, cabin.temperature)
    until = cabin.limit if cabin.feed == 0.0 and pressure > cabin.limit else None
    breach = Breach(Section.ROUND, hole.diameter)
    return estimate_leak(breach, state, Choice(coefficient=hole.coefficient), Drain(cabin.volume, until))


def _times(cabin: LeakingCabin, estimate: Estimate, rate: float, factor: float = 1.0) -> ByLaw:
    """The times where the hole makes the rate at the start, `factor` times that of the estimate."""
    gamma, feed = cabin.gas.heat_capacity_ratio, cabin.pressure_rate(cabin.feed)
    isothermal = FedFall(estimate.pressure, cabin.limit, rate, feed)
    adiabatic = isothermal._replace(rate=gamma * rate)
    linear = fed.linear_time(adiabatic._replace(feed=gamma * feed))
    if estimate.isothermal_time is not None and estimate.adiabatic_time is not None:
        slow, fast = estimate.isothermal_time / factor, estimate.adiabatic_time / factor
        return ByLaw(finite(linear), slow, fast, None)
    slow, fast = fed.hole_time(isothermal), fed.adiabatic_hole_time(adiabatic, gamma)
    return ByLaw(finite(linear), finite(slow), finite(fast), None)


def _relative_deviation(cabin: LeakingCabin, hole: KnownHole, estimate: Estimate) -> float | None:
    """One standard deviation of the flow over the flow; None where the coefficient was given.

    With a feed it holds the change of the coefficient until the limit.
    """
    if estimate.mass_flow_uncertainty is None or estimate.discharge_coefficient is None:
        return None
    relative = estimate.mass_flow_uncertainty / estimate.mass_flow
    if cabin.feed == 0.0:
        return relative
    end = _estimate(cabin, hole, cabin.limit).discharge_coefficient
    assert end is not None
    return math.hypot(relative, end / estimate.discharge_coefficient - 1.0)


def _holding(cabin: LeakingCabin, pressure: float, rate: float) -> ByLaw | None:
    """The pressure at which the feed holds the cabin, the same with both walls; None without a feed."""
    if cabin.feed == 0.0:
        return None
    fall = FedFall(pressure, cabin.limit, rate, cabin.pressure_rate(cabin.feed))
    level = fed.holding_pressure(fall, 1.0)
    return ByLaw(None, level, level, None)
