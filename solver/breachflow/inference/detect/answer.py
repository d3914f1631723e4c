"""The smallest leaks that records show, as a record in SI units."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SensorNoise:
    """The noise of a pressure record, in SI units; 0 where it has none of a kind."""

    correlated: float
    """Standard deviation of the noise that lasts, Pa."""
    time: float
    """How long it lasts (it forgets by exp(-t/time)), s."""
    resolution: float
    """Step of the gauge, Pa."""
    every: float
    """Time between two readings, s."""
    wander: float
    """Standard deviation of the random walk after an hour, Pa."""
    is_default: bool
    """Whether nobody gave it: that of an open station."""


@dataclass(frozen=True)
class Detection:
    """The smallest leak that a record shows, for each volume and length of the record, in SI units.

    `print` shows it in practical units. The command `detect --json` writes these attributes under their
    names.

    >>> from breachflow import detect
    >>> found = detect(volume="1005 m3", length="1 day")
    >>> round(found.smallest_kg_per_day[0][0], 2)  # the air of an open station wanders
    3.06
    """

    volumes: tuple[float, ...]
    """m3; the rows of the tables below."""
    lengths: tuple[float, ...]
    """Lengths of the record, s; the columns of the tables."""
    smallest: tuple[tuple[float, ...], ...]
    """Mass flow of the smallest leak that is seen, kg/s."""
    smallest_kg_per_day: tuple[tuple[float, ...], ...]
    smallest_pressure_rate: tuple[float, ...]
    """Rate at which the pressure falls by it, Pa/s, for each length; the same in all volumes."""
    equivalent_diameter: tuple[tuple[float | None, ...], ...]
    """Diameter of a thin round hole that leaks as much, m; None where no hull has such a one."""
    leak: tuple[float, ...] | None
    """Mass flow of the leak that was asked about, in each volume, kg/s; None without one."""
    leak_pressure_rate: tuple[float, ...] | None
    """Rate at which the pressure falls by that leak, in each volume, Pa/s."""
    length_needed: tuple[float | None, ...] | None
    """Length of a record that shows that leak, in each volume, s; None where a century is too short."""
    false_alarm: float
    """Probability that a record without a leak is taken for one with a leak."""
    miss: float
    """Probability that a record with the smallest leak does not show it."""
    noise: SensorNoise
    dithered: tuple[bool, ...]
    """For each length, whether the noise moves the gauge from step to step."""
    gas: str
    """Name of the gas."""
    pressure: float
    """Pressure, Pa; the equivalent hole depends on it."""
    pressure_given: bool
    """False where the pressure is the default."""
    temperature: float
    """Temperature of the gas, K."""
    temperature_given: bool
    """False where the temperature is the default."""
    warnings: tuple[str, ...]
    """Cautions on the numbers."""
    pressure_unit: str
    """Unit in which `print` shows pressures."""

    def __str__(self) -> str:
        """The answer as the command prints it."""
        from breachflow.inference.detect.text import detection_text

        return detection_text(self)

    def _repr_html_(self) -> str:
        """The answer as an HTML table for notebooks."""
        from breachflow.inference.detect.text import detection_html

        return detection_html(self)
