"""Checks of cells in space: that each has a volume, faces with an area, and no fold."""

from __future__ import annotations

import numpy as np

from breachflow.arrays import AnyInts, Floats
from breachflow.errors import MeshError
from breachflow.mesh.checks.places import place
from breachflow.mesh.geometry.space import area_vectors, corner_volumes, face_middles
from breachflow.mesh.shapes import ShapeBlock, shape_blocks

LEAST_VOLUME = 1e-10
"""Least volume of a cell over the power 3/2 of its surface; a regular tetrahedron has 0.05, a plate of an
aspect ratio of 1e6 gives 4e-7, a needle of 1e6 gives 1e-7."""

LEAST_FACE = 1e-10
"""Least area of a face over the square of its longest diagonal or edge."""

LEAST_CORNER = -1e-10
"""Least volume of the tetrahedron at a corner over the product of its three edges; the edges of a cell at the
edge of a block may lie in one plane."""


def signed_volumes(points: Floats, block: ShapeBlock) -> Floats:
    """The volume of each cell of a block, (n,), negative where it is mirrored.

    By Gauss's theorem about its first corner, with faces cut in triangles about the mean of their corners.
    """
    faces = block.rows(block.shape.face_rows)
    arms = face_middles(points, faces) - points[block.corners[:, :1]]
    return np.asarray(np.sum(area_vectors(points, faces) * arms, axis=(1, 2)) / 3.0)


def validate_solids(points: Floats, offsets: AnyInts, corners: AnyInts) -> None:
    """Raise MeshError where a cell in space has no volume, a face of it no area, or it is folded."""
    for block in shape_blocks(offsets, corners):
        _validate_sizes(points, block)
        _validate_corners(points, block)


def _validate_sizes(points: Floats, block: ShapeBlock) -> None:
    faces = block.rows(block.shape.face_rows)
    areas = np.linalg.norm(area_vectors(points, faces), axis=-1)
    here = points[block.corners]
    volumes, surfaces = np.abs(signed_volumes(points, block)), areas.sum(axis=1)
    flat = np.flatnonzero(volumes <= LEAST_VOLUME * surfaces**1.5)
    if flat.size:
        _raise(points, block, flat, f"has no volume ({volumes[flat[0]]:.3g} with a surface of "
               f"{surfaces[flat[0]]:.3g}", "move its corners apart or mesh again")  # fmt: skip
    extent = np.ptp(here, axis=1).max(axis=1)
    empty = np.flatnonzero(areas.min(axis=1) <= LEAST_FACE * extent**2)
    if empty.size:
        _raise(points, block, empty, f"has a face with no area ({areas[empty[0]].min():.3g}",
               "give it a corner less, or mesh again")  # fmt: skip


def _validate_corners(points: Floats, block: ShapeBlock) -> None:
    sign = np.sign(signed_volumes(points, block))[:, None]
    at_corner = sign * corner_volumes(points, block.rows(block.shape.tetrahedra))
    folded = np.flatnonzero(at_corner.min(axis=1) < LEAST_CORNER)
    if folded.size:
        worst = block.shape.tetrahedra[int(np.argmin(at_corner[folded[0]]))][0]
        corner = place(points[block.corners[folded[0], worst]])
        _raise(points, block, folded, f"is folded at its corner {corner} (its edges there turn the wrong way",
               "list its corners in the order of VTK or Gmsh, or mesh again")  # fmt: skip


def _raise(points: Floats, block: ShapeBlock, cells: AnyInts, what: str, advice: str) -> None:
    """Raise the MeshError of cells of a block; `what` opens a bracket that the number of cells closes."""
    first = cells[0]
    middle = place(points[block.corners[first]].mean(axis=0))
    name = f"cell {block.cells[first]}, a {block.shape.name} at {middle}"
    raise MeshError(f"{name}, {what}; {len(cells)} such cells): {advice}")
