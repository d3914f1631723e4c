"""The part of a case that its template uses, and the boundary of each patch."""

from __future__ import annotations

from functools import cache

from pydantic import TypeAdapter

from breachflow.case.boundaries import Axis, BoundaryCondition
from breachflow.case.orifice import OutlineOrifice
from breachflow.case.schema import Case
from breachflow.templates.source import HoleSize, MeshSetting


def mesh_setting(case: Case) -> MeshSetting:
    """Everything that the mesh of a case depends on besides the keys of `[mesh]`."""
    return MeshSetting(
        hole=_hole_size(case),
        driving_pressure=_driving_pressure(case),
        outside_pressure=case.outside_pressure,
        sources=tuple(name for name, entry in case.boundary.items() if entry.feeds),
        is_steady=case.run.mode == "steady",
        is_viscous=case.flow.is_viscous,
        has_exact_solution=case.exact is not None,
        walls=tuple(
            name for name, entry in case.boundary.items() if not (entry.passes or isinstance(entry, Axis))
        ),
    )


def _driving_pressure(case: Case) -> float | None:
    feeds = any(entry.feeds for entry in case.boundary.values())
    return case.driving_gas[0] if feeds and case.exact is None else None


def boundary_of(case: Case, patch: str) -> BoundaryCondition:
    """The boundary of a patch: the one that the case gives, or the one that its template fixes."""
    return case.boundary.get(patch) or _fixed_boundary(case.mesh.patches[patch].default_kind)


def _hole_size(case: Case) -> HoleSize | None:
    hole = case.orifice
    if hole is None:
        return None
    return HoleSize(
        shape=hole.shape,
        diameter=hole.diameter,
        wall_thickness=hole.wall_thickness,
        chamfer=hole.chamfer,
        rounding=hole.rounding,
        plane=hole.plane,
        angle=hole.angle or 0.0,
        length=hole.length,
        outline=hole.form if isinstance(hole, OutlineOrifice) else None,
    )


@cache
def _fixed_boundary(kind: str) -> BoundaryCondition:
    adapter: TypeAdapter[BoundaryCondition] = TypeAdapter(BoundaryCondition)
    return adapter.validate_python({"kind": kind})
