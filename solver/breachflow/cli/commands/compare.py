"""`breachflow compare`: a file against another one of its kind."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from breachflow.cli.options import ALL, FILE, JSON
from breachflow.cli.printing.lines import print_json, print_line
from breachflow.cli.sections import HelpSection, ListedCommand
from breachflow.errors import UsageError

if TYPE_CHECKING:
    from breachflow.results.against.kinds import FileKind


@click.command(
    cls=ListedCommand,
    section=HelpSection.RESULTS,
    example="breachflow compare before.vtkhdf after.vtkhdf",
)
@click.argument("before", metavar="BEFORE", type=FILE)
@click.argument("after", metavar="AFTER", type=FILE)
@ALL
@JSON
def compare(before: Path, after: Path, everything: bool, as_json: bool) -> None:
    """Compare two results of runs or of cabins, or two tables of sweeps.

    Inputs that differ, numbers with the uncertainties of both; of runs the fields, where both have one mesh;
    of cabins what happened when, and the largest difference of each quantity over time; of tables each column
    over the points of both. The exit code is 0 whatever differs.
    """
    printing = _printing_of(_kind_of(before, after))
    found = printing.change_of(before, after)
    if as_json:
        print_json(printing.as_json(found))
        return
    is_told_by_name = before.name != after.name or before == after
    print_line(" -> ".join(path.name if is_told_by_name else str(path) for path in (before, after)))
    for label, text in printing.lines(found, everything):
        print_line(f"  {label:<31} {text}")


def _kind_of(before: Path, after: Path) -> FileKind:
    """The kind of both files. Raises UsageError where they are of two kinds."""
    from breachflow.results.against.kinds import file_kind

    kind, other = file_kind(before), file_kind(after)
    if kind is not other:
        raise UsageError(
            f"{before} is {kind.value}, {after} is {other.value}; give two results of runs, two of cabins, "
            "or two tables of sweeps"
        )
    return kind


def _printing_of(kind: FileKind) -> Any:
    """The module of `printing/changes` for a kind of file. Raises UsageError where there is none."""
    from breachflow.results.against.kinds import FileKind

    modules = {FileKind.RUN: "runs", FileKind.TABLE: "tables", FileKind.CABIN: "cabins"}
    if kind not in modules:
        raise UsageError(f"{kind.value} is not compared; give results of runs or cabins, or tables of sweeps")
    return import_module(f"breachflow.cli.printing.changes.{modules[kind]}")
