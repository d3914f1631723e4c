"""What a repair has done, as a record in SI units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LeakMeasurement:
    """A leak rate at the pressure of comparison, with one standard deviation; None where it is not known."""

    mass_flow: float | None
    """kg/s."""
    mass_flow_uncertainty: float | None
    pressure_rate: float | None
    """Rate at which the pressure falls, Pa/s."""
    pressure_rate_uncertainty: float | None


@dataclass(frozen=True)
class Repair:
    """What a repair has done, in SI units. `print` shows it in practical units.

    The command `repair --json` writes these attributes under their names.

    >>> from breachflow import repair
    >>> found = repair(before="1.70 +- 0.08 kg/day", after="0.35 +- 0.12 kg/day")
    >>> found.verdict, round(found.probability_fell["0.75"], 5)
    ('worked', 0.73122)
    """

    verdict: str
    """worked, partly, "no change shown", worse or "too early"."""
    before: LeakMeasurement
    after: LeakMeasurement
    """At the pressure of the rate before, where the pressures differ."""
    probability_fell: Mapping[str, float]
    """Probability that the leak fell by a share or more: 0.5, 0.75 and 0.9."""
    probability_grew: float
    """Probability that it is larger than before."""
    deviations_above_nothing: float
    """The rate after over its standard deviation: below 1.64 it may be nothing."""
    residual_upper: float | None
    """What is left at most (95 %), kg/s; None where no mass flow is known."""
    residual_upper_kg_per_day: float | None
    residual_upper_pressure_rate: float | None
    """The same as a rate of the pressure, Pa/s; None without a volume, where mass flows are given."""
    planned: float | None
    """Loss that is planned for, kg/s, or Pa/s where no mass flow is known; None without one."""
    record_needed: float | None
    """Length of a record after the repair that shows a fall by half (95 %), s, if `left` of the leak is left.

    None where the noise is not known, or where no record shows it.
    """
    wait: float | None
    """Time until the record after the repair is so long, s; 0 if it is; None where it is not known."""
    left: float
    """Share of the leak that is assumed to be left in `record_needed`."""
    pressure: float | None
    """Pressure at which the rates are compared, Pa; None where they were given at one pressure."""
    exponent: float | None
    """Exponent of the law by which the rate after was brought to that pressure; None of a record."""
    record: str | None
    """Name of the record that both rates are from; None where they were given."""
    at: float | None
    """Time of the repair from the first reading of the record, s."""
    since: float | None
    """Length of the record after the repair, s; None where it is not known."""
    gas: str
    """Name of the gas."""
    temperature: float
    """K."""
    temperature_given: bool
    """False where the temperature is the default."""
    volume: float | None
    """m3; None without one."""
    warnings: tuple[str, ...]
    """Cautions on the numbers."""
    pressure_unit: str
    """Unit in which `print` shows pressures."""

    def __str__(self) -> str:
        """The answer as the command prints it."""
        from breachflow.inference.repair.text import repair_text

        return repair_text(self)

    def _repr_html_(self) -> str:
        """The answer as an HTML table for notebooks."""
        from breachflow.inference.repair.text import repair_html

        return repair_html(self)
