"""`breachflow report`: pictures of a table or a result, and a page with them."""

from __future__ import annotations

from pathlib import Path

import click

from breachflow.cli.options import FILE, JSON, output
from breachflow.cli.printing.lines import print_json, print_line, short_path
from breachflow.cli.sections import HelpSection, ListedCommand


@click.command(
    cls=ListedCommand, section=HelpSection.RESULTS, example="breachflow report breach/result.vtkhdf"
)
@click.argument("source", metavar="TABLE|RESULT|CASE", type=FILE)
@output("FOLDER", "Folder for the files, instead of NAME.report beside the input.")
@click.option("--data", metavar="CSV", type=FILE, help="Measured data to show beside a sweep.")
@JSON
def report(source: Path, output: Path | None, data: Path | None, as_json: bool) -> None:
    """Draw a sweep's table, a result, a record or a leak to be located.

    A record or a leak to be located is given by its case, or by the folder with its case.toml.
    Writes each picture as PNG and SVG, and report.html: one page for a browser that contains everything and
    needs no network. A CSV file of measured data has a line of headings with units, such as
    "pressure ratio [1], discharge coefficient [1]", and a line for each measurement.
    """
    from breachflow.report.write import write_report

    files = write_report(source, output, data)
    if as_json:
        print_json({"files": [short_path(file) for file in files]})
        return
    for file in files:
        print_line(f"wrote {short_path(file)}")
