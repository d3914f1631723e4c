"""An answer as lines of text: time, verdict and kg/day first, then what they rest on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

from breachflow.inference.answer import phrases
from breachflow.inference.answer.phrases import ShownUnit, with_interval
from breachflow.inference.answer.values import InferVerdict, Interval90, LeakLawName
from breachflow.inference.answer.verdict import CRACK_ABOVE, HOLE_BELOW
from breachflow.words import Row, counted

if TYPE_CHECKING:
    from breachflow.inference.answer.answer import Inference, LeakChange

NO_FIT: Final = (InferVerdict.FROZEN, InferVerdict.UNMARKED_STEP, InferVerdict.TOO_SHORT)
"""Verdicts of the gate."""

WORDS: Final = {
    InferVerdict.FROZEN: "frozen sensor: no rate, no size",
    InferVerdict.UNMARKED_STEP: "unmarked step: no rate, no size",
    InferVerdict.TOO_SHORT: "too short: no rate, no size",
    InferVerdict.INCONSISTENT: "inconsistent with a leak: no size",
    InferVerdict.NO_LEAK_SHOWN: "no leak shown",
}
"""What a verdict without a size says."""

MEANINGS: Final = {
    LeakLawName.HOLE: "a hole, or pores and seals in free-molecular flow",
    LeakLawName.CRACK: "a narrow crack",
    LeakLawName.UNKNOWN: "hole or crack: not identifiable from this record",
}
"""What a law stands for."""

SEEN: Final = 1.5
"""Times by which the error of least squares is too small, from which on it is told."""


def inference_text(found: Inference) -> str:
    """The answer as lines of text, its cautions last."""
    rows = list(inference_rows(found))
    width = max(len(label) for label, _ in rows)
    lines = [f"  {label:<{width}}  {text}".rstrip() for label, text in rows]
    return "\n".join([*lines, *(f"WARNING: {caution}." for caution in found.caution)])


def inference_html(found: Inference) -> str:
    """The answer as a table of HTML, its cautions in the last rows."""
    from breachflow.leak.answer import AnswerSection, section_html

    return section_html(
        AnswerSection("", [*inference_rows(found), *(("WARNING", one) for one in found.caution)])
    )


def inference_rows(found: Inference) -> Iterator[Row]:
    """The answer as labels and texts; a second line of a row has no label."""
    yield from _time_rows(found)
    yield from _verdict_rows(found)
    yield from _mass_rows(found)
    yield from _rate_rows(found)
    for change in found.changes:
        yield from _change_rows(found, change)
    yield from _record_rows(found)
    yield from _line_rows(found)


def _time_rows(found: Inference) -> Iterator[Row]:
    """The time to the limit: from now, which is the last reading, and from the start."""
    time, limit = found.time_to_limit, found.assumed.limit
    label = f"time to {phrases.pressure(found, limit)}"
    assumed = "" if found.assumed.limit_given else " [the limit is not verified: --until gives your own]"
    if time is None:
        if found.law is not None:
            yield label, f"reached already{assumed}"
        return
    if time.median is None:
        yield label, f"may never be reached{assumed}"
        return
    unit = phrases.time_unit(time.median)
    yield label, f"{with_interval(time, unit)} from the first reading; no volume needed{assumed}"
    left = time.median - found.length
    yield "", f"{phrases.duration(max(left, 0.0))} from the last reading{_when(found, time.median)}"


def _when(found: Inference, seconds: float) -> str:
    """The instant of a time after the first reading; empty of a record without dates."""
    if found.start is None:
        return ""
    one = found.start + timedelta(seconds=round(seconds / 60.0) * 60.0)
    if one.tzinfo is None:
        return f", at {one:%Y-%m-%d %H:%M}"
    return f", at {one.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _verdict_rows(found: Inference) -> Iterator[Row]:
    verdict = InferVerdict(found.verdict)
    if verdict in WORDS:
        yield "verdict", WORDS[verdict]
        if found.reason:
            yield "", found.reason
        return
    assert found.law is not None
    law = LeakLawName(found.law)
    what = "leak"
    if found.change is not None:
        grew = found.change.probability_grew > 0.5
        sure = max(found.change.probability_grew, 1.0 - found.change.probability_grew)
        what = f"changed: the leak {'grew' if grew else 'fell'} (P {phrases.probability(sure)})"
    yield "verdict", f"{what}, {_law(found, law)}"


def _law(found: Inference, law: LeakLawName) -> str:
    """The law with its exponent, and what it excludes."""
    assert found.exponent is not None
    low, high = found.exponent.low, found.exponent.high
    if low == high:
        return f"n = {found.exponent.median:g} as given"
    between = f"n {found.exponent.median:.2f}, 90 %: {low:.2f} to {high:.2f}"
    name = MEANINGS[law] if law is LeakLawName.UNKNOWN else f"{law}: {MEANINGS[law]}"
    return f"{name} (flow ~ p^n, {between}{_excluded(found, law)})"


def _excluded(found: Inference, law: LeakLawName) -> str:
    """How improbable the other law is."""
    hole = sum(weight for n, weight in found.exponent_probability if n < HOLE_BELOW)
    crack = sum(weight for n, weight in found.exponent_probability if n > CRACK_ABOVE)
    if law is LeakLawName.UNKNOWN:
        return f"; P(hole-like) {phrases.probability(hole)}, P(crack-like) {phrases.probability(crack)}"
    other, share = ("a hole", hole) if law is LeakLawName.CRACK else ("a crack", crack)
    return f"; {other}: P {phrases.probability(share)}"


def _mass_rows(found: Inference) -> Iterator[Row]:
    if InferVerdict(found.verdict) is InferVerdict.NO_LEAK_SHOWN:
        yield from _limit_rows(found)
        return
    if found.law is None or found.pressure_rate is None:
        return
    if found.mass_flow is None:
        yield "mass", "needs --volume"
        return
    yield "leak", f"{phrases.mass(found.mass_flow)}{_share_of_volume(found)}"
    yield from _size_rows(found)
    yield "in", _volume(found)


def _limit_rows(found: Inference) -> Iterator[Row]:
    """What the leak is at most, and how long a record would decide."""
    assert found.upper_pressure_rate is not None
    unit = phrases.rate_unit(found, found.upper_pressure_rate)
    rate = f"{found.upper_pressure_rate / unit.factor:.2g} {unit.name}"
    if found.upper_limit is not None:
        kilograms, pounds = (found.upper_limit / unit.factor for unit in (phrases.KILOGRAMS, phrases.POUNDS))
        yield "at most", f"{kilograms:.2g} kg/day = {pounds:.2g} lb/day = {rate} (95 %)"
        yield "in", _volume(found)
    else:
        yield "at most", f"{rate} (95 %); kg/day needs --volume"
    if found.decides_after is None:
        yield "to decide", "the fall is not above the noise at all: a longer record lowers the limit"
    else:
        yield "to decide", f"if it goes on so, a record of {phrases.duration(found.decides_after)} would tell"


def _share_of_volume(found: Inference) -> str:
    """How much of the interval is the volume's."""
    flow, rate = found.mass_flow, found.fractional_rate
    assert flow is not None
    assert rate is not None
    if None in (flow.low, flow.high, flow.median, rate.low, rate.high, rate.median) or not rate.median:
        return ""
    whole = (flow.high - flow.low) / flow.median  # type: ignore[operator]  # none is None
    own = (rate.high - rate.low) / rate.median  # type: ignore[operator]
    if own < 0.3 * abs(whole):
        return ", nearly all of it from the volume"
    return ""


