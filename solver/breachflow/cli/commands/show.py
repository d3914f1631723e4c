"""`breachflow show`: the content of a result or a table."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from breachflow.cli.options import JSON
from breachflow.cli.printing.lines import print_columns, print_json, print_line, print_summary, summary_json
from breachflow.cli.sections import HelpSection, ListedCommand

if TYPE_CHECKING:
    from breachflow.results import Result

TAIL: Final = 5
"""Rows of the history that are printed."""


@click.command(cls=ListedCommand, section=HelpSection.RESULTS)
@click.argument("result", metavar="RESULT|TABLE", type=click.Path(path_type=Path))
@JSON
def show(result: Path, as_json: bool) -> None:
    """Print the summary of a result, or the table of a sweep.

    The summary is followed by the last rows of the run's history. A table is printed with its main columns,
    with --json with all of them.
    """
    from breachflow.results import read_result
    from breachflow.results.files.tables import is_table

    if is_table(result):
        from breachflow.cli.printing.table import show_table

        show_table(result, as_json)
        return
    found = read_result(result)
    if as_json:
        print_json(summary_json(found))
        return
    print_summary(found)
    _print_history(found)


def _print_history(result: Result) -> None:
    from breachflow.results.export.columns import in_order
    from breachflow.results.text import number
    from breachflow.words import printable

    columns = [
        [printable(name), *(number(value.item()) for value in column.values[-TAIL:])]
        for name, column in in_order(result.history).items()
        if len(column.values)
    ]
    if not columns:
        return
    print_line("end of the history")
    print_columns(list(zip_longest(*columns, fillvalue="")))
