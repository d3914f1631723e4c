"""The main columns of a sweep's table as text: the swept keys, coefficients, flows, thrust, status."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from breachflow.results.text import number
from breachflow.words import printable

if TYPE_CHECKING:
    from breachflow.results.table import SweepTable

MAIN: Final = (
    "discharge_coefficient", "discharge_coefficient_uncertainty", "expected_discharge_coefficient",
    "mass_flow_kg_per_day", "mass_flow_lb_per_day", "thrust", "status",
)  # fmt: skip
"""Columns that are shown beside the swept keys."""

HEADINGS: Final = {
    "discharge_coefficient": "Cd",
    "discharge_coefficient_uncertainty": "+-",
    "expected_discharge_coefficient": "expected",
    "mass_flow_kg_per_day": "mass flow",
    "mass_flow_lb_per_day": "",
}

FIRST_OF_GROUPS: Final = "pressure_ratio"
"""The column that follows those of the swept keys and other inputs."""


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
    yield from (name for name in MAIN if name in table.variables)


def _varying(table: SweepTable) -> Iterator[str]:
    """Inputs that differ from point to point."""
    for name in list(table.variables)[: list(table.variables).index(FIRST_OF_GROUPS)]:
        if len(set(table.column(name).tolist())) > 1:
            yield name


def _column(table: SweepTable, name: str) -> list[str]:
    unit = table.units[name]
    values = [_text(value) for value in table.column(name).ravel().tolist()]
    heading = HEADINGS.get(name, name.replace("_", " "))
    return [printable(heading), "" if unit == "1" else printable(unit), *values]


def _text(value: float | int | bool | str) -> str:
    if isinstance(value, float) and value != value:
        return "-"
    return number(value, digits=5)
