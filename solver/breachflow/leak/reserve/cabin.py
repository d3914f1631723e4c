"""What a reserve time is computed from: the cabin, and one of three ways to know its leak; SI units."""

from __future__ import annotations

import math
from typing import Final, NamedTuple, TypeAlias

from breachflow.constants import Species
from breachflow.theory.emptying import reserve
from breachflow.units import Dimension, read_quantity

DEFAULT_LIMIT: Final = "490 mmHg"
"""Pressure at which a crew leaves, as it is commonly quoted; not verified, which the answer says."""

DEFAULT_TEMPERATURE: Final = "295 K"
"""Temperature of a cabin where none is given; it moves the leak rate in kg/day, not the time."""

DEFAULT_UNIT: Final = "mmHg"
"""Unit in which pressures are shown where none of `SHOWN_UNITS` is written."""

SHOWN_UNITS: Final = (DEFAULT_UNIT, "torr", "kPa", "hPa", "mbar", "psia")
"""Units of cabin pressures in which an answer is shown, if it was asked in them."""


OPEN_STATION: Final = 300.0
"""Volume, m3, above which a cabin is taken as an open station."""

WANDER_TEXT: Final = "0.12 mmHg"
"""Standard deviation by which the pressure of an open station wanders in an hour without a leak.

Like a random walk: it grows with the root of the time. 0.10 to 0.18 from 0.1 to 9 h in the record of 31
January 2022 of the Astro Pi Mark II computers on the ISS (Raspberry Pi Foundation, "Astro Pi Mark II
commissioning data", CC BY-SA 4.0).
"""


STATION_WANDER: Final = read_quantity(WANDER_TEXT, Dimension.PRESSURE) / math.sqrt(3600.0)
"""That wander, Pa per root of a second."""


def is_open_station(volume: float | None) -> bool:
    """Whether the air of a volume, m3, may wander as that of an open station does; unknown, it may.

    >>> is_open_station(1005.0), is_open_station(7.0), is_open_station(None)
    (True, False, True)
    """
    return volume is None or volume > OPEN_STATION


class LeakingCabin(NamedTuple):
    """The volume that empties into vacuum, and the pressure until which the time is wanted."""

    gas: Species
    temperature: float
    """K."""
    temperature_given: bool
    """False where it is the default."""
    volume: float | None
    """m3; None where it is not known."""
    feed: float
    """Mass flow of the same gas into the volume from now on, kg/s; 0 without one."""
    limit: float
    """Pa."""
    limit_given: bool
    """False where it is the default."""
    pressure_unit: str = DEFAULT_UNIT
    """Unit in which pressures are shown."""

    def pressure_rate(self, mass_flow: float) -> float:
        """Rate of change of the pressure, Pa/s, by a mass flow, kg/s, at constant temperature; 0 of none.

        The volume must be known where the flow is not 0.

        >>> from breachflow.constants import SPECIES
        >>> air = LeakingCabin(SPECIES["air"], 295.0, True, 1005.0, 0.0, 65e3, True)
        >>> round(air.pressure_rate(53.7 / 86400) * 3600 / 133.322, 2)
        1.41
        """
        if self.volume is None:
            assert mass_flow == 0.0
            return 0.0
        return mass_flow * self.gas.specific_gas_constant * self.temperature / self.volume

    def mass_flow(self, pressure_rate: float) -> float | None:
        """Mass flow, kg/s, by a rate of the pressure, Pa/s; None without a volume."""
        if self.volume is None:
            return None
        return pressure_rate * self.volume / (self.gas.specific_gas_constant * self.temperature)


class MeasuredRate(NamedTuple):
    """A rate at which the pressure falls."""

    pressure: float
    """Pa."""
    value: float
    """Pa/s, above 0."""
    deviation: float | None
    """One standard deviation, Pa/s; None where it is not known."""

    def rate(self, exponent: float) -> float:  # noqa: ARG002
        """Rate of fall at the pressure, Pa/s, whatever the law."""
        return self.value

    @property
    def relative_deviation(self) -> float | None:
        """One standard deviation of the rate over the rate."""
        return None if self.deviation is None else self.deviation / self.value


class TwoReadings(NamedTuple):
    """Two readings of a gauge."""

    first: float
    second: float
    """Pa, not above the first."""
    elapsed: float
    """Time between them, s."""
    resolution: float | None
    """Step of the gauge, Pa; None where it is not known."""
    resolution_given: bool
    """False where it is read from the digits of the readings."""
    wander: float | None = None
    """Standard deviation by which air without a leak wanders, Pa per root of a second; None if not given."""

    @property
    def pressure(self) -> float:
        """The second reading, Pa: the pressure now."""
        return self.second

    @property
    def fall(self) -> float:
        """The difference of the readings, Pa."""
        return self.first - self.second

    @property
    def is_rate(self) -> bool:
        """Whether the gauge has moved by a step, so that a rate can be told from none."""
        return self.fall > 0.0 and (self.resolution is None or self.fall > self.resolution * (1.0 - 1e-9))

    def rate(self, exponent: float) -> float:
        """Rate of fall at the second reading, Pa/s, by the law p^exponent.

        >>> round(TwoReadings(760.0, 758.0, 2.0, 1.0, True).rate(0.0), 12)
        1.0
        """
        return reserve.rate_of_readings(self.first, self.second, self.elapsed, exponent)

    @property
    def relative_deviation(self) -> float | None:
        """One standard deviation of the fall over the fall, by the steps of the gauge and the wander."""
        if not self.resolution and not self.wander:
            return None
        deviation = reserve.rate_deviation(self.resolution or 0.0, self.elapsed, self.wander or 0.0)
        return deviation * self.elapsed / self.fall


class KnownHole(NamedTuple):
    """A thin round hole."""

    pressure: float
    """Pa."""
    diameter: float
    """m."""
    coefficient: float | None
    """Discharge coefficient; None for the best estimate."""


Evidence: TypeAlias = MeasuredRate | TwoReadings | KnownHole
"""What is known of the leak."""
