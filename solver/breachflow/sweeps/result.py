"""What a sweep leaves: the table, a law where one can be fitted, and a count of how it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from breachflow.case.similarity import groups_of, has_scaled_flow, rounded
from breachflow.errors import OutOfRange
from breachflow.results.files.tables import read_table, write_csv, write_table
from breachflow.results.table import SweepTable
from breachflow.sweeps.columns import ELSEWHERE, SOLVED, Row, make_table
from breachflow.sweeps.plan import Point, SweepPlan
from breachflow.sweeps.record import Books, summary_of
from breachflow.sweeps.similarity import kind_of

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.leak.fitted.law import Fixed, LeakLaw

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
    def table(self) -> SweepTable:
        """The table, read from its file."""
        return read_table(self.path)

    @property
    def complete(self) -> bool:
        """Whether every point has a converged answer."""
        return set(self.counts) <= {CONVERGED}


def finish(plan: SweepPlan, books: Books, folder: Path, lost: Mapping[str, str], stopped: str) -> SweepResult:
    """Write the table in both forms."""
    make = _Rows(plan, books, folder, lost)
    rows = [make.row(point) for point in plan.points]
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


class _Rows:
    """Makes the rows of a table."""

    def __init__(self, plan: SweepPlan, books: Books, folder: Path, lost: Mapping[str, str]) -> None:
        self._plan, self._books, self._folder, self._lost = plan, books, folder, lost
        self._answers = books.answers()
        self._numbers = {point.digest: point.number for point in reversed(plan.points)}

    def row(self, point: Point) -> Row:
        """What is known of a point."""
        record, answer = self._books.records.get(point.flow), self._answers.get(point.digest)
        if record is None:
            return Row(point, {}, point.point.error or self._lost.get(point.flow, ""), "", SOLVED, SOLVED)
        if record["error"] or answer is None:
            return Row(point, {}, record["error"], "", SOLVED, SOLVED)
        is_solved = record["case"] == point.digest
        return Row(
            point=point,
            summary=summary_of(answer["summary"]),
            error="",
            result=self._books.file(point.flow).relative_to(self._folder).as_posix(),
            scaled_from=SOLVED if is_solved else self._numbers.get(record["case"], ELSEWHERE),
            started_from=self._started_from(record["started_from"]),
        )

    def _started_from(self, flows: Sequence[str]) -> int:
        """The first point that has the nearest of these flows."""
        if not flows:
            return SOLVED
        return self._plan.flows[flows[0]].points[0] if flows[0] in self._plan.flows else ELSEWHERE


def _law(rows: list[Row]) -> tuple[LeakLaw | None, str]:
    """A law of the discharge coefficient, or why there is none."""
    from breachflow.leak.fitted.law import Sample, fit_law

    good = [row for row in rows if row.status == CONVERGED]
    cases = [row.case for row in good]
    if not all(has_scaled_flow(case) for case in cases):
        return None, "only steady flow through the holes of the template follows one law"
    if not cases:
        return None, "no points converged"
    if len({str(kind_of(case)) for case in cases}) > 1:
        return None, "edges, meshes or numerics differ from point to point"
    samples = {
        row.point.flow: Sample(
            *groups_of(case),
            discharge_coefficient=float(row.summary["discharge_coefficient"].value),
            uncertainty=float(row.summary["discharge_coefficient_uncertainty"].value),
        )
        for row, case in zip(good, cases, strict=True)
    }
    try:
        return fit_law(list(samples.values()), _fixed(cases[0])), ""
    except OutOfRange as reason:
        return None, str(reason)


def _fixed(case: Case) -> Fixed:
    """The shape and the edge of the hole of a case."""
    from breachflow.leak.fitted.law import Fixed

    hole = case.hole
    return Fixed(hole.shape, rounded(hole.chamfer / hole.diameter), rounded(hole.rounding / hole.diameter))
