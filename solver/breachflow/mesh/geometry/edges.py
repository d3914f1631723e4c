"""Sharp edges of walls in space, around which gas turns."""

from __future__ import annotations

from typing import Final

import numpy as np

from breachflow.arrays import AnyInts, Bools, Floats, Ints
from breachflow.mesh.mesh import Mesh

SHARP: Final = 0.5
"""Cosine between the normals of two faces below which their edge is sharp: a turn of more than 60 degrees."""

OPEN: Final = -0.1
"""Least height of both faces over the plane of the other, over their distances from the edge, at an edge
around which gas turns: it is positive there, 0 of two faces back to back, and -0.7 where gas fills a right
angle between them."""


def cells_at_sharp_edges(mesh: Mesh, center: Floats, normal: Floats, walls: AnyInts) -> Bools:
    """Which cells (n_cells,) of a mesh in space have a point on a sharp edge of the walls.

    Gas turns around such an edge by more than 60 degrees, as at the lips of a hole.

    Args:
        mesh: The mesh.
        center: Centers of its faces, (n_faces, 3).
        normal: Unit vectors out of the owners of its faces, (n_faces, 3).
        walls: Boundary faces (n,) through which no gas passes.
    """
    edges, faces = _edges_of_faces(mesh, walls)
    order = np.lexsort((edges[:, 1], edges[:, 0]))
    edges, faces = edges[order], faces[order]
    is_shared = np.all(edges[1:] == edges[:-1], axis=1)
    one, other = faces[:-1][is_shared], faces[1:][is_shared]
    middle = mesh.points[edges[:-1][is_shared]].mean(axis=1)
    to_one, to_other = center[one] - middle, center[other] - middle
    across = normal[one] - normal[other]
    size = np.linalg.norm(to_one, axis=1) + np.linalg.norm(to_other, axis=1)
    turn = np.sum(normal[one] * normal[other], axis=1)
    height = np.sum((to_other - to_one) * across, axis=1)
    is_sharp = (turn < SHARP) & (height > OPEN * size * np.linalg.norm(across, axis=1))
    sharp = edges[:-1][is_shared][is_sharp]
    is_on = np.zeros(len(mesh.points), dtype=bool)
    is_on[sharp] = True
    return np.asarray(np.add.reduceat(is_on[mesh.cell_points], mesh.cell_offsets[:-1]) > 0)


def _edges_of_faces(mesh: Mesh, faces: AnyInts) -> tuple[Ints, Ints]:
    """The edges of faces (n,), as ascending pairs of points (n_edges, 2), and the face of each (n_edges,)."""
    corners = mesh.face_corners[faces]
    counts = np.count_nonzero(corners >= 0, axis=1)
    edges, owners = [], []
    for k in range(corners.shape[1]):
        rows = np.flatnonzero(counts > k)
        following = corners[rows, (k + 1) % counts[rows]]
        edges.append(np.sort(np.column_stack([corners[rows, k], following]), axis=1))
        owners.append(np.asarray(faces)[rows])
    return np.concatenate(edges), np.concatenate(owners)
