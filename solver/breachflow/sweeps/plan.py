"""The plan of a sweep: its points, the solutions that they need, and the order of computation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from breachflow.case.mesh_setting import mesh_setting
from breachflow.case.schema import Case
from breachflow.case.similarity import groups_of, has_scaled_flow
from breachflow.case.sweep.points import SweepAxis, SweepPoint, sweep_axes, sweep_points
from breachflow.runs.setup.costs import NESTED, run_memory, run_seconds
from breachflow.runs.setup.meshes import refusals
from breachflow.sweeps.order import OrderStep, ordered
from breachflow.sweeps.similarity import case_digest, flow_digest, kind_of


class PlannedPoint(NamedTuple):
    """A point of the sweep, with the digests of its case and of its solution; both empty without a case."""

    point: SweepPoint
    digest: str
    """Digest of the completed case."""
    solution: str
    """Digest of the flow: the name of the solution that answers the point."""

    @property
    def number(self) -> int:
        """Number of the point in the order of the sweep, from 0."""
        return self.point.number

    @property
    def case(self) -> Case:
        """The case of the point. Raises KeyError where the values of the point make no case."""
        if self.point.case is None:
            raise KeyError("case")
        return self.point.case


class Parent(NamedTuple):
    """A solution from which another solution starts."""

    solution: str
    """Digest of its flow."""
    weight: float
    """Weight in the mean of all parents; the weights add up to 1."""


@dataclass(frozen=True)
class SolutionPlan:
    """One solution that the sweep needs: the flow of one or more points, computed once."""

    digest: str
    """Digest of the flow."""
    case: Case
    """Case of the first of the points: the case that is run."""
    points: tuple[int, ...]
    """Numbers of all points that have this flow."""
    parents: tuple[Parent, ...]
    """Solutions to start from; empty if it starts from the ordinary initial state."""

    @cached_property
    def cells(self) -> int:
        """Cells of the finest mesh, where they can be counted without building it; otherwise 0."""
        return self.case.mesh.finest_cells(mesh_setting(self.case))

    @property
    def seconds(self) -> float:
        """Estimated processor time, s; 0 where nothing is known."""
        return run_seconds(self.case, self.cells, has_neighbors=bool(self.parents))


@dataclass(frozen=True)
class SweepPlan:
    """Everything that a sweep will compute."""

    case: Case
    axes: list[SweepAxis]
    points: list[PlannedPoint]
    solutions: dict[str, SolutionPlan]
    """Solutions by digest, in the order in which they are computed; parents come before their children."""

    @property
    def invalid(self) -> list[PlannedPoint]:
        """Points whose values make no case."""
        return [point for point in self.points if point.point.case is None]

    def refused(self) -> Iterator[tuple[SolutionPlan, str]]:
        """Solutions that cannot be computed, with the reason, as far as is known now."""
        solutions = list(self.solutions.values())
        for solution, reason in zip(solutions, refusals(one.case for one in solutions), strict=True):
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

    def memory(self, workers: int) -> float:
        """Estimated peak memory of a number of workers, bytes."""
        cells = max((solution.cells for solution in self.solutions.values()), default=0)
        return workers * run_memory(NESTED * cells)


def make_plan(case: Case) -> SweepPlan:
    """The plan of a case's `[sweep]`. Raises CaseError where the case has no `[sweep]`."""
    points = [_planned(point) for point in sweep_points(case)]
    members: dict[str, list[PlannedPoint]] = {}
    for point in points:
        if point.solution:
            members.setdefault(point.solution, []).append(point)
    solutions = {solution.digest: solution for solution in _solutions(members)}
    return SweepPlan(case, sweep_axes(case), points, solutions)


def _planned(point: SweepPoint) -> PlannedPoint:
    if point.case is None:
        return PlannedPoint(point, "", "")
    return PlannedPoint(point, case_digest(point.case), flow_digest(point.case))


def _solutions(members: dict[str, list[PlannedPoint]]) -> Iterator[SolutionPlan]:
    """The solutions, grouped by kind and gas in the order of first points, and ordered in each group."""
    kinds: dict[str, list[str]] = {}
    for digest, points in members.items():
        kinds.setdefault(_kind(digest, points[0].case), []).append(digest)
    for digests in kinds.values():
        cases = [members[digest][0].case for digest in digests]
        for step in _order(cases):
            digest = digests[step.flow]
            parents = tuple(Parent(digests[start.flow], start.weight) for start in step.starts)
            numbers = tuple(point.number for point in members[digest])
            yield SolutionPlan(digest, cases[step.flow], numbers, parents)


def _order(cases: list[Case]) -> list[OrderStep]:
    return ordered([groups_of(case) for case in cases]) if len(cases) > 1 else [OrderStep(0, ())]


def _kind(digest: str, case: Case) -> str:
    """Key that is equal for solutions that may start from each other; the digest where none may."""
    if not has_scaled_flow(case):
        return digest
    kind = {name: value for name, value in kind_of(case).items() if not name.startswith("gas.")}
    return json.dumps([kind, case.species.heat_capacity_ratio], sort_keys=True)
