"""The result of a sweep: the table, a fitted law where the points allow one, and counts of the points."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from breachflow.case.similarity import groups_of, has_scaled_flow, rounded
from breachflow.errors import OutOfRange
from breachflow.results.files.tables import read_table, write_csv, write_table
from breachflow.results.quantities import EXPECTED
from breachflow.results.table import SweepTable
from breachflow.runs.summary.comparison import has_plain_walls
from breachflow.runs.summary.model import LEAST_ACCURATE
from breachflow.sweeps.columns import ELSEWHERE, SOLVED, PointRow, make_table
from breachflow.sweeps.plan import PlannedPoint, SweepPlan
from breachflow.sweeps.record import SweepRecord, summary_of
from breachflow.sweeps.similarity import kind_of

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.leak.fitted.law import HoleShape, LeakLaw

TABLE: Final = "table.h5"
"""Name of the table in the folder of a sweep."""

CSV: Final = "table.csv"
"""Name of the same table as text."""

CONVERGED: Final = "converged"
"""Status of a point with a converged answer."""


@dataclass(frozen=True)
class SweepResult:
    """The result of a sweep that has ended."""

    path: Path
    """The table; a CSV file of the same name lies beside it."""
    counts: Mapping[str, int]
    """Number of points by status: converged, not converged, failed, not computed."""
    solved: int
    """Number of different flows of all points."""
    failures: Mapping[int, str]
    """Errors of points that failed, by number of the point."""
    law: LeakLaw | None
    """The law fitted to the converged points, if they allow one."""
    why_no_law: str
    """Why there is no law; empty if there is one."""
    stopped: str
    """Why the sweep was stopped before its end; empty if it was not."""

    @property
    def table(self) -> SweepTable:
        """The table. Raises ResultError where its file cannot be read."""
        return read_table(self.path)

    @property
    def complete(self) -> bool:
        """Whether every point has a converged answer."""
        return set(self.counts) <= {CONVERGED}


def finish(
    plan: SweepPlan, record: SweepRecord, folder: Path, lost: Mapping[str, str], stopped: str
) -> SweepResult:
    """Fit the law and write the table as HDF5 and as CSV.

    `lost` has the errors of solutions that are not in the ledger, `stopped` the reason for an early end.
    Raises ResultError where a file cannot be written.
    """
    maker = _RowMaker(plan, record, folder, lost)
    rows = [maker.row(point) for point in plan.points]
    law, why_not = law_of(rows)
    table = make_table(plan, rows, law.to_mapping() if law else None)
    write_table(folder / TABLE, table)
    write_csv(folder / CSV, table)
    return SweepResult(
        path=folder / TABLE,
        counts=Counter(row.status for row in rows),
        solved=len(plan.solutions),
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


def law_of(rows: list[PointRow]) -> tuple[LeakLaw | None, str]:
    """The law of the discharge coefficient over the converged rows, or the reason why there is none."""
    from breachflow.leak.fitted.law import FlowSample, fit_law

    good = [row for row in rows if row.status == CONVERGED and _is_accurate(row.case)]
    cases = [row.case for row in good]
    if not all(has_scaled_flow(case) for case in cases):
        return None, "only steady flow through the holes of the template follows one law"
    if not cases and any(row.status == CONVERGED for row in rows):
        return None, f"the gas is too thin for laminar flow: delta is below {LEAST_ACCURATE:g} at all points"
    if not cases:
        return None, "no points converged"
    if len({str(kind_of(case)) for case in cases}) > 1:
        return None, "models, edges, meshes, walls, numerics or viscosity laws differ from point to point"
    if not has_plain_walls(cases[0]):
        return None, "its walls slide or are not as warm as the gas, which no leak is asked for"
    samples = [
        FlowSample(
            **groups_of(case)._asdict(),
            discharge_coefficient=row.number("discharge_coefficient"),
            uncertainty=row.number("discharge_coefficient_uncertainty"),
            distance=_distance(row),
        )
        for row, case in zip(good, cases, strict=True)
    ]
    try:
        return fit_law(samples, _hole_shape(cases[0])), ""
    except OutOfRange as reason:
        return None, str(reason)


def _is_accurate(case: Case) -> bool:
    """Whether the gas is dense enough for the model of a case; without friction the law itself asks."""
    return not has_scaled_flow(case) or groups_of(case).rarefaction >= LEAST_ACCURATE


def _distance(row: PointRow) -> float:
    """Distance of the coefficient of a point to its best estimate; 0 where there is none."""
    if EXPECTED not in row.summary:
        return 0.0
    return abs(row.number("discharge_coefficient") - row.number(EXPECTED))


def _hole_shape(case: Case) -> HoleShape:
    """The shape and the edge of the hole of a case."""
    from breachflow.leak.fitted.law import HoleShape

    hole = case.hole
    return HoleShape(
        hole.shape, rounded(hole.chamfer / hole.diameter), rounded(hole.rounding / hole.diameter)
    )
