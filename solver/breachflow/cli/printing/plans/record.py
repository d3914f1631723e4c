"""What `check` says of the case of a record: the completed case, and what the record is, in comments."""

from __future__ import annotations

from collections.abc import Iterator

from breachflow.cli.printing.lines import print_json, print_line
from breachflow.inference.case.answer import inference_of
from breachflow.inference.case.schema import RecordCase
from breachflow.words import counted, duration, single_line


def check_record(case: RecordCase, as_json: bool) -> None:
    """Print the completed case and what its record is. Raises CaseError where it cannot be read."""
    found = inference_of(case)
    if as_json:
        numbers = {"readings": found.readings, "length": found.length, "gaps": found.gaps}
        print_json({"case": case.completed_text, **numbers, "verdict": found.verdict, "reason": found.reason})
        return
    print_line(case.completed_text)
    for line in _lines(found.readings, found.length, found.gaps, found.verdict, found.reason):
        print_line(f"# {single_line(line)}")


def _lines(readings: int, length: float, gaps: int, verdict: str, reason: str) -> Iterator[str]:
    yield f"record: {counted(readings, 'reading')} over {duration(length)}, {counted(gaps, 'gap')}"
    yield f"verdict: {verdict.replace('_', ' ')}{f': {reason}' if reason else ''}"
