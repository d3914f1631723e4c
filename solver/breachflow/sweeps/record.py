"""What a sweep writes down: a flow's record, the answers of its points, the file of its solution."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

from breachflow.arrays import Floats
from breachflow.case.schema import Case
from breachflow.errors import ResultError
from breachflow.files import discard_partial_files, is_partial_file, make_folder, write_atomically
from breachflow.results import Quantity, read_result
from breachflow.sweeps.ledger import Claim, Ledger
from breachflow.sweeps.plan import FlowPlan, SweepPlan
from breachflow.sweeps.workers.task import Answer, NeighborTask

Json: TypeAlias = Mapping[str, Any]
Summary: TypeAlias = Mapping[str, Quantity]

POINTS: Final = "points"
"""Folder of the solutions, beside the ledger."""


class Books:
    """The ledger and the solutions beside it, as one sweep sees them."""

    def __init__(self, plan: SweepPlan, ledger: Ledger, folder: Path) -> None:
        self._plan, self._ledger = plan, ledger
        self._folder = folder / POINTS
        self._states: dict[str, Floats] = {}
        make_folder(self._folder)
        names = [entry.name for entry in self._folder.iterdir()]
        self._partial = {name.split(".")[1] for name in names if is_partial_file(name)}
        """Flows whose solution was being written when this sweep began, or when one was killed."""
        self.records = dict(ledger.records(plan.flows))
        self._left = {flow: children - self.records.keys() for flow, children in plan.children.items()}
        """By flow, those that are still to start from it."""
        self._add_missing_answers(self.records)

    def claim(self, flow: str) -> Claim:
        """Take a flow, unless it is done (then its record is here) or another sweep has it."""
        claim = self._ledger.claim(flow)
        if claim is Claim.DONE:
            self.records[flow] = self._ledger.records([flow])[flow]
            self._add_missing_answers([flow])
            self._forget_states(self._plan.flows[flow])
        elif claim is Claim.MINE and flow in self._partial:
            discard_partial_files(self.file(flow))
        return claim

    def release(self, flow: str) -> None:
        """Give a flow back."""
        self._ledger.release(flow)

    def write(self, answer: Answer, started_from: Iterable[str]) -> None:
        """Write a solution, its record and the answers of its points; all of it is there or nothing."""
        flow = self._plan.flows[answer.flow]
        if not answer.error:
            write_atomically(self.file(flow.digest), (answer.image,))
        record = _record(flow, answer, self._digest(flow), started_from)
        self._ledger.finish(flow.digest, record, self._answers(flow, record))
        self.records[flow.digest] = record
        if answer.state is not None and self._left[flow.digest]:
            self._states[flow.digest] = answer.state

    def file(self, flow: str) -> Path:
        """The solution of a flow."""
        return self._folder / f"{flow}.vtkhdf"

    def neighbors(self, flow: FlowPlan) -> tuple[NeighborTask, ...]:
        """What a flow starts from; nothing if any of its parents has no solution that can be trusted."""
        found = [self._neighbor(parent.flow, parent.weight) for parent in flow.parents]
        self._forget_states(flow)
        return tuple(one for one in found if one is not None) if all(found) else ()

    def answers(self) -> dict[str, Json]:
        """The answers of all points that have one, by the digest of their case."""
        return self._ledger.answers(point.digest for point in self._plan.points if point.digest)

    def _neighbor(self, flow: str, weight: float) -> NeighborTask | None:
        record = self.records.get(flow)
        if record is None or record["error"] or not record["summary"]["converged"][0]:
            return None
        state = self._states.get(flow)
        if state is None:
            state = self._read_state(flow, record["case_text"])
        return None if state is None else NeighborTask(record["case_text"], state, weight)

    def _read_state(self, flow: str, text: str) -> Floats | None:
        """From the file of the solution; None if that was lost or is damaged."""
        from breachflow.case import parse_case
        from breachflow.runs.solve.transfer import solved_state

        try:
            result = read_result(self.file(flow))
            fields = {name: result.fields[name] for name in ("density", "velocity", "pressure")}
        except (ResultError, KeyError):
            return None
        case = parse_case(text, path=self._plan.case.folder / "case.toml", allow_outside=True)
        return solved_state(case, fields)

    def _forget_states(self, flow: FlowPlan) -> None:
        for parent in flow.parents:
            left = self._left[parent.flow]
            left.discard(flow.digest)
            if not left:
                self._states.pop(parent.flow, None)

    def _add_missing_answers(self, flows: Iterable[str]) -> None:
        """Of points of this sweep whose flow was solved for other points."""
        plans = [self._plan.flows[flow] for flow in flows]
        there = self._ledger.answers(
            self._plan.points[number].digest for plan in plans for number in plan.points
        )
        for plan in plans:
            if any(self._plan.points[number].digest not in there for number in plan.points):
                self._ledger.add_answers(plan.digest, self._answers(plan, self.records[plan.digest]))

    def _answers(self, flow: FlowPlan, record: Json) -> dict[str, Json]:
        """By the digest of its case, what each point of a flow is answered."""
        if record["error"]:
            return {}
        points = [self._plan.points[number] for number in flow.points]
        return {point.digest: _answer(point.digest, point.point.case, record) for point in points}

    def _digest(self, flow: FlowPlan) -> str:
        return self._plan.points[flow.points[0]].digest


def summary_of(stored: Json) -> dict[str, Quantity]:
    """A summary as it was before it was stored."""
    return {name: Quantity(*parts) for name, parts in stored.items()}


def _record(flow: FlowPlan, answer: Answer, digest: str, started_from: Iterable[str]) -> dict[str, Any]:
    return {
        "case": digest,
        "case_text": flow.case.completed_text,
        "summary": _stored(answer.summary),
        "error": answer.error,
        "started_from": list(started_from),
        "seconds": answer.seconds,
    }


def _answer(digest: str, case: Case | None, record: Json) -> Json:
    """The summary of one point: that of the solved case itself, or scaled from it."""
    from breachflow.runs.summary.rescale import scaled_summary

    if digest == record["case"]:
        return {"summary": record["summary"]}
    assert case is not None
    return {"summary": _stored(scaled_summary(case, summary_of(record["summary"])))}


def _stored(summary: Summary) -> dict[str, list[Any]]:
    return {name: [one.value, one.unit, one.description] for name, one in summary.items()}
