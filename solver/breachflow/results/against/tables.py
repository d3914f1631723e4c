"""What differs between two tables of sweeps: inputs, points, and each column over the points of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan, nan
from typing import Any, Final, NamedTuple, TypeAlias

from breachflow.document.complete import KeyDifference
from breachflow.results.against.inputs import StoredCase, changed_inputs
from breachflow.results.against.number import NumberChange
from breachflow.results.quantities import UNCERTAINTY
from breachflow.results.table import SweepTable

NOT_COMPARED: Final = ("point", "result", "scaled_from", "started_from", "wall_time")
"""Columns of the sweep and the machine, not of the points."""

SweptValues: TypeAlias = tuple[float | int | str | bool, ...]
"""The swept values of a point; its number where these are not known."""


class ColumnChange(NamedTuple):
    """A column at the points of both tables."""

    name: str
    differing: int
    """Points at which it differs."""
    place: SweptValues
    """The point of the largest relative change, or of the first word that differs; empty where none does."""
    largest: NumberChange | KeyDifference | None
    """The change there; of a column of words the words. None where no point differs."""


class TableChange(NamedTuple):
    """What differs between two tables."""

    inputs: list[KeyDifference]
    has_same_sources: bool
    """Whether both were computed by the same sources of the program."""
    swept: list[str]
    """Columns that tell points apart; empty where those of both differ: then no points are compared."""
    units: Mapping[str, str]
    """Unit of each column of the later table."""
    shared: int
    """Points that both have."""
    only_before: int
    only_after: int
    columns: list[ColumnChange]
    """All columns of both."""


def compare_tables(before: SweepTable, after: SweepTable) -> TableChange:
    """What differs between two tables of sweeps. Raises ResultError where the case of one is no case."""
    swept = _told_apart_by(before, after)
    one, other = (_places(table, swept) for table in (before, after))
    shared = [place for place in other if place in one]
    rows = [(place, one[place], other[place]) for place in shared]
    return TableChange(
        inputs=changed_inputs(_case(before), _case(after)),
        has_same_sources=before.attributes.get("source_digest") == after.attributes.get("source_digest"),
        swept=swept,
        units=after.units,
        shared=len(shared),
        only_before=len(one) - len(shared),
        only_after=len(other) - len(shared),
        columns=[_column(name, before, after, rows) for name in _names(before, after, swept)],
    )


def _case(table: SweepTable) -> StoredCase:
    return StoredCase(str(table.attributes.get("case", "")), f"{table.path or 'a table'}: attribute 'case'")


def _told_apart_by(before: SweepTable, after: SweepTable) -> list[str]:
    """The swept columns of both; empty where they differ."""
    one, other = (table.swept or ["point"] for table in (before, after))
    return other if set(one) == set(other) else []


def _places(table: SweepTable, swept: Sequence[str]) -> dict[SweptValues, int]:
    """The place of each row of a table by its swept values; of equal ones the first counts."""
    columns = [table.column(name).ravel().tolist() for name in swept]
    found: dict[SweptValues, int] = {}
    for row, place in enumerate(zip(*columns, strict=True)):
        found.setdefault(place, row)
    return found


def _names(before: SweepTable, after: SweepTable, swept: Sequence[str]) -> Iterator[str]:
    left_out = {*swept, *NOT_COMPARED}
    for name in after.variables:
        if name in before.variables and name not in left_out and not name.endswith(UNCERTAINTY):
            yield name


def _column(
    name: str, before: SweepTable, after: SweepTable, rows: Sequence[tuple[SweptValues, int, int]]
) -> ColumnChange:
    one, other = (table.column(name).ravel().tolist() for table in (before, after))
    changed = [(place, i, k) for place, i, k in rows if not _is_same(one[i], other[k])]
    if not changed:
        return ColumnChange(name, 0, (), None)
    if before.column(name).dtype.kind not in "iuf" or after.column(name).dtype.kind not in "iuf":
        place, i, k = changed[0]
        return ColumnChange(name, len(changed), place, KeyDifference(name, str(one[i]), str(other[k])))
    place, i, k = max(changed, key=lambda row: _relative(one[row[1]], other[row[2]]))
    bands = (_band(table, name, row) for table, row in ((before, i), (after, k)))
    change = NumberChange(name, after.units[name], float(one[i]), float(other[k]), *bands)
    return ColumnChange(name, len(changed), place, change)


def _is_same(before: Any, after: Any) -> bool:
    return bool(before == after or (before != before and after != after))


def _relative(before: float, after: float) -> float:
    """The change over the larger magnitude: a value that only one table has comes first."""
    if isnan(before) or isnan(after):
        return float("inf")
    return abs(after - before) / max(abs(before), abs(after))


def _band(table: SweepTable, name: str, row: int) -> float:
    found = table.variables.get(name + UNCERTAINTY)
    return nan if found is None else float(found.values.ravel()[row])
