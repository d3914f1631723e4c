"""How the table of a sweep is printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from breachflow.cli.printing.lines import is_terminal, print_json, print_line
from breachflow.results.text import number
from breachflow.words import printable

if TYPE_CHECKING:
    from breachflow.results.table import SweepTable

MAIN: Final = (
    "discharge_coefficient", "discharge_coefficient_uncertainty", "expected_discharge_coefficient",
    "mass_flow_kg_per_day", "mass_flow_lb_per_day", "thrust", "status",
)  # fmt: skip
"""Columns that are printed beside the swept keys."""

HEADINGS: Final = {
    "discharge_coefficient": "Cd",
    "discharge_coefficient_uncertainty": "+-",
    "expected_discharge_coefficient": "expected",
    "mass_flow_kg_per_day": "mass flow",
    "mass_flow_lb_per_day": "",
}


def show_table(path: Path, as_json: bool) -> None:
    """Print a table's main columns, and its law; as JSON all columns, a list for each."""
    from breachflow.results.table import read_table

    table = read_table(path)
    if as_json:
        print_json({name: table.column(name).ravel().tolist() for name in table.units})
        return
    print_line(printable(table.attributes.get("title", path.name)))
    _print_columns([_column(table, name) for name in _names(table)])
    for point, error in _errors(table):
        print_line(f"  point {point}: {error}")
    if table.law is not None:
        print_line(f"  law: {printable(table.law.get('description', ''))}")


def _names(table: SweepTable) -> Iterator[str]:
    """The swept keys, then the main columns."""
    yield from (axis.name for axis in table.axes)
    if [axis.name for axis in table.axes] == ["point"]:
        yield from _varying(table)
    yield from (name for name in MAIN if name in table.variables)


def _varying(table: SweepTable) -> Iterator[str]:
    """Inputs that differ from point to point."""
    for name in list(table.variables)[: list(table.variables).index("pressure_ratio")]:
        if len(set(table.column(name).tolist())) > 1:
            yield name


def _column(table: SweepTable, name: str) -> list[str]:
    """Heading, unit and values, all as text."""
    unit = table.units[name]
    values = [_text(value) for value in table.column(name).ravel().tolist()]
    heading = HEADINGS.get(name, name.replace("_", " "))
    return [printable(heading), "" if unit == "1" else printable(unit), *values]


def _text(value: Any) -> str:
    if isinstance(value, float) and value != value:
        return "-"
    return number(value, digits=5)


def _errors(table: SweepTable) -> Iterator[tuple[int, str]]:
    for point, error in enumerate(table.column("error").ravel().tolist()):
        if error:
            yield point, printable(error)


def _print_columns(columns: list[list[str]]) -> None:
    """A table on a terminal, aligned lines elsewhere."""
    if is_terminal():
        _print_rich(columns)
        return
    widths = [max(map(len, column)) for column in columns]
    for cells in zip(*columns, strict=True):
        line = "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))
        print_line(f"  {line}".rstrip())


def _print_rich(columns: list[list[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD)
    for column in columns:
        table.add_column(f"{column[0]}\n{column[1]}", justify="right")
    for cells in zip(*(column[2:] for column in columns), strict=True):
        table.add_row(*map(Text, cells))
    Console().print(table)
