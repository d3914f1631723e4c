"""The columns of a sweep's table, made from the points and their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from math import nan
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from breachflow.case.similarity import groups_of
from breachflow.compiled import source_digest
from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.results import LAW, Quantity
from breachflow.results.quantities import EXPECTED, table_columns
from breachflow.results.table import SweepTable, TableAxis, Variable
from breachflow.runs.setup.reference import reference_of
from breachflow.sweeps.plan import PlannedPoint, SweepPlan
from breachflow.sweeps.similarity import ANSWERING
from breachflow.version import __version__

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.case.sweep.points import SweepAxis

STANDARD_PRESSURE, STANDARD_TEMPERATURE = 101325.0, 273.15
"""Pa and K at which the standard volume flow is stated."""

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
    def case(self) -> Case:
        """The case of the point. Raises KeyError where its values make no case."""
        return self.point.case

    def number(self, name: str) -> float:
        """A number of the summary. Raises KeyError where the summary does not have it."""
        return float(self.summary[name].value)

    @property
    def status(self) -> str:
        """One of: converged, not converged, failed, not computed."""
        if self.error:
            return "failed"
        if not self.summary:
            return "not computed"
        return "converged" if self.summary["converged"].value else "not converged"


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


def axis_name(key: str) -> str:
    """Name of a swept key in the table.

    >>> axis_name("orifice.diameter"), axis_name("boundary.cabin.pressure"), axis_name("run.max_iterations")
    ('diameter', 'cabin_pressure', 'run_max_iterations')
    """
    return key.removeprefix("orifice.").removeprefix("boundary.").replace(".", "_")


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
        "program": f"breachflow {__version__}",
        "source_digest": source_digest(ANSWERING),
        "case": plan.case.completed_text,
        "Conventions": "CF-1.11",
    }


# ---------------------------------------------------------------- the columns


def _columns(plan: SweepPlan, rows: Sequence[PointRow]) -> Iterator[TableColumn]:
    first = next((point.case for point in plan.points if point.solution), plan.case)
    yield TableColumn(
        "point", "1", "number of the point, in the order of the sweep", lambda row: row.point.number
    )
    yield from _swept_columns(plan)
    yield from _input_columns(first)
    yield from _group_columns()
    yield from _flow_columns(first.hole.per)
    yield from _theory_columns(rows)
    yield from _quality_columns()


def _swept_columns(plan: SweepPlan) -> Iterator[TableColumn]:
    """The swept keys of a table with the single axis `point`; in a grid they are axes."""
    if plan.case.sweep is None or plan.case.sweep.mode == "grid":
        return
    for axis in plan.axes:
        yield TableColumn(axis_name(axis.key), axis.unit, axis.description, partial(_swept, axis))


def _swept(axis: SweepAxis, row: PointRow) -> float | int | str:
    return axis.values[row.point.number]


def _input_columns(first: Case) -> Iterator[TableColumn]:
    size = "diameter" if first.hole.shape == "round" else "width"
    yield TableColumn(size, "m", f"{size} of the hole", lambda row: row.case.hole.diameter)
    yield TableColumn(
        "wall_thickness", "m", "thickness of the wall", lambda row: row.case.hole.wall_thickness
    )
    yield TableColumn(
        "cabin_pressure", "Pa", "total pressure inside", lambda row: reference_of(row.case).pressure
    )
    yield TableColumn(
        "cabin_temperature", "K", "total temperature inside", lambda row: reference_of(row.case).temperature
    )
    yield TableColumn("outside_pressure", "Pa", "pressure outside", lambda row: _outside(row.case))
    yield TableColumn("gas", "", "gas", lambda row: row.case.species.name, "")


def _outside(case: Case) -> float:
    return nan if case.outside_pressure is None else case.outside_pressure


def _group_columns() -> Iterator[TableColumn]:
    meanings = {
        "pressure_ratio": "outside over cabin pressure",
        "thickness_ratio": "wall thickness over diameter or width",
        "heat_capacity_ratio": "ratio of heat capacities, gamma",
    }
    for name, meaning in meanings.items():
        yield TableColumn(name, "1", meaning, partial(_group, name))


def _group(name: str, row: PointRow) -> float:
    return float(getattr(groups_of(row.case), name))


def _summary_columns(first: int, last: int, per: str = "") -> Iterator[TableColumn]:
    """The registered columns with ranks from `first` to `last`; `per` follows the units of totals."""
    for quantity in table_columns(first, last):
        unit = quantity.unit + (per if quantity.per_length else "")
        value = partial(_value_of, quantity.name)
        yield TableColumn(quantity.name, unit, quantity.meaning, value, quantity.missing)


def _value_of(name: str, row: PointRow) -> float | int | bool | str:
    return row.summary[name].value


def _flow_columns(per: str) -> Iterator[TableColumn]:
    """Coefficients, forces, and the mass flow in several units; `per` ends the units of a slit's totals."""
    yield from _summary_columns(1, 29, per)
    for name, unit, factor in (
        ("mass_flow_g_per_s", "g/s", 1e3),
        ("mass_flow_kg_per_day", "kg/day", SECONDS_PER_DAY),
        ("mass_flow_lb_per_day", "lb/day", SECONDS_PER_DAY / KILOGRAMS_PER_POUND),
    ):
        yield TableColumn(name, f"{unit}{per}", "the same", partial(_multiple, factor))
    yield TableColumn(
        "throughput", f"Pa m3/s{per}", "mass flow times R T at the cabin's temperature", _throughput
    )
    yield TableColumn(
        "standard_volume_flow",
        f"cm3/min{per}",
        "volume at 273.15 K and 101325 Pa (sccm)",
        lambda row: 60e6 * _volume_flow(row, STANDARD_PRESSURE, STANDARD_TEMPERATURE),
    )
    yield from _summary_columns(30, 49, per)


