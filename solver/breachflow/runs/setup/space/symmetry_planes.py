"""The planes of symmetry of a mesh in space, and which of them pass through the hole."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import AnyInts, Floats
from breachflow.case.mesh_setting import boundary_of
from breachflow.case.schema import Case
from breachflow.errors import MeshError
from breachflow.mesh.checks.places import face_place
from breachflow.mesh.geometry.space import area_vectors
from breachflow.mesh.mesh import Mesh

FLAT: Final = 1e-6
"""Distance of the points of a plane from it, over the size of the mesh, that passes as rounding."""

MOST_PLANES: Final = 6
"""Planes that one patch may have: those of a box."""


class SymmetryPlane(NamedTuple):
    """A plane on which faces of symmetry lie."""

    point: Floats
    """(3,) m"""
    normal: Floats
    """(3,) unit vector out of the gas."""

    def distances(self, points: Floats) -> Floats:
        """How far points (n, 3) lie outside the plane, (n,); negative on the side of the gas."""
        return np.asarray((points - self.point) @ self.normal)


def planes_of(mesh: Mesh, faces: AnyInts) -> list[SymmetryPlane]:
    """The planes on which boundary faces (n,) of a mesh in space lie.

    Raises MeshError where they lie on no few planes, or cells lie behind one.
    """
    planes: list[SymmetryPlane] = []
    passing = FLAT * float(np.ptp(mesh.points, axis=0).max())
    rest = np.asarray(faces, dtype=np.int64)
    while len(rest):
        corners = mesh.face_corners[rest]
        area = area_vectors(mesh.points, corners)
        size = np.linalg.norm(area, axis=1)
        widest = int(np.argmax(size))
        if len(planes) == MOST_PLANES:
            raise MeshError(f"is not flat at {face_place(mesh.points, corners[widest])}")
        plane = SymmetryPlane(mesh.points[corners[widest, 0]], area[widest] / size[widest])
        if plane.distances(mesh.points).max() > passing:
            place = face_place(mesh.points, corners[widest])
            raise MeshError(f"is not flat, or the mesh lies on both sides of it, at {place}")
        planes.append(plane)
        rest = rest[_depths(plane, mesh, corners) > passing]
    return planes


def _depths(plane: SymmetryPlane, mesh: Mesh, corners: AnyInts) -> Floats:
    """Largest distance of the corners of faces (n, 4) from a plane, (n,)."""
    distance = np.append(np.abs(plane.distances(mesh.points)), 0.0)  # -1, no corner, picks the last
    return np.asarray(distance[corners].max(axis=1))


def planes_through_hole(case: Case, mesh: Mesh, rim: Floats) -> list[SymmetryPlane]:
    """The planes of symmetry that points (n, 3) of the hole lie on: each halves the hole.

    Raises MeshError where a patch of symmetry is not flat, or the planes are not at right angles.
    """
    passing = FLAT * float(np.ptp(mesh.points, axis=0).max())
    found = [
        plane
        for name, faces in mesh.patches.items()
        if boundary_of(case, name).mirrors
        for plane in planes_of(mesh, faces)
        if np.abs(plane.distances(rim)).min() <= passing
    ]
    distinct: list[SymmetryPlane] = []
    for plane in found:
        if all(abs(plane.normal @ other.normal) < 1.0 - FLAT for other in distinct):
            distinct.append(plane)
    for number, plane in enumerate(distinct):
        for other in distinct[:number]:
            if abs(plane.normal @ other.normal) > FLAT:
                raise MeshError(
                    "two planes of symmetry through the hole are not at a right angle: mesh half of the "
                    "hole, or a quarter"
                )
    return distinct
