"""What the help of commands has beside click's: sections of the list, an example, groups of options."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import click


class HelpSection(StrEnum):
    """What a command is for, as the heading above it in `breachflow --help`."""

    PREPARE = "Prepare a case"
    COMPUTE = "Compute"
    RESULTS = "Look at results"
    PROGRAM = "Check the program"


QUANTITY: Final = "QUANTITY"
"""What an option is said to take whose value is a number and a unit."""

OPTIONS: Final = "Options"
"""Heading of the options that have no other."""


class ListedCommand(click.Command):
    """A command that knows its section in the list, examples line by line, and headings of some options."""

    def __init__(
        self,
        *arguments: Any,
        section: HelpSection,
        example: str,
        headings: Mapping[str, tuple[str, ...]] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.section = section
        self.example = example
        self._headings = {name: heading for heading, names in (headings or {}).items() for name in names}

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse words of which those of a quantity may stand without quotes: `--pressure 745 mmHg`."""
        return super().parse_args(ctx, self._joined(args))

    def _joined(self, words: list[str]) -> list[str]:
        """The words, with those that belong to one quantity joined.

        Where the command needs no arguments, words behind the value of an option can be nothing else, but for
        the file that it may take.
        """
        arguments = [parameter for parameter in self.params if isinstance(parameter, click.Argument)]
        if any(parameter.required for parameter in arguments):
            return words
        joined: list[str] = []
        before = ""  # the option whose value stands last in the list
        for word in words:
            if before and not word.startswith("-") and not (arguments and Path(word).is_file()):
                joined[-1] += f" {word}"
                continue
            is_value = bool(joined) and joined[-1] in self._quantities
            name = joined[-1] if is_value else word.partition("=")[0]
            before = name if name in self._quantities and (is_value or "=" in word) else ""
            joined.append(word)
        return joined

    @property
    def _quantities(self) -> set[str]:
        """Names of the options that take a quantity."""
        options = (parameter for parameter in self.params if parameter.metavar == QUANTITY)
        return {name for option in options for name in option.opts}

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does, and the examples."""
        super().format_help_text(ctx, formatter)
        lines = self.example.splitlines()
        with formatter.section("Example" if len(lines) == 1 else "Examples"):
            for line in lines:
                formatter.write(f"  {line}\n")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options below their headings."""
        rows: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                rows.setdefault(self._headings.get(str(parameter.name), OPTIONS), []).append(record)
        for heading in sorted(rows, key=OPTIONS.__eq__):  # the others keep their order
            with formatter.section(heading):
                formatter.write_dl(rows[heading])
