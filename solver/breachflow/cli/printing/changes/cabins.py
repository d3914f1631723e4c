"""What differs between two results of cabins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from breachflow.cli.printing.changes.words import (
    change_text,
    input_lines,
    number_json,
    number_text,
    unit_text,
)
from breachflow.words import percent, printable

if TYPE_CHECKING:
    from pathlib import Path

    from breachflow.cabin.answer.against import CabinChange, EventChange
    from breachflow.cabin.answer.over_time import HistoryChange
    from breachflow.results.against.number import NumberChange

MOST: Final = 12
"""Numbers, and events, that are printed; --all and --json have all."""

FIRST: Final = ("reserve_time", "crossings", "end_time")
"""Beginnings of the names of numbers that come first."""

BEHIND: Final = (
    "reserve_time_s", "crossings_by", "other_thermal", "mass_residual", "energy_residual", "table_errors",
    "steps",
)  # fmt: skip
"""Beginnings of the names of numbers that stand behind the answer."""

TWICE: Final = "leak_flow_kg_per_day"
"""A quantity over time that is another one in another unit."""


def change_of(before: Path, after: Path) -> CabinChange:
    """What differs between the results in two files. Raises ResultError where one cannot be read."""
    from breachflow.cabin.answer.against import compare_cabins
    from breachflow.results.files.cabin.series import read_series

    return compare_cabins(read_series(before), read_series(after))


def lines(found: CabinChange, everything: bool) -> Iterator[tuple[str, str]]:
    """Label and text of each line: the numbers that differ, or all."""
    yield from input_lines(found.inputs)
    if not found.has_same_program:
        yield "program", "another version of Breachflow"
    for one in (*found.names, *found.words):
        yield one.key, change_text(one)
    yield from _numbers(found.numbers, everything)
    yield from _events(found.events, everything)
    yield from _histories(found.histories, everything)


def _numbers(numbers: Sequence[NumberChange], everything: bool) -> Iterator[tuple[str, str]]:
    differing = [one for one in numbers if not one.is_same and not one.name.startswith(BEHIND)]
    ordered = sorted(differing, key=lambda one: not one.name.startswith(FIRST))
    shown = numbers if everything else ordered[:MOST]
    yield from ((printable(one.name), number_text(one)) for one in shown)
    if not everything:
        same = sum(one.is_same for one in numbers)
        more = len(numbers) - same - len(shown)
        yield "numbers", f"{same} the same" + f", {more} more differ: --all lists them" * bool(more)


def _events(events: Sequence[EventChange], everything: bool) -> Iterator[tuple[str, str]]:
    shown = events if everything else events[:MOST]
    for one in shown:
        before, after = (_time_text(time) for time in (one.before, one.after))
        yield printable(one.what), f"{before} -> {after}"
    if len(events) > len(shown):
        yield "events", f"{len(events) - len(shown)} more at another time: --all lists them"


def _time_text(seconds: float | None) -> str:
    from breachflow.cabin.answer.phrases import clock

    return "never" if seconds is None else clock(seconds, seconds).strip()


def _histories(histories: Sequence[HistoryChange], everything: bool) -> Iterator[tuple[str, str]]:
    for one in histories:
        if everything or (one.largest and one.name != TWICE):
            yield one.name.replace("_", " "), _history_text(one)
    same = sum(not one.largest for one in histories)
    if not everything:
        yield "over time", f"{same} of {len(histories)} quantities are the same at all times"


def _history_text(history: HistoryChange) -> str:
    if not history.largest:
        return "the same at all times"
    where = f"{', '.join(map(printable, history.places))} at {_time_text(history.time)}"
    return (
        f"differs by {percent(history.largest)} of its largest value at most: {history.before:.6g} -> "
        f"{history.after:.6g}{unit_text(history.unit)}, {where}"
    )


def as_json(found: CabinChange) -> dict[str, Any]:
    """All of it, in SI units."""
    return {
        "inputs": [one._asdict() for one in found.inputs],
        "same_program": found.has_same_program,
        "numbers": {one.name: number_json(one) for one in found.numbers},
        "words": [one._asdict() for one in found.words],
        "events": [one._asdict() for one in found.events],
        "names": [one._asdict() for one in found.names],
        "histories": {
            one.name: {
                "largest": one.largest, "time": one.time, "places": list(one.places),
                "before": one.before, "after": one.after, "unit": one.unit,
            }
            for one in found.histories
        },
    }  # fmt: skip
