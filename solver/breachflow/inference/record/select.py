"""Parts of a record: from a time, to a time, without stretches; and times as people give them."""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeAlias

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.record.record import PressureRecord
from breachflow.inference.record.times import ROLLOVER, TimeFault, clocks, instant, is_clock, since
from breachflow.leak.arguments.values import ArgumentError, escaped_braces, read_number
from breachflow.units import Dimension, UnitError, read_quantity
from breachflow.words import counted

TimeArgument: TypeAlias = str | float | datetime
"""A time of a record: a date of ISO 8601, "6 h" after its zero, or s as in its column."""

SNAP_READINGS, SNAP_SHARE = 3, 0.005
"""Readings, and share of the record, within which a mark is moved to the largest jump."""
USUAL: Final = 5.0
"""Times the usual distance of readings above which one is a gap, if it is above `LEAST_GAP` too."""
LEAST_GAP: Final = 0.02
"""Of the length of the record."""


def time_in(record: PressureRecord, name: str, value: TimeArgument) -> float:
    """A time, s, on the clock of the record. Raises ArgumentError where it is none."""
    if isinstance(value, datetime):
        value = value.isoformat()
    if not isinstance(value, str):
        return read_number(name, value, "a time as text, or a number of seconds")
    text = value.strip()
    try:
        if is_clock(text) and record.origin is None:
            return _of_day(record, clocks([text]).seconds[0])
        if len(text) > 7 and text[:4].isdigit() and text[4] == "-":
            if record.origin is None:
                raise TimeFault('is a date, but the record has none; write e.g. "6 h"')
            return since(record.origin, instant(text))
        return read_quantity(text.removeprefix("+"), Dimension.TIME)
    except (TimeFault, UnitError) as error:
        raise ArgumentError(f"{{{name}}} {escaped_braces(str(error))}", {name: value}) from error


def _of_day(record: PressureRecord, seconds: float) -> float:
    """A time of the day on a clock that began before: of the next day where it is long before the record."""
    return seconds + 86400.0 if record.times[0] - seconds > ROLLOVER else seconds


def cut(
    record: PressureRecord, first: float | None, last: float | None, without: tuple[tuple[float, float], ...]
) -> PressureRecord:
    """The readings from one time to another, without stretches. Raises ArgumentError if none is left."""
    kept = np.ones(len(record), dtype=np.bool_)
    if first is not None:
        kept &= record.times >= first
    if last is not None:
        kept &= record.times <= last
    inside = kept.copy()
    for begin, end in without:
        kept &= (record.times < begin) | (record.times > end)
    if not kept.any():
        ends = " to ".join(escaped_braces(time_text(record, record.times[index])) for index in (0, -1))
        message = f"{{from_time}}, {{to_time}} and {{exclude}} leave no reading of a record from {ends}"
        raise ArgumentError(message, dict.fromkeys(("from_time", "to_time", "exclude")))
    excluded = int(np.sum(inside & ~kept))
    return record.of(kept, f"{counted(excluded, 'reading')} excluded") if excluded else record.of(kept)


def snapped(record: PressureRecord, when: float) -> float:
    """A mark moved to the largest jump close to it: between the two readings of that jump, s."""
    times = record.times
    reach = max(SNAP_SHARE * record.length, SNAP_READINGS * float(np.median(np.diff(times))))
    near = np.flatnonzero((times[1:] >= when - reach) & (times[:-1] <= when + reach))
    if len(near) == 0:
        return when
    index = int(near[int(np.argmax(np.abs(unusual_moves(record)[near])))])
    return 0.5 * float(times[index] + times[index + 1])


def unusual_moves(record: PressureRecord) -> Floats:
    """Change (n - 1,) from each reading to the next, Pa, beside that at the usual rate: the median."""
    moves, apart = np.diff(record.pressures), np.diff(record.times)
    return np.asarray(moves - np.median(moves / apart) * apart)


def gap_spans(times: Floats) -> list[tuple[float, float]]:
    """Stretches in which readings are missing for long, s."""
    apart = np.diff(times)
    if len(apart) == 0:
        return []
    longest = max(USUAL * np.median(apart), LEAST_GAP * (times[-1] - times[0]))
    return [(float(times[index]), float(times[index + 1])) for index in np.flatnonzero(apart > longest)]


def gaps(times: Floats) -> int:
    """How many times readings are missing for long."""
    return len(gap_spans(times))


def time_text(record: PressureRecord, seconds: float) -> str:
    """A time of the record as its options take it."""
    if record.origin is None:
        return f"{seconds / 3600.0:.6g} h"
    from datetime import UTC, timedelta

    one = record.origin + timedelta(seconds=round(seconds))
    if one.tzinfo is not None:
        return one.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return one.strftime("%Y-%m-%dT%H:%M:%S")
