"""The validation page: tables of all numbers by group, with their references, sources and figures."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from breachflow.bench.machine import core_count, processor
from breachflow.errors import ResultError, UsageError
from breachflow.report.validation import figures
from breachflow.report.validation.tables import (
    case_lines,
    failure_lines,
    miss_lines,
    overview_lines,
    tested,
)
from breachflow.validation.judge import Finding
from breachflow.validation.validate import ValidationReport
from breachflow.version import __version__
from breachflow.words import single_line

PACKAGES: Final = ("numpy", "numba", "h5py")
"""Packages whose versions the page states."""


class CaseGroup(NamedTuple):
    """Findings of the cases in one folder."""

    name: str
    findings: list[Finding]


def require_writable(page: Path) -> None:
    """Check before the runs that the page can be written.

    Raises UsageError without matplotlib or for a name that does not end in .md; ResultError where the folder
    does not exist.
    """
    if find_spec("matplotlib") is None:
        raise UsageError("the page's figures need matplotlib: pip install 'breachflow[report]'")
    if page.suffix.lower() != ".md":
        raise UsageError(f"{single_line(str(page))}: the name of a page ends in .md")
    if not page.parent.is_dir():
        raise ResultError(f"{single_line(str(page))}: its folder does not exist; create it")


def write_page(report: ValidationReport, page: Path) -> None:
    """Write the page, and its figures into a folder of the page's name beside it."""
    folder = page.with_suffix("")
    folder.mkdir(exist_ok=True)
    lines = list(_heading(report))
    for group in groups(report.findings):
        lines += _section(report, group, folder)
    page.write_text("\n".join(lines), encoding="utf-8")


def _section(report: ValidationReport, group: CaseGroup, folder: Path) -> Iterator[str]:
    """Figures of a group, then the table and figures of each case."""
    yield f"## {group.name}"
    yield ""
    yield from _images(write_figures(report, group.findings, folder, group=group.name))
    for _, findings in groupby(group.findings, key=lambda finding: finding.trial.case.folder):
        found = list(findings)
        yield from case_lines(found, folder.parent)
        yield from _images(write_figures(report, found, folder))


def write_figures(
    report: ValidationReport, findings: Sequence[Finding], folder: Path, group: str = ""
) -> list[Path]:
    """Write the figures of a group, or of the case that all findings belong to; return their files."""
    from breachflow.report.validation.style import save_figure

    modules = [import_module(f"{figures.__name__}.{name}") for name in figures.NAMES]
    chosen = [module for module in modules if bool(group) == module.PER_GROUP]
    chosen.sort(key=lambda module: int(module.PLACE))
    name = group or findings[0].trial.case.name
    drawn = [(module.SUFFIX, module.draw(report, findings)) for module in chosen]
    return [save_figure(figure, folder, f"{name}{suffix}") for suffix, figure in drawn if figure is not None]


def _images(files: Sequence[Path]) -> Iterator[str]:
    for file in files:
        yield f"![{file.stem.replace('-', ' ')}]({file.parent.name}/{file.name})"
        yield ""


def groups(findings: Sequence[Finding]) -> list[CaseGroup]:
    """The findings by the first part of the cases' names, in the order of the runs."""
    names = list(dict.fromkeys(_group_name(finding) for finding in findings))
    return [CaseGroup(name, [found for found in findings if _group_name(found) == name]) for name in names]


def _group_name(finding: Finding) -> str:
    case = finding.trial.case
    return case.name.split("/")[0] if case.shipped else "other cases"


def _heading(report: ValidationReport) -> Iterator[str]:
    yield "# Validation"
    yield ""
    yield "Written by `breachflow validate --page`: do not edit, run it again."
    yield ""
    yield tested(report)
    yield ""
    yield f"Breachflow {__version__}, {datetime.now(UTC).date().isoformat()}, {machine()}."
    yield ""
    yield from overview_lines([(group.name, group.findings) for group in groups(report.findings)])
    yield from failure_lines(report)
    yield from miss_lines(report)


def machine() -> str:
    """Processor, number of cores, system, and the versions of Python and of the packages."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    system = f"{platform.system()}, Python {platform.python_version()}, {versions}"
    return f"{processor()}, {core_count()} cores, {system}"
