"""`breachflow show`: the content of a result or a table."""

from __future__ import annotations

from pathlib import Path

import click

from breachflow.cli.options import ALL, FILE, JSON
from breachflow.cli.printing.lines import print_json
from breachflow.cli.printing.summary import print_summary, summary_json
from breachflow.cli.sections import HelpSection, ListedCommand


@click.command(cls=ListedCommand, section=HelpSection.RESULTS, example="breachflow show breach/result.vtkhdf")
@click.argument("result", metavar="RESULT|TABLE", type=FILE)
@ALL
@JSON
def show(result: Path, everything: bool, as_json: bool) -> None:
    """Print the summary of a result, or the table of a sweep.

    A result, also that of a cabin, is printed as at the end of its run; --all adds the numbers behind the
    answer, those of the solver and the end of the history. A table is printed with its main columns, with
    --json with all.
    """
    from breachflow.results import read_result
    from breachflow.results.files.cabin.series import is_series
    from breachflow.results.files.tables import is_table

    if is_table(result):
        from breachflow.cli.printing.table import show_table

        show_table(result, as_json)
        return
    if is_series(result):
        from breachflow.cli.printing.cabin_result import show_cabin

        show_cabin(result, as_json)
        return
    found = read_result(result)
    if as_json:
        print_json(summary_json(found))
        return
    print_summary(found, everything=everything, steps=True)
