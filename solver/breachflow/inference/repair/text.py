"""What a repair has done, as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.inference.repair.verdict import RepairVerdict
from breachflow.inference.sensor import short_time
from breachflow.units import UNITS, Dimension
from breachflow.words import Row, plus_minus, significant

if TYPE_CHECKING:
    from breachflow.inference.repair.answer import LeakMeasurement, Repair

MAY_BE_NOTHING: Final = 1.645
"""Standard deviations above 0 below which a rate may be nothing."""

NEARLY: Final = 1e-3
"""Probabilities nearer to 0 or 1 are told as bounds."""


def repair_text(found: Repair) -> str:
    """The answer as lines of text, its warnings last.

    >>> from breachflow import repair
    >>> print(repair(before="1.70 +- 0.08 kg/day", after="0.35 +- 0.12 kg/day"))
      verdict               worked, not sealed: the rate after is 2.9 standard deviations above nothing
      before                1.70 ± 0.08 kg/day = 3.75 ± 0.18 lb/day
      after                 0.35 ± 0.12 kg/day = 0.8 ± 0.3 lb/day
      fell by half or more  P > 0.999; by 75 %: 0.73; by 90 %: 0.07
      what is left          at most 0.547 kg/day = 1.21 lb/day (95 %)
    """
    rows = list(_rows(found))
    width = max(len(label) for label, _ in rows)
    lines = [f"  {label:<{width}}  {text}" for label, text in rows]
    return "\n".join([*lines, *(f"WARNING: {warning}" for warning in found.warnings)])


def repair_html(found: Repair) -> str:
    """The answer as a table of HTML, its warnings in the last rows."""
    from breachflow.leak.answer import AnswerSection, section_html

    warnings = [("WARNING", warning) for warning in found.warnings]
    return section_html(AnswerSection("", [*_rows(found), *warnings]))


def _rows(found: Repair) -> Iterator[Row]:
    yield "verdict", _verdict(found)
    if found.record is not None and found.at is not None and found.since is not None:
        yield "record", f"{found.record}: {short_time(found.at)} before, {short_time(found.since)} after"
    yield "before", _measured(found, found.before)
    yield "after", f"{_measured(found, found.after)}{_compared(found)}"
    yield "fell by half or more", _probabilities(found)
    yield "what is left", f"at most {_left(found)} (95 %)"
    if found.planned is not None:
        yield "planned loss", _one(found, found.planned)
    yield from _record_rows(found)
    if found.volume is not None:
        assumed = "" if found.temperature_given else " [assumed]"
        what = f"{found.volume:.6g} m3 of {found.gas} at {found.temperature:.6g} K{assumed}"
        yield "gas", f"{what}; mass flows are proportional to the volume"


def _verdict(found: Repair) -> str:
    above = found.deviations_above_nothing
    sealed = (
        "; the rate after may be nothing"
        if above < MAY_BE_NOTHING
        else f", not sealed: the rate after is {significant(above, 2)} standard deviations above nothing"
    )
    if found.verdict == RepairVerdict.WORKED:
        return f"{found.verdict}{sealed}"
    if found.verdict == RepairVerdict.TOO_EARLY:
        when = "" if not found.wait else f": wait {short_time(found.wait)}"
        return f"{found.verdict}{when}"
    if found.verdict == RepairVerdict.PARTLY and found.probability_fell["0.5"] > 1.0 - 0.05:
        return f"{found.verdict}: it fell by half or more, but what is left may be above the planned loss"
    return found.verdict


def _probabilities(found: Repair) -> str:
    half, quarter, tenth = (_probability(value) for value in found.probability_fell.values())
    rest = f"{half}; by 75 %: {quarter}; by 90 %: {tenth}".replace("P > ", "> ").replace("P < ", "< ")
    text = f"P {rest}" if rest[0] in "<>" else f"P = {rest}"
    grew = found.probability_grew
    return text if grew < NEARLY else f"{text}; grew: {_probability(grew)}"


def _probability(value: float) -> str:
    """A probability with two digits behind the point; P > 0.999 and P < 0.001 at the ends."""
    if value < NEARLY:
        return "P < 0.001"
    return "P > 0.999" if value > 1.0 - NEARLY else f"{value:.2f}"


def _measured(found: Repair, rate: LeakMeasurement) -> str:
    """A rate with its standard deviation in kg/day and lb/day, and as a rate of the pressure."""
    texts = []
    if rate.mass_flow is not None and rate.mass_flow_uncertainty is not None:
        for size, unit in ((SECONDS_PER_DAY, "kg/day"), (SECONDS_PER_DAY / KILOGRAMS_PER_POUND, "lb/day")):
            texts.append(f"{plus_minus(rate.mass_flow * size, rate.mass_flow_uncertainty * size)} {unit}")
    if rate.pressure_rate is not None and rate.pressure_rate_uncertainty is not None:
        size = _hourly(found)
        both = plus_minus(rate.pressure_rate * size, rate.pressure_rate_uncertainty * size)
        texts.append(f"{both} {found.pressure_unit}/h")
    return " = ".join(texts)


def _left(found: Repair) -> str:
    if found.residual_upper is not None:
        return _flow(found.residual_upper)
    assert found.residual_upper_pressure_rate is not None
    return _pressure_rate(found, found.residual_upper_pressure_rate)


def _one(found: Repair, rate: float) -> str:
    """A rate in the unit of the comparison."""
    return _pressure_rate(found, rate) if found.residual_upper is None else _flow(rate)


def _flow(flow: float) -> str:
    day = flow * SECONDS_PER_DAY
    return f"{day:.3g} kg/day = {day / KILOGRAMS_PER_POUND:.3g} lb/day"


def _pressure_rate(found: Repair, rate: float) -> str:
    return f"{rate * _hourly(found):.3g} {found.pressure_unit}/h"


def _hourly(found: Repair) -> float:
    """Units of pressure by hour in a Pa/s."""
    return 3600.0 / float(UNITS[Dimension.PRESSURE][found.pressure_unit])


def _compared(found: Repair) -> str:
    if found.pressure is None:
        return ""
    pressure = f"{found.pressure / float(UNITS[Dimension.PRESSURE][found.pressure_unit]):.5g}"
    law = "by p^n, n free" if found.exponent is None else f"by p^{found.exponent:g}"
    return f" at {pressure} {found.pressure_unit}, {law}"


def _record_rows(found: Repair) -> Iterator[Row]:
    """How long a record shows a fall by half."""
    if found.record_needed is None:
        if found.verdict == RepairVerdict.TOO_EARLY:
            yield (
                "how long to wait",
                "not known: give the noise of the record (--noise, --noise-time) and --volume",
            )
        return
    left = "nothing" if found.left == 0.0 else f"{100.0 * found.left:.3g} %"
    yield (
        "record needed",
        f"{short_time(found.record_needed)} after the repair show a fall by half (95 %), if {left} is left",
    )
