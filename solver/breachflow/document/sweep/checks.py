"""What the table `[sweep]` must satisfy together with the document that it stands in.

A value out of the range of its key, and values of a point that contradict each other, are no faults of the
document: they make single points invalid.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator
from fractions import Fraction
from typing import Any

from breachflow.document.faults import Fault
from breachflow.document.sweep.keys import SweptKey, swept_key, swept_keys
from breachflow.document.sweep.rules import SweptDocument, rules_of
from breachflow.document.sweep.table import MOST_POINTS, LatinHypercube, Range, Sweep, Value
from breachflow.document.sweep.values import (
    count_of,
    even_fractions,
    number,
    spread,
    values_of,
    why_no_value,
)
from breachflow.document.toml_text import literal, toml_string


def sweep_faults(document: SweptDocument) -> list[Fault]:
    """The faults of the table [sweep] of a document; a check runs only if those before it found none."""
    sweep = document.sweep
    if sweep is None:
        return []
    return (
        list(_whole(document, sweep))
        or list(_keys(document, sweep))
        or list(_counts(sweep))
        or list(_values(document, sweep))
        or list(_repeats(document, sweep))
    )


def _whole(document: SweptDocument, sweep: Sweep) -> Iterator[Fault]:
    rules = rules_of(document)
    found = list(rules.whole(document))
    yield from found
    if not found and not sweep.entries:
        yield Fault(("sweep",), f"has no key to sweep; write e.g. {rules.example}")


def _keys(document: SweptDocument, sweep: Sweep) -> Iterator[Fault]:
    found: list[SweptKey] = []
    for name in sweep.entries:
        try:
            swept = swept_key(document, name)
        except ValueError as error:
            yield Fault(("sweep", name), str(error))
            continue
        for other in found:
            if swept.key[: len(other.key)] == other.key[: len(swept.key)]:
                yield Fault(("sweep", name), f"overlaps {toml_string(other.name)}; remove one")
        found.append(swept)


def _counts(sweep: Sweep) -> Iterator[Fault]:
    if isinstance(sweep.mode, LatinHypercube):
        yield from _random_entries(sweep)
        return
    for name, entry in sweep.entries.items():
        if count_of(entry) == 0:
            yield Fault(("sweep", name, "points"), "is missing: the number of values; write e.g. points = 25")
    counts = {name: count_of(entry) for name, entry in sweep.entries.items()}
    if all(counts.values()):
        yield from _too_many(counts) if sweep.mode == "grid" else _unequal(counts)


def _random_entries(sweep: Sweep) -> Iterator[Fault]:
    for name, entry in sweep.entries.items():
        if isinstance(entry, list):
            yield Fault(
                ("sweep", name), "a latin hypercube takes ranges, { from = ..., to = ... }, and no lists"
            )
        elif entry.points is not None:
            yield Fault(
                ("sweep", name, "points"), "a latin hypercube has its own number of points; remove this"
            )


def _too_many(counts: dict[str, int]) -> Iterator[Fault]:
    total = math.prod(counts.values())
    if total > MOST_POINTS:
        product = f" ({' x '.join(map(str, counts.values()))})" if len(counts) > 1 else ""
        yield Fault(("sweep",), f"has {total} points{product}; at most {MOST_POINTS} are allowed")


def _unequal(counts: dict[str, int]) -> Iterator[Fault]:
    (first, count), *others = counts.items()
    for name, other in others:
        if other != count:
            text = f"has {other} values, but {toml_string(first)} has {count}; paired lists are equally long"
            yield Fault(("sweep", name), text)
    if count > MOST_POINTS:
        yield from _too_many({first: count})


def _values(document: SweptDocument, sweep: Sweep) -> Iterator[Fault]:
    for name, swept in zip(sweep.entries, swept_keys(document), strict=True):
        entry = sweep.entries[name]
        if isinstance(entry, Range):
            yield from _range(document, swept, name, entry)
        else:
            yield from _list(document, swept, name, entry)


def _list(document: SweptDocument, swept: SweptKey, name: str, values: list[Any]) -> Iterator[Fault]:
    for value in values:
        if reason := why_no_value(document, swept, value):
            yield Fault(("sweep", name), reason, literal(value))


def _range(document: SweptDocument, swept: SweptKey, name: str, entry: Range) -> Iterator[Fault]:
    if not swept.is_number:
        yield Fault(("sweep", name), "has no values between two others; write a list of them")
        return
    ends = {"from": entry.first, "to": entry.last}
    reasons = {end: why_no_value(document, swept, value) for end, value in ends.items()}
    faults = [Fault(("sweep", name, end), reason) for end, reason in reasons.items() if reason]
    yield from faults or _spread_faults(swept, name, entry)


def _spread_faults(swept: SweptKey, name: str, entry: Range) -> Iterator[Fault]:
    first, last = number(swept, entry.first), number(swept, entry.last)
    if first == last:
        yield Fault(("sweep", name, "to"), "is the same as `from`; write a list of one value")
    elif entry.spacing == "log" and min(first, last) <= 0:
        yield Fault(("sweep", name, "spacing"), "equal ratios need both ends above zero")
    elif swept.is_whole and entry.points is None:
        yield Fault(("sweep", name), "takes whole numbers, which a latin hypercube does not give")
    elif swept.is_whole and any(exact.denominator > 1 for exact in _exact(swept, entry)):
        points = f"{entry.points} points from {first} to {last}"
        yield Fault(("sweep", name), f"takes whole numbers, which {points} are not")


def _exact(swept: SweptKey, entry: Range) -> list[Fraction]:
    return spread(swept, entry, even_fractions(count_of(entry)))


def _repeats(document: SweptDocument, sweep: Sweep) -> Iterator[Fault]:
    if isinstance(sweep.mode, LatinHypercube):
        return
    columns = {
        name: values_of(swept, sweep.entries[name])
        for name, swept in zip(sweep.entries, swept_keys(document), strict=True)
    }
    if sweep.mode == "paired":
        yield from _repeated_points(columns)
        return
    for name, values in columns.items():
        entry = sweep.entries[name]
        yield from _repeated_values(name, values, entry if isinstance(entry, list) else values)


def _repeated_values(name: str, values: list[Value], given: list[Any]) -> Iterator[Fault]:
    for index, before in _twice(map(_identity, values)):
        again = (
            "is given twice" if given[index] == given[before] else f"is the same as {literal(given[before])}"
        )
        yield Fault(("sweep", name), f"{again}; remove one", literal(given[index]))


def _repeated_points(columns: dict[str, list[Value]]) -> Iterator[Fault]:
    rows = list(zip(*columns.values(), strict=True))
    for index, before in _twice(tuple(map(_identity, row)) for row in rows):
        point = ", ".join(
            f"{name} = {literal(value)}" for name, value in zip(columns, rows[index], strict=True)
        )
        yield Fault(("sweep",), f"pairs {before + 1} and {index + 1} are the same, {point}; remove one")


def _twice(items: Iterable[Hashable]) -> Iterator[tuple[int, int]]:
    """The index of each item that repeats an earlier one, with the index of that one."""
    places: dict[Hashable, int] = {}
    for index, item in enumerate(items):
        if item in places:
            yield index, places[item]
        places.setdefault(item, index)


def _identity(value: Value) -> Hashable:
    if isinstance(value, dict):
        return frozenset(value.items())
    return tuple(value) if isinstance(value, list) else value
