"""`breachflow schema`: the JSON schema of case files, for editors and programs."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

from breachflow.case_kinds import CaseKind
from breachflow.cli.printing.lines import print_json
from breachflow.cli.sections import HelpSection, ListedCommand

MODELS: Final = {
    CaseKind.FLOW: ("breachflow.case.schema", "Case"),
    CaseKind.CABIN: ("breachflow.cabin.grammar.schema", "CabinCase"),
    CaseKind.RISK: ("breachflow.risk.schema", "RiskCase"),
    CaseKind.LOCATION: ("breachflow.inference.locate.grammar.schema", "LocateCase"),
    CaseKind.RECORD: ("breachflow.inference.case.schema", "RecordCase"),
}
"""Module and name of the model of each kind of case: only the one that is asked for is imported."""

KINDS: Final = {kind.command: kind for kind in MODELS}
"""By the command that computes cases of the kind."""


@click.command(cls=ListedCommand, section=HelpSection.PREPARE, example="breachflow schema > case-schema.json")
@click.option(
    "--of",
    "command",
    type=click.Choice(list(KINDS)),
    default=CaseKind.FLOW.command,
    show_default=True,
    help="The command whose cases are meant.",
)
def schema(command: str) -> None:
    """Print the JSON schema of case files."""
    from breachflow.document.json_schema import schema_of

    module, name = MODELS[KINDS[command]]
    print_json(schema_of(getattr(import_module(module), name), f"Breachflow case of a {KINDS[command]}"))
