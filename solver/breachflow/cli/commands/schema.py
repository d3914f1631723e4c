"""`breachflow schema`: the JSON schema of case files, for editors and programs."""

from __future__ import annotations

import click

from breachflow.cli.printing.lines import print_json
from breachflow.cli.sections import HelpSection, ListedCommand


@click.command(cls=ListedCommand, section=HelpSection.PREPARE, example="breachflow schema > case-schema.json")
def schema() -> None:
    """Print the JSON schema of case files."""
    from breachflow.case import json_schema

    print_json(json_schema())
