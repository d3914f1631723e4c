"""The reserve time of a cabin as a record in SI units."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ReserveVerdict(StrEnum):
    """What can be said of the time."""

    FALLS = "falls"
    """The limit is reached; the times are given."""
    HOLDS = "holds"
    """By the law of a hole the feed keeps the pressure above the limit; others may not."""
    NO_RATE = "not a rate yet"
    """The gauge has not shown a fall; only a least time is given."""


@dataclass(frozen=True)
class ByLaw:
    """One number by each law; None where the law does not apply, or never gets there."""

    linear: float | None
    """A loss that goes on as it is now: cautious."""
    hole_isothermal: float | None
    """A hole, and walls that keep the gas at its temperature."""
    hole_adiabatic: float | None
    """A hole, and no heat from the walls."""
    crack: float | None
    """A crack: flow as the square of the pressure."""


@dataclass(frozen=True)
class Reserve:
    """Time until a leaking cabin has fallen to a limit, in SI units. `print` shows it in practical units.

    The command `reserve --json` writes these attributes under their names.

    >>> from breachflow import reserve
    >>> found = reserve(rate="1 mmHg/h", pressure="745 mmHg")
    >>> found.verdict, round(found.time.hole_isothermal / 86400, 1)
    ('falls', 13.0)
    """

    verdict: str
    """falls, holds or "not a rate yet"."""
    known_by: str
    """rate, readings or hole: by what the leak is known."""
    pressure: float
    """Pressure now, Pa."""
    limit: float
    """Pressure until which the time is, Pa."""
    limit_given: bool
    """False where the limit is the default, which nobody has verified."""
    time: ByLaw
    """Time from now until the limit, s."""
    interval: tuple[float | None, float | None] | None
    """90 % interval of `time.hole_isothermal`, s, at the law; its end is None where it is not bounded.

    None where the uncertainty of the rate is not known.
    """
    least_time: float | None
    """Time before which the limit cannot be reached, s, where there is no rate yet; else None."""
    rate: float | None
    """Rate at which the pressure falls now by the law of the hole, Pa/s; None where there is no rate yet."""
    rate_uncertainty: float | None
    """One standard deviation of the rate at its law, Pa/s; None where it is not known."""
    rate_by_law: ByLaw | None
    """Rate now by each law, Pa/s: two readings give the mean rate between them. None of other ways."""
    fall: float | None
    """Fall of the pressure between the two readings, Pa."""
    elapsed: float | None
    """Time between the two readings, s."""
    resolution: float | None
    """Step of the gauge, Pa."""
    resolution_given: bool
    """False where the step is read from the digits of the readings."""
    wander: float | None
    """Standard deviation by which air without a leak wanders in an hour, Pa, as it was given."""
    wait: float | None
    """Time from now after which a reading knows the rate to 10 %, or shows the first step, s; None if now."""
    cooling: float | None
    """Cooling that would look like this fall, K: between the two readings, or in an hour at the rate."""
    gas: str
    """Name of the gas."""
    heat_capacity_ratio: float
    """gamma of the gas."""
    temperature: float
    """Temperature of the gas, K."""
    temperature_given: bool
    """False where the temperature is the default."""
    volume: float | None
    """Volume, m3; None where it is not known."""
    mass_flow: float | None
    """Leak rate now, kg/s, at constant temperature; None without a volume."""
    mass_flow_uncertainty: float | None
    """One standard deviation, kg/s, at this volume; None where it is not known."""
    equivalent_diameter: float | None
    """Diameter of a thin round hole that leaks as much, or of the hole that was given, m."""
    feed: float
    """Mass flow into the cabin from now on, kg/s."""
    feed_rate: float
    """Rate at which the feed raises the pressure at constant temperature, Pa/s."""
    holding_pressure: ByLaw | None
    """Pressure at which the feed makes up for the loss, Pa; None without a feed."""
    warnings: tuple[str, ...]
    """Cautions on the leak."""
    pressure_unit: str
    """Unit in which `print` shows pressures."""

    def __str__(self) -> str:
        """The answer as the command prints it."""
        from breachflow.leak.reserve.text import reserve_text

        return reserve_text(self)

    def _repr_html_(self) -> str:
        """The answer as an HTML table for notebooks."""
        from breachflow.leak.reserve.text import reserve_html

        return reserve_html(self)
