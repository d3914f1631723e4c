"""A reserve time as text: the time first, then what it rests on, in the units that people use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.leak.inverse.found import size_text
from breachflow.leak.reserve.cabin import STATION_WANDER, is_open_station
from breachflow.units import UNITS, Dimension
from breachflow.words import Row, plus_minus, significant

if TYPE_CHECKING:
    from breachflow.leak.reserve.answer import Reserve

PASCALS: Final = {unit: float(factor) for unit, factor in UNITS[Dimension.PRESSURE].items()}
"""Pa in each unit of pressure."""

MMHG: Final = "mmHg"

TIME_UNITS: Final = (
    (120.0, 1.0, "s"),
    (7200.0, 60.0, "min"),
    (3.6e6, 3600.0, "h"),
    (8.64e7, 86400.0, "days"),
    (float("inf"), 31557600.0, "years"),
)
"""Largest time that is shown in a unit, its seconds and its name."""

SECOND_UNITS: Final = {
    "h": (86400.0, 86400.0, "days"),
    "days": (0.0, 3600.0, "h"),
    "years": (0.0, 86400.0, "days"),
}
"""For a unit of time the one beside it: from which time on, its seconds and its name."""

RATE_UNITS: Final = ((0.1, 86400.0, "day"), (600.0, 3600.0, "h"), (float("inf"), 60.0, "min"))
"""mmHg per hour up to which a rate is shown by a time, its seconds and its name."""


def reserve_text(found: Reserve) -> str:
    """The answer as lines of text, its warnings last.

    >>> from breachflow import reserve
    >>> print(reserve(rate="1 mmHg/h", pressure="745 mmHg", until="490 mmHg"))
      pressure          745 mmHg = 99.33 kPa, falling 1 mmHg/h = 0.03703 Pa/s
      time to 490 mmHg  312 h = 13 days    hole, isothermal
                        255 h linear (cautious) ... 322 h hole, adiabatic ... 388 h crack (p^2)
      interval          none: the rate has no uncertainty; write e.g. "1 +- 0.2 mmHg/h"
      not counted       gas that cools by 0.4 K in an hour looks the same
    """
    rows = _rows(found)
    width = max(len(label) for label, _ in rows)
    lines = [f"  {label:<{width}}  {text}".rstrip() for label, text in rows]
    return "\n".join([*lines, *(f"WARNING: {warning}" for warning in found.warnings)])


def reserve_html(found: Reserve) -> str:
    """The answer as a table of HTML, its warnings in the last rows."""
    from breachflow.leak.answer import AnswerSection, section_html

    warnings = [("WARNING", warning) for warning in found.warnings]
    return section_html(AnswerSection("", [*_rows(found), *warnings]))


def _rows(found: Reserve) -> list[Row]:
    """The rows of the answer, by the way in which the leak is known."""
    return list(_ROWS[found.known_by if found.rate is not None else "no rate"](found))


def _rate_rows(found: Reserve) -> Iterator[Row]:
    """The answer from a rate or from two readings."""
    known = "" if found.rate_uncertainty is None else " (68 %)"
    yield "pressure", f"{_two_units(found, found.pressure)}, {_falling(found)}{known}"
    yield _time_label(found), f"{_headline(found)}    hole, isothermal"
    others = {
        "linear (cautious)": found.time.linear,
        "hole, adiabatic": found.time.hole_adiabatic,
        "crack (p^2)": found.time.crack,
    }
    unit = _time_unit(found.time.hole_isothermal or found.time.linear)
    yield "", " ... ".join(f"{_time(time, unit)} {label}" for label, time in others.items())
    yield from _limit_rows(found)
    yield from _rate_by_law(found)
    yield "interval", _made_of(found)
    if looks_alike := "; ".join(_not_counted(found)):
        yield "not counted", looks_alike
    yield from _leak_rows(found)
    yield from _feed_rows(found)
    if found.wait is not None:
        yield "to know it to 10 %", f"read again in {_long_time(found.wait)}"


def _hole_rows(found: Reserve) -> Iterator[Row]:
    """The answer from a hole and a volume."""
    assert found.equivalent_diameter is not None
    yield "hole", f"thin and round, {1e3 * found.equivalent_diameter:.4g} mm, into vacuum: {_leak(found)}"
    yield "pressure", f"{_two_units(found, found.pressure)}, {_falling(found)} at first (isothermal)"
    yield _time_label(found), f"{_headline(found)}    walls keep the gas at its temperature (slow leaks)"
    yield "", f"{_long_time(found.time.hole_adiabatic)}    no heat from the walls (fast leaks)"
    yield "", f"{_long_time(found.time.linear)}    as at first, without heat (cautious)"
    yield from _limit_rows(found)
    yield "volume", _gas(found)
    spread = None if found.rate_uncertainty is None else found.rate_uncertainty / (found.rate or 1.0)
    yield (
        "interval",
        "none: the coefficient was given" if spread is None else f"by the flow alone, ± {100 * spread:.2g} %",
    )
    yield (
        "not counted",
        "the volume, to which the times are proportional; burrs, paint and plugs of a real hole",
    )
    yield from _feed_rows(found)


def _no_rate_rows(found: Reserve) -> Iterator[Row]:
    """The answer where the gauge has not moved by a step."""
    assert found.resolution is not None
    assert found.elapsed is not None
    assert found.fall is not None
    step, elapsed = _pressure(found, found.resolution), _long_time(found.elapsed)
    fastest = _pressure(found, found.fall + found.resolution)
    yield (
        "pressure",
        f"{_two_units(found, found.pressure)}; no whole step of the gauge ({_steps(found)}) in {elapsed}",
    )
    least = f"at least {_long_time(found.least_time)}"
    if found.least_time is None:
        least = "never by the fastest fall that these readings allow: the feed makes up for it"
    yield _time_label(found), f"not a rate yet: {least}"
    yield from _limit_rows(found)
    yield (
        "made of",
        f"the fastest fall that the readings allow (under {fastest} in {elapsed}), going on as it is",
    )
    yield from _feed_rows(found)
    when = "" if found.wait is None else f", in {_long_time(found.wait)} if it goes on so"
    yield "wait", f"until the gauge has fallen by {step}{when}: one step tells the rate to 41 %, four to 10 %"


_ROWS: Final[dict[str, Callable[[Reserve], Iterator[Row]]]] = {
    "rate": _rate_rows,
    "readings": _rate_rows,
    "hole": _hole_rows,
    "no rate": _no_rate_rows,
}


_SOURCES: Final = {"rate": "rate", "readings": "gauge", "hole": "flow"}
"""What the interval is made of, by the way in which the leak is known."""

_WITH_WANDER: Final = " and the wander"

FAST: Final = 7200.0
"""Time, s, below which the walls may give too little heat: then the leak without heat is printed too."""

SEEN_DIFFERENCE: Final = 0.02
"""Relative difference of the rates by two laws that is told where their uncertainty is not known."""

SEEN_IN_AN_HOUR: Final = 0.1
"""Cooling in an hour, K, below which that in a day is told."""

SEEN_COOLING: Final = 10.0
"""Cooling, K, above which nobody takes it for a leak."""


def _time_label(found: Reserve) -> str:
    return f"time to {_pressure(found, found.limit)}"


def _headline(found: Reserve) -> str:
    """The time of a hole at constant temperature, with its interval."""
    time, holding = found.time.hole_isothermal, found.holding_pressure
    if time is not None or holding is None or holding.hole_isothermal is None:
        return f"{_long_time(time)}{_interval(found)}"
    return f"never: the feed holds {_level(found, holding.hole_isothermal)}{_interval(found)}"


def _level(found: Reserve, level: float) -> str:
    """A pressure at which the feed makes up for the loss; the law says nothing of one above that of now."""
    return (
        _pressure(found, level) if level < found.pressure else f"more than {_pressure(found, found.pressure)}"
    )


def _interval(found: Reserve) -> str:
    """The 90 % interval in the unit of the time."""
    low, high = found.interval or (None, None)
    if low is None:
        return ""
    unit = _time_unit(found.time.hole_isothermal or low)
    by = f"90 % by the {_SOURCES[found.known_by]}{_WITH_WANDER if found.wander else ''}"
    if high is None:
        return f" ({by}: {_time(low, unit)} or longer)"
    return f" ({by}: {_time(low, unit).partition(' ')[0]} to {_time(high, unit)})"


def _falling(found: Reserve) -> str:
    """The rate in the unit of the pressure, and in SI."""
    assert found.rate is not None
    uncertainty = found.rate_uncertainty
    return f"falling {_rate(found, found.rate, uncertainty)} = {found.rate:.4g} Pa/s"


def _rate(found: Reserve, rate: float, uncertainty: float | None = None, digits: int = 4) -> str:
    """A rate in the unit of the pressure by the time that suits the rate of fall."""
    pascals = PASCALS[found.pressure_unit]
    hourly = (found.rate or rate) * 3600.0 / PASCALS[MMHG]
    seconds, unit = next((seconds, unit) for most, seconds, unit in RATE_UNITS if hourly < most)
    value = rate * seconds / pascals
    number = (
        f"{value:.{digits}g}" if uncertainty is None else plus_minus(value, uncertainty * seconds / pascals)
    )
    return f"{number} {found.pressure_unit}/{unit}"


def _pressure(found: Reserve, pascals: float) -> str:
    return f"{pascals / PASCALS[found.pressure_unit]:.5g} {found.pressure_unit}"


def _two_units(found: Reserve, pascals: float) -> str:
    """A pressure in its own unit, and in kPa; in mmHg where that is its own."""
    other = "kPa" if found.pressure_unit == MMHG else MMHG
    return f"{_pressure(found, pascals)} = {pascals / PASCALS[other]:.4g} {other}"


def _limit_rows(found: Reserve) -> Iterator[Row]:
    if not found.limit_given:
        yield "limit", f"{_two_units(found, found.limit)} [not verified: --until gives your own]"


def _rate_by_law(found: Reserve) -> Iterator[Row]:
    """The rate now by each law, where the readings are so far apart that it differs by more than is known."""
    rates = found.rate_by_law
    if rates is None or rates.linear is None or rates.crack is None or found.rate is None:
        return
    if rates.linear - rates.crack > (found.rate_uncertainty or SEEN_DIFFERENCE * rates.crack):
        linear, hole, crack = (
            _rate(found, rate, digits=3) for rate in (rates.linear, found.rate, rates.crack)
        )
        yield "rate by law", f"now {linear} linear ... {hole} hole ... {crack} crack"


def _made_of(found: Reserve) -> str:
    """What the interval is made of."""
    if found.interval is not None:
        if found.known_by == "rate":
            return "by the rate's uncertainty alone, at the law of the hole"
        return f"{_noise(found)}, at the law of the hole"
    if found.known_by == "readings":
        return "none: --resolution gives the step in which the gauge reads"
    return 'none: the rate has no uncertainty; write e.g. "1 +- 0.2 mmHg/h"'


def _noise(found: Reserve) -> str:
    """The gauge and the wander that an interval holds."""
    if not found.wander:
        return f"by the gauge alone ({_steps(found)})"
    gauge = "" if found.resolution is None else f" by the gauge ({_steps(found)}) and"
    return f"{gauge} by a wander of {_pressure(found, found.wander)} in an hour".strip()


def _steps(found: Reserve) -> str:
    assert found.resolution is not None
    assumed = "" if found.resolution_given else " [by its digits: --resolution gives your own]"
    return f"steps of {_pressure(found, found.resolution)}{assumed}"


def _not_counted(found: Reserve) -> Iterator[str]:
    """What else looks like this fall."""
    assert found.cooling is not None
    kelvins, span = found.cooling, "this time"
    if found.elapsed is None:
        kelvins, span = (kelvins, "an hour") if kelvins > SEEN_IN_AN_HOUR else (24.0 * kelvins, "a day")
    if kelvins < SEEN_COOLING:
        yield f"gas that cools by {kelvins:.2g} K in {span} looks the same"
    if found.elapsed is not None and found.wander is None and is_open_station(found.volume):
        wander = _rate(found, STATION_WANDER / found.elapsed**0.5, digits=2)
        yield f"the air of an open station wanders by ± {wander} (--wander counts it)"


def _leak_rows(found: Reserve) -> Iterator[Row]:
    if found.mass_flow is None:
        return
    yield "leak", f"{_leak(found)} ({_gas(found)})"
    if (found.time.hole_isothermal or FAST) < FAST:
        day = found.mass_flow * SECONDS_PER_DAY / found.heat_capacity_ratio
        yield "", f"{day:.4g} kg/day if the walls give no heat"
    size = found.equivalent_diameter
    yield (
        "like",
        "no round hole that a hull has"
        if size is None
        else f"a thin round hole of {size_text(size)} into vacuum",
    )


def _leak(found: Reserve) -> str:
    """The leak rate in kg/day, lb/day and SI."""
    assert found.mass_flow is not None
    day, uncertainty = found.mass_flow * SECONDS_PER_DAY, found.mass_flow_uncertainty
    in_pounds = day / KILOGRAMS_PER_POUND
    if uncertainty is None:
        return f"{day:.4g} kg/day = {in_pounds:.4g} lb/day = {1e3 * found.mass_flow:.4g} g/s"
    spread = uncertainty * SECONDS_PER_DAY
    kilograms, pounds = plus_minus(day, spread), plus_minus(in_pounds, spread / KILOGRAMS_PER_POUND)
    return f"{kilograms} kg/day = {pounds} lb/day = {1e3 * found.mass_flow:.3g} g/s"


def _gas(found: Reserve) -> str:
    assumed = "" if found.temperature_given else " [assumed]"
    return f"{found.volume:.6g} m3 of {found.gas} at {found.temperature:.6g} K{assumed}"


def _feed_rows(found: Reserve) -> Iterator[Row]:
    """The feed, and where it holds the cabin by each law."""
    if found.feed == 0.0:
        return
    day = found.feed * SECONDS_PER_DAY
    yield (
        "feed",
        f"{day / 24.0:.4g} kg/h = {day:.4g} kg/day from now on: raises {_rate(found, found.feed_rate)}",
    )
    levels = found.holding_pressure
    if levels is not None:
        named = {
            "hole, isothermal": levels.hole_isothermal,
            "hole, adiabatic": levels.hole_adiabatic,
            "crack": levels.crack,
        }
        texts = [f"{_level(found, level)} {law}" for law, level in named.items() if level is not None]
        yield "it holds", " ... ".join(texts)


def _time_unit(time: float | None) -> tuple[float, str]:
    """Seconds and name of the unit that suits a time."""
    return next((seconds, unit) for most, seconds, unit in TIME_UNITS if (time or 0.0) < most)


def _time(time: float | None, unit: tuple[float, str]) -> str:
    """A time in a unit with three digits."""
    return "never" if time is None else f"{_three_digits(time / unit[0])} {unit[1]}"


def _three_digits(number: float) -> str:
    """A number with three digits, without zeros behind its point."""
    return significant(number, 3) if number >= 999.5 else f"{number:.3g}"


def _long_time(time: float | None) -> str:
    """A time in the unit that suits it, and in a second one where it is long."""
    first = _time_unit(time)
    text = _time(time, first)
    start, seconds, name = SECOND_UNITS.get(first[1], (float("inf"), 1.0, ""))
    return text if time is None or time < start else f"{text} = {_time(time, (seconds, name))}"
