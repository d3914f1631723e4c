"""The record of a sweep on disk: ledger entries of solutions, answers of points, and result files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from breachflow.arrays import Floats
from breachflow.errors import ResultError
from breachflow.files import discard_partial_files, make_folder, write_atomically
from breachflow.results import Quantity, read_result
from breachflow.results.checkpoint.pair import discard_checkpoints
from breachflow.sweeps.entry import sound_answers, sound_entries
from breachflow.sweeps.ledger import Claim, Json, Ledger
from breachflow.sweeps.plan import PlannedPoint, SolutionPlan, SweepPlan
from breachflow.sweeps.workers.task import NeighborTask, TaskResult

POINTS: Final = "points"
"""Folder of the result files, beside the ledger."""


class SweepRecord:
    """The ledger and the result files of one sweep.

    `entries` has, by digest, the ledger entry of every solution of the plan that is done.
    """

    def __init__(self, plan: SweepPlan, ledger: Ledger, folder: Path) -> None:
        """Read what the ledger has of the plan; `folder` holds the ledger. Raises ResultError."""
        self._plan, self._ledger = plan, ledger
        self._folder = folder / POINTS
        self._states: dict[str, Floats] = {}
        """States (n_cells, 4) by solution, as long as another solution will start from them."""
        make_folder(self._folder)
        discard_partial_files(self._folder, {self.file(solution).name for solution in plan.solutions})
        self._place = folder / "ledger.sqlite"
        self.entries = sound_entries(ledger.entries(plan.solutions), self._place)
        self.others = ledger.others(plan.solutions)
        """Number of solutions in the ledger that are of other cases or of other sources."""
        self._waiting = {digest: children - self.entries.keys() for digest, children in plan.children.items()}
        """Solutions that have not yet started from a solution, by its digest."""
        self._add_missing_answers(self.entries)

    def claim(self, solution: str) -> Claim:
        """Claim a solution for this sweep. The entry of one that is done is read. Raises ResultError."""
        claim = self._ledger.claim(solution)
        if claim is Claim.DONE:
            self.entries |= sound_entries(self._ledger.entries([solution]), self._place)
            self._add_missing_answers([solution])
            self._forget_states(self._plan.solutions[solution])
        return claim

    def release(self, solution: str) -> None:
        """Give up the claim of a solution. Raises ResultError where the ledger cannot be written."""
        self._ledger.release(solution)

    def write(self, result: TaskResult, started_from: Iterable[str]) -> None:
        """Write the result file, the ledger entry and the answers of the points.

        An entry is written after its file: the file of every entry is complete. `started_from` has the
        digests of the parents. Raises ResultError where the folder or the ledger cannot be written.
        """
        solution = self._plan.solutions[result.solution]
        if not result.error:
            write_atomically(self.file(solution.digest), (result.image,))
        entry = _entry(solution, result, self._case_digest(solution), started_from)
        self._ledger.finish(solution.digest, entry, self._answers(solution, entry))
        discard_checkpoints(self.file(solution.digest))
        self.entries[solution.digest] = entry
        if result.state is not None and self._waiting[solution.digest]:
            self._states[solution.digest] = result.state

    def file(self, solution: str) -> Path:
        """Path of the result file of a solution."""
        return self._folder / f"{solution}{self._plan.kind.suffix}"

    def neighbors(self, solution: SolutionPlan) -> tuple[NeighborTask, ...]:
        """The parents of a solution with their states; none if a parent failed or did not converge."""
        found = [self._neighbor(parent.solution, parent.weight) for parent in solution.parents]
        self._forget_states(solution)
        return tuple(one for one in found if one is not None) if all(found) else ()

    def answers(self) -> dict[str, Json]:
        """Answers of all points that have one, by digest of the case. Raises ResultError."""
        digests = (point.digest for point in self._plan.points if point.digest)
        return sound_answers(self._ledger.answers(digests), self._place)

    def _neighbor(self, solution: str, weight: float) -> NeighborTask | None:
        entry = self.entries.get(solution)
        if entry is None or entry["error"] or not entry["summary"]["converged"][0]:
            return None
        state = self._states.get(solution)
        if state is None:
            state = self._read_state(solution, entry["case_text"])
        return None if state is None else NeighborTask(entry["case_text"], state, weight)

    def _read_state(self, solution: str, text: str) -> Floats | None:
        """The state (n_cells, 4) in the result file; None if the file is lost or damaged."""
        from breachflow.case import parse_case
        from breachflow.runs.solve.transfer import solved_state

        try:
            result = read_result(self.file(solution))
            fields = {name: result.fields[name] for name in ("density", "velocity", "pressure")}
        except (ResultError, KeyError):
            return None
        case = parse_case(text, path=self._plan.case.folder / "case.toml", allow_outside=True)
        return solved_state(case, fields)

    def _forget_states(self, solution: SolutionPlan) -> None:
        """Drop the states of parents from which no other solution will start."""
        for parent in solution.parents:
            waiting = self._waiting[parent.solution]
            waiting.discard(solution.digest)
            if not waiting:
                self._states.pop(parent.solution, None)

    def _add_missing_answers(self, digests: Iterable[str]) -> None:
        """Add the answers of points of this sweep whose solution was computed for other points."""
        solutions = [self._plan.solutions[digest] for digest in digests]
        known = self._ledger.answers(
            self._plan.points[number].digest for solution in solutions for number in solution.points
        )
        for solution in solutions:
            if any(self._plan.points[number].digest not in known for number in solution.points):
                answers = self._answers(solution, self.entries[solution.digest])
                self._ledger.add_answers(solution.digest, answers)

    def _answers(self, solution: SolutionPlan, entry: Json) -> dict[str, Json]:
        """Answers of all points of a solution, by digest of the case; none if it failed."""
        if entry["error"]:
            return {}
        points = [self._plan.points[number] for number in solution.points]
        return {point.digest: _answer(point, entry) for point in points}

    def _case_digest(self, solution: SolutionPlan) -> str:
        return self._plan.points[solution.points[0]].digest


def summary_of(stored: Json) -> dict[str, Quantity]:
    """The summary that an entry or an answer stores."""
    return {name: Quantity(*parts) for name, parts in stored.items()}


def _entry(
    solution: SolutionPlan, result: TaskResult, case: str, started_from: Iterable[str]
) -> dict[str, Any]:
    """The ledger entry of a solution; `case` is the digest of the case that was run."""
    return {
        "case": case,
        "case_text": solution.case.completed_text,
        "summary": _stored(result.summary),
        "error": result.error,
        "started_from": list(started_from),
        "seconds": result.seconds,
    }


def _answer(point: PlannedPoint, entry: Json) -> Json:
    """The summary of one point: that of the run itself, or scaled from it."""
    if point.digest == entry["case"]:
        return {"summary": entry["summary"]}
    return {"summary": _stored(point.kind.scaled(point.case, summary_of(entry["summary"])))}


def _stored(summary: Mapping[str, Quantity]) -> dict[str, list[Any]]:
    return {name: [one.value, one.unit, one.description] for name, one in summary.items()}
