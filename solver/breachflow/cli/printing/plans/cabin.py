"""What `check` says of a cabin: the completed case, and what happens on its way, in comments."""

from __future__ import annotations

from breachflow.cabin.answer.answer import CabinAnswer, solve_cabin
from breachflow.cabin.answer.phrases import clock, happening_text
from breachflow.cabin.answer.summary import summary_of
from breachflow.cabin.grammar.schema import CabinCase
from breachflow.cli.printing.lines import print_json, print_line
from breachflow.words import single_line

MOST_SHOWN = 20
"""Happenings that are printed."""


def check_cabin(case: CabinCase, as_json: bool) -> None:
    """Print the completed case of a cabin and what happens on its way, without intervals; nothing is written.

    Raises CaseError where the law of a leak ends on the way.
    """
    answer = solve_cabin(case, varied=False)
    if as_json:
        summary = summary_of(answer)
        kept = ("crossings", "events", "reserve_limit", "reserve_time", "caution", "steps")
        print_json({"case": case.completed_text, **{name: summary[name] for name in kept}})
        return
    print_line(case.completed_text)
    for line in _lines(answer):
        print_line(f"# {single_line(line)}")


def _lines(answer: CabinAnswer) -> list[str]:
    happenings, unit = answer.record.happenings, "mmHg"
    last = happenings[-1].time
    rows = [f"{clock(found.time, last)}: {happening_text(found, answer, unit)}" for found in happenings]
    if len(rows) > MOST_SHOWN:
        rows = [*rows[: MOST_SHOWN - 1], f"... {len(rows) - MOST_SHOWN} more", rows[-1]]
    never = [name for name in answer.case.limit if answer.record.first_crossing(name) is None]
    return [
        *rows,
        *(f"limit {name}: never passed" for name in never),
        *(f"caution: {caution}" for caution in answer.cautions),
        f"{answer.record.steps} steps; books closed to {answer.residuals.mass:.0e} of the mass",
    ]
