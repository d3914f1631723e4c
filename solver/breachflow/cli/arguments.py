"""Errors about the arguments of a function as errors about the options of its command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

from breachflow.errors import OutOfRange
from breachflow.leak.arguments.values import ArgumentError


@contextmanager
def told_as_options(renamed: Mapping[str, str]) -> Iterator[None]:
    """Name the options of a command where its function names arguments; `renamed` has those of other names.

    Raises click.UsageError in place of ArgumentError and of OutOfRange.
    """

    def option(name: str, value: object) -> str:
        known = renamed.get(name, f"--{name.replace('_', '-')}")
        return known if value is None else f'{known} "{value}"'

    try:
        yield
    except ArgumentError as error:
        raise click.UsageError(error.spelled(option)) from error
    except OutOfRange as error:
        raise click.UsageError(str(error)) from error
