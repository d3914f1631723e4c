"""`breachflow schema`: the JSON schema of case files, for editors and programs."""

from __future__ import annotations

import click

from breachflow.cli.printing.lines import print_json
from breachflow.cli.sections import HelpSection, ListedCommand


@click.command(cls=ListedCommand, section=HelpSection.PREPARE, example="breachflow schema > case-schema.json")
@click.option("--cabin", "of_cabin", is_flag=True, help="That of the cases of `breachflow cabin`.")
def schema(of_cabin: bool) -> None:
    """Print the JSON schema of case files."""
    if of_cabin:
        from breachflow.cabin.grammar.schema import cabin_schema

        print_json(cabin_schema())
        return
    from breachflow.case import json_schema

    print_json(json_schema())
