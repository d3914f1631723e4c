"""`breachflow locate`: where a leak is, and which hatch to shut next."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from breachflow.cli.options import JSON, CaseArgument, example_case, with_case
from breachflow.cli.printing.lines import print_line
from breachflow.cli.sections import HelpSection, ListedCommand


def _example() -> str:
    from breachflow.inference.locate.grammar.read import EXAMPLE

    return EXAMPLE


@click.command(
    cls=ListedCommand,
    section=HelpSection.COMPUTE,
    example="breachflow locate --example > leak.toml\nbreachflow locate leak.toml --json",
)
@with_case
@example_case(_example)
@JSON
def locate(case: CaseArgument, as_json: bool) -> None:
    """Tell where a leak is, and which hatch to shut next.

    The case has the compartments, the hatches, what is suspected, and what was seen while hatches were shut.
    The answer has the probability of each compartment, and of two leaks; the hatch that tells most in an
    hour, how long to keep it shut, and the fall of the pressure that decides.
    """
    from breachflow.inference.locate.compute import location_of

    found = location_of(case.load_locate())
    if as_json:
        click.echo(json.dumps(asdict(found), indent=2))
    else:
        print_line(str(found))
