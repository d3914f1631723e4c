"""The hole of a mesh in space: where it lies, which way it faces and how large it is."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import AnyInts, Floats
from breachflow.case.schema import Case
from breachflow.errors import MeshError
from breachflow.mesh.geometry.space import area_vectors, face_middles
from breachflow.mesh.mesh import Mesh, Surface
from breachflow.runs.setup.space.symmetry_planes import planes_through_hole

BESIDE_RIM: Final = 0.02
"""Distance of a wall from the outline of the hole, over the opening, up to which it belongs to the bore."""


class SolidHole(NamedTuple):
    """The surface `orifice` of a mesh in space."""

    direction: Floats
    """(3,) unit vector from the cabin to space: the mean normal of the surface, within all planes."""
    center: Floats
    """(3,) m, in all planes of symmetry."""
    area: float
    """m2 of the whole hole, across the direction."""
    mirrors: Floats
    """(n, 3) unit normals of the planes of symmetry that halve the hole."""
    multiple: float
    """The whole hole over that of the mesh."""


def solid_hole(case: Case, mesh: Mesh, surface: Surface) -> SolidHole:
    """The hole of a mesh in space, from the surface with the sides that the gas comes from.

    Raises MeshError where planes of symmetry are none, or the surface has no direction.
    """
    corners = mesh.face_corners[surface.faces]
    area = area_vectors(mesh.points, corners) * surface.sides[:, None]
    planes = planes_through_hole(case, mesh, mesh.points[np.unique(corners[corners >= 0])])
    mirrors, multiple = np.array([plane.normal for plane in planes]).reshape(-1, 3), 2.0 ** len(planes)
    total = within(area.sum(axis=0), mirrors)
    size = float(np.linalg.norm(total))
    if not size > 0.0:
        raise MeshError("the surface 'orifice' has no direction: its faces cancel each other")
    middle = face_middles(mesh.points, corners)
    weight = np.linalg.norm(area, axis=1)
    center = weight @ middle / weight.sum()
    for plane in planes:
        center = center - plane.distances(center[None])[0] * plane.normal
    return SolidHole(total / size, center, multiple * size, mirrors, multiple)


def within(vector: Floats, normals: Floats) -> Floats:
    """The part of a vector (3,) that lies in all planes with these orthogonal unit normals (n, 3)."""
    return np.asarray(vector - (normals @ vector) @ normals)


def bore_at(mesh: Mesh, hole: SolidHole, surface: Surface, walls: AnyInts) -> tuple[float, float]:
    """Begin and end of the bore along the direction: those of the walls at the outline of the hole."""
    from scipy.spatial import cKDTree

    rim = _rim(mesh, surface, walls)
    if not len(rim):
        place = float(hole.center @ hole.direction)
        return place, place
    used = mesh.face_corners[walls]
    points = mesh.points[np.unique(used[used >= 0])]
    flat = [some - np.outer(some @ hole.direction, hole.direction) for some in (rim, points)]
    near = cKDTree(flat[0]).query(flat[1])[0] <= BESIDE_RIM * np.sqrt(hole.area)
    along = points[near] @ hole.direction
    return float(along.min()), float(along.max())


def _rim(mesh: Mesh, surface: Surface, walls: AnyInts) -> Floats:
    """The points (n, 3) that the surface shares with walls."""
    on_surface, on_walls = (np.unique(mesh.face_corners[faces]) for faces in (surface.faces, walls))
    shared = np.intersect1d(on_surface, on_walls)
    return mesh.points[shared[shared >= 0]]
