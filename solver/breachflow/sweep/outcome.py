"""What a sweep leaves: the table, a law where one can be fitted, and a count of how it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from breachflow.errors import OutOfRange
from breachflow.results.tidy import TidyTable, read_table, write_csv, write_table
from breachflow.sweep.books import Books, summary_of
from breachflow.sweep.columns import ELSEWHERE, SOLVED, Row, make_table
from breachflow.sweep.flows import groups_of, has_groups, kind_of
from breachflow.sweep.plan import Point, SweepPlan

if TYPE_CHECKING:
    from breachflow.sweep.law import LeakLaw

TABLE: Final = "table.h5"
CSV: Final = "table.csv"

CONVERGED: Final = "converged"


@dataclass(frozen=True)
class SweepResult:
    """A sweep that is over, or was stopped."""

    path: Path
    """The table; a CSV file of the same name lies beside it."""
    counts: Mapping[str, int]
    """Points by status: converged, not converged, failed, not computed."""
    solved: int
    """Flows that all of them have."""
    failures: Mapping[int, str]
    """By number of the point, its error."""
    law: LeakLaw | None
    why_no_law: str
    stopped: str
    """Why it was stopped; empty if it was not."""

    @property
    def table(self) -> TidyTable:
        """The table, read from its file."""
        return read_table(self.path)

    @property
    def complete(self) -> bool:
        """Whether every point has a converged answer."""
        return set(self.counts) <= {CONVERGED}


def finish(plan: SweepPlan, books: Books, folder: Path, lost: Mapping[str, str], stopped: str) -> SweepResult:
    """Write the table in both forms."""
    rows = _rows(plan, books, folder, lost)
    law, why_not = _law(rows)
    table = make_table(plan, rows, law.to_mapping() if law else None)
    write_table(folder / TABLE, table)
    write_csv(folder / CSV, table)
    return SweepResult(
        path=folder / TABLE,
        counts=Counter(row.status for row in rows),
        solved=len(plan.flows),
        failures={row.point.number: row.error for row in rows if row.error},
        law=law,
        why_no_law=why_not,
        stopped=stopped,
    )


def _rows(plan: SweepPlan, books: Books, folder: Path, lost: Mapping[str, str]) -> list[Row]:
    answers = books.answers()
    numbers: dict[str, int] = {}
    for point in plan.points:
        numbers.setdefault(point.digest, point.number)
    return [
        _row(point, plan, books, folder, answers.get(point.digest), numbers, lost) for point in plan.points
    ]


def _row(
    point: Point,
    plan: SweepPlan,
    books: Books,
    folder: Path,
    answer: Mapping[str, Any] | None,
    numbers: Mapping[str, int],
    lost: Mapping[str, str],
) -> Row:
    record = books.records.get(point.flow)
    if record is None:
        return Row(point, {}, point.point.error or lost.get(point.flow, ""), "", SOLVED, SOLVED)
    if record["error"] or answer is None:
        return Row(point, {}, record["error"], "", SOLVED, SOLVED)
    scaled = numbers.get(record["case"], ELSEWHERE)
    starts = [
        plan.flows[flow].points[0] if flow in plan.flows else ELSEWHERE for flow in record["started_from"]
    ]
    return Row(
        point=point,
        summary=summary_of(answer["summary"]),
        error="",
        result=books.file(point.flow).relative_to(folder).as_posix(),
        scaled_from=SOLVED if record["case"] == point.digest else scaled,
        started_from=starts[0] if starts else SOLVED,
    )


def _law(rows: list[Row]) -> tuple[LeakLaw | None, str]:
    """A law of the discharge coefficient, or why there is none."""
    from breachflow.sweep.law import Fixed, Sample, fit_law

    good = [row for row in rows if row.status == CONVERGED]
    cases = [row.case for row in good]
    if not all(has_groups(case) for case in cases):
        return None, "only steady flow through the holes of the template follows one law"
    if len({str(kind_of(case)) for case in cases}) != 1:
        return (
            None,
            "no points converged" if not cases else "edges, meshes or numerics differ from point to point",
        )
    samples = {
        row.point.flow: Sample(
            *groups_of(case),
            discharge_coefficient=float(row.summary["discharge_coefficient"].value),
            uncertainty=float(row.summary["discharge_coefficient_uncertainty"].value),
        )
        for row, case in zip(good, cases, strict=True)
    }
    kind = kind_of(cases[0])
    try:
        return fit_law(list(samples.values()), Fixed(kind["shape"], kind["chamfer"], kind["rounding"])), ""
    except OutOfRange as reason:
        return None, str(reason)
