"""`breachflow cabin`: how a cabin empties, in time."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from breachflow.cli.options import FRESH, JSON, QUIET, CaseArgument, output, with_case
from breachflow.cli.printing.lines import print_json, print_line, short_path
from breachflow.cli.sections import HelpSection, ListedCommand
from breachflow.cli.stop import StopRequests, to_go_on
from breachflow.errors import CaseError, NonPhysicalState, ResultError, Stopped, UsageError
from breachflow.files import require_place

if TYPE_CHECKING:
    from breachflow.cabin.answer.answer import CabinAnswer
    from breachflow.cabin.grammar.schema import CabinCase
    from breachflow.cabin.march.keep import MarchKeeper
    from breachflow.cabin.march.march import MarchProgress

UNITS: Final = ("mmHg", "kPa", "mbar", "psia", "Pa")
"""Units of pressure that people read."""

SHOWN_AFTER: Final = 1.0
"""s after which a march says where it is."""


@click.command(
    cls=ListedCommand,
    section=HelpSection.COMPUTE,
    example='breachflow cabin station/case.toml --set run.end_time="2 day"',
)
@with_case
@output("FILE", "Result file (.h5 or .nc), relative to the working directory, instead of the case's.")
@click.option(
    "--unit", type=click.Choice(UNITS), default="mmHg", show_default=True, help="Unit of pressures."
)
@FRESH
@QUIET
@JSON
@click.pass_obj
def cabin(
    arguments: list[str],
    case: CaseArgument,
    output: Path | None,
    unit: str,
    fresh: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Follow leaking compartments: pressure, oxygen, limits.

    With hatches, tanks, crew and events; each compartment is well mixed. The answer has the time to each
    limit, what happened when, and the books of mass and energy; the result file has all of it over time. Not
    covered: the chemistry of air, and physiology beyond partial pressures; it is not certified for decisions
    in flight. Ctrl-C, SIGTERM, SIGUSR1 or a file named STOP beside the result end it early with a result; the
    same command goes on from there.
    """
    from breachflow.cabin.answer.series import series_of
    from breachflow.cabin.answer.summary import summary_of
    from breachflow.cabin.answer.text import answer_lines
    from breachflow.cabin.march.keep import MarchKeeper
    from breachflow.results.files.cabin.series import write_series
    from breachflow.results.files.lock import output_lock

    loaded = case.load_cabin()
    path = output or loaded.result_path
    require_writable(path)
    with (
        StopRequests(path.with_name("STOP")) as stop,
        output_lock(path),
    ):
        keeper = MarchKeeper(loaded, path, fresh=fresh)
        with _progress(quiet or as_json, loaded.run.end_time) as progress:
            answer = _solved(loaded, keeper, stop, progress)
        write_series(path, series_of(answer, shlex.join(["breachflow", *arguments]), unit))
        if not answer.record.stopped:
            keeper.discard()
    if keeper.note and not (quiet or as_json):
        print_line(keeper.note)
    if as_json:
        print_json({**summary_of(answer), "file": str(path.resolve())})
    else:
        for line in answer_lines(answer, unit):
            print_line(line)
        print_line(f"  file  {short_path(path)}")
        if loaded.sweep is not None:
            print_line(f"`breachflow sweep {short_path(case.file)}` computes all values of its table [sweep]")
    _judge(answer, path, to_go_on(arguments, path))


def _solved(
    case: CabinCase, keeper: MarchKeeper, stop: StopRequests, progress: MarchProgress | None
) -> CabinAnswer:
    """The answer; a march that fails is not kept: to go on would only lead there again."""
    from breachflow.cabin.answer.answer import solve_cabin

    try:
        return solve_cabin(case, stop=stop, progress=progress, keeper=keeper)
    except (CaseError, NonPhysicalState):
        keeper.discard()
        raise


def require_writable(path: Path) -> None:
    """Refuse a place for the result where writing it would fail, or would replace something else.

    Raises UsageError where the name is not that of a result, ResultError where its place cannot take it.
    """
    from breachflow.cabin.grammar.checks import RESULT_SUFFIXES
    from breachflow.results.files.cabin.series import is_series

    if path.suffix not in RESULT_SUFFIXES:
        raise UsageError(f"{path}: the name of a cabin's result ends in {' or '.join(RESULT_SUFFIXES)}")
    require_place(path)
    if path.exists() and not is_series(path):
        raise ResultError(f"{path}: is no result of a cabin and is not replaced; choose another name with -o")


@contextmanager
def _progress(silent: bool, end: float) -> Iterator[MarchProgress | None]:
    """Where the march is, on one line, once it takes more than a second."""
    if silent:
        yield None
        return
    import time

    from breachflow.cabin.answer.phrases import clock
    from breachflow.cli.printing.live import progress_lines

    began = 0.0
    with progress_lines() as lines:

        def show(now: float) -> None:
            nonlocal began
            began = began or time.monotonic()
            elapsed = time.monotonic() - began
            if elapsed > SHOWN_AFTER:
                lines.state(f"{clock(now, end)} of {clock(end, end)}", elapsed)

        yield lambda reading: show(reading.time)


def _judge(answer: CabinAnswer, path: Path, to_go_on: str) -> None:
    """Raises Stopped where the march was stopped before its end."""
    if answer.record.stopped:
        raise Stopped(
            f"stopped at {answer.end.time:.6g} s ({answer.record.stopped}); what came before is in {path}; "
            f"{to_go_on}"
        )
