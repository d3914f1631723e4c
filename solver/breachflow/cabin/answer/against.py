"""What differs between two results of cabins: inputs, numbers, what happened when, quantities over time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from math import nan
from typing import Any, NamedTuple

from breachflow.cabin.answer.over_time import HistoryChange, compare_histories
from breachflow.cabin.answer.summary import quantities_in
from breachflow.document.complete import KeyDifference
from breachflow.errors import ResultError
from breachflow.results.against.inputs import StoredCase, changed_inputs
from breachflow.results.against.number import NumberChange
from breachflow.results.data import Quantity
from breachflow.results.files.cabin.series import CabinSeries

RESERVE = "reserve_time"


class EventChange(NamedTuple):
    """What happened at another time, or in one of two results alone."""

    what: str
    """Kind and name, such as "close prk"."""
    before: float | None
    """s; None where it did not happen, as below."""
    after: float | None


class CabinChange(NamedTuple):
    """What differs between two results of cabins."""

    inputs: list[KeyDifference]
    has_same_program: bool
    """Whether one version of the program computed both."""
    numbers: list[NumberChange]
    """All numbers of both summaries."""
    words: list[KeyDifference]
    """Why a march was stopped, and cautions, where they differ."""
    events: list[EventChange]
    """What happened at another time, in the order of the times."""
    names: list[KeyDifference]
    """Compartments, leaks, hatches, supplies and gases that only one of them has."""
    histories: list[HistoryChange]
    """All quantities over time of both."""


def compare_cabins(before: CabinSeries, after: CabinSeries) -> CabinChange:
    """What differs between two results. Raises ResultError where one is not what `breachflow cabin` wrote."""
    one, other = (_summary(series) for series in (before, after))
    try:
        return CabinChange(
            inputs=changed_inputs(_case(before), _case(after)),
            has_same_program=before.attributes.get("program") == after.attributes.get("program"),
            numbers=_numbers(one, other),
            words=_words(one, other),
            events=_events(one, other),
            names=_names(before, after),
            histories=compare_histories(before, after),
        )
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        files = " or ".join(str(series.path) for series in (before, after) if series.path)
        raise ResultError(
            f"{files or 'a result'}: attribute 'summary': is not that of a cabin: {error!r}"
        ) from error


def _case(series: CabinSeries) -> StoredCase:
    return StoredCase(
        str(series.attributes.get("case", "")), f"{series.path or 'a result'}: attribute 'case'"
    )


def _summary(series: CabinSeries) -> dict[str, Any]:
    try:
        summary = json.loads(str(series.attributes["summary"]))
    except (KeyError, ValueError):
        summary = None
    if not isinstance(summary, dict):
        raise ResultError(f"{series.path or 'a result'}: attribute 'summary': is no JSON object")
    return summary


def _numbers(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[NumberChange]:
    one, other = quantities_in(before), quantities_in(after)
    bands = _band(before), _band(after)
    return [
        NumberChange(
            name,
            (other.get(name) or one[name]).unit,
            _value(one.get(name)),
            _value(other.get(name)),
            *(bands if name == RESERVE else (nan, nan)),
        )
        for name in [*other, *(name for name in one if name not in other)]
    ]


def _value(quantity: Quantity | None) -> float:
    return nan if quantity is None else float(quantity.value)


def _band(summary: Mapping[str, Any]) -> float:
    """Half of the interval of the reserve time; nan where it is open or not stated."""
    interval = summary.get("reserve_time_interval")
    is_closed = isinstance(interval, list) and len(interval) == 2 and None not in interval
    return 0.5 * (interval[1] - interval[0]) if interval and is_closed else nan


def _words(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[KeyDifference]:
    pairs = [(name, _text(before.get(name)), _text(after.get(name))) for name in ("stopped", "caution")]
    return [KeyDifference(*pair) for pair in pairs if pair[1] != pair[2]]


def _text(value: str | list[str] | None) -> str | None:
    return ("; ".join(value) if isinstance(value, list) else value) or None


def _events(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[EventChange]:
    """The n-th time that one thing happens is compared with the n-th time in the other result."""
    one, other = dict(_times(before)), dict(_times(after))
    happened = dict.fromkeys([*other, *one])
    changes = [EventChange(key[0], one.get(key), other.get(key)) for key in happened]
    return sorted((change for change in changes if change.before != change.after), key=_first_time)


def _times(summary: Mapping[str, Any]) -> Iterator[tuple[tuple[str, int], float]]:
    count: Counter[str] = Counter()
    for event in summary.get("events", ()):
        what = f"{event['what']} {event['name']}".strip()
        count[what] += 1
        yield (what, count[what]), float(event["time"])


def _first_time(change: EventChange) -> float:
    return min(time for time in (change.before, change.after) if time is not None)


def _names(before: CabinSeries, after: CabinSeries) -> list[KeyDifference]:
    found = []
    for axis in ("compartment", "leak", "hatch", "supply", "species"):
        one, other = before.names_on(axis), after.names_on(axis)
        found += [KeyDifference(axis, name, None) for name in one if name not in other]
        found += [KeyDifference(axis, None, name) for name in other if name not in one]
    return found
