"""The result of a sweep: the table, a fitted law where the points allow one, and counts of the points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from breachflow.results.files.tables import read_table, write_csv, write_table
from breachflow.results.table import SweepTable
from breachflow.sweeps.columns import ELSEWHERE, SOLVED, PointRow, make_table
from breachflow.sweeps.plan import PlannedPoint, SweepPlan
from breachflow.sweeps.record import SweepRecord, summary_of

if TYPE_CHECKING:
    from breachflow.leak.fitted.law import LeakLaw

TABLE: Final = "table.h5"
"""Name of the table in the folder of a sweep."""

CSV: Final = "table.csv"
"""Name of the same table as text."""


@dataclass(frozen=True)
class SweepResult:
    """The result of a sweep that has ended."""

    path: Path
    """The table; a CSV file of the same name lies beside it."""
    counts: Mapping[str, int]
    """Number of points by status: converged, not converged, failed, not computed; of cabins: computed, ..."""
    solved: int
    """Number of different solutions of all points."""
    kind: str
    """What the solutions are: "flow" or "cabin"."""
    good: str
    """Status of a point whose numbers can be trusted."""
    failures: Mapping[int, str]
    """Errors of points that failed, by number of the point."""
    law: LeakLaw | None
    """The law fitted to the converged points, if they allow one."""
    why_no_law: str
    """Why there is no law; empty if there is one, and of cabins."""
    stopped: str
    """Why the sweep was stopped before its end; empty if it was not."""

    @property
    def table(self) -> SweepTable:
        """The table. Raises ResultError where its file cannot be read."""
        return read_table(self.path)

    @property
    def complete(self) -> bool:
        """Whether every point has an answer that can be trusted."""
        return set(self.counts) <= {self.good}


def finish(
    plan: SweepPlan, record: SweepRecord, folder: Path, lost: Mapping[str, str], stopped: str
) -> SweepResult:
    """Fit the law, where there may be one, and write the table as HDF5 and as CSV.

    `lost` has the errors of solutions that are not in the ledger, `stopped` the reason for an early end.
    Raises ResultError where a file cannot be written.
    """
    maker = _RowMaker(plan, record, folder, lost)
    rows = [maker.row(point) for point in plan.points]
    law, why_not = plan.kind.law(rows)
    table = make_table(plan, rows, law.to_mapping() if law else None)
    write_table(folder / TABLE, table)
    write_csv(folder / CSV, table)
    return SweepResult(
        path=folder / TABLE,
        counts=Counter(row.status for row in rows),
        solved=len(plan.solutions),
        kind=plan.kind.name,
        good=plan.kind.good,
        failures={row.point.number: row.error for row in rows if row.error},
        law=law,
        why_no_law=why_not,
        stopped=stopped,
    )


class _RowMaker:
    """Makes the rows of the table."""

    def __init__(self, plan: SweepPlan, record: SweepRecord, folder: Path, lost: Mapping[str, str]) -> None:
        self._plan, self._record, self._folder, self._lost = plan, record, folder, lost
        self._answers = record.answers()
        self._numbers = {point.digest: point.number for point in reversed(plan.points)}

    def row(self, point: PlannedPoint) -> PointRow:
        """The row of a point."""
        entry, answer = self._record.entries.get(point.solution), self._answers.get(point.digest)
        if entry is None:
            error = point.point.error or self._lost.get(point.solution, "")
            return PointRow(point, {}, error, "", SOLVED, SOLVED)
        if entry["error"] or answer is None:
            return PointRow(point, {}, entry["error"], "", SOLVED, SOLVED)
        is_solved = entry["case"] == point.digest
        return PointRow(
            point=point,
            summary=summary_of(answer["summary"]),
            error="",
            result=self._record.file(point.solution).relative_to(self._folder).as_posix(),
            scaled_from=SOLVED if is_solved else self._numbers.get(entry["case"], ELSEWHERE),
            started_from=self._started_from(entry["started_from"]),
        )

    def _started_from(self, parents: Sequence[str]) -> int:
        """Number of the first point of the nearest parent."""
        if not parents:
            return SOLVED
        nearest = self._plan.solutions.get(parents[0])
        return nearest.points[0] if nearest else ELSEWHERE
