"""Printing of lines, tables, JSON and the summary of a result."""

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from breachflow.errors import ResultError
from breachflow.words import Row

ALARMS: Final = ("NOT CONVERGED", "STOPPED", "CONTRADICTS")
"""Words of a status that warn of the numbers below it."""


def is_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout.isatty()


def print_line(text: str = "") -> None:
    """Print a line at once; where the reader has closed the pipe, print nothing from then on.

    Raises ResultError where standard output cannot be written.
    """
    try:
        print(text, flush=True)
    except BrokenPipeError:
        discard_output()
    except OSError as error:
        raise ResultError(f"standard output: {error.strerror}") from error


def discard_output() -> None:
    """Discard what is printed from now on."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_rows(rows: Sequence[Row], title: str = "") -> None:
    """Print labels and texts as a table on a terminal, as aligned lines elsewhere."""
    if is_terminal():
        _print_table(rows, title)
        return
    if title:
        print_line(title)
    width = max((len(label) for label, _ in rows), default=0)
    for label, text in rows:
        print_line(f"  {label:<{width}}  {text}".rstrip())


def print_columns(rows: Sequence[Sequence[str]], left: Collection[int] = (), indent: str = "  ") -> None:
    """Print rows of cells in aligned columns: numbers on the right, words in the columns `left`."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (
            f"{cell:<{width}}" if number in left else f"{cell:>{width}}"
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print_line(f"{indent}{'  '.join(cells)}".rstrip())


def _print_table(rows: Sequence[Row], title: str) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(
        box=box.SIMPLE, show_header=False, title=Text(title) if title else None, title_justify="left"
    )
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for label, text in rows:
        table.add_row(Text(label), Text(text, style=_style(label, text)))
    Console().print(table)


def _style(label: str, text: str) -> str:
    """The style of a row: a status that warns stands out, and so does a caution."""
    if label == "status" and any(word in text for word in ALARMS):
        return "bold red"
    return "bold" if text.startswith("- ") else ""


def print_json(content: Mapping[str, Any]) -> None:
    """Print one JSON object, in which nan and infinity are null."""
    print_line(json.dumps(_finite(content), indent=2, allow_nan=False))


def _finite(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def short_path(path: Path) -> str:
    """The path, relative to the working directory where it lies in it."""
    from breachflow.words import single_line

    resolved, here = path.resolve(), Path.cwd()
    return single_line(str(resolved.relative_to(here) if resolved.is_relative_to(here) else resolved))
