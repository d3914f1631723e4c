"""`breachflow risk`: from distributions of hole sizes to the probability of too short a time."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from breachflow.cli.options import JSON, CaseArgument, example_case, with_case
from breachflow.cli.printing.lines import print_line
from breachflow.cli.sections import HelpSection, ListedCommand


def _example() -> str:
    from breachflow.risk.read import EXAMPLE

    return EXAMPLE


@click.command(
    cls=ListedCommand,
    section=HelpSection.COMPUTE,
    example="breachflow risk --example > risk.toml\nbreachflow risk risk.toml --set risk.years=15",
)
@with_case
@example_case(_example)
@JSON
def risk(case: CaseArgument, as_json: bool) -> None:
    """Tell how probable it is that a hole leaves less than some time.

    The case brings the sizes of holes and how often they come: no environment of meteoroids is built in. For
    each time the command finds the hole that takes it, and how probable a larger one is, of a penetration and
    in the years in orbit; with walls that keep the gas at its temperature and with walls that give no heat.
    """
    from breachflow.risk.compute import answer_of
    from breachflow.risk.read import load_risk

    found = answer_of(load_risk(case.file, case.overrides, allow_outside=case.allow_outside))
    if as_json:
        click.echo(json.dumps(asdict(found), indent=2))
    else:
        print_line(str(found))
