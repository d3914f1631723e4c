"""Arguments and options that several commands have."""

from __future__ import annotations

from pathlib import Path

import click

CASE = click.argument("case", metavar="CASE", type=click.Path(path_type=Path))

SET = click.option(
    "--set",
    "overrides",
    metavar="KEY=VALUE",
    multiple=True,
    help='Replace a key of the case, e.g. --set orifice.diameter="3 mm"; can be repeated.',
)

ALLOW_OUTSIDE = click.option(
    "--allow-outside", is_flag=True, help="Let paths in the case leave its folder and project."
)

JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object in SI units on stdout.")
