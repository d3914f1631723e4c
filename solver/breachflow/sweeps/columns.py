"""The columns of a sweep's table, made from the points and their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from math import nan
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from breachflow.results import Quantity
from breachflow.results.table import SweepTable, TableAxis, Variable, axis_name
from breachflow.sweeps.digest import ANSWERING
from breachflow.sweeps.plan import PlannedPoint, SweepPlan
from breachflow.version import PROGRAM, source_digest

if TYPE_CHECKING:
    from breachflow.document.sweep.points import SweepAxis

SOLVED: Final = -1
"""Value of `scaled_from` and `started_from` for a point that needed no other point."""

ELSEWHERE: Final = -2
"""Value of `scaled_from` and `started_from` for a point of another sweep with this ledger."""


class PointRow(NamedTuple):
    """One point as a row of the table."""

    point: PlannedPoint
    summary: Mapping[str, Quantity]
    """Answer of the point; empty if it has none."""
    error: str
    """Why the point has no answer; empty if it has one or was not computed."""
    result: str
    """Path of the result file, relative to the table; empty without an answer."""
    scaled_from: int
    """Number of the point whose run the answer is scaled from, or `SOLVED` or `ELSEWHERE`."""
    started_from: int
    """Number of the nearest point that the run started from, or `SOLVED` or `ELSEWHERE`."""

    @property
    def case(self) -> Any:
        """The case of the point. Raises KeyError where its values make no case."""
        return self.point.case

    def number(self, name: str) -> float:
        """A number of the summary. Raises KeyError where the summary does not have it."""
        return float(self.summary[name].value)

    @property
    def status(self) -> str:
        """Of a flow one of: converged, not converged, failed, not computed; of a cabin computed, ..."""
        if self.error:
            return "failed"
        return self.point.kind.status(self.summary) if self.summary else "not computed"


class TableColumn(NamedTuple):
    """One column of the table."""

    name: str
    unit: str
    """SI unit; "1" of plain numbers, empty of words."""
    description: str
    value_of: Callable[[PointRow], Any]
    """Takes the value from a row. Raises KeyError where the point has none."""
    missing: Any = nan
    """The entry of points that have no value."""


def make_table(plan: SweepPlan, rows: Sequence[PointRow], law: Mapping[str, Any] | None) -> SweepTable:
    """The table: a grid has an axis for each swept key, other sweeps the single axis `point`."""
    grid = plan.case.sweep is not None and plan.case.sweep.mode == "grid"
    axes = _grid_axes(plan) if grid else (_point_axis(rows),)
    taken = {axis.name for axis in axes}
    shape = tuple(len(axis.values) for axis in axes)
    variables = {
        column.name: Variable(_values(column, rows).reshape(shape), column.unit, column.description)
        for column in _columns(plan, rows)
        if column.name not in taken
    }
    return SweepTable(axes, variables, _attributes(plan), law)


def _grid_axes(plan: SweepPlan) -> tuple[TableAxis, ...]:
    return tuple(
        TableAxis(axis_name(axis.key), np.asarray(axis.values), axis.unit, axis.description, axis.key)
        for axis in plan.axes
    )


def _point_axis(rows: Sequence[PointRow]) -> TableAxis:
    return TableAxis("point", np.arange(len(rows)), "1", "number of the point, in the order of the sweep")


def _values(column: TableColumn, rows: Sequence[PointRow]) -> np.ndarray[Any, Any]:
    return np.array([_value(column, row) for row in rows])


def _value(column: TableColumn, row: PointRow) -> Any:
    """The entry of a column: inputs are missing without a case, results without an answer."""
    try:
        return column.value_of(row)
    except KeyError:
        return column.missing


def _attributes(plan: SweepPlan) -> dict[str, str | int | float]:
    return {
        "title": plan.case.title or "sweep",
        "program": PROGRAM,
        "source_digest": source_digest(ANSWERING),
        "case": plan.case.completed_text,
        "Conventions": "CF-1.11",
    }


def _columns(plan: SweepPlan, rows: Sequence[PointRow]) -> Iterator[TableColumn]:
    first = next((point.case for point in plan.points if point.solution), plan.case)
    yield TableColumn(
        "point", "1", "number of the point, in the order of the sweep", lambda row: row.point.number
    )
    yield from _swept_columns(plan)
    yield from plan.kind.columns(first, rows)


def _swept_columns(plan: SweepPlan) -> Iterator[TableColumn]:
    """The swept keys of a table with the single axis `point`; in a grid they are axes."""
    if plan.case.sweep is None or plan.case.sweep.mode == "grid":
        return
    for axis in plan.axes:
        yield TableColumn(axis_name(axis.key), axis.unit, axis.description, partial(_swept, axis))


def _swept(axis: SweepAxis, row: PointRow) -> float | int | str:
    return axis.values[row.point.number]


def value_of(name: str, row: PointRow) -> float | int | bool | str:
    """An entry of the summary, for a column."""
    return row.summary[name].value


def status_columns(words: str) -> Iterator[TableColumn]:
    """The status of each point, of which `words` says the values, and its error."""
    yield TableColumn("status", "", words, lambda row: row.status)
    yield TableColumn("error", "", "why there is no answer", lambda row: row.error)


def result_column() -> TableColumn:
    """The file of each point."""
    return TableColumn("result", "", "file of the solution, beside the table", lambda row: row.result)
