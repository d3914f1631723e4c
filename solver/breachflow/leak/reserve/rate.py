"""The reserve time from a rate of the pressure or from two readings; no numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from breachflow.leak.reserve.answer import ByLaw, Reserve
from breachflow.leak.reserve.cabin import (
    STATION_WANDER,
    WANDER_TEXT,
    LeakingCabin,
    MeasuredRate,
    TwoReadings,
    is_open_station,
)
from breachflow.leak.reserve.record import finite, interval_of, unanswered, verdict_on
from breachflow.theory.emptying import fed, reserve
from breachflow.theory.emptying.fed import FedFall

WELL_KNOWN: Final = 0.1
"""Relative standard deviation of a rate for which the waiting time is given."""

SMALL_COOLING: Final = 0.5
"""K; a cooling that passes for a leak: about twice that of the ISS's false alarm in September 2020."""

SECONDS_PER_HOUR: Final = 3600.0


class LeakFlow(NamedTuple):
    """The leak of a cabin as the times take it."""

    pressure: float
    """Pa."""
    rate: Callable[[float], float]
    """Rate of fall at the pressure, Pa/s, by the law p^exponent."""
    relative_deviation: float | None
    """One standard deviation of the rate over the rate."""

    def scaled(self, factor: float) -> LeakFlow:
        """The same leak, its rate times a factor."""
        return self._replace(rate=lambda exponent: factor * self.rate(exponent))


def time_of_rate(cabin: LeakingCabin, evidence: MeasuredRate | TwoReadings) -> Reserve:
    """The times by every law, with what they rest on; a least time where two readings give no rate yet.

    Raises OutOfRange where a number is outside the range of a formula.

    From 760 to 758 mmHg in 1.5 h: 248 h until 490 mmHg.

    >>> from breachflow.constants import SPECIES
    >>> cabin = LeakingCabin(SPECIES["air"], 295.0, True, None, 0.0, 490.0, True)
    >>> round(time_of_rate(cabin, TwoReadings(760.0, 758.0, 1.5, 1.0, True)).time.hole_isothermal, 1)
    248.4
    """
    if isinstance(evidence, TwoReadings) and not evidence.is_rate:
        return _without_rate(cabin, evidence)
    leak = LeakFlow(evidence.pressure, evidence.rate, evidence.relative_deviation)
    rate, deviation = leak.rate(reserve.HOLE), leak.relative_deviation
    uncertainty = None if deviation is None else deviation * rate
    times, flow = times_of(cabin, leak), cabin.mass_flow(rate)
    size, warnings = _equivalent_hole(cabin, leak.pressure, flow)
    found = replace(
        unanswered(cabin, leak.pressure, "rate"),
        verdict=verdict_on(times),
        time=times,
        interval=interval_of(deviation, lambda factor: times_of(cabin, leak.scaled(factor)).hole_isothermal),
        rate=rate,
        rate_uncertainty=uncertainty,
        cooling=cabin.temperature * rate * SECONDS_PER_HOUR / leak.pressure,
        mass_flow=flow,
        mass_flow_uncertainty=None if uncertainty is None else cabin.mass_flow(uncertainty),
        equivalent_diameter=size,
        holding_pressure=_holding(cabin, leak),
        warnings=warnings,
    )
    return found if isinstance(evidence, MeasuredRate) else _with_readings(found, cabin, evidence, rate)


def _with_readings(found: Reserve, cabin: LeakingCabin, readings: TwoReadings, rate: float) -> Reserve:
    """The record with what two readings say beside their rate."""
    cooling = reserve.cooling_of_fall(readings.first, readings.second, cabin.temperature)
    return replace(
        found,
        known_by="readings",
        rate_by_law=ByLaw(*(readings.rate(exponent) for exponent in _exponents(cabin))),
        fall=readings.fall,
        elapsed=readings.elapsed,
        resolution=readings.resolution,
        resolution_given=readings.resolution_given,
        wander=None if readings.wander is None else readings.wander * SECONDS_PER_HOUR**0.5,
        wait=_wait_to_know(readings, rate),
        cooling=cooling,
        warnings=(*found.warnings, *_cooling_caution(cooling), *_wander_caution(cabin, readings)),
    )


