"""`breachflow init`: a case to start from."""

from __future__ import annotations

import json
import shlex
from errno import EEXIST
from pathlib import Path

import click

from breachflow.case_kinds import CASE_FILE
from breachflow.cli.options import FILE
from breachflow.cli.printing.lines import print_line, print_rows
from breachflow.cli.sections import HelpSection, ListedCommand
from breachflow.errors import ResultError, UsageError
from breachflow.shipped import cases, find_case

LONGEST_TITLE = 200
DEFAULT_NAME = "breach"


@click.command(cls=ListedCommand, section=HelpSection.PREPARE, example="breachflow init breach")
@click.argument("name", required=False, type=FILE)
@click.option(
    "--from", "origin", metavar="CASE", help="Copy a shipped case, e.g. orifice/slit, with its mesh."
)
@click.option("--list", "as_list", is_flag=True, help="List the shipped cases.")
def init(name: Path | None, origin: str | None, as_list: bool) -> None:
    """Write a case to start from.

    The file is NAME/case.toml; NAME is breach, or the last part of the shipped case's name, if absent.
    Beside a new case lies case-schema.json, by which editors complete and check it. Existing files are never
    overwritten.
    """
    if as_list:
        print_rows([(case.name, case.title) for case in cases()])
    elif origin is not None:
        _copy(origin, name)
    else:
        _start(name or Path(DEFAULT_NAME))


def _start(folder: Path) -> None:
    from breachflow.case import json_schema
    from breachflow.shipped import SCHEMA, starting_case

    title = folder.resolve().name.encode(errors="replace").decode()[:LONGEST_TITLE]
    schema = json.dumps(json_schema(), indent=1).encode()
    _write_new(folder, {CASE_FILE: starting_case(title).encode(), SCHEMA: schema})
    _print_next(folder, "a 2 mm hole in a 1.6 mm wall, air at 1 atm, into vacuum. Edit it, then")


def _copy(origin: str, name: Path | None) -> None:
    case = find_case(origin)
    folder = name or Path(case.folder.name)
    _write_new(folder, case.copied_files())
    does = "sweep" if case.is_swept else case.kind.command
    _print_next(folder, f"{case.title} (from {case.name}). Edit it, then", does)


def _print_next(folder: Path, what: str, does: str = "run") -> None:
    file = shlex.quote(str(folder / CASE_FILE))
    print_line(f"wrote {folder / CASE_FILE}: {what}")
    print_line(f"  breachflow check {file}")
    print_line(f"  breachflow {does} {file}")


def _write_new(folder: Path, files: dict[str, bytes]) -> None:
    """Write all files, or none where one of them exists. Raises UsageError or ResultError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in files:
            if (folder / name).exists():
                raise FileExistsError(EEXIST, "exists", str(folder / name))
        for name, content in files.items():
            with (folder / name).open("xb") as file:
                file.write(content)
    except FileExistsError as error:
        raise UsageError(
            f"{error.filename}: exists already, and is left as it is; give another NAME"
        ) from None
    except OSError as error:
        raise ResultError(f"{folder / CASE_FILE}: cannot be written: {error.strerror}") from None
