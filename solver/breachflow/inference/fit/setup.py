"""The problem of a record: its bins, the columns of orbit and background, the temperature, its units."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.fit.bins import Bins, bins_of
from breachflow.inference.fit.law import Marks
from breachflow.inference.fit.posterior import EXPONENTS
from breachflow.inference.fit.problem import FitProblem, Prior
from breachflow.inference.record.record import PressureRecord, filled
from breachflow.units import PASCALS_PER_MMHG

AMPLITUDE: Final = 0.3 * PASCALS_PER_MMHG
"""Standard deviation of the cosine and the sine of an orbit before the record, Pa."""
LEAST_PERIODS: Final = 1.0
"""Periods in a record, for a wave of that period to be fitted."""
LEAST_READINGS: Final = 2.5
"""Readings in a period, likewise."""
SENSOR: Final = Prior(1.0, 0.25)
"""Weight of a temperature sensor before the record."""
NOTHING: Final = Prior(0.0, 0.0)
"""Of what is not there."""
FEW_STEPS: Final = 3.5
"""Steps of the gauge in a record, below which its rounding does not average out."""


class FedPressure(NamedTuple):
    """Gas that was let in."""

    times: Floats
    """(n,) s, as those of the record."""
    rises: Floats
    """(n,) Pa by which it has raised the pressure until then."""
    uncertainty: float
    """Relative standard deviation of all rises: that of the volume."""


@dataclass(frozen=True)
class FitOptions:
    """How a record is fitted, in SI units."""

    wander: float = 0.0
    """Standard deviation of the random walk, Pa per root of a second."""
    temperature_weight: Prior = SENSOR
    """How far the sensor speaks for the mean temperature."""
    period: float | None = 92.9 * 60.0
    """Of an orbit, s; None without one."""
    background: Prior = NOTHING
    """Rate at which the pressure falls without a leak, Pa/s."""
    exponents: tuple[float, ...] = EXPONENTS
    jumps: tuple[float, ...] = ()
    """Times at which the pressure jumps by an unknown amount, s."""
    supply: FedPressure | None = None
    resolution: float = 0.0
    """Step of the gauge, Pa."""

    def during(self, first: float, last: float) -> FitOptions:
        """The options of a part of the record, between two times, s."""
        return replace(self, jumps=tuple(jump for jump in self.jumps if first < jump <= last))


def has_wave(record: PressureRecord, period: float | None) -> bool:
    """Whether a record is long and dense enough for a wave of this period, s."""
    if period is None or record.length < LEAST_PERIODS * period:
        return False
    return float(np.median(np.diff(record.times))) * LEAST_READINGS <= period


def problem_of(record: PressureRecord, options: FitOptions, changes: tuple[float, ...] = ()) -> FitProblem:
    """The problem of a record whose opening changes at these times, s."""
    start, length = float(record.times[0]), record.length
    jumps = tuple(jump for jump in options.jumps if start < jump <= record.times[-1])
    bins = bins_of(record.times, tuple(sorted({*jumps, *changes})))
    pressures = record.pressures
    scale = float(pressures.mean())
    columns, priors = _columns(record, options, bins, scale)
    fed: tuple[tuple[float, float], ...] = ()
    if options.supply is not None:
        rises = fed_rises(options.supply, record.times)
        pressures = pressures - rises
        columns.append(bins.mean(rises) / scale)
        priors.append(Prior(0.0, options.supply.uncertainty))
        fed = _fed(options.supply, bins, start, length, scale)
    return FitProblem(
        bins=bins,
        times=(bins.times - start) / length,
        pressures=bins.mean(pressures) / scale,
        columns=np.column_stack(columns) if columns else np.zeros((len(bins.times), 0)),
        priors=tuple(priors),
        temperature=_temperature(record, bins),
        temperature_weight=options.temperature_weight,
        wander=options.wander * np.sqrt(length) / scale,
        gauge=_gauge(record, options.resolution) / scale,
        marks=Marks(_shares(jumps, start, length), _shares(changes, start, length), fed),
        length=length,
        scale=scale,
    )


def _gauge(record: PressureRecord, step: float) -> float:
    """Standard deviation of the fall, Pa, that a gauge adds which shows few steps: q/sqrt(6), both ends."""
    if step == 0.0 or np.ptp(record.pressures) > FEW_STEPS * step:
        return 0.0
    return float(step / np.sqrt(6.0))


def _columns(
    record: PressureRecord, options: FitOptions, bins: Bins, scale: float
) -> tuple[list[Floats], list[Prior]]:
    """Columns of the orbit and the background, each (n_bins,), with what is known of them."""
    columns: list[Floats] = []
    priors: list[Prior] = []
    if has_wave(record, options.period):
        assert options.period is not None
        phase = 2.0 * np.pi * record.times / options.period
        columns += [bins.mean(np.cos(phase)), bins.mean(np.sin(phase))]
        priors += [Prior(0.0, AMPLITUDE / scale)] * 2
    if options.background != NOTHING:
        unit = scale / record.length
        columns.append((record.times[0] - bins.times) / record.length)
        priors.append(Prior(options.background.mean / unit, options.background.deviation / unit))
    return columns, priors


def _temperature(record: PressureRecord, bins: Bins) -> Floats | None:
    """(n_bins,) (T - mean)/mean of the sensor; None without one, or where it never moves."""
    if record.temperatures is None:
        return None
    kelvins = filled(record.times, record.temperatures)
    mean = float(kelvins.mean())
    return None if np.ptp(kelvins) == 0.0 else bins.mean((kelvins - mean) / mean)


def _shares(times: tuple[float, ...], start: float, length: float) -> tuple[float, ...]:
    """Times beside the length of the record."""
    return tuple((time - start) / length for time in times)


def fed_rises(supply: FedPressure, times: Floats) -> Floats:
    """(n,) Pa by which the gas that was let in since the first reading has raised the pressure."""
    rises = np.interp(times, supply.times, supply.rises)
    return np.asarray(rises - rises[0])


def _fed(
    supply: FedPressure, bins: Bins, start: float, length: float, scale: float
) -> tuple[tuple[float, float], ...]:
    """What is let in, as rises halfway between the middles of bins."""
    middles = np.concatenate([[start], bins.times])
    rises = np.diff(fed_rises(supply, middles)) / scale
    halfway = 0.5 * (middles[1:] + middles[:-1])
    return tuple(
        ((float(time) - start) / length, float(rise))
        for time, rise in zip(halfway, rises, strict=True)
        if rise != 0.0
    )
