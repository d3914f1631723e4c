"""`breachflow report`: pictures of a table or a result, and a page with them."""

from __future__ import annotations

from pathlib import Path

import click

from breachflow.cli.options import JSON, output
from breachflow.cli.printing.lines import print_json, print_line, short_path
from breachflow.cli.sections import HelpSection, ListedCommand


@click.command(cls=ListedCommand, section=HelpSection.RESULTS)
@click.argument("source", metavar="TABLE|RESULT", type=click.Path(path_type=Path))
@output("FOLDER", "Folder for the files, instead of NAME.report beside the input.")
@JSON
def report(source: Path, output: Path | None, as_json: bool) -> None:
    """Draw the table of a sweep or the result of a run.

    Writes each picture as PNG and SVG, and report.html: one page for a browser that contains everything and
    needs no network.
    """
    from breachflow.report.write import write_report

    files = write_report(source, output)
    if as_json:
        print_json({"files": [short_path(file) for file in files]})
        return
    for file in files:
        print_line(f"wrote {short_path(file)}")
