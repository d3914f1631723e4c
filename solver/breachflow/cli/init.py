"""`breachflow init`: a case to start from."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from breachflow.cli.output import print_line
from breachflow.errors import ResultError, UsageError

LONGEST_TITLE = 200


@click.command()
@click.argument("name", default="breach", type=click.Path(path_type=Path))
def init(name: Path) -> None:
    """Write a case to start from.

    It becomes NAME/case.toml (default: breach/case.toml); nothing is ever overwritten.
    """
    from breachflow.case import starting_case

    path = name / "case.toml"
    title = name.resolve().name.encode(errors="replace").decode()[:LONGEST_TITLE]
    _write_new(path, starting_case(title))
    file = shlex.quote(str(path))
    print_line(f"wrote {path}: a 2 mm hole in a 1.6 mm wall, air at 1 atm, into vacuum. Edit it, then")
    print_line(f"  breachflow check {file}")
    print_line(f"  breachflow run {file}")


def _write_new(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(
            f"{error.filename}: exists already, and is left as it is; give another NAME"
        ) from None
    except OSError as error:
        raise ResultError(f"{path}: cannot be written: {error.strerror}") from None
