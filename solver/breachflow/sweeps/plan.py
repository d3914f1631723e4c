"""The plan of a sweep: its points, the solutions that they need, and the order of computation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from breachflow.document.sweep.points import SweepAxis, SweepPoint, sweep_axes, sweep_points
from breachflow.document.sweep.rules import SweptDocument
from breachflow.sweeps.kind import Parent, SweepKind, kind_of


class PlannedPoint(NamedTuple):
    """A point of the sweep, with the digests of its case and of its solution; both empty without a case."""

    point: SweepPoint[Any]
    digest: str
    """Digest of the completed case."""
    solution: str
    """Digest of the solution that answers the point."""
    kind: SweepKind

    @property
    def number(self) -> int:
        """Number of the point in the order of the sweep, from 0."""
        return self.point.number

    @property
    def case(self) -> Any:
        """The case of the point. Raises KeyError where the values of the point make no case."""
        if self.point.case is None:
            raise KeyError("case")
        return self.point.case


@dataclass(frozen=True)
class SolutionPlan:
    """One solution that the sweep needs: that of one or more points, computed once."""

    digest: str
    case: Any
    """Case of the first of the points: the case that is run."""
    points: tuple[int, ...]
    """Numbers of all points that have this solution."""
    parents: tuple[Parent, ...]
    """Solutions to start from; empty if it starts from the ordinary initial state."""
    kind: SweepKind

    @cached_property
    def cells(self) -> int:
        """Cells of the finest mesh, where they can be counted without building it; otherwise 0."""
        return self.kind.cells(self.case)

    @property
    def cost(self) -> float:
        """Weight in the progress; of a flow its estimated processor time, s, 0 where nothing is known."""
        return self.kind.cost(self.case, self.cells, bool(self.parents))


@dataclass(frozen=True)
class SweepPlan:
    """Everything that a sweep will compute."""

    case: SweptDocument
    axes: list[SweepAxis]
    points: list[PlannedPoint]
    solutions: dict[str, SolutionPlan]
    """Solutions by digest, in the order in which they are computed; parents come before their children."""
    kind: SweepKind

    @property
    def invalid(self) -> list[PlannedPoint]:
        """Points whose values make no case."""
        return [point for point in self.points if point.point.case is None]

    def refused(self) -> Iterator[tuple[SolutionPlan, str]]:
        """Solutions that cannot be computed, with the reason, as far as is known now."""
        solutions = list(self.solutions.values())
        for solution, reason in zip(
            solutions, self.kind.refusals(one.case for one in solutions), strict=True
        ):
            if reason:
                yield solution, reason

    @cached_property
    def children(self) -> dict[str, set[str]]:
        """Digests of the solutions that start from a solution, by its digest."""
        children: dict[str, set[str]] = {name: set() for name in self.solutions}
        for solution in self.solutions.values():
            for parent in solution.parents:
                children[parent.solution].add(solution.digest)
        return children

    def memory(self, workers: int) -> float | None:
        """Estimated peak memory of a number of workers, bytes; None where it is small or nothing runs."""
        if self.kind.memory is None or not self.solutions:
            return None
        return workers * max(self.kind.memory(one.case, one.cells) for one in self.solutions.values())


def make_plan(case: SweptDocument) -> SweepPlan:
    """The plan of a case's `[sweep]`. Raises CaseError where the case has no `[sweep]`."""
    kind = kind_of(case)
    points = [_planned(point, kind) for point in sweep_points(case)]
    members: dict[str, list[PlannedPoint]] = {}
    for point in points:
        if point.solution:
            members.setdefault(point.solution, []).append(point)
    solutions = {solution.digest: solution for solution in _solutions(members, kind)}
    return SweepPlan(case, sweep_axes(case), points, solutions, kind)


def _planned(point: SweepPoint[Any], kind: SweepKind) -> PlannedPoint:
    if point.case is None:
        return PlannedPoint(point, "", "", kind)
    digest = kind.case_digest(point.case)
    solution = digest if kind.solution_digest is kind.case_digest else kind.solution_digest(point.case)
    return PlannedPoint(point, digest, solution, kind)


def _solutions(members: dict[str, list[PlannedPoint]], kind: SweepKind) -> Iterator[SolutionPlan]:
    """The solutions in their order, each with the points that it answers."""
    cases = {digest: points[0].case for digest, points in members.items()}
    for digest, parents in kind.order(cases):
        numbers = tuple(point.number for point in members[digest])
        yield SolutionPlan(digest, cases[digest], numbers, parents, kind)
