"""`breachflow run`: compute a case."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from breachflow.cli.options import ALL, FILE, FRESH, JSON, QUIET, CaseArgument, count, output, with_case
from breachflow.cli.printing.lines import print_json
from breachflow.cli.printing.summary import print_summary, summary_json
from breachflow.cli.sections import HelpSection, ListedCommand
from breachflow.cli.stop import StopRequests, to_go_on
from breachflow.errors import NotConverged, Stopped

if TYPE_CHECKING:
    from breachflow.case import Case
    from breachflow.results import Result
    from breachflow.runs.progress import Watcher


@click.command(
    cls=ListedCommand,
    section=HelpSection.COMPUTE,
    example='breachflow run breach/case.toml --set orifice.diameter="3 mm"',
)
@with_case
@output("FILE", "Result file (.vtkhdf or .h5), relative to the working directory, instead of the case's.")
@count("--threads", "Threads; all cores if absent.")
@FRESH
@click.option("--start", metavar="FILE", type=FILE, help="Result of a neighboring case to start from.")
@QUIET
@ALL
@JSON
@click.pass_obj
def run(
    arguments: list[str],
    case: CaseArgument,
    output: Path | None,
    threads: int | None,
    fresh: bool,
    start: Path | None,
    quiet: bool,
    everything: bool,
    as_json: bool,
) -> None:
    """Compute a case and write its result.

    Ctrl-C, SIGTERM, SIGUSR1, a file named STOP beside the result, or run.wall_clock end the run early with a
    result. A second Ctrl-C ends it at once without one. The same command goes on from there, as it does after
    a kill: the result is then the same to the last bit. --fresh starts over.
    """
    from breachflow.runs.output import require_writable

    loaded = case.load()
    path = output or loaded.result_path
    require_writable(path)
    silent = quiet or as_json
    with StopRequests(path.with_name("STOP")) as stop:
        if not silent:
            _announce(loaded, path)
        with _watch(loaded, silent) as watch:
            from breachflow.runs.run import run as compute

            command = shlex.join(["breachflow", *arguments])
            result = compute(
                loaded,
                output=output,
                threads=threads,
                watch=watch,
                stop=stop,
                command=command,
                fresh=fresh,
                start=start,
            )
    if as_json:
        print_json(summary_json(result))
    else:
        print_summary(result, everything=everything, steps=not quiet)
    _judge(result, to_go_on(arguments, path))


def _announce(case: Case, path: Path) -> None:
    from breachflow.cli.printing.header import print_header
    from breachflow.cli.printing.progress import announce_compilation

    print_header(case, path)
    announce_compilation()


@contextmanager
def _watch(case: Case, silent: bool) -> Iterator[Watcher | None]:
    if silent:
        yield None
        return
    from breachflow.cli.printing.progress import run_watcher

    with run_watcher("kg/s" + (case.orifice.per if case.orifice else "")) as watch:
        yield watch


def _judge(result: Result, to_go_on: str) -> None:
    """Raise the error whose exit code the command ends with: Stopped, NotConverged, or none."""
    from breachflow.results import was_stopped

    summary = result.summary
    if was_stopped(summary):
        raise Stopped(
            f"stopped before it was done ({summary['stopped'].value}); the state it reached is in "
            f"{result.path}; {to_go_on}"
        )
    if "converged" in summary and summary["converged"].value is False:
        raise NotConverged(
            f"NOT CONVERGED: the result was written to {result.path}, but do not trust its numbers: "
            f"{summary['converged'].description}"
        )
