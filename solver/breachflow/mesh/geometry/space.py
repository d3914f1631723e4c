"""Geometry of faces and cells in space.

A face is cut in triangles about the mean of its corners: two cells then see the same surface between them,
even where the corners of a quadrilateral do not lie in one plane, and every cell is closed to rounding.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breachflow.arrays import AnyInts, Floats


class FaceMoments(NamedTuple):
    """Integrals over faces (n,) cut in triangles about the mean of their corners."""

    middle: Floats
    """(n, 3) mean of the corners."""
    area: Floats
    """(n, 3) area times unit normal."""
    spread: Floats
    """(n, 3, 3) sum over the triangles of (center - middle) x (area times unit normal)."""

    @property
    def center(self) -> Floats:
        """The centers (n, 3), weighted by the area in the direction of the normal."""
        offset = np.einsum("nij,nj->ni", self.spread, self.area)
        return np.asarray(self.middle + offset / np.sum(self.area**2, axis=1)[:, None])


class CellMoments(NamedTuple):
    """Integrals over cells in space."""

    volume: Floats
    """(n_cells,)"""
    first: Floats
    """(n_cells, 3) integral of the place relative to the point that was given for each cell."""


def area_vectors(points: Floats, faces: AnyInts) -> Floats:
    """Area times unit normal (..., 3) of faces (..., 4); of a triangle the last corner is -1.

    Half the product of the diagonals: also that of the triangles about any point, for a bent face too.
    """
    last = np.where(faces[..., 3] < 0, faces[..., 2], faces[..., 3])
    first = points[faces[..., 2]] - points[faces[..., 0]]
    return np.asarray(0.5 * np.cross(first, points[last] - points[faces[..., 1]]))


def face_middles(points: Floats, faces: AnyInts) -> Floats:
    """The mean of the corners (..., 3) of faces (..., 4); of a triangle the last corner is -1."""
    three = points[faces[..., 0]] + points[faces[..., 1]] + points[faces[..., 2]]
    is_triangle = (faces[..., 3] < 0)[..., None]
    return np.where(is_triangle, three / 3.0, 0.25 * (three + points[faces[..., 3]]))


def face_moments(points: Floats, faces: AnyInts) -> FaceMoments:
    """The moments of faces (n, 4); of a triangle the last corner is -1."""
    middle = face_middles(points, faces)
    spread = np.zeros((len(faces), 3, 3))
    for k in range(4):
        after = faces[:, (k + 1) % 4]
        begin = points[faces[:, k]] - middle
        end = points[np.where(after < 0, faces[:, 0], after)] - middle
        area = 0.5 * np.cross(begin, end)
        area[faces[:, k] < 0] = 0.0
        spread += (begin + end)[:, :, None] / 3.0 * area[:, None, :]
    return FaceMoments(middle, area_vectors(points, faces), spread)


def cell_moments(faces: FaceMoments, face_cells: AnyInts, origin: Floats) -> CellMoments:
    """The moments of cells about a point in each, `origin` (n_cells, 3), by Gauss's theorem.

    `face_cells` (n, 2) are the owners, out of which the normals of the faces point, and the neighbors or -1.
    A triangle with the area A and the center c makes a tetrahedron of volume A (c - o)/3 with the point o,
    and A (c - m) = 0 with the face's mean point m, which is a corner of the triangle.
    """
    n_cells = len(origin)
    volume, first = np.zeros(n_cells), np.zeros((n_cells, 3))
    for side, sign in ((0, 1.0), (1, -1.0)):
        has = face_cells[:, side] >= 0
        cell, arm = face_cells[has, side], faces.middle[has] - origin[face_cells[has, side]]
        flux = sign * np.sum(faces.area[has] * arm, axis=1)
        volume += np.bincount(cell, flux, n_cells) / 3.0
        moment = sign * np.einsum("nij,nj->ni", faces.spread[has], arm) + flux[:, None] * arm
        for axis in range(3):
            first[:, axis] += np.bincount(cell, moment[:, axis], n_cells) / 4.0
    return CellMoments(volume, first)


def corner_volumes(points: Floats, corners: AnyInts) -> Floats:
    """Six times the volume (...) of tetrahedra (..., 4), over the product of the three edges at the first."""
    edges = points[corners[..., 1:]] - points[corners[..., :1]]
    product = np.prod(np.linalg.norm(edges, axis=-1), axis=-1)
    volume = np.sum(np.cross(edges[..., 0, :], edges[..., 1, :]) * edges[..., 2, :], axis=-1)
    return np.asarray(np.divide(volume, product, out=np.zeros_like(volume), where=product > 0.0))
