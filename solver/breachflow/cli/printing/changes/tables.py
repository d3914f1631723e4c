"""What differs between two tables of sweeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from breachflow.cli.printing.changes.words import change_text, input_lines, number_json, number_text
from breachflow.words import printable

if TYPE_CHECKING:
    from pathlib import Path

    from breachflow.results.against.tables import ColumnChange, TableChange


def change_of(before: Path, after: Path) -> TableChange:
    """What differs between the tables in two files. Raises ResultError where one cannot be read."""
    from breachflow.results.against.tables import compare_tables
    from breachflow.results.files.tables import read_table

    return compare_tables(read_table(before), read_table(after))


def lines(found: TableChange, everything: bool) -> Iterator[tuple[str, str]]:
    """Label and text of each line: the main columns and those of words, or all."""
    from breachflow.results.table_text import MAIN

    yield from input_lines(found.inputs)
    if not found.has_same_sources:
        yield "program", "other sources of Breachflow"
    yield "points", _points_text(found)
    for column in found.columns if found.shared else ():
        is_word = column.differing and not _is_number(column)
        if everything or is_word or column.name in MAIN:
            yield column.name.replace("_", " "), _column_text(column, found)


def _points_text(found: TableChange) -> str:
    if not found.swept:
        return "not compared: other keys are swept"
    parts = [(found.only_before, "before"), (found.only_after, "after")]
    return f"{found.shared} in both" + "".join(f", {count} only {when}" for count, when in parts if count)


def _is_number(column: ColumnChange) -> bool:
    return hasattr(column.largest, "relative")


def _column_text(column: ColumnChange, found: TableChange) -> str:
    from breachflow.results.against.number import NumberChange

    if column.largest is None:
        return "the same"
    if isinstance(column.largest, NumberChange):
        text, first = number_text(column.largest), "most"
    else:
        text, first = change_text(column.largest), "first"
    where = f"{first} at {_place_text(column, found)}"
    return f"{text} (differs at {column.differing} of {found.shared} points, {where})"


def _place_text(column: ColumnChange, found: TableChange) -> str:
    """The swept values of a point."""
    parts = []
    for name, value in zip(found.swept, column.place, strict=True):
        unit = found.units.get(name, "")
        number = f"{value:.6g}" if isinstance(value, float) else printable(str(value))
        parts.append(f"{name.replace('_', ' ')} {number}{f' {unit}' if unit not in ('', '1') else ''}")
    return ", ".join(parts)


def as_json(found: TableChange) -> dict[str, Any]:
    """All of it, in SI units."""
    return {
        "inputs": [one._asdict() for one in found.inputs],
        "same_sources": found.has_same_sources,
        "points": {"both": found.shared, "before": found.only_before, "after": found.only_after},
        "columns": {
            one.name: {
                "differing": one.differing,
                "at": _place_json(one, found),
                "largest": _largest_json(one),
            }
            for one in found.columns
        },
    }


def _place_json(column: ColumnChange, found: TableChange) -> dict[str, Any]:
    return dict(zip(found.swept, column.place, strict=True)) if column.differing else {}


def _largest_json(column: ColumnChange) -> dict[str, Any] | None:
    from breachflow.results.against.number import NumberChange

    if isinstance(column.largest, NumberChange):
        return number_json(column.largest)
    return None if column.largest is None else column.largest._asdict()