def _multiple(factor: float, row: PointRow) -> float:
    return factor * row.number("mass_flow")


def _throughput(row: PointRow) -> float:
    return _volume_flow(row, 1.0, reference_of(row.case).temperature)


def _volume_flow(row: PointRow, pressure: float, temperature: float) -> float:
    return row.number("mass_flow") * row.case.species.specific_gas_constant * temperature / pressure


def _theory_columns(rows: Sequence[PointRow]) -> Iterator[TableColumn]:
    """The best estimate, every law that holds for a point, and the computed coefficient over each."""
    found = {name: one for row in rows for name, one in row.summary.items() if name.startswith(LAW)}
    laws = [name for name in found if f"{name}_uncertainty" in found]
    for name in [EXPECTED, *sorted(laws)]:
        meaning = "best estimate of the closed forms" if name == EXPECTED else found[name].description
        column = name.replace("-", "_")
        ratio = "ratio_to_expected" if name == EXPECTED else f"ratio_to_{column}"
        yield TableColumn(column, "1", meaning, partial(_number, name))
        yield TableColumn(f"{column}_uncertainty", "1", "of it", partial(_number, f"{name}_uncertainty"))
        yield TableColumn(ratio, "1", "computed coefficient over it", partial(_ratio, name))


def _number(name: str, row: PointRow) -> float:
    return row.number(name)


def _ratio(name: str, row: PointRow) -> float:
    return row.number("discharge_coefficient") / row.number(name)


def _quality_columns() -> Iterator[TableColumn]:
    yield from _summary_columns(50, 59)
    yield TableColumn(
        "status", "", "converged, not converged, failed or not computed", lambda row: row.status
    )
    yield TableColumn("error", "", "why there is no answer", lambda row: row.error)
    yield from _summary_columns(60, 99)
    yield TableColumn(
        "scaled_from",
        "1",
        "point of the same flow that was solved; -1: this one; -2: one of another sweep",
        lambda row: row.scaled_from,
    )
    yield TableColumn(
        "started_from",
        "1",
        "nearest point that the solution started from; -1: none; -2: one of another sweep",
        lambda row: row.started_from,
    )
    yield TableColumn("result", "", "file of the solution, beside the table", lambda row: row.result)
