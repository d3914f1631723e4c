"""Arguments and options that several commands have."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import click

from breachflow.case_kinds import CaseKind, case_file, kind_of_file
from breachflow.cli.sections import QUANTITY
from breachflow.constants import SPECIES
from breachflow.errors import CaseError, NonPhysicalState, OutOfRange

if TYPE_CHECKING:
    from breachflow.cabin.grammar.schema import CabinCase
    from breachflow.case import Case
    from breachflow.inference.case.schema import RecordCase
    from breachflow.inference.locate.grammar.schema import LocateCase

GAS_NAMES: Final = f"[{'|'.join(SPECIES)}|TABLE]"
"""What the option --gas takes."""

CommandBody: TypeAlias = Callable[..., None]
Decorator: TypeAlias = Callable[[CommandBody], CommandBody]

MOST: Final = 4096
"""Threads or processes that may be asked for."""


class FileName(click.Path):
    """A path. An empty one, as of a variable that is not set in a shell, would be the working folder."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path. Fails where it is empty."""
        if value == "":
            self.fail("the name is empty", param, ctx)
        return super().convert(value, param, ctx)


FILE: Final = FileName(path_type=Path)

GAS: Final = click.option(
    "--gas", metavar=GAS_NAMES, default="air", show_default=True, help="As for `breachflow estimate`."
)

JSON: Final = click.option("--json", "as_json", is_flag=True, help="Print one JSON object in SI units.")

ALL: Final = click.option(
    "--all", "everything", is_flag=True, help="Print also what is behind the answer: laws, solver, history."
)

FRESH: Final = click.option(
    "--fresh", is_flag=True, help="Start over: discard the checkpoint of a run that was stopped."
)

QUIET: Final = click.option("--quiet", is_flag=True, help="Print no progress, only the outcome.")


class CaseArgument(NamedTuple):
    """The case that a command is given: its file and how it is to be read."""

    path: Path
    overrides: tuple[str, ...]
    """Keys that are replaced, as in "orifice.diameter=3 mm"."""
    allow_outside: bool
    """Paths in the case may leave its folder and project."""

    def load(self) -> Case:
        """Read the case; of a folder its case.toml. Raises CaseError where it is not valid."""
        from breachflow.case import load_case

        return load_case(self.file, self.overrides, allow_outside=self.allow_outside)

    def load_cabin(self) -> CabinCase:
        """Read the case of a cabin; of a folder its case.toml. Raises CaseError where it is not valid."""
        from breachflow.cabin.grammar.read import load_cabin

        return load_cabin(self.file, self.overrides, allow_outside=self.allow_outside)

    def load_any(self) -> Case | CabinCase:
        """Read the case, whether of a flow or of a cabin. Raises CaseError where it is not valid."""
        return self.load_cabin() if self.kind is CaseKind.CABIN else self.load()

    @property
    def kind(self) -> CaseKind:
        """The kind of the case, by its keys."""
        return kind_of_file(self.file)

    def load_record(self) -> RecordCase:
        """Read the case of a record; of a folder its case.toml. Raises CaseError where it is not valid."""
        from breachflow.inference.case.read import load_record_case

        return load_record_case(self.file, self.overrides, allow_outside=self.allow_outside)

    def load_locate(self) -> LocateCase:
        """Read a leak to be located; of a folder its case.toml. Raises CaseError where it is not valid."""
        from breachflow.inference.locate.grammar.read import load_locate

        return load_locate(self.file, self.overrides, allow_outside=self.allow_outside)

    @property
    def file(self) -> Path:
        """The file of the case. Raises CaseError where it names a shipped case instead."""
        path = case_file(self.path)
        if not path.exists():
            _require_not_shipped(path)
        return path


def _require_not_shipped(path: Path) -> None:
    """Raise CaseError where a path that does not exist is the name of a shipped case."""
    from breachflow.shipped import named_by

    case = named_by(path)
    if case is not None:
        raise CaseError(
            f"{path}: no such file; it names a shipped case: `breachflow init --from {case.name}` copies it"
        )


def with_case(command: CommandBody) -> CommandBody:
    """The argument CASE with its options; the command takes a `CaseArgument` named `case`."""

    @wraps(command)
    def gathered(
        *arguments: Any, case: Path, overrides: tuple[str, ...], allow_outside: bool, **options: Any
    ) -> None:
        try:
            command(*arguments, case=CaseArgument(case, overrides, allow_outside), **options)
        except OutOfRange as error:
            raise CaseError(f"{case}: {error}") from error
        except NonPhysicalState as error:
            raise NonPhysicalState(f"{case}: {error}") from error

    for parameter in reversed(_CASE):
        gathered = parameter(gathered)
    return gathered


_CASE: Final = (
    click.argument("case", metavar="CASE", type=FILE),
    click.option(
        "--set",
        "overrides",
        metavar="KEY=VALUE",
        multiple=True,
        help='Replace a key of the case, e.g. --set orifice.diameter="3 mm"; can be repeated.',
    ),
    click.option(
        "--allow-outside", is_flag=True, help="Let paths in the case leave its folder and its project."
    ),
)


def output(metavar: str, help: str) -> Decorator:
    """The option -o: a FILE or a FOLDER to write."""
    return click.option("-o", "--output", metavar=metavar, type=FILE, help=help)


def example_case(read: Callable[[], str]) -> Decorator:
    """The option --example, which prints the case that `read` gives, and ends."""

    def show(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:  # noqa: ARG001
        if wanted:
            click.echo(read().rstrip())
            context.exit()

    return click.option(
        "--example",
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show,
        help="Print a case to start from.",
    )


def quantity(*names: str, **options: Any) -> Decorator:
    """An option whose value is text with a unit, which the function behind the command reads."""
    return click.option(*names, metavar=QUANTITY, **options)


def count(name: str, help: str, default: int | None = None) -> Decorator:
    """An option that takes a number of threads or processes."""
    limits = click.IntRange(1, MOST)
    shown = default is not None
    return click.option(name, metavar="N", type=limits, default=default, show_default=shown, help=help)