def _volume(found: Inference) -> str:
    assumed = found.assumed
    spread = f"{assumed.volume:.6g} m3 ± {100.0 * assumed.volume_uncertainty:.2g} %"
    if not assumed.volume_uncertainty_given:
        spread += " [assumed: --volume-uncertainty]"
    warm = "" if assumed.temperature_given else " [assumed: --temperature]"
    return f"{spread} of {assumed.gas} at {assumed.temperature:.4g} K{warm}"


def _size_rows(found: Inference) -> Iterator[Row]:
    """The opening that leaks as much: of a crack by its length and depth, never an equivalent hole alone."""
    hole, size = _hole(found), found.equivalent_diameter
    if found.law == LeakLawName.CRACK:
        yield "like", _crack(found)
        if size is not None and size.median is not None:
            unit = phrases.length_unit(size.median)
            middle = phrases.number(size.median, unit.factor, phrases.decimals_of(size, unit.factor))
            yield "", f"(now it leaks as much as a thin round hole of {middle} {unit.name} would)"
        return
    yield "like", f"a thin round hole of {hole}" if hole else "no round hole that a hull has"
    if found.law == LeakLawName.UNKNOWN or found.crack_opening is not None:
        yield "or like", _crack(found)


def _hole(found: Inference) -> str:
    """The equivalent hole; empty where there is none."""
    hole = found.equivalent_diameter
    if hole is None or hole.median is None:
        return ""
    return with_interval(hole, phrases.length_unit(hole.median))


