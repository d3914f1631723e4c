"""The table of a sweep as `breachflow show` prints it."""

from __future__ import annotations

from pathlib import Path

from breachflow.cli.printing.lines import is_terminal, print_columns, print_json, print_line
from breachflow.results.table_text import error_rows, main_columns
from breachflow.words import printable


def show_table(path: Path, as_json: bool) -> None:
    """Print the main columns of a table and its law; as JSON all columns, a list for each.

    Raises ResultError where the file is damaged or no table.
    """
    from breachflow.results.files.tables import read_table

    table = read_table(path)
    if as_json:
        print_json({name: table.column(name).ravel().tolist() for name in table.units})
        return
    print_line(printable(table.attributes.get("title", path.name)))
    _print_columns(main_columns(table))
    for point, error in error_rows(table):
        print_line(f"  point {point}: {error}")
    if table.law is not None:
        print_line(f"  law: {printable(table.law.get('description', ''))}")


def _print_columns(columns: list[list[str]]) -> None:
    """Print columns as a table on a terminal, as aligned lines elsewhere."""
    if is_terminal():
        _print_rich(columns)
        return
    print_columns(list(zip(*columns, strict=True)))


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
