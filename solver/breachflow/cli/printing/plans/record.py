"""What `check` says of the case of a record: the completed case, and what its gate says, in comments."""

from __future__ import annotations

from collections.abc import Iterator

from breachflow.cli.printing.lines import print_json, print_line
from breachflow.inference.case.answer import RecordGate, gate_of
from breachflow.inference.case.schema import RecordCase
from breachflow.words import counted, duration, single_line


def check_record(case: RecordCase, as_json: bool) -> None:
    """Print the completed case and what its record is. Raises CaseError where it cannot be read."""
    found = gate_of(case)
    if as_json:
        print_json({"case": case.completed_text, **found._asdict()})
        return
    print_line(case.completed_text)
    for line in _lines(found):
        print_line(f"# {single_line(line)}")


def _lines(found: RecordGate) -> Iterator[str]:
    """What the record is, and why it would have no rate."""
    gaps = counted(found.gaps, "gap")
    yield f"record: {counted(found.readings, 'reading')} over {duration(found.length)}, {gaps}"
    if found.verdict is None:
        yield "gate: passed; `breachflow infer` says what leaks"
    else:
        yield f"gate: {found.verdict.replace('_', ' ')}: {found.reason}"
