"""Output of the findings of a validation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from breachflow.cli.printing.lines import is_terminal, print_columns, print_line
from breachflow.validation.judge import Finding, Status
from breachflow.validation.text import finding_text, number_text, reference_text
from breachflow.validation.validate import ValidationReport
from breachflow.words import counted, duration, printable

HEADINGS: Final = ("case", "quantity", "computed", "reference", "error", "allowed", "mesh", "")
RIGHT: Final = ("computed", "reference", "error", "allowed", "mesh")
STYLES: Final = {Status.PASS: "green", Status.MISS: "yellow", Status.FAIL: "bold red"}


def print_report(report: ValidationReport, verbose: bool) -> None:
    """The table, then in full what is not right (or everything), then the count."""
    rows = [_row(finding) for finding in report.findings]
    if is_terminal():
        _print_table(rows, report.findings)
    else:
        left = [number for number, heading in enumerate(HEADINGS) if heading not in RIGHT]
        print_columns([HEADINGS, *rows], left, indent="")
    told = [finding for finding in report.findings if verbose or finding.status is not Status.PASS]
    for finding in sorted(told, key=lambda finding: list(Status).index(finding.status)):
        for line in _paragraph(finding):
            print_line(line)
    for line in _ending(report, verbose):
        print_line(line)


def _row(finding: Finding) -> tuple[str, ...]:
    quantity, *numbers = finding_text(finding)
    return (printable(finding.trial.name), printable(quantity), *numbers, str(finding.status))


def _print_table(rows: Sequence[tuple[str, ...]], findings: Sequence[Finding]) -> None:
    """A line for each case, and under it one for each of its numbers: narrow enough for 100 columns."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("case, quantity", overflow="fold")
    for heading in HEADINGS[2:]:
        table.add_column(heading, justify="right" if heading in RIGHT else "left", no_wrap=True)
    before = ""
    for (name, label, *cells, status), finding in zip(rows, findings, strict=True):
        if name != before:
            table.add_row(Text(name, style="bold"))
        table.add_row(Text(f"  {label}"), *map(Text, cells), Text(status, style=STYLES[finding.status]))
        before = name
    Console().print(table)


def _paragraph(finding: Finding) -> Iterator[str]:
    """Everything there is to say of one number."""
    expected = finding.expected
    yield f"{finding.status}: {printable(finding.trial.name)}: {printable(expected.quantity)}"
    unit = f" {finding.unit}" if finding.unit and finding.computed is not None else ""
    trouble = f": {finding.reason}" if finding.reason else ""
    yield f"  computed   {number_text(finding.computed)}{printable(unit)}{printable(trouble)}"
    like = f", computed by {printable(expected.like)}" if expected.like else ""
    yield f"  reference  {reference_text(finding)}{like} ({_one_line(expected.source)})"
    if finding.tolerance is not None:
        yield f"  allowed    {number_text(finding.tolerance)} ({_one_line(expected.why)})"
    else:
        yield f"  because    {_one_line(expected.why)}"
    if expected.miss:
        stale = "; yet the number is right: remove `miss`" if finding.status is Status.PASS else ""
        yield f"  cause      {_one_line(expected.miss)}{stale}"


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def _ending(report: ValidationReport, verbose: bool) -> Iterator[str]:
    counts = [f"{len(found)} {status}" for status in Status if (found := report.with_status(status))]
    runs = counted(len(report.results), "run")
    what = f"{counted(len(report.findings), 'number')} of {runs}, {report.mode}"
    yield f"{what}: {', '.join(counts) or 'nothing judged'}; {duration(report.seconds)}"
    if report.left_out:
        names = ", ".join(map(printable, report.left_out))
        what = names if verbose else counted(len(report.left_out), "run")
        yield f"{report.mode.leaves_out}: {what}"
