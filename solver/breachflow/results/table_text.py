"""The main columns of a sweep's table as text: the swept keys, coefficients, flows, thrust, status."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import numpy as np

from breachflow.results.quantities import UNCERTAINTY
from breachflow.results.text import number
from breachflow.units.display import SHOWN_IN, DisplayUnit, in_mmhg, time_unit, written_unit
from breachflow.words import plus_minus, printable

if TYPE_CHECKING:
    from breachflow.results.table import SweepTable

MAIN: Final = {
    "discharge_coefficient": "Cd",
    "expected_discharge_coefficient": "expected",
    "mass_flow_kg_per_day": "mass flow",
    "mass_flow_lb_per_day": "",
    "thrust": "thrust",
    "reserve_time": "reserve time",
    "reserve_time_interval.low": "90 % from",
    "reserve_time_interval.high": "to",
    "status": "status",
}
"""Columns that are shown beside the swept keys, and their headings."""

MASS_FLOW: Final = "mass_flow"

RESERVE: Final = "reserve_time"
"""Also the beginning of the names of its interval."""

AFTER_INPUTS: Final = ("pressure_ratio", "reserve_limit")
"""The columns, of flows and of cabins, that follow those of the swept keys and other inputs."""

MOST_ROOMS: Final = 6
"""Compartments whose pressure is shown; the table has all."""

_ROOM: Final = re.compile(r"compartments\.(.+)\.pressure")
_CROSSING: Final = re.compile(r"crossings\.(.+)")


def main_columns(table: SweepTable) -> list[list[str]]:
    """The heading, the unit and the values of each main column of a table, as text."""
    return [_column(table, name) for name in _names(table)]


def error_rows(table: SweepTable) -> Iterator[tuple[int, str]]:
    """The number of each point that failed, and its error."""
    for point, error in enumerate(table.column("error").ravel().tolist()):
        if error:
            yield point, printable(error)


def _names(table: SweepTable) -> Iterator[str]:
    """The swept keys, then the main columns."""
    yield from (axis.name for axis in table.axes)
    if [axis.name for axis in table.axes] == ["point"]:
        yield from _varying(table)
    main = [name for name in MAIN if name in table.variables and _has_some(table, name)]
    yield from (name for name in main if name != "status")
    yield from _of_cabins(table)
    yield from (name for name in main if name == "status")


def _has_some(table: SweepTable, name: str) -> bool:
    """Whether a column of a cabin has a value anywhere; those of flows are shown in any case."""
    values = table.column(name)
    return not table.is_of_cabins or values.dtype.kind != "f" or bool(np.isfinite(values).any())


def _of_cabins(table: SweepTable) -> Iterator[str]:
    """Times until limits other than that of the reserve time, and pressures at the end."""
    counts = (str(name) for name in table.column("reserve_limit").ravel()) if table.is_of_cabins else ()
    known = {*counts}
    names = [name for name in table.variables if table.is_of_cabins and _has_some(table, name)]
    crossings = ((name, _CROSSING.fullmatch(name)) for name in names)
    yield from (name for name, found in crossings if found and found[1] not in known)
    yield from [name for name in names if _ROOM.fullmatch(name)][:MOST_ROOMS]


def _varying(table: SweepTable) -> Iterator[str]:
    """Inputs that differ from point to point."""
    names = list(table.variables)
    for name in names[: next(names.index(one) for one in AFTER_INPUTS if one in names)]:
        if len(set(table.column(name).tolist())) > 1:
            yield name


def _column(table: SweepTable, name: str) -> list[str]:
    unit = _unit(table, name)
    values = table.column(name).ravel().tolist()
    spreads = _spreads(table, name)
    cells = [_text(value, spread, unit) for value, spread in zip(values, spreads, strict=True)]
    return [printable(unit.name), printable(unit.unit), *cells]


def _unit(table: SweepTable, name: str) -> DisplayUnit:
    """The heading of a column, and the unit of its values: the case's own where the column is swept."""
    si = table.units[name]
    if table.is_of_cabins and si == "Pa" and name in table.variables:
        return in_mmhg(_heading(table, name))
    if table.is_of_cabins and si == "s" and name in table.variables:
        base = RESERVE if name.startswith(RESERVE) else name  # an interval is told in the unit of its time
        return time_unit(_heading(table, name), float(np.nanmax(table.column(base), initial=0.0)))
    plain = DisplayUnit(_heading(table, name), *SHOWN_IN.get(si, (1.0, si)))
    keys = {axis.name: axis.key for axis in table.axes}
    return written_unit(plain, si, table.first_written.get(keys.get(name, ""), ""))


def _heading(table: SweepTable, name: str) -> str:
    if room := _ROOM.fullmatch(name):
        return f"{room[1]} at the end"
    crossing = _CROSSING.fullmatch(name)
    return crossing[1] if crossing else MAIN.get(name, table.label_of(name))


def _spreads(table: SweepTable, name: str) -> list[float]:
    """The uncertainty of each value of a column; nan where it is not known.

    That of a mass flow in another unit is in proportion to that in SI.
    """
    base = MASS_FLOW if name.startswith(MASS_FLOW) else name
    if base + UNCERTAINTY not in table.variables:
        return [math.nan] * table.column(name).size
    spreads = table.column(base + UNCERTAINTY).ravel()
    relative = zip(table.column(name).ravel(), table.column(base).ravel(), spreads, strict=True)
    return [
        float(spread * shown / value) if value and math.isfinite(value) else math.nan
        for shown, value, spread in relative
    ]


def _text(value: float | int | bool | str, spread: float, unit: DisplayUnit) -> str:
    """A value with as many digits as its uncertainty leaves, or four where none is known."""
    if not isinstance(value, float):
        return number(value)
    if value != value:
        return "-"
    shown = unit.shown(value)
    return plus_minus(shown, unit.factor * spread) if spread > 0.0 else f"{shown + 0.0:.4g}"
