"""The command `breachflow`: runs a subcommand and turns every error into one line and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from breachflow.cli import commands
from breachflow.cli.interrupts import NOTE, noted_interrupts
from breachflow.cli.sections import HelpSection, ListedCommand
from breachflow.errors import BreachflowError, CaseError, NotEnoughMemory, ResultError, Stopped, UsageError
from breachflow.registry import module_names
from breachflow.version import __version__
from breachflow.words import nearest, single_line

PROGRAM: Final = "breachflow"
INTERNAL: Final = 70

ABORTED: Final = "aborted; nothing more was written"

NOT_MAPPED: Final = "failed to map segment"
"""Words of the loader where there is no room for a library of a package."""

LONGEST_WORD: Final = 400
"""Characters of a word in a message: paths are shorter."""

LONGEST_SHORT_HELP: Final = 200
"""Characters to which click shortens the first sentence of a command's help."""


class CommandGroup(click.Group):
    """The commands in the folder `commands`: one is imported when it is called, all for the list of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of all commands, for click."""
        return command_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> ListedCommand | None:  # noqa: ARG002
        """The command of this name; None where there is none."""
        if cmd_name not in command_names():
            return None
        command: ListedCommand = getattr(import_module(f"{commands.__name__}.{cmd_name}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section, each with the first sentence of its help."""
        found = [command for name in command_names() if (command := self.get_command(ctx, name))]
        for section in HelpSection:
            rows = [
                (str(command.name), command.get_short_help_str(LONGEST_SHORT_HELP))
                for command in found
                if command.section is section
            ]
            with formatter.section(section):
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments begin with. Raises UsageError, which names the nearest command."""
        name, known = args[0], command_names()
        if name not in known and not name.startswith("-"):
            near = nearest(name, known)
            hint = f'did you mean "{near}"?' if near else f"there are {', '.join(known)}"
            raise click.UsageError(f'no command "{name}"; {hint}', ctx)
        return super().resolve_command(ctx, args)


def command_names() -> list[str]:
    """The names of all commands, which are those of the modules in the folder `commands`."""
    return list(module_names(commands.__path__))


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
def group() -> None:
    """Compute how gas leaves a pressurized hull through a breach: mass flow, discharge coefficient, thrust.

    A case file describes the hole, the gas and the two sides: `breachflow init` writes one to start from.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments give, or those of the process; returns its exit code."""
    _prepare_streams()
    given = list(sys.argv[1:] if arguments is None else arguments)
    with noted_interrupts():
        code = _guarded(given)
    return _flushed(code)


def _prepare_streams() -> None:
    """Let printing not fail where there is no standard output, no place for errors, or no such character."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w"))  # noqa: SIM115  # lives as long as the process
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _guarded(arguments: list[str]) -> int:
    try:
        code = group.main(arguments or ["--help"], prog_name=PROGRAM, standalone_mode=False, obj=arguments)
        return code if isinstance(code, int) else 0
    except CaseError as error:
        return _fail(*error.faults, code=error.exit_code)
    except BreachflowError as error:
        return _fail(str(error), code=error.exit_code)
    except click.ClickException as error:
        return _fail(_usage_message(error), code=UsageError.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return _fail(ABORTED, code=Stopped.exit_code)
    except SystemExit:
        return 0  # click's answer to a closed pipe: the reader has seen enough
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        return _fail(f"{name}{error.strerror or error}", code=ResultError.exit_code)
    except Exception as error:
        if isinstance(error, MemoryError) or NOT_MAPPED in str(error):
            return _fail("there is not enough memory for this", code=NotEnoughMemory.exit_code)
        if NOTE.came or KeyboardInterrupt.__name__ in str(error):  # C code has made another error of it
            return _fail(ABORTED, code=Stopped.exit_code)
        return _fail_unexpectedly(error, arguments)


def _usage_message(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else PROGRAM
    return f"{error.format_message().rstrip('.')}; `{path} --help` lists what is possible"


def _fail(*messages: str, code: int) -> int:
    """Print each message in a line; returns the exit code."""
    with suppress(OSError):
        for message in messages:
            words = map(_harmless, message.split())
            print(f"{PROGRAM}: error: {' '.join(words)}", file=sys.stderr, flush=True)
    return code


def _harmless(word: str) -> str:
    """A word of a message without what a terminal obeys; a long one, such as a name in a file, is cut."""
    word = single_line(word)
    return word if len(word) <= LONGEST_WORD else f"{word[: LONGEST_WORD // 2]}...{word[-40:]}"


def _fail_unexpectedly(error: Exception, arguments: list[str]) -> int:
    summary = f"{type(error).__name__}: {str(error)[:200]}"
    try:
        place = f"what happened in detail is in {_write_traceback(arguments)}"
    except OSError as failure:
        place = f"the details could not be written ({failure.strerror})"
    return _fail(
        f"this is a fault of {PROGRAM} itself, not of your input: {summary}; {place}; "
        f"please report it to the maintainers with that file and the case",
        code=INTERNAL,
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
    """The exit code, after printing what is buffered: an error in the flush at exit would be a traceback."""
    try:
        sys.stdout.flush()
    except OSError as error:
        from breachflow.cli.printing.lines import discard_output

        discard_output()
        if not isinstance(error, BrokenPipeError):
            return code or _fail(f"standard output: {error.strerror}", code=ResultError.exit_code)
    return code
