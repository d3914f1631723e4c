"""The command `breachflow`: finds the subcommand, and turns every failure into one line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from breachflow import __version__
from breachflow.errors import BreachflowError, ResultError, Stopped, UsageError

PROGRAM: Final = "breachflow"
INTERNAL: Final = 70

COMMANDS: Final = {
    "run": "Compute a case and write its result.",
    "check": "Complete a case and say what its run will cost; nothing is run.",
    "init": "Write a case to start from.",
    "mesh": "Write the mesh of a case, for a look or for another program.",
    "sweep": "Compute a case over lists and ranges of its values.",
    "show": "Print the summary of a result, or the table of a sweep.",
    "report": "Draw the table of a sweep or the result of a run.",
    "validate": "Run the shipped cases and compare their numbers with references.",
    "estimate": "What theory says of a hole: mass flow, thrust, regime.",
    "bench": "Measure what runs cost on this machine; compare two measurements.",
    "schema": "Print the JSON schema of case files.",
}
"""Every command with its first line of help: the module `cli/NAME.py` is imported only when it is called."""


class LazyGroup(click.Group):
    """The commands of `COMMANDS`, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"breachflow.cli.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """From the table: click's own listing would import every command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from breachflow.words import nearest

            near = nearest(name, COMMANDS)
            known = f'did you mean "{near}"?' if near else f"there are {', '.join(COMMANDS)}"
            raise click.UsageError(f'no command "{name}"; {known}', ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
def group() -> None:
    """How gas leaves a pressurized hull through a breach: mass flow, discharge coefficient, thrust.

    A case file says what the hole, the gas and the two sides are: `breachflow init` writes one to start from.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    _prepare_streams()
    given = list(sys.argv[1:] if arguments is None else arguments)
    code = _guarded(given)
    return _flushed(code)


def _prepare_streams() -> None:
    """Output must not fail: no stream at all, or characters that it cannot show."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115  # lives as long as the process
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _guarded(arguments: list[str]) -> int:
    try:
        code = group.main(arguments or ["--help"], prog_name=PROGRAM, standalone_mode=False, obj=arguments)
        return code if isinstance(code, int) else 0
    except BreachflowError as error:
        return _fail(str(error), error.exit_code)
    except click.ClickException as error:
        return _fail(_usage_message(error), UsageError.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return _fail("aborted; nothing more was written", Stopped.exit_code)
    except SystemExit:
        return 0  # click's answer to a closed pipe: the reader has seen enough
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        return _fail(f"{name}{error.strerror or error}", ResultError.exit_code)
    except Exception as error:
        return _fail_unexpectedly(error, arguments)


def _usage_message(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else PROGRAM
    return f"{error.format_message().rstrip('.')}; `{path} --help` lists what is possible"


def _fail(message: str, code: int) -> int:
    with suppress(OSError):
        print(f"{PROGRAM}: error: {' '.join(message.split())}", file=sys.stderr, flush=True)
    return code


def _fail_unexpectedly(error: Exception, arguments: list[str]) -> int:
    summary = f"{type(error).__name__}: {str(error)[:200]}"
    try:
        place = f"what happened in detail is in {_write_traceback(arguments)}"
    except OSError as failure:
        place = f"the details could not be written ({failure.strerror})"
    return _fail(
        f"this is a fault of {PROGRAM} itself, not of your input: {summary}; {place}; "
        f"please report it to the maintainers with that file and the case",
        INTERNAL,
    )


def _write_traceback(arguments: list[str]) -> str:
    import platform
    import shlex
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile(
        "w", prefix=f"{PROGRAM}-", suffix=".log", delete=False, encoding="utf-8", errors="backslashreplace"
    ) as file:
        file.write(f"{PROGRAM} {__version__}, Python {sys.version}, {platform.platform()}\n")
        file.write(f"{shlex.join([PROGRAM, *arguments])}\n\n{traceback.format_exc()}")
    return file.name


def _flushed(code: int) -> int:
    """The exit code, with what was printed on its way: Python's own flush at exit has no good answer."""
    try:
        sys.stdout.flush()
    except OSError as error:
        from breachflow.cli.printing.lines import discard_output

        discard_output()
        if not isinstance(error, BrokenPipeError):
            return code or _fail(f"standard output: {error.strerror}", ResultError.exit_code)
    return code
