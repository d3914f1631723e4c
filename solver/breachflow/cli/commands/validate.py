"""`breachflow validate`: cases with known answers, computed and compared with references."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import click

from breachflow.cli.options import FILE, JSON
from breachflow.cli.printing.lines import print_json, print_line, short_path
from breachflow.cli.sections import HelpSection, ListedCommand
from breachflow.cli.stop import StopRequests
from breachflow.errors import Stopped, UsageError, ValidationFailed

if TYPE_CHECKING:
    from breachflow.validation.plan import ValidationMode, ValidationPlan
    from breachflow.validation.validate import Begin, ValidationReport

MOST_NAMED: Final = 5
"""Missed numbers that the last line names."""


@click.command(cls=ListedCommand, section=HelpSection.PROGRAM, example="breachflow validate --fast")
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--fast", is_flag=True, help="Run on coarse meshes with wider tolerances, within a minute.")
@click.option("--full", is_flag=True, help="Run the slow cases too.")
@click.option("-v", "--verbose", is_flag=True, help="Print source and tolerance of every number.")
@click.option(
    "--page",
    metavar="FILE",
    type=FILE,
    help="Also write a Markdown page, with figures in a folder beside it.",
)
@JSON
def validate(
    names: tuple[str, ...], fast: bool, full: bool, verbose: bool, page: Path | None, as_json: bool
) -> None:
    """Run the shipped cases and compare their numbers with references.

    NAME is a shipped case (orifice/slit), a group of them (orifice), or a folder of your own with a case.toml
    and an expected.toml. Nothing is written beside the cases. The exit code is 10 where a number is missed
    without a known cause.
    """
    from breachflow.validation.plan import make_plan

    mode = _mode(fast, full)
    if page is not None:
        _require_page(page)
    report = _run(make_plan(names, mode), silent=as_json)
    _print(report, verbose, as_json)
    if page is not None and not report.stopped:
        _write_page(report, page, as_json)
    _judge(report)


def _mode(fast: bool, full: bool) -> ValidationMode:
    from breachflow.validation.plan import ValidationMode

    if fast and full:
        raise UsageError("--fast and --full: give one of them")
    return ValidationMode.FAST if fast else ValidationMode.FULL if full else ValidationMode.WRITTEN


def _require_page(page: Path) -> None:
    """Raise before the runs what would fail after them."""
    from breachflow.report.validation.page import require_writable

    require_writable(page)


def _run(plan: ValidationPlan, silent: bool) -> ValidationReport:
    from breachflow.cli.printing.progress import announce_compilation
    from breachflow.validation.validate import validate as compute

    if not silent:
        announce_compilation()
    with (
        TemporaryDirectory(prefix="breachflow-") as folder,
        StopRequests(Path(folder) / "STOP") as stop,
        _telling(plan, silent) as begin,
    ):
        return compute(plan, begin=begin, stop=stop)


@contextmanager
def _telling(plan: ValidationPlan, silent: bool) -> Iterator[Begin | None]:
    if silent:
        yield None
        return
    from breachflow.cli.printing.progress import validation_watcher

    with validation_watcher(len(plan.runs)) as begin:
        yield begin


def _print(report: ValidationReport, verbose: bool, as_json: bool) -> None:
    if as_json:
        from breachflow.validation.export import report_json

        print_json(report_json(report))
    else:
        from breachflow.cli.printing.findings import print_report

        print_report(report, verbose)


def _write_page(report: ValidationReport, page: Path, silent: bool) -> None:
    from breachflow.report.validation.page import write_page

    write_page(report, page)
    if not silent:
        print_line(f"wrote {short_path(page)}")


def _judge(report: ValidationReport) -> None:
    """Raise the error whose exit code the command ends with: Stopped, ValidationFailed, or none.

    A known miss alone is none: its cause is stated, and it is no surprise.
    """
    from breachflow.validation.judge import Status

    if report.stopped:
        raise Stopped(f"stopped after {len(report.results)} of {report.planned} runs ({report.stopped})")
    wrong = [finding for finding in report.findings if finding.status is not Status.PASS]
    if report.with_status(Status.FAIL):
        named = [f"{finding.trial.name} {finding.expected.quantity}" for finding in wrong]
        more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
        known = len(report.with_status(Status.MISS))
        raise ValidationFailed(
            f"{len(wrong)} of {len(report.findings)} numbers missed ({known} with a known cause): "
            f"{', '.join(named[:MOST_NAMED])}{more}"
        )
