"""What a pressure record says of a leak, in SI units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from breachflow.inference.answer.values import Interval90

if TYPE_CHECKING:
    from breachflow.inference.basis import InferBasis


@dataclass(frozen=True)
class LeakPart:
    """A leak before or after a change, at the pressure of that time."""

    fractional_rate: Interval90
    """Share of the gas that would leak in a second at the pressure of the start, 1/s."""
    pressure_rate: Interval90
    """Pa/s."""
    mass_flow: Interval90 | None
    """kg/s; None without a volume."""


@dataclass(frozen=True)
class LeakChange:
    """A change of the opening."""

    time: float
    """s from the first reading."""
    low: float
    high: float
    """Between which it is: places that are as likely but for a factor of e^2."""
    probability_grew: float
    before: LeakPart
    after: LeakPart


@dataclass(frozen=True)
class FoundNoise:
    """What the readings scatter by."""

    standard_deviation: float
    """Of the part with a memory, Pa."""
    time: float
    """Its memory, s; 0 of white noise alone."""
    white: float
    """Of the part without one, Pa a reading."""
    wander: float
    """Of a random walk after an hour, Pa; it is given, not found."""
    wander_given: bool
    """False where it is the default for this volume."""
    resolution: float
    """Smallest gap between different readings, Pa."""


@dataclass(frozen=True)
class StraightLine:
    """What plain least squares would have said: a straight line, and the error of independent readings."""

    rate: float
    """Rate of fall, Pa/s."""
    error: float
    """One standard deviation as least squares has it, Pa/s."""
    times_too_small: float | None
    """The standard deviation of the rate by the posterior over that error; None without a posterior."""


@dataclass(frozen=True)
class Assumed:
    """What was given or taken by default."""

    gas: str
    volume: float | None
    """m3."""
    volume_uncertainty: float
    """Relative, one standard deviation."""
    volume_uncertainty_given: bool
    """False where it is the default."""
    temperature: float
    """K."""
    temperature_given: bool
    """False where it is the default: neither given nor in the record."""
    limit: float
    """Pa."""
    limit_given: bool
    period: float | None
    """Of the wave that was fitted, s; None without one."""
    crack: tuple[float, float] | None
    """Length and depth of a crack, m."""


@dataclass(frozen=True, kw_only=True)
class Inference:
    """What a pressure record says of a leak. `print` shows it in practical units.

    The command `infer --json` writes these attributes under their names, but for the last three.
    """

    verdict: str
    """frozen, unmarked_step, too_short, inconsistent, changed, no_leak_shown or leak."""
    reason: str
    """Why, in words; empty where the numbers say it."""
    law: str | None = None
    """hole-like, crack-like or "not identifiable"; None where no leak is told."""
    fractional_rate: Interval90 | None = None
    """Share of the gas that leaks in a second at the start of the record, 1/s; needs no volume."""
    pressure_rate: Interval90 | None = None
    """Rate of fall by the leak at the start, Pa/s."""
    mass_flow: Interval90 | None = None
    """At the start, kg/s; None without a volume."""
    equivalent_diameter: Interval90 | None = None
    """Of a thin round hole that leaks as much, m; None without a volume, or where no leak is told."""
    crack_opening: Interval90 | None = None
    """Of a crack of the given length and depth that leaks as much, m."""
    exponent: Interval90 | None = None
    """n of flow ~ pressure^n."""
    exponent_probability: tuple[tuple[float, float], ...] = ()
    """Each n of the grid with its probability."""
    time_to_limit: Interval90 | None = None
    """Time from the first reading until the limit, s; needs no volume."""
    upper_limit: float | None = None
    """95 % upper limit of the leak, kg/s; None without a volume."""
    upper_pressure_rate: float | None = None
    """The same as a rate of the pressure, Pa/s."""
    decides_after: float | None = None
    """Length of a record that would tell a leak of the median from none, s; None where none would."""
    change: LeakChange | None = None
    """The strongest change of the opening."""
    changes: tuple[LeakChange, ...] = ()
    """All of them, in the order of time."""
    change_strength: float | None = None
    """Largest |z| of a change anywhere in the record; above 3 it is told."""
    noise: FoundNoise | None = None
    temperature_weight: Interval90 | None = None
    """How far the sensor speaks for the mean temperature; None without one."""
    least_squares: StraightLine | None
    readings: int
    """Of the record, between --from and --to."""
    used: int = 0
    """Of these, in the fit."""
    gaps: int
    """Times without readings, each above five times the usual and above a fiftieth of the record."""
    length: float
    """Of the record, s."""
    start: datetime | None
    """Instant of the first reading; None of a record without dates."""
    pressure: float
    """Pressure of the law at the start, Pa; the first reading where nothing was fitted."""
    assumed: Assumed
    caution: tuple[str, ...]
    pressure_unit: str
    """Unit in which `print` shows pressures."""
    unit_factor: float
    """Pa in one of them."""
    name: str
    """Of the record."""
    basis: InferBasis | None = field(default=None, repr=False, compare=False)
    """What was asked and fitted, of which pictures are made."""

    def __str__(self) -> str:
        """The answer as the command prints it."""
        from breachflow.inference.answer.text import inference_text

        return inference_text(self)

    def _repr_html_(self) -> str:
        """The answer as an HTML table for notebooks."""
        from breachflow.inference.answer.text import inference_html

        return inference_html(self)