def _crack(found: Inference) -> str:
    crack, size = found.crack_opening, found.assumed.crack
    if size is None:
        return "a crack: --length and --depth give its opening"
    if crack is None or crack.median is None:
        return "no crack of this length and depth leaks so much"
    along, deep = (f"{1e3 * one:.3g} mm" for one in size)
    opening = with_interval(crack, phrases.length_unit(crack.median))
    return f"a crack {along} long and {deep} deep, open by {opening}"


def _rate_rows(found: Inference) -> Iterator[Row]:
    """The rate at the start: a share of the gas, and of the pressure."""
    rate, falls = found.fractional_rate, found.pressure_rate
    if rate is None or falls is None or falls.median is None or rate.median is None:
        return
    unit = phrases.rate_unit(found, falls.median)
    share = ShownUnit(1e-2 / 3600.0, "% per hour")
    if abs(rate.median) * 3600.0 < 1e-3:
        share = ShownUnit(1e-2 / 86400.0, "% per day")
    middle = phrases.number(falls.median, unit.factor, phrases.decimals_of(falls, unit.factor))
    where = f"{middle} {unit.name} at {phrases.pressure(found, found.pressure)}"
    yield "rate at the start", f"{with_interval(rate, share)} = {where}"


def _change_rows(found: Inference, change: LeakChange) -> Iterator[Row]:
    unit = phrases.time_unit(max(change.time, 1.0))
    low, high = (f"{one / unit.factor:.3g}" for one in (change.low, change.high))
    when = f"{change.time / unit.factor:.3g} {unit.name} ({low} to {high})"
    sure = phrases.probability(change.probability_grew)
    yield "change", f"at {when}{_when(found, change.time)}; P(grew) {sure}"
    for label, part in (("before", change.before), ("after", change.after)):
        falls = part.pressure_rate
        text = phrases.mass(part.mass_flow) if part.mass_flow is not None else ""
        rate = phrases.rate_unit(found, falls.median or 0.0)
        yield label, "; ".join(filter(None, (text, with_interval(falls, rate))))


def _record_rows(found: Inference) -> Iterator[Row]:
    parts = [
        f"{phrases.duration(found.length)}, {counted(found.readings, 'reading')}",
        *([f"{found.used} used"] if found.used not in (0, found.readings) else []),
    ]
    if found.noise is not None:
        parts.append(f"resolution {phrases.step(found, found.noise.resolution)}")
    parts.append("no gaps" if found.gaps == 0 else counted(found.gaps, "gap"))
    yield "record", ", ".join(parts)
    if found.noise is not None:
        yield "noise", _noise(found)


def _noise(found: Inference) -> str:
    """Its size, its memory, and the wander that was counted."""
    noise = found.noise
    assert noise is not None
    size = (noise.standard_deviation**2 + noise.white**2) ** 0.5
    text = f"{phrases.step(found, size)}"
    if noise.time > 0.0:
        text += f", of which {phrases.step(found, noise.standard_deviation)} correlated over"
        text += f" {phrases.memory(noise.time)}"
    if noise.wander > 0.0:
        given = "" if noise.wander_given else " [default of an open station: --wander]"
        return f"{text}; wander {phrases.step(found, noise.wander)} in an hour{given}"
    return f"{text}; no wander{'' if noise.wander_given else ' [taken as a shut module: --wander]'}"


def _line_rows(found: Inference) -> Iterator[Row]:
    """What least squares would say, and why not."""
    line = found.least_squares
    if line is None:
        return
    rate = found.pressure_rate
    unit = phrases.rate_unit(found, line.rate)
    decimals = phrases.decimals_of(_around(line.rate, line.error), unit.factor)
    said = " ± ".join(phrases.number(one, unit.factor, decimals) for one in (line.rate, line.error))
    text = f"would say {said} {unit.name}"
    if found.law is not None and rate is not None and rate.low is not None and rate.high is not None:
        reasons = []
        if not rate.low <= line.rate <= rate.high:
            reasons.append("a straight line, not the rate at the start")
        if line.times_too_small is not None and line.times_too_small > SEEN:
            reasons.append(f"an error bar {phrases.times_too_small(line.times_too_small)} times too small")
        text += f": {', '.join(reasons)}" if reasons else ""
    elif line.times_too_small is not None and line.times_too_small > SEEN:
        text += f": an error bar {phrases.times_too_small(line.times_too_small)} times too small"
    yield "least squares", text


def _around(value: float, error: float) -> Interval90:
    return Interval90(value, value - error, value + error)
