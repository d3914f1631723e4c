"""Times of a record: numbers with a unit, dates of ISO 8601, or a clock that runs over midnight."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

DAY: Final = 86400.0
"""s."""

ROLLOVER: Final = 0.5 * DAY
"""A clock that falls by more than this has passed midnight."""

ADVICE: Final = 'write e.g. "2026-06-05T14:00:00Z"'

_ORDINAL: Final = re.compile(r"(\d{4})-(\d{3})[T ](.+)")
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?")
_WEEKDAY_FIRST: Final = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")


class TimeFault(ValueError):
    """A text is no time; the message begins where the text ends."""


class RecordClock(NamedTuple):
    """Times in s from an origin, which is None of a clock without a date."""

    seconds: list[float]
    origin: datetime | None
    has_zone: bool


def is_clock(text: str) -> bool:
    """Whether a text is a time of the day alone."""
    return _CLOCK.fullmatch(text) is not None


def instant(text: str) -> datetime:
    """A date and time of ISO 8601, of a day of the year (2026-156T14:00:00Z) too.

    Raises TimeFault where the text is none.
    """
    ordinal = _ORDINAL.fullmatch(text)
    try:
        if ordinal is not None:
            start = datetime.fromisoformat(f"{ordinal[1]}-01-01T{ordinal[3]}")
            if not 1 <= int(ordinal[2]) <= 366:
                raise ValueError
            return start + timedelta(days=int(ordinal[2]) - 1)
        if not re.match(r"\d{4}", text):
            raise ValueError
        return datetime.fromisoformat(text)
    except ValueError:
        raise TimeFault(_why_no_instant(text)) from None


def instants(texts: Sequence[str]) -> RecordClock:
    """Dates of a column as seconds from the first of them.

    Raises TimeFault, with the place among the texts as its second argument, where one is no date, or has a
    zone where the first has none, or the other way around.
    """
    seconds: list[float] = []
    first = _instant_at(texts, 0)
    for index in range(len(texts)):
        one = _instant_at(texts, index)
        if (one.tzinfo is None) != (first.tzinfo is None):
            other = (
                "no zone, but the first one has"
                if one.tzinfo is None
                else "a zone, but the first one has none"
            )
            raise TimeFault(f"has {other}", index)
        seconds.append((one - first).total_seconds())
    return RecordClock(seconds, first, first.tzinfo is not None)


def clocks(texts: Sequence[str]) -> RecordClock:
    """Times of the day as seconds from the first midnight: a fall by more than half a day passes midnight.

    Raises TimeFault, with the place among the texts as its second argument, where one is no time of the day.
    """
    seconds: list[float] = []
    days = 0
    before = 0.0
    for index, text in enumerate(texts):
        match = _CLOCK.fullmatch(text)
        if match is None or int(match[1]) > 23 or int(match[2]) > 59 or float(match[3] or 0.0) >= 61.0:
            raise TimeFault('is no time of the day; write e.g. "14:05:00"', index)
        now = 3600.0 * int(match[1]) + 60.0 * int(match[2]) + float(match[3] or 0.0)
        days += before - now > ROLLOVER
        before = now
        seconds.append(days * DAY + now)
    return RecordClock(seconds, None, has_zone=False)


def since(origin: datetime, one: datetime) -> float:
    """Seconds from an origin to an instant, where both have a zone or none.

    Raises TimeFault where one has a zone and the other has none.
    """
    if (origin.tzinfo is None) != (one.tzinfo is None):
        other = "a zone, but the record has none" if origin.tzinfo is None else "no zone, but the record has"
        raise TimeFault(f"has {other}")
    return (one - origin).total_seconds()


def _instant_at(texts: Sequence[str], index: int) -> datetime:
    try:
        return instant(texts[index])
    except TimeFault as fault:
        raise TimeFault(str(fault), index) from None


def _why_no_instant(text: str) -> str:
    if _WEEKDAY_FIRST.match(text):
        return f"may be day or month first; {ADVICE}"
    if re.fullmatch(r"[-+0-9.eE]+", text):
        return "is a number, but its column has no unit; write e.g. time [s]"
    return f"is no date and time of ISO 8601; {ADVICE}"
