"""Numbers of an answer as people read them: digits by the interval, two families of units."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.inference.answer.values import Interval90
from breachflow.leak.inverse.found import SHOWN_IN_UM
from breachflow.leak.reserve.text import TIME_UNITS
from breachflow.units import PASCALS_PER_MMHG
from breachflow.words import significant

if TYPE_CHECKING:
    from breachflow.inference.answer.answer import Inference


class ShownUnit(NamedTuple):
    """A unit in which a number is shown."""

    factor: float
    """SI units in one."""
    name: str


KILOGRAMS: Final = ShownUnit(1.0 / SECONDS_PER_DAY, "kg/day")
POUNDS: Final = ShownUnit(KILOGRAMS_PER_POUND / SECONDS_PER_DAY, "lb/day")


def decimals_of(interval: Interval90, factor: float) -> int:
    """Decimals of numbers whose interval is known to two digits."""
    ends = [end for end in (interval.low, interval.high) if end is not None]
    middle = interval.median if interval.median is not None else ends[0]
    half = max((abs(end - middle) for end in ends), default=0.0) / factor
    if half == 0.0 or not math.isfinite(half):
        return 3
    return 1 - math.floor(math.log10(half))


def number(value: float, factor: float, decimals: int) -> str:
    """A number in a unit with so many decimals, which may be negative; no negative zero."""
    shown = round(value / factor, decimals) + 0.0
    return f"{shown:.{max(decimals, 0)}f}"


def with_interval(interval: Interval90, unit: ShownUnit, more: str = "") -> str:
    """A number with its 90 % interval: "1.90 kg/day (90 %: 1.48 to 2.44)"."""
    decimals = decimals_of(interval, unit.factor)
    middle = "none" if interval.median is None else number(interval.median, unit.factor, decimals)
    return f"{middle} {unit.name}{more}".strip() + f" (90 %: {ends(interval, unit.factor)})"


def ends(interval: Interval90, factor: float) -> str:
    """The ends of an interval; the upper one may be open."""
    decimals = decimals_of(interval, factor)
    low = "-" if interval.low is None else number(interval.low, factor, decimals)
    if interval.high is None:
        return f"{low} or more"
    return f"{low} to {number(interval.high, factor, decimals)}"


def mass(flow: Interval90) -> str:
    """A flow in kg/day and lb/day."""
    pounds = number(flow.median or 0.0, POUNDS.factor, decimals_of(flow, KILOGRAMS.factor))
    return with_interval(flow, KILOGRAMS, f" = {pounds} lb/day")


def length_unit(size: float) -> ShownUnit:
    """mm, or um of what is small."""
    return ShownUnit(1e-3, "mm") if size > SHOWN_IN_UM else ShownUnit(1e-6, "um")


def time_unit(seconds: float) -> ShownUnit:
    """The unit that suits a time."""
    return next(ShownUnit(factor, name) for most, factor, name in TIME_UNITS if seconds < most)


def duration(seconds: float) -> str:
    """A time with three digits.

    >>> duration(64800.0), duration(1200.0)
    ('18 h', '20 min')
    """
    unit = time_unit(seconds)
    return f"{float(significant(seconds / unit.factor, 3)):g} {unit.name}"


def rate_unit(found: Inference, rate: float) -> ShownUnit:
    """The unit of pressure of the record, by the time that suits a rate, Pa/s."""
    hourly = abs(rate) * 3600.0 / PASCALS_PER_MMHG
    seconds, name = (86400.0, "day") if hourly < 0.1 else (3600.0, "h") if hourly < 600.0 else (60.0, "min")
    return ShownUnit(found.unit_factor / seconds, f"{found.pressure_unit}/{name}")


def pressure(found: Inference, pascals: float, digits: int = 4) -> str:
    """A pressure in the unit of the record."""
    return f"{float(significant(pascals / found.unit_factor, digits)):g} {found.pressure_unit}"


def step(found: Inference, pascals: float) -> str:
    """A small pressure in the unit of the record, with two digits."""
    return f"{float(significant(pascals / found.unit_factor, 2)):g} {found.pressure_unit}"


def probability(share: float) -> str:
    """A probability as people write it.

    >>> probability(0.9999999), probability(0.97), probability(1e-9)
    ('> 0.999', '0.97', '< 0.001')
    """
    if share > 0.999:
        return "> 0.999"
    return "< 0.001" if share < 0.001 else f"{share:.2g}"


def memory(seconds: float) -> str:
    """The memory of a noise with one digit: it is hardly known better.

    >>> memory(4000.0), memory(1000.0)
    ('1 h', '20 min')
    """
    unit = ShownUnit(3600.0, "h") if seconds >= 3600.0 else ShownUnit(60.0, "min")
    return f"{float(f'{seconds / unit.factor:.1g}'):g} {unit.name}"


def times_too_small(factor: float) -> str:
    """A factor with two digits.

    >>> times_too_small(115.2), times_too_small(3.46)
    ('120', '3.5')
    """
    return significant(factor, 2)
