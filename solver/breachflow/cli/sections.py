"""The sections of the list of commands."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import click


class HelpSection(StrEnum):
    """What a command is for, as the heading above it in `breachflow --help`."""

    PREPARE = "Prepare a case"
    COMPUTE = "Compute"
    RESULTS = "Look at results"
    PROGRAM = "Check the program"


class ListedCommand(click.Command):
    """A command that knows the section it is listed in."""

    def __init__(self, *arguments: Any, section: HelpSection, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.section = section
