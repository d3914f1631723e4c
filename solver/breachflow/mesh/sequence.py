"""Meshes of one shape that were made apart from each other, as a family from coarse to fine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

import numpy as np

from breachflow.arrays import AnyInts, Floats
from breachflow.errors import MeshError
from breachflow.mesh.checks.cells import AXIS_TOLERANCE
from breachflow.mesh.checks.places import place
from breachflow.mesh.family import MeshFamily
from breachflow.mesh.geometry.holding import CANDIDATES, holding_cells
from breachflow.mesh.geometry.space import face_middles
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.metric import cell_middles

Box: TypeAlias = tuple[tuple[float, ...], tuple[float, ...]]
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

    It is the root of the area over the number of cells, in space the third root of the volume over it (Celik
    et al. 2008, J. Fluids Eng. 130, 078001).
    Raises MeshError where it is less than `LEAST_REFINEMENT`.
    """
    (coarse_name, coarse_mesh), (name, mesh) = coarse, fine
    before, after = _cells_in(coarse_mesh, near), _cells_in(mesh, near)
    if not before * after:
        near, before, after = None, coarse_mesh.n_cells, mesh.n_cells
    ratio = float((after / before) ** (1.0 / mesh.dimension))
    if ratio >= LEAST_REFINEMENT:
        return ratio
    where = "" if near is None else " near the hole"
    raise MeshError(
        f"{name}: has {after} cells{where}, and {coarse_name} before it {before}: list the meshes from "
        f"coarse to fine, each with at least {LEAST_REFINEMENT**mesh.dimension:.2g} times the cells "
        "of the one before"
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
        ours, theirs = _pieces(mesh, line), _pieces(other, line)
        for here, its_mesh, there, pieces in (
            (name, mesh, other_name, theirs), (other_name, other, name, ours),
        ):  # fmt: skip
            point, distance = _farthest(its_mesh.points[_points_of(its_mesh, line)], pieces)
            if distance > 0.0:
                raise MeshError(
                    f"{here}: {line!r} goes through {place(point)} m, {distance:.3g} m away from "
                    f"{line!r} of {there}: the meshes of a list must have one shape"
                )


def _corners(mesh: Mesh, name: str) -> AnyInts:
    """The corners (n, 2 or 4) of the faces of a patch or a surface."""
    return mesh.face_corners[mesh.patches[name] if name in mesh.patches else mesh.surfaces[name].faces]


def _points_of(mesh: Mesh, name: str) -> AnyInts:
    """The points (n,) of a patch or a surface."""
    corners = _corners(mesh, name)
    return np.unique(corners[corners >= 0])


def _pieces(mesh: Mesh, name: str) -> Floats:
    """What a patch or a surface is made of, m: edges (n, 2 ends, 2), in space triangles (n, 3 corners, 3)."""
    corners = _corners(mesh, name)
    if mesh.dimension == 2:
        return np.asarray(mesh.points[corners])
    middle = face_middles(mesh.points, corners)
    last = np.where(corners[:, 3] < 0, corners[:, 0], corners[:, 3])
    around = np.column_stack([corners[:, :3], last])
    ends = mesh.points[np.stack([around, np.roll(around, -1, axis=1)], axis=2)]
    triangles = np.concatenate(
        [ends, np.broadcast_to(middle[:, None, None], (*ends.shape[:2], 1, 3))], axis=2
    )
    return np.asarray(triangles.reshape(-1, 3, 3))


def _farthest(points: Floats, pieces: Floats) -> tuple[Floats, float]:
    """The point (dimension,) of some (n, dimension) that is farthest off edges or triangles; its distance.

    `pieces` has the shape (m, corners, dimension). The distance is 0 if all points lie on them.
    """
    from scipy.spatial import cKDTree

    count = min(CANDIDATES, len(pieces))
    nearest = cKDTree(pieces.mean(axis=1)).query(points, count)[1].reshape(len(points), count)
    corners = np.moveaxis(pieces[nearest], 2, 0)
    distance, longest = _distance(points[:, None], corners)
    rounding = AXIS_TOLERANCE * float(np.abs(points).max())
    sag = SAGITTA * (pieces.shape[2] - 1) * longest  # in space a face bends in two directions
    excess = np.where(distance <= sag + rounding, 0.0, distance).min(axis=1)
    worst = int(np.argmax(excess))
    return points[worst], float(excess[worst])


def _distance(points: Floats, corners: Floats) -> tuple[Floats, Floats]:
    """Distances (n, k) of points (n, 1, dimension) from edges or triangles, and their longest edges (n, k).

    `corners` has the shape (corners, n, k, dimension).
    """
    found, longest = np.full(corners.shape[1:3], np.inf), np.zeros(corners.shape[1:3])
    for number in range(len(corners) if len(corners) > 2 else 1):
        begin, along = corners[number], corners[(number + 1) % len(corners)] - corners[number]
        square = np.maximum(np.sum(along**2, axis=-1), 1e-300)
        part = np.clip(np.sum((points - begin) * along, axis=-1) / square, 0.0, 1.0)
        found = np.minimum(found, np.linalg.norm(points - begin - part[..., None] * along, axis=-1))
        longest = np.maximum(longest, np.sqrt(square))
    return (found if len(corners) == 2 else np.minimum(found, _height(points, corners))), longest


def _height(points: Floats, corners: Floats) -> Floats:
    """Distances (n, k) of points from the planes of triangles (3, n, k, 3); infinite of points beside one."""
    first, second = corners[1] - corners[0], corners[2] - corners[0]
    normal = np.cross(first, second)
    square = np.maximum(np.sum(normal**2, axis=-1), 1e-300)
    offset = points - corners[0]
    u = np.sum(np.cross(offset, second) * normal, axis=-1) / square
    v = np.sum(np.cross(first, offset) * normal, axis=-1) / square
    inside = (u >= 0.0) & (v >= 0.0) & (u + v <= 1.0)
    return np.where(inside, np.abs(np.sum(offset * normal, axis=-1)) / np.sqrt(square), np.inf)
