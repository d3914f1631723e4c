"""The validation page: every number with its reference, tables by group, figures beside it."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from breachflow.bench.machine import processor
from breachflow.errors import ResultError, UsageError
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


class CaseGroup(NamedTuple):
    """Findings of the cases that lie in one folder."""

    name: str
    findings: list[Finding]


def require_writable(page: Path) -> None:
    """Refuse what would fail after all the runs: no matplotlib, or no place for the page."""
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
    from breachflow.report.validation.figures import write_case_figures, write_overview

    yield f"## {group.name}"
    yield ""
    yield from _images(write_overview(group.name, group.findings, folder))
    for _, findings in groupby(group.findings, key=lambda finding: finding.trial.case.folder):
        found = list(findings)
        yield from case_lines(found, folder.parent)
        yield from _images(write_case_figures(report, found, folder))


def _images(figures: list[Path]) -> Iterator[str]:
    for figure in figures:
        yield f"![{figure.stem.replace('-', ' ')}]({figure.parent.name}/{figure.name})"
        yield ""


def groups(findings: list[Finding]) -> list[CaseGroup]:
    """By the first part of the cases' names, in the order in which they were run."""
    names = list(dict.fromkeys(_group_name(finding) for finding in findings))
    return [CaseGroup(name, [found for found in findings if _group_name(found) == name]) for name in names]


def _group_name(finding: Finding) -> str:
    candidate = finding.trial.case
    return candidate.name.split("/")[0] if candidate.shipped else "other cases"


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
    """Processor, number of cores, system and the versions of what computes."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    system = f"{platform.system()}, Python {platform.python_version()}, {versions}"
    return f"{processor()}, {cores} cores, {system}"
