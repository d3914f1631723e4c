"""The tables of the validation page, as lines of Markdown."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from breachflow.shipped import root
from breachflow.validation.judge import Finding, Status
from breachflow.validation.plan import ValidationMode
from breachflow.validation.text import finding_text, number_text, reference_text
from breachflow.validation.validate import ValidationReport
from breachflow.words import counted

RESULTS = {Status.PASS: "pass", Status.MISS: "**known miss**", Status.FAIL: "**FAIL**"}
MODES = {
    ValidationMode.FAST: "each case with its fast overrides: coarse meshes, wider tolerances",
    ValidationMode.WRITTEN: "each case as written, without the slow ones",
    ValidationMode.FULL: "each case as written",
}


def tested(report: ValidationReport) -> str:
    """A sentence: numbers, runs, time, mode, and how many numbers passed, missed and failed."""
    counts = ", ".join(f"{len(report.with_status(status))} {words}" for status, words in _COUNTED)
    numbers, runs = counted(len(report.findings), "number"), counted(len(report.results), "run")
    return f"{numbers} of {runs} in {report.seconds:.0f} s, {MODES[report.mode]}: {counts}."


_COUNTED = ((Status.PASS, "pass"), (Status.MISS, "missed with a known cause"), (Status.FAIL, "failed"))


def overview_lines(groups: Sequence[tuple[str, list[Finding]]]) -> Iterator[str]:
    """A table with the number of findings of each status by group."""
    yield "| group | numbers | pass | known misses | failed |"
    yield "|---|---:|---:|---:|---:|"
    for name, findings in groups:
        counts = [sum(finding.status is status for finding in findings) for status in Status]
        yield f"| [{name}](#{name.replace(' ', '-')}) | {len(findings)} | {' | '.join(map(str, counts))} |"
    yield ""


def failure_lines(report: ValidationReport) -> Iterator[str]:
    """The section of the failures; nothing where there are none."""
    yield from _list("Failures", report.with_status(Status.FAIL))


def miss_lines(report: ValidationReport) -> Iterator[str]:
    """The section of the known misses with their causes; nothing where there are none."""
    yield from _list("Known misses", report.with_status(Status.MISS))


def _list(title: str, findings: list[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield f"## {title}"
    yield ""
    for finding in findings:
        cause = f": {_text(finding.expected.miss)}" if finding.expected.miss else ""
        yield (
            f"- **{_text(finding.trial.name)}**, {_text(finding.label)} {number_text(finding.computed)}, "
            f"reference {reference_text(finding)}, {_text(finding.reason)}{cause}"
        )
    yield ""


def case_lines(findings: list[Finding], folder: Path) -> Iterator[str]:
    """The section of one case: its title, a table of its numbers, and their sources."""
    case = findings[0].trial.case
    yield f"### {_linked(case.name, case.folder, folder)}"
    yield ""
    if title := case.load().title:
        yield f"{_text(title)}."
        yield ""
    notes = list(dict.fromkeys(map(_note, findings)))
    yield from _number_table(findings, notes)
    for number, (source, why) in enumerate(notes, start=1):
        yield f"{number}. {_sentence(source)} Tolerance: {_sentence(why)}"
    yield ""


def _note(finding: Finding) -> tuple[str, str]:
    """Source of the reference and reason for the tolerance, which several findings may share."""
    return finding.expected.source, finding.expected.why


def _number_table(findings: list[Finding], notes: list[tuple[str, str]]) -> Iterator[str]:
    """A row for each finding, with the number of its note; a column of variants where there are any."""
    has_variants = any(finding.trial.variant for finding in findings)
    heading = ["quantity", "computed", "reference", "error", "tolerance", "mesh", "result", "source"]
    yield _row(["variant", *heading] if has_variants else heading)
    yield _row(["---"] * (1 + has_variants) + ["---:"] * 5 + ["---", "---"])
    for finding in findings:
        variant = finding.trial.variant
        cells = _cells(finding, notes.index(_note(finding)) + 1)
        yield _row([_text(variant.name if variant else "")] * has_variants + cells)
    yield ""


def _cells(finding: Finding, note: int) -> list[str]:
    """The row of a finding, without the variant; `note` is the number of its source."""
    text = finding_text(finding)
    unit = f" {finding.unit}" if finding.unit else ""
    computed = f"{text.computed}{unit}"
    row = [_text(text.quantity), computed, text.reference, text.error, text.tolerance, text.mesh]
    return [*row, RESULTS[finding.status], str(note)]


def _linked(name: str, case: Path, folder: Path) -> str:
    """The name of a case, as a link to its README.md where page and case lie in this project."""
    readme, home = case / "README.md", root()
    if not (readme.is_file() and folder.resolve().is_relative_to(home) and case.is_relative_to(home)):
        return _text(name)
    return f"[{_text(name)}]({Path(os.path.relpath(readme, folder.resolve())).as_posix()})"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _sentence(text: str) -> str:
    clean = _text(text)
    return clean if clean.endswith(".") else f"{clean}."


def _text(text: str | None) -> str:
    """The text on one line, escaped for Markdown."""
    return re.sub(r"([\\|*<>`])", r"\\\1", " ".join((text or "").split()))
