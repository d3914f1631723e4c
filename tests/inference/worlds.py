"""Synthetic worlds: pressure records of known leaks, of seven kinds, with the faults that records have.

A world shares no code with `breachflow.inference`: its pressure is a closed form of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

MMHG: Final = 133.322387415
"""Pa."""
HOUR: Final = 3600.0
"""s."""
DAY: Final = 86400.0
"""s."""
GAS_CONSTANT: Final = 8.31446261815324 / 28.9644e-3
"""Of air, J/(kg K)."""
CABIN_TEMPERATURE: Final = 295.0
"""K."""
ORBIT: Final = 92.9 * 60.0
"""s."""

Readings = NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """What worlds of one kind have in common: ranges, from which each world is drawn."""

    volume: tuple[float, float]
    """m3."""
    flow: tuple[float, float]
    """kg/day, even in its logarithm."""
    hours: tuple[float, float]
    resolution: float = 0.1
    """mmHg."""
    has_temperature: bool = False
    """A sensor with a lag, rounded; and an orbit."""
    gaps: int = 0
    """At most so many; a twentieth of the other readings is lost too."""
    wander: tuple[float, float] = (0.0, 0.0)
    """mmHg in an hour."""
    fitted_wander: float = 0.0
    """mmHg in an hour, which the fit is told."""


KINDS: Final = {
    "tunnel": Kind((7.0, 7.0), (0.2, 3.0), (6.0, 48.0)),
    "module": Kind((60.0, 150.0), (0.3, 10.0), (8.0, 72.0), has_temperature=True),
    "station": Kind((1005.0, 1005.0), (0.5, 60.0), (12.0, 120.0), has_temperature=True),
    "coarse": Kind((7.0, 75.0), (0.3, 10.0), (12.0, 72.0), resolution=1.0),
    "long": Kind((7.0, 7.0), (0.2, 3.0), (48.0, 200.0), resolution=1.0, has_temperature=True),
    "gaps": Kind((7.0, 150.0), (0.3, 10.0), (8.0, 72.0), gaps=3),
    "drift": Kind(
        (1005.0, 1005.0),
        (0.5, 60.0),
        (12.0, 120.0),
        has_temperature=True,
        wander=(0.08, 0.18),
        fitted_wander=0.12,
    ),
}
"""The seven kinds of world."""


@dataclass(frozen=True)
class WorldNoise:
    """The truth of the noise of a record."""

    deviation: float
    """Of the correlated noise, mmHg."""
    memory: float
    """s."""
    white: float
    """mmHg a reading, without the rounding."""
    resolution: float
    """mmHg."""


@dataclass(frozen=True)
class World:
    """A record with its truth."""

    kind: str
    times: Readings
    """s from the first reading."""
    pressures: Readings
    """Pa, as the gauge shows them."""
    temperatures: Readings | None
    """K, as the sensor shows them."""
    volume: float
    """m3."""
    exponent: float
    """n of flow ~ pressure^n."""
    rate: float
    """Share of the gas that leaks in a second, at the start."""
    fall: float
    """Share of the pressure at the start that is lost at the end."""
    wander: float
    """Pa in an hour, which the fit is told."""
    start: float = 0.0
    """Pressure at the start without noise, Pa."""
    noise: WorldNoise | None = None


def falling(times: Readings, rate: float, exponent: float) -> Readings:
    """Pressure as a share of that at the start: dg/dt = -rate g^exponent, by its closed form."""
    if exponent == 1.0:
        return np.exp(-rate * times)
    power = exponent - 1.0
    return (1.0 + power * rate * times) ** (-1.0 / power)


def correlated(generator: np.random.Generator, times: Readings, deviation: float, memory: float) -> Readings:
    """An Ornstein-Uhlenbeck process at these times: exact from reading to reading."""
    kept = np.exp(-np.diff(times) / memory)
    draws = generator.standard_normal(len(times))
    values = np.empty(len(times))
    values[0] = draws[0]
    for index, share in enumerate(kept):
        values[index + 1] = share * values[index] + np.sqrt(1.0 - share * share) * draws[index + 1]
    return deviation * values


def wandering(generator: np.random.Generator, times: Readings, hourly: float) -> Readings:
    """A random walk whose standard deviation after an hour is `hourly`."""
    steps = generator.standard_normal(len(times) - 1) * np.sqrt(np.diff(times) / HOUR)
    return hourly * np.concatenate([[0.0], np.cumsum(steps)])


def even(generator: np.random.Generator, ends: tuple[float, float]) -> float:
    """A number between both, even in its logarithm."""
    low, high = np.log(ends)
    return float(np.exp(generator.uniform(low, high)))


def world(kind: str, seed: int) -> World:
    """One world of a kind. The same seed gives the same world."""
    settings = KINDS[kind]
    generator = np.random.default_rng([seed, *map(ord, kind)])
    volume = even(generator, settings.volume)
    flow = even(generator, settings.flow) / DAY
    span = generator.uniform(*settings.hours) * HOUR
    times = _times(generator, span, settings.gaps)
    start = generator.uniform(700.0, 760.0) * MMHG
    exponent = float(generator.choice([1.0, 1.5, 2.0]))
    rate = flow * GAS_CONSTANT * CABIN_TEMPERATURE / (volume * start)
    leaking = falling(times, rate, exponent)
    pressures = start * leaking
    temperatures = None
    if settings.has_temperature:
        factor, temperatures = _climate(generator, times)
        pressures = pressures * factor + _orbit(generator, times)
    noise = _noise_of(generator, settings.resolution)
    pressures = pressures + _noisy(generator, times, noise) + _walk(generator, times, settings)
    step = settings.resolution * MMHG
    return World(
        kind=kind,
        times=times,
        pressures=np.round(pressures / step) * step,
        temperatures=temperatures,
        volume=volume,
        exponent=exponent,
        rate=rate,
        fall=float(1.0 - leaking[-1]),
        wander=settings.fitted_wander * MMHG,
        start=start,
        noise=noise,
    )


def _times(generator: np.random.Generator, span: float, gaps: int) -> Readings:
    """Times of the readings, s: every 5 to 30 minutes, less those that are lost."""
    times = np.arange(0.0, span, generator.uniform(5.0, 30.0) * 60.0)
    if not gaps:
        return times
    kept = generator.random(len(times)) > 0.05
    for _ in range(generator.integers(1, gaps + 1)):
        middle = generator.uniform(0.15, 0.85) * span
        half = generator.uniform(0.02, 0.08) * span
        kept &= np.abs(times - middle) > half
    kept[0] = kept[-1] = True
    return times[kept]


def _noise_of(generator: np.random.Generator, resolution: float) -> WorldNoise:
    deviation, memory = generator.uniform(0.02, 0.3), generator.uniform(5.0, 180.0) * 60.0
    return WorldNoise(deviation, memory, generator.uniform(0.01, 0.15), resolution)


def _noisy(generator: np.random.Generator, times: Readings, noise: WorldNoise) -> Readings:
    """Correlated and white noise, Pa."""
    slow = correlated(generator, times, noise.deviation, noise.memory)
    return MMHG * (slow + noise.white * generator.standard_normal(len(times)))


def _walk(generator: np.random.Generator, times: Readings, settings: Kind) -> Readings:
    """Of a world that wanders, Pa."""
    if not settings.wander[1]:
        return np.zeros(len(times))
    return MMHG * wandering(generator, times, generator.uniform(*settings.wander))


def _orbit(generator: np.random.Generator, times: Readings) -> Readings:
    """Of the period of an orbit, Pa."""
    size, phase = generator.uniform(0.0, 0.3), generator.uniform(0.0, 2.0 * np.pi)
    return MMHG * size * np.sin(2.0 * np.pi * times / ORBIT + phase)


def _climate(generator: np.random.Generator, times: Readings) -> tuple[Readings, Readings]:
    """The factor that the mean temperature puts on the pressure, and the sensor: lagged, rounded to 0.1 K."""
    swing, phase = generator.uniform(0.1, 0.8), generator.uniform(0.0, 2.0 * np.pi)
    mean = swing * np.sin(2.0 * np.pi * times / DAY + phase) + correlated(generator, times, 0.2, 4.0 * HOUR)
    weight = generator.normal(1.0, 0.2)
    lag = generator.uniform(5.0, 20.0) * 60.0
    shown = np.empty(len(times))
    shown[0] = mean[0]
    for index, kept in enumerate(np.exp(-np.diff(times) / lag)):
        shown[index + 1] = kept * shown[index] + (1.0 - kept) * mean[index + 1]
    factor = 1.0 + weight * (mean - mean.mean()) / CABIN_TEMPERATURE
    return factor, np.round((CABIN_TEMPERATURE + shown) * 10.0) / 10.0


def changing(seed: int, factor: float, exponent: float) -> World:
    """48 h of 60 m3 at 1.7 kg/day; the opening changes by `factor` at a time between 30 and 70 %.

    Noise of 0.1 mmHg over an hour, readings of 0.1 mmHg every 10 minutes.
    """
    generator = np.random.default_rng([seed, 48])
    times = np.arange(0.0, 48.0 * HOUR, 600.0)
    start = 740.0 * MMHG
    rate = 1.7 / DAY * GAS_CONSTANT * CABIN_TEMPERATURE / (60.0 * start)
    moment = generator.uniform(0.3, 0.7) * 48.0 * HOUR
    effective = np.minimum(times, moment) + factor * np.maximum(times - moment, 0.0)
    leaking = falling(effective, rate, exponent)
    pressures = start * leaking + MMHG * correlated(generator, times, 0.1, HOUR)
    step = 0.1 * MMHG
    rounded = np.round(pressures / step) * step
    plain = World("change", times, rounded, None, 60.0, exponent, rate, float(1.0 - leaking[-1]), 0.0, start)
    return replace(plain, kind=f"change at {moment!r}")
