"""Meshes of one shape that were made apart from each other, as a family from coarse to fine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import sqrt
from typing import Final, TypeAlias

import numpy as np

from breachflow.arrays import Floats
from breachflow.errors import MeshError
from breachflow.mesh.checks.cells import AXIS_TOLERANCE
from breachflow.mesh.checks.places import place
from breachflow.mesh.family import MeshFamily
from breachflow.mesh.geometry.holding import CANDIDATES, holding_cells
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.metric import cell_middles

Box: TypeAlias = tuple[tuple[float, float], tuple[float, float]]
"""Lower and upper corner, m."""

LEAST_REFINEMENT: Final = 1.1
"""Least size of the cells of a mesh over that of the next finer one.

With less, the change from mesh to mesh is a small part of the error, and says little about it.
"""

SAGITTA: Final = 0.1
"""Largest distance of a point of a boundary from that of another mesh, over the length of the edge there.

An edge that spans 45 degrees of an arc is that far from the middle of the arc.
"""


def mesh_sequence(meshes: Mapping[str, Mesh], near: Box | None) -> MeshFamily:
    """The family of meshes by their names, the coarsest first; refinement is that of the cells in `near`.

    Raises MeshError where the meshes do not have one shape, or where one is hardly finer than the one before.
    """
    (*others, (name, finest)) = meshes.items()
    for other, mesh in others:
        _require_same_names(other, mesh, name, finest)
        _require_same_shape(other, mesh, name, finest)
    pairs = list(zip(meshes.items(), list(meshes.items())[1:], strict=False))
    refinements = tuple(_refinement(coarse, fine, near) for coarse, fine in pairs)
    parents = tuple(holding_cells(coarse, cell_middles(fine)) for (_, coarse), (_, fine) in pairs)
    return MeshFamily(tuple(meshes.values()), parents, refinements)


def _refinement(coarse: tuple[str, Mesh], fine: tuple[str, Mesh], near: Box | None) -> float:
    """Representative size of the cells near the hole, that of a mesh over that of the next one.

    It is the root of the area over the number of cells (Celik et al. 2008, J. Fluids Eng. 130, 078001).
    Raises MeshError where it is less than `LEAST_REFINEMENT`.
    """
    (coarse_name, coarse_mesh), (name, mesh) = coarse, fine
    before, after = _cells_in(coarse_mesh, near), _cells_in(mesh, near)
    if not before * after:
        near, before, after = None, coarse_mesh.n_cells, mesh.n_cells
    ratio = sqrt(after / before)
    if ratio >= LEAST_REFINEMENT:
        return ratio
    where = "" if near is None else " near the hole"
    raise MeshError(
        f"{name}: has {after} cells{where}, and {coarse_name} before it {before}: list the meshes from "
        f"coarse to fine, each with at least {LEAST_REFINEMENT**2:.2g} times the cells of the one before"
    )


def _cells_in(mesh: Mesh, box: Box | None) -> int:
    """Number of cells whose middle is in the box; of all without a box."""
    if box is None:
        return mesh.n_cells
    lower, upper = np.asarray(box)
    middles = cell_middles(mesh)
    return int(np.all((middles >= lower) & (middles <= upper), axis=1).sum())


def _require_same_names(name: str, mesh: Mesh, other_name: str, other: Mesh) -> None:
    """Raise MeshError unless two meshes have the same patches and the same measuring surfaces."""
    for what, ours, theirs in (
        ("patches", mesh.patches, other.patches),
        ("surfaces inside", mesh.surfaces, other.surfaces),
    ):
        if set(ours) != set(theirs):
            raise MeshError(
                f"{name}: has the {what} {_listed(ours)}, and {other_name} has {_listed(theirs)}: "
                "the meshes of a list must have one shape and the same names"
            )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, sorted(names))) or "none"


def _require_same_shape(name: str, mesh: Mesh, other_name: str, other: Mesh) -> None:
    """Raise MeshError unless every patch and surface of one mesh lies on that of the other."""
    for line in [*mesh.patches, *mesh.surfaces]:
        ours, theirs = _edges(mesh, line), _edges(other, line)
        for here, its_edges, there, edges in (
            (name, ours, other_name, theirs), (other_name, theirs, name, ours),
        ):  # fmt: skip
            point, distance = _farthest(its_edges.reshape(-1, 2), edges)
            if distance > 0.0:
                raise MeshError(
                    f"{here}: {line!r} goes through {place(point)} m, {distance:.3g} m away from "
                    f"{line!r} of {there}: the meshes of a list must have one shape"
                )


def _edges(mesh: Mesh, line: str) -> Floats:
    """The edges of a patch or a surface, (n, 2 ends, 2), m."""
    faces = mesh.patches[line] if line in mesh.patches else mesh.surfaces[line].faces
    return np.asarray(mesh.points[mesh.face_corners[faces]])


def _farthest(points: Floats, edges: Floats) -> tuple[Floats, float]:
    """The point (2,) of some (n, 2) that is farthest off edges (m, 2, 2), and its distance; 0 if on them."""
    from scipy.spatial import cKDTree

    count = min(CANDIDATES, len(edges))
    nearest = cKDTree(edges.mean(axis=1)).query(points, count)[1].reshape(len(points), count)
    begin, end = edges[nearest, 0], edges[nearest, 1]
    along = end - begin
    square = np.sum(along**2, axis=-1)
    part = np.clip(np.sum((points[:, None] - begin) * along, axis=-1) / square, 0.0, 1.0)
    distance = np.linalg.norm(points[:, None] - begin - part[..., None] * along, axis=-1)
    rounding = AXIS_TOLERANCE * float(np.abs(points).max())
    excess = np.where(distance <= SAGITTA * np.sqrt(square) + rounding, 0.0, distance).min(axis=1)
    worst = int(np.argmax(excess))
    return points[worst], float(excess[worst])
