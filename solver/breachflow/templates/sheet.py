"""Sheets: meshes of quadrilaterals or triangles whose points form rows and columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from breachflow.arrays import Floats, Ints
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.topology import build_mesh


def sheet_mesh(
    points: Floats, edges: Mapping[str, Ints], triangles: bool = False, mirrored: bool = False
) -> Mesh:
    """The mesh of a sheet of points (n, m, 2), with lines of point numbers as named edges.

    Cells are numbered along the second index first. Each begins with its corner (i, j) and goes around
    counterclockwise, also where the points are `mirrored`. Triangles halve the quadrilaterals from (i, j) to
    (i + 1, j + 1). Raises MeshError where a cell is degenerate or folded.
    """
    cells = quadrilaterals(point_numbers(points))
    if mirrored:
        cells = cells[:, [0, 3, 2, 1]]
    if triangles:
        cells = np.stack([cells[:, :3], cells[:, [0, 2, 3]]], axis=1).reshape(-1, 3)
    named = {name: edges_of(line) for name, line in edges.items()}
    return build_mesh(points.reshape(-1, 2), [cells], named)


def quadrilaterals(node: Ints) -> Ints:
    """The corners (n_cells, 4) of the cells of a sheet whose points have the numbers `node` (n, m)."""
    corners = (node[:-1, :-1], node[1:, :-1], node[1:, 1:], node[:-1, 1:])
    return np.column_stack([corner.ravel() for corner in corners])


def edges_of(line: Ints) -> Ints:
    """The edges (n - 1, 2) of a line of point numbers (n,)."""
    return np.column_stack([line[:-1], line[1:]])


def point_numbers(points: Floats) -> Ints:
    """The number of each point of a sheet (n, m, 2), (n, m)."""
    return np.arange(points.shape[0] * points.shape[1], dtype=np.int32).reshape(points.shape[:2])


def parent_quadrilaterals(lines: int, rows: int) -> Ints:
    """The parents (n_cells,) of the quadrilaterals of a sheet of `lines` times `rows` cells.

    The coarser sheet has every second point in either direction; both numbers are even.
    """
    line, row = np.divmod(np.arange(lines * rows, dtype=np.int32), np.int32(rows))
    return np.asarray(line // 2 * np.int32(rows // 2) + row // 2, dtype=np.int32)
