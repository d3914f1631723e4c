"""The columns of a sweep of flows: inputs, groups, flows in several units, laws, quality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from math import nan

from breachflow.case.schema import Case
from breachflow.case.similarity import groups_of
from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.results import LAW
from breachflow.results.quantities import EXPECTED, table_columns
from breachflow.runs.setup.reference import reference_of
from breachflow.sweeps.columns import PointRow, TableColumn, result_column, status_columns, value_of

STANDARD_PRESSURE, STANDARD_TEMPERATURE = 101325.0, 273.15
"""Pa and K at which the standard volume flow is stated."""


def flow_columns(first: Case, rows: Sequence[PointRow]) -> Iterator[TableColumn]:
    """The columns after the swept ones; `first` is the case of the first point that has one."""
    yield from _input_columns(first)
    yield from _group_columns(first)
    yield from _flow_columns(first.hole.per)
    yield from _theory_columns(rows)
    yield from _quality_columns()


def _input_columns(first: Case) -> Iterator[TableColumn]:
    size = first.hole.size
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


def _has_ends(case: Case) -> bool:
    """Whether the flow is that of a slit in space."""
    return case.mesh.plane == "spatial" and case.hole.shape == "slit"


def _group_columns(first: Case) -> Iterator[TableColumn]:
    meanings = {
        "pressure_ratio": "outside over cabin pressure",
        "thickness_ratio": "wall thickness over diameter or width",
        "heat_capacity_ratio": "ratio of heat capacities, gamma",
        **({"width_ratio": "width over length of the slit"} if _has_ends(first) else {}),
    }
    for name, meaning in meanings.items():
        yield TableColumn(name, "1", meaning, partial(_group, name))


def _group(name: str, row: PointRow) -> float:
    return float(getattr(groups_of(row.case), name))


def _summary_columns(first: int, last: int, per: str = "") -> Iterator[TableColumn]:
    """The registered columns with ranks from `first` to `last`; `per` follows the units of totals."""
    for quantity in table_columns(first, last):
        unit = quantity.unit + (per if quantity.per_length else "")
        value = partial(value_of, quantity.name)
        yield TableColumn(quantity.name, unit, quantity.meaning, value, quantity.missing)


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
    case: Case = row.case
    return row.number("mass_flow") * case.species.specific_gas_constant * temperature / pressure


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
    yield from status_columns("converged, not converged, failed or not computed")
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
    yield result_column()
