"""What a sweep will do: its points, the flows they have, and the order in which these are solved."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from breachflow.case.schema import Case
from breachflow.case.similarity import groups_of, has_scaled_flow
from breachflow.case.sweep.points import SweepAxis, SweepPoint, sweep_axes, sweep_points
from breachflow.runs.setup.costs import NESTED, run_memory, run_seconds
from breachflow.runs.setup.meshes import mesh_lines
from breachflow.sweeps.order import Step, ordered
from breachflow.sweeps.similarity import case_digest, flow_digest, kind_of


class Point(NamedTuple):
    """A point of the sweep with the names of its case and of its flow; empty where it has no case."""

    point: SweepPoint
    digest: str
    flow: str

    @property
    def number(self) -> int:
        return self.point.number


class Parent(NamedTuple):
    """A flow that another starts from."""

    flow: str
    weight: float


@dataclass(frozen=True)
class FlowPlan:
    """One flow that is to be solved."""

    digest: str
    case: Case
    """Of the first point that has it: the one which is solved."""
    points: tuple[int, ...]
    """Numbers of all points that have it."""
    parents: tuple[Parent, ...]

    @cached_property
    def cells(self) -> int:
        """Cells of the finest mesh, where they can be counted without building it; otherwise 0."""
        lines = mesh_lines(self.case)
        return lines[-1].cells if lines else 0

    @property
    def seconds(self) -> float:
        """Estimated processor time, s; 0 where nothing can be said."""
        return run_seconds(self.case, self.cells, has_neighbors=bool(self.parents))


@dataclass(frozen=True)
class SweepPlan:
    """Everything a sweep will do."""

    case: Case
    axes: list[SweepAxis]
    points: list[Point]
    flows: dict[str, FlowPlan]
    """By digest, in the order in which they are solved; parents come before their children."""

    @property
    def bad(self) -> list[Point]:
        """Points whose values make no case."""
        return [point for point in self.points if point.point.case is None]

    @cached_property
    def children(self) -> dict[str, set[str]]:
        """Which flows start from each."""
        children: dict[str, set[str]] = {name: set() for name in self.flows}
        for flow in self.flows.values():
            for parent in flow.parents:
                children[parent.flow].add(flow.digest)
        return children

    def memory(self, workers: int) -> float:
        """Estimated peak bytes of so many workers."""
        cells = max((flow.cells for flow in self.flows.values()), default=0)
        return workers * run_memory(NESTED * cells)


def make_plan(case: Case) -> SweepPlan:
    """Check and order everything before anything is solved. Raises CaseError where a case has no [sweep]."""
    points = [_point(point) for point in sweep_points(case)]
    members: dict[str, list[Point]] = {}
    for point in points:
        if point.flow:
            members.setdefault(point.flow, []).append(point)
    flows = {flow.digest: flow for flow in _flows(members)}
    return SweepPlan(case, sweep_axes(case), points, flows)


def _point(point: SweepPoint) -> Point:
    if point.case is None:
        return Point(point, "", "")
    return Point(point, case_digest(point.case), flow_digest(point.case))


def _flows(members: dict[str, list[Point]]) -> Iterator[FlowPlan]:
    """By kind and gas, in the order of first points; inside of each, as `order` has it."""
    kinds: dict[str, list[str]] = {}
    for flow, points in members.items():
        kinds.setdefault(_family(flow, _case(points[0])), []).append(flow)
    for flows in kinds.values():
        cases = [_case(members[flow][0]) for flow in flows]
        for step in _steps(cases):
            digest = flows[step.flow]
            parents = tuple(Parent(flows[start.flow], start.weight) for start in step.starts)
            numbers = tuple(point.number for point in members[digest])
            yield FlowPlan(digest, cases[step.flow], numbers, parents)


def _steps(cases: list[Case]) -> list[Step]:
    return ordered([groups_of(case) for case in cases]) if len(cases) > 1 else [Step(0, ())]


def _family(flow: str, case: Case) -> str:
    """What the flows have in common that may start from one another."""
    if not has_scaled_flow(case):
        return flow
    return json.dumps([kind_of(case), case.species.heat_capacity_ratio], sort_keys=True)


def _case(point: Point) -> Case:
    assert point.point.case is not None
    return point.point.case