def _wander_caution(cabin: LeakingCabin, readings: TwoReadings) -> Iterator[str]:
    """That the air of an open station wanders by more than the interval holds."""
    deviation = readings.relative_deviation
    if deviation is None or readings.wander is not None or not is_open_station(cabin.volume):
        return
    if STATION_WANDER * readings.elapsed**0.5 > deviation * readings.fall:
        yield (
            "the air of an open station wanders by more than this gauge resolves, so the interval is too"
            f' narrow: count it with --wander "{WANDER_TEXT}".'
        )


def _cooling_caution(cooling: float) -> Iterator[str]:
    """That the fall is as small as the temperature of a cabin changes."""
    if cooling < SMALL_COOLING:
        yield f"gas that cools by {cooling:.2g} K falls as much without a leak: compare temperatures first."


def _without_rate(cabin: LeakingCabin, readings: TwoReadings) -> Reserve:
    """The least time: the pressure has fallen by less than a step more than the gauge shows."""
    step = readings.resolution
    assert step is not None, "without a step any fall is a rate"
    fastest = (readings.fall + step) / readings.elapsed - cabin.pressure_rate(cabin.feed)
    above = max(readings.second - 0.5 * step - cabin.limit, 0.0)
    return replace(
        unanswered(cabin, readings.second, "readings"),
        least_time=above / fastest if fastest > 0.0 else None,
        fall=readings.fall,
        elapsed=readings.elapsed,
        resolution=step,
        resolution_given=readings.resolution_given,
        wait=readings.elapsed * (step / readings.fall - 1.0) if readings.fall > 0.0 else None,
    )


def times_of(cabin: LeakingCabin, leak: LeakFlow) -> ByLaw:
    """Time until the limit by each law, s; None where the feed keeps the pressure above it."""
    linear, hole, adiabatic, crack = (_fall(cabin, leak, exponent) for exponent in _exponents(cabin))
    return ByLaw(
        linear=finite(fed.linear_time(linear)),
        hole_isothermal=finite(fed.hole_time(hole)),
        hole_adiabatic=finite(fed.adiabatic_hole_time(adiabatic, cabin.gas.heat_capacity_ratio)),
        crack=finite(fed.crack_time(crack)),
    )


def _exponents(cabin: LeakingCabin) -> tuple[float, float, float, float]:
    """The exponents of the laws, in the order of `ByLaw`."""
    adiabatic = reserve.adiabatic_exponent(cabin.gas.heat_capacity_ratio)
    return reserve.LINEAR, reserve.HOLE, adiabatic, reserve.CRACK


def _fall(cabin: LeakingCabin, leak: LeakFlow, exponent: float) -> FedFall:
    return FedFall(leak.pressure, cabin.limit, leak.rate(exponent), cabin.pressure_rate(cabin.feed))


def _holding(cabin: LeakingCabin, leak: LeakFlow) -> ByLaw | None:
    """The pressures at which the feed holds the cabin; None without a feed."""
    if cabin.feed == 0.0:
        return None
    _, hole, adiabatic, crack = (_fall(cabin, leak, exponent) for exponent in _exponents(cabin))
    return ByLaw(
        linear=None,
        hole_isothermal=fed.holding_pressure(hole, reserve.HOLE),
        hole_adiabatic=cabin.gas.heat_capacity_ratio * fed.holding_pressure(adiabatic, reserve.HOLE),
        crack=fed.holding_pressure(crack, reserve.CRACK),
    )


def _equivalent_hole(
    cabin: LeakingCabin, pressure: float, flow: float | None
) -> tuple[float | None, tuple[str, ...]]:
    """Diameter of a thin round hole with this flow, and cautions on the gas; None without a volume."""
    if flow is None:
        return None, ()
    from breachflow.leak.breach import LeakState
    from breachflow.leak.inverse.size import equivalent_hole
    from breachflow.leak.real_gas import real_gas_caution

    state = LeakState(cabin.gas, pressure, cabin.temperature)
    caution = real_gas_caution(state)
    return equivalent_hole(state, flow), (f"{caution}.",) if caution else ()


def _wait_to_know(readings: TwoReadings, rate: float) -> float | None:
    """Time from now until a reading knows the rate to `WELL_KNOWN`, s; None where it is known so well."""
    if readings.relative_deviation is None:
        return None
    whole = reserve.time_to_know(rate, readings.resolution or 0.0, WELL_KNOWN, readings.wander or 0.0)
    wait = whole - readings.elapsed
    return wait if wait > 0.0 else None
