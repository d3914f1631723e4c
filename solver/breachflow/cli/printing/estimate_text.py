"""Output of `breachflow estimate`: an estimate, and the table of laws."""

from __future__ import annotations

from breachflow.cli.printing.lines import print_line, print_rows
from breachflow.leak.answer import Estimate, answer_rows, answer_sections
from breachflow.leak.explanation import explanation
from breachflow.leak.laws import LAWS
from breachflow.shipped import cases_with_law


def print_laws() -> None:
    """Every law of the registry with its shapes, range and source; the shipped sweeps with fitted laws."""
    for law in LAWS:
        rows = [("shape", law.shape), ("range", law.range), ("source", law.source)]
        print_rows(rows, f"{law.name}: {law.title}")
    for case in cases_with_law().values():
        print_rows(
            [("source", f"flows computed by the shipped sweep {case.name}")], f"{case.name}: {case.title}"
        )


def print_explanation(estimate: Estimate) -> None:
    """The answer, then the formulas with numbers."""
    print_rows(answer_rows(estimate))
    print_line()
    for line in explanation(estimate):
        print_line(line)


def print_estimate(estimate: Estimate) -> None:
    """The answer, what limits it, the inputs, and what each law says."""
    for number, section in enumerate(answer_sections(estimate)):
        if number > 0:
            print_line()
        print_rows(section.rows, section.title)
