"""The noise of a pressure sensor and of the air that it reads, as arguments give it; no numpy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from breachflow.leak.arguments.values import ArgumentError, Quantified, read_value
from breachflow.leak.reserve.arguments import HOUR, shown_unit
from breachflow.leak.reserve.cabin import OPEN_STATION, STATION_WANDER, WANDER_TEXT, is_open_station
from breachflow.theory.emptying.slope import SlopeNoise
from breachflow.units import UNITS, Dimension
from breachflow.words import significant

EVERY: Final = "1 min"
"""Time between two readings where none is given."""


class SensorArguments(NamedTuple):
    """The arguments that say what noise a record has; None where one was not given."""

    noise: Quantified | None
    noise_time: Quantified | None
    resolution: Quantified | None
    every: Quantified | None
    wander: Quantified | None
    noise_from: Any = None
    """A quiet record: a path, or a pair of times, s, and pressures, Pa."""

    @property
    def texts(self) -> tuple[Quantified | None, ...]:
        """The pressures among them, whose unit is shown."""
        return (self.noise, self.resolution, self.wander)


class Sensor(NamedTuple):
    """The noise of a record, in Pa and s."""

    noise: SlopeNoise
    is_default: bool
    """Whether nobody gave it: that of an open station."""

    @property
    def hourly_wander(self) -> float:
        """Standard deviation of the random walk after an hour, Pa."""
        return self.noise.wander * math.sqrt(HOUR)

    def text(self, unit: str) -> str:
        """The noise in words, pressures in a unit.

        >>> Sensor(SlopeNoise(wander=0.12 * 133.322387415 / 60.0), True).text("mmHg")
        'the air of an open station wanders by 0.12 mmHg in an hour [measured: --wander gives your own]'
        """
        pascals, parts = float(UNITS[Dimension.PRESSURE][unit]), []
        if self.noise.correlated:
            memory = short_time(self.noise.time)
            parts.append(f"{self.noise.correlated / pascals:.3g} {unit} that lasts {memory}")
        if self.noise.step:
            step, every = f"{self.noise.step / pascals:.3g}", short_time(self.noise.every)
            parts.append(f"a gauge in steps of {step} {unit}, read every {every}")
        if self.noise.wander:
            hourly = f"{self.hourly_wander / pascals:.3g} {unit} in an hour"
            known = " [measured: --wander gives your own]" if self.is_default else ""
            parts.append(
                f"the air of an open station wanders by {hourly}{known}"
                if self.is_default
                else f"air that wanders by {hourly}"
            )
        return "; ".join(parts)


def short_time(seconds: float) -> str:
    """A time in the unit that suits it, with three digits.

    >>> short_time(60.0), short_time(5400.0), short_time(259200.0), short_time(3e6)
    ('1 min', '1.5 h', '72 h', '34.7 days')
    """
    for most, size, unit in ((59.95, 1.0, "s"), (3597.0, 60.0, "min"), (360000.0, 3600.0, "h")):
        if seconds < most:
            return f"{_plain(seconds / size)} {unit}"
    return f"{_plain(seconds / 86400.0)} days"


def _plain(value: float) -> str:
    """A number with three digits and no exponent where it is large."""
    return significant(value, 3) if value >= 999.5 else f"{value:.3g}"


def read_sensor(given: SensorArguments, volumes: Sequence[float]) -> Sensor:
    """The noise that arguments give, or that of an open station where all volumes, m3, are such ones.

    Raises ArgumentError where a value cannot be read, where one is missing, or where the noise is not known.
    """
    if all(value is None for value in given):
        _require_open(volumes)
        return Sensor(SlopeNoise(wander=STATION_WANDER), True)
    if (given.noise is None) is not (given.noise_time is None):
        one, other = ("noise", "noise_time") if given.noise_time is None else ("noise_time", "noise")
        message = f"{{{one}}} needs {{{other}}} too: how large the noise is, and how long it lasts"
        raise ArgumentError(message, dict.fromkeys((one, other)))
    quiet = _quiet(given)
    noise = SlopeNoise(
        correlated=_pressure("noise", given.noise),
        time=3600.0 if given.noise_time is None else _time("noise_time", given.noise_time),
        every=quiet.every if given.every is None else _time("every", given.every),
        wander=quiet.wander + _pressure("wander", given.wander) / math.sqrt(HOUR),
        step=quiet.step if given.resolution is None else _pressure("resolution", given.resolution),
    )
    if noise.correlated + noise.wander + noise.step == 0.0:
        message = "give the noise of the record: {noise} and {noise_time}, {resolution} or {wander}"
        raise ArgumentError(message, dict.fromkeys(("noise", "noise_time", "resolution", "wander")))
    return Sensor(noise, False)


def _quiet(given: SensorArguments) -> SlopeNoise:
    """What a quiet record tells: its wander, the step of its gauge, the time between its readings.

    Nothing without one. Raises ArgumentError where it is no quiet record, or stands beside a wander.
    """
    if given.noise_from is None:
        return SlopeNoise(every=_time("every", EVERY))
    if given.wander is not None:
        message = "{wander} and {noise_from} both say how far the air wanders: give one of them"
        raise ArgumentError(message, dict.fromkeys(("wander", "noise_from")))
    from breachflow.inference.quiet import quiet_noise

    return quiet_noise(given.noise_from)


def _require_open(volumes: Sequence[float]) -> None:
    """Raises ArgumentError where a volume is that of a shut module, whose noise nobody gave."""
    shut = [volume for volume in volumes if not is_open_station(volume)]
    if shut:
        message = (
            f"the noise of {shut[0]:.6g} m3 is not known: a wander of {WANDER_TEXT} in an hour is assumed"
            f" above {OPEN_STATION:g} m3 alone, an open station; give {{noise}} and {{noise_time}},"
            " {resolution} or {wander}"
        )
        raise ArgumentError(message, dict.fromkeys(("noise", "noise_time", "resolution", "wander")))


def _pressure(name: str, value: Quantified | None) -> float:
    return 0.0 if value is None else read_value(name, value, Dimension.PRESSURE, may_be_zero=True)


def _time(name: str, value: Quantified) -> float:
    return read_value(name, value, Dimension.TIME)


def unit_shown(given: SensorArguments, *others: Quantified | None) -> str:
    """The unit of pressure in which an answer is shown: that of the first which is written in a usual one."""
    return shown_unit(*others, *given.texts)
