"""What a sweep needs to know of flows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from breachflow.case.mesh_setting import mesh_setting
from breachflow.case.read import parse_case
from breachflow.case.schema import Case
from breachflow.case.similarity import groups_of, has_scaled_flow
from breachflow.compiled import set_threads
from breachflow.runs.setup.cost.steady import NESTED, run_memory, run_seconds
from breachflow.runs.setup.meshes import refusals
from breachflow.runs.setup.reference import dimension_of
from breachflow.runs.solve.warm_up import warm_up_for
from breachflow.runs.summary.rescale import scaled_summary
from breachflow.sweeps.flow.columns import flow_columns
from breachflow.sweeps.flow.law import law_of
from breachflow.sweeps.flow.order import OrderStep, ordered
from breachflow.sweeps.flow.similarity import case_digest, flow_digest, kind_of
from breachflow.sweeps.flow.solve import solve_flow
from breachflow.sweeps.flow.status import CONVERGED, flow_status
from breachflow.sweeps.kind import OrderedSolution, Parent, SweepKind


def _read(text: str, folder: Path) -> Case:
    return parse_case(text, path=folder / "case.toml", allow_outside=True)


def _files(case: Case) -> Sequence[Path]:
    return case.mesh.mesh_files


def _order(cases: Mapping[str, Case]) -> Iterator[OrderedSolution]:
    """The flows, grouped by kind and gas in the order of first points, and ordered in each group."""
    kinds: dict[str, list[str]] = {}
    for digest, case in cases.items():
        kinds.setdefault(_kind(digest, case), []).append(digest)
    for digests in kinds.values():
        for step in _steps([cases[digest] for digest in digests]):
            parents = tuple(Parent(digests[start.flow], start.weight) for start in step.starts)
            yield OrderedSolution(digests[step.flow], parents)


def _steps(cases: list[Case]) -> list[OrderStep]:
    return ordered([groups_of(case) for case in cases]) if len(cases) > 1 else [OrderStep(0, ())]


def _kind(digest: str, case: Case) -> str:
    """Key that is equal for flows that may start from each other; the digest where none may, as in space."""
    if not has_scaled_flow(case) or case.mesh.plane == "spatial":
        return digest
    kind = {name: value for name, value in kind_of(case).items() if not name.startswith("gas.")}
    return json.dumps([kind, case.species.heat_capacity_ratio], sort_keys=True)


def _cells(case: Case) -> int:
    return case.mesh.finest_cells(mesh_setting(case))


def _memory(case: Case, cells: int) -> float:
    dimension = dimension_of(case)
    return run_memory(NESTED[dimension] * cells, dimension)


KIND: Final = SweepKind(
    name="flow",
    suffix=".vtkhdf",
    read=_read,
    case_digest=case_digest,
    solution_digest=flow_digest,
    solve=solve_flow,
    status=flow_status,
    columns=flow_columns,
    good=CONVERGED,
    files=_files,
    file="mesh file",
    order=_order,
    refusals=refusals,
    cells=_cells,
    cost=run_seconds,
    knows_seconds=True,
    shared="; points of the same flow in other units are scaled",
    started=", {} of them from solved neighbors",
    memory=_memory,
    require=set_threads,
    warm_up=lambda case, stop: warm_up_for(case, dimension_of(case), stop),
    scaled=scaled_summary,
    law=law_of,
)
