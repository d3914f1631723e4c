"""Cut a mesh open along faces inside it: walls of no thickness, with gas on both sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Bools, Floats, Indices
from breachflow.mesh.ragged import row_of_value


class CutMesh(NamedTuple):
    """Points, cells and faces of the mesh that is cut."""

    points: Floats
    """(n_points, dimension)"""
    offsets: Indices
    """(n_cells + 1,) start of the corners of each cell."""
    corners: Indices
    """(n_corners,) points of all cells."""
    face_points: Indices
    """(n_faces, 2 or 4) points of each face, -1 behind the corners of a triangle."""
    face_cells: Indices
    """(n_faces, 2) cells beside each face, -1 where there is none."""


class OpenedMesh(NamedTuple):
    """The mesh with the points along the cut doubled."""

    points: Floats
    """(n_points + n_doubled, dimension)"""
    corners: Indices
    """(n_corners,) points of all cells."""
    faces: Mapping[str, Indices]
    """(m, 2 or 4) points of the faces of each name; a face that is cut counts twice, once for each side."""


def cut_open(mesh: CutMesh, cut: Bools, tagged: Mapping[str, Indices]) -> OpenedMesh:
    """The mesh with a gap of no width along the faces `cut` (n_faces,), all of which lie between cells.

    `tagged` are the positions of the faces of each name. Around each point of the cut, cells that other faces
    join keep a point in common; an end of the cut inside the gas stays one point.
    """
    corners, doubled = _new_corners(mesh, cut)
    at = _CornerAt(mesh)
    faces = {name: _renamed(mesh, found, at, corners) for name, found in tagged.items()}
    return OpenedMesh(np.concatenate([mesh.points, mesh.points[doubled]]), corners, faces)


class _CornerAt:
    """Positions in the list of corners, by cell and point."""

    def __init__(self, mesh: CutMesh) -> None:
        self._n_points = len(mesh.points)
        keys = row_of_value(mesh.offsets) * self._n_points + mesh.corners
        self._order = np.argsort(keys)
        self._keys = keys[self._order]

    def __call__(self, cells: Indices, points: Indices) -> Indices:
        """The positions (n,) of corners of which each exists."""
        return self._order[np.searchsorted(self._keys, cells * self._n_points + points)]


def _new_corners(mesh: CutMesh, cut: Bools) -> tuple[Indices, Indices]:
    """The corners (n_corners,) with new points, numbered after the old ones, and the old one of each new."""
    fan = _fans(mesh, cut)
    on_cut = np.isin(mesh.corners, mesh.face_points[cut])
    pairs, of_corner = np.unique(
        np.column_stack([mesh.corners[on_cut], fan[on_cut]]), axis=0, return_inverse=True
    )
    is_new = np.append(False, pairs[1:, 0] == pairs[:-1, 0])
    number = np.where(is_new, len(mesh.points) + np.cumsum(is_new) - 1, pairs[:, 0])
    corners = mesh.corners.copy()
    corners[on_cut] = number[of_corner.ravel()]
    return corners, pairs[is_new, 0]


def _fans(mesh: CutMesh, cut: Bools) -> Indices:
    """A number for each corner (n_corners,), equal for those that faces beside the cut join at one point."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    at, joined = _CornerAt(mesh), (mesh.face_cells[:, 1] >= 0) & ~cut
    (first, second), points = mesh.face_cells[joined].T, mesh.face_points[joined]
    ends = [(end, end >= 0) for end in points.T]
    here = np.concatenate([at(first[some], end[some]) for end, some in ends])
    there = np.concatenate([at(second[some], end[some]) for end, some in ends])
    n = len(mesh.corners)
    graph = coo_matrix((np.ones(len(here), dtype=np.int8), (here, there)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _renamed(mesh: CutMesh, found: Indices, at: _CornerAt, corners: Indices) -> Indices:
    """The faces at positions `found` by their new points, (m, 2 or 4): once for each cell beside them."""
    sides = []
    for cells in mesh.face_cells[found].T:
        rows = mesh.face_points[found[cells >= 0]]
        owner = np.broadcast_to(cells[cells >= 0, None], rows.shape)
        renamed = rows.copy()
        renamed[rows >= 0] = corners[at(owner[rows >= 0], rows[rows >= 0])]
        sides.append(renamed)
    return np.concatenate(sides)
