"""The mesh as the kernels see it: flat arrays in named records, lengths in units of the reference length.

Cells come first in every state array, then one ghost cell per boundary face. Interior faces come first,
then the boundary faces, so that boundary face b has the ghost cell n_cells + b.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats, Ints
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.metric import Metric

WORST_STENCIL = 1e-3
"""Least ratio of the two extents of a gradient stencil; a flatter one is widened by its neighbors."""


FEWEST_IN_STENCIL = 4
"""Neighbors of a gradient, at least. With two it fits both and damps nothing: triangles at an opening go
unstable; with three, slow flow over triangles keeps a steady run from settling."""


class Cells(NamedTuple):
    """Cells and, in compressed rows, their faces and their gradient stencils."""

    volume: Floats
    source_area: Floats
    """Plane area of axisymmetric cells, on which their pressure pushes outward; 0 if planar."""
    forcing: Floats
    """(n_cells, nvar) sources integrated over the cells (manufactured solutions); no rows if none."""
    face_offsets: Ints
    faces: Ints
    stencil_offsets: Ints
    stencil: Ints
    """Cells (or ghost cells) from whose values a cell's gradient is taken."""
    weights: Floats
    """(len(stencil), dimension): gradient = sum of weight * (value there - value here)."""


class Faces(NamedTuple):
    """Faces: `left` is the owner, `right` the neighbor or ghost cell; normals point from left to right."""

    left: Ints
    right: Ints
    area: Floats
    normal: Floats
    left_arm: Floats
    """From the center of the left cell to the center of the face."""
    right_arm: Floats


class Boundary(NamedTuple):
    """Boundary faces: what lies behind each."""

    kind: Ints
    """`BoundaryKind` codes."""
    state: Floats
    """(n_boundary, nvar) the patch's own density, velocity, pressure."""


class Layout(NamedTuple):
    """All that the kernels need to know of the mesh."""

    axes: tuple[int, ...]
    """(0, 1) in the plane, (0, 1, 2) in space: carries the dimension into the compiled code."""
    cells: Cells
    faces: Faces
    boundary: Boundary

    @property
    def n_cells(self) -> int:
        return len(self.cells.volume)

    @property
    def n_variables(self) -> int:
        return len(self.axes) + 2


def make_layout(
    mesh: Mesh, metric: Metric, kinds: NDArray[Any], states: Floats, mirrors: NDArray[Any]
) -> Layout:
    """The layout of a mesh whose boundary faces have these kinds and states.

    `mirrors` (n_boundary,) tells behind which of them the flow is mirrored: only those ghost cells have
    a say in gradients.
    """
    area = np.linalg.norm(metric.face_area, axis=1)
    direction = _edge_normals(mesh)
    interior = mesh.face_cells[:, 1] >= 0
    n_interior = int(interior.sum())
    left = mesh.face_cells[:, 0].copy()
    right = mesh.face_cells[:, 1].copy()
    right[n_interior:] = mesh.n_cells + np.arange(mesh.n_faces - n_interior)
    left_arm = metric.face_center - metric.centroid[left]
    right_arm = np.empty_like(left_arm)
    right_arm[:n_interior] = metric.face_center[:n_interior] - metric.centroid[right[:n_interior]]
    across = np.sum(left_arm * direction, axis=1, keepdims=True)[n_interior:]
    right_arm[n_interior:] = left_arm[n_interior:] - 2.0 * across * direction[n_interior:]
    faces = Faces(left, right, area, direction, left_arm, right_arm)
    face_offsets, cell_faces = _faces_of_cells(mesh)
    counted = np.concatenate([np.ones(n_interior, dtype=bool), mirrors])
    stencil = _stencils(faces, counted, metric.centroid)
    unforced = np.zeros((0, mesh.dimension + 2))
    cells = Cells(metric.volume, metric.source_area, unforced, face_offsets, cell_faces, *stencil)
    boundary = Boundary(np.asarray(kinds, dtype=np.int32), states)
    return Layout(tuple(range(mesh.dimension)), cells, faces, boundary)


def _edge_normals(mesh: Mesh) -> Floats:
    """Unit normals from the edges themselves: on the axis a face has no r-weighted area to normalize."""
    ends = mesh.points[mesh.face_points.reshape(-1, 2)]
    edge = ends[:, 1] - ends[:, 0]
    normal = np.column_stack([edge[:, 1], -edge[:, 0]])
    return np.asarray(normal / np.linalg.norm(normal, axis=1, keepdims=True))


def _faces_of_cells(mesh: Mesh) -> tuple[Ints, Ints]:
    inside = np.flatnonzero(mesh.face_cells[:, 1] >= 0)
    cell = np.concatenate([mesh.face_cells[:, 0], mesh.face_cells[inside, 1]])
    face = np.concatenate([np.arange(mesh.n_faces), inside])
    order = np.lexsort((face, cell))
    offsets = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=mesh.n_cells))])
    return offsets.astype(np.int32), face[order].astype(np.int32)


def _stencils(faces: Faces, counted: NDArray[np.bool_], centroid: Floats) -> tuple[Ints, Ints, Floats]:
    """Stencils of all cells by their faces, widened where these are too few or do not span the plane."""
    n_cells = len(centroid)
    reach = faces.left_arm - faces.right_arm
    both = np.flatnonzero(counted & (faces.right < n_cells))
    one = np.flatnonzero(counted)
    cell = np.concatenate([faces.left[one], faces.right[both]])
    other = np.concatenate([faces.right[one], faces.left[both]])
    offset = np.concatenate([reach[one], -reach[both]])
    few = np.flatnonzero(np.bincount(cell, minlength=n_cells) < FEWEST_IN_STENCIL)
    weak = np.union1d(few, _flat_cells(cell, offset, n_cells))
    if len(weak):
        new_cell, new_other = _beyond(weak, cell, other, n_cells)
        cell, other = np.concatenate([cell, new_cell]), np.concatenate([other, new_other])
        offset = np.concatenate([offset, centroid[new_other] - centroid[new_cell]])
    order = np.lexsort((other, cell))
    cell, other, offset = cell[order], other[order], offset[order]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=n_cells))])
    return offsets.astype(np.int32), other.astype(np.int32), _weights(cell, offset, n_cells)


def _beyond(
    weak: NDArray[np.int64], cell: NDArray[Any], other: NDArray[Any], n_cells: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of each weak cell with its neighbors' neighbors that are not its neighbors."""
    from scipy.sparse import csr_matrix

    inside = other < n_cells
    pairs = (np.ones(int(inside.sum()), dtype=np.int8), (cell[inside], other[inside]))
    near = csr_matrix(pairs, shape=(n_cells, n_cells))
    two_steps = (near[weak] @ near).tocoo()
    cells, others = weak[two_steps.row], two_steps.col
    known = np.concatenate(
        [cell[inside] * np.int64(n_cells) + other[inside], np.arange(n_cells) * (n_cells + 1)]
    )
    new = ~np.isin(cells * np.int64(n_cells) + others, known)
    return cells[new].astype(np.int64), others[new].astype(np.int64)


def _normal_matrices(cell: NDArray[Any], offset: Floats, n_cells: int) -> tuple[Floats, Floats]:
    """Matrices of the least-squares problems and the inverse-square weights of their rows."""
    weight = 1.0 / np.sum(offset**2, axis=1)
    dimension = offset.shape[1]
    matrix = np.empty((n_cells, dimension, dimension))
    for i in range(dimension):
        for j in range(dimension):
            matrix[:, i, j] = np.bincount(cell, weight * offset[:, i] * offset[:, j], n_cells)
    return matrix, weight


def _flat_cells(cell: NDArray[Any], offset: Floats, n_cells: int) -> NDArray[np.int64]:
    matrix, _ = _normal_matrices(cell, offset, n_cells)
    spread = np.linalg.eigvalsh(matrix)
    return np.flatnonzero(spread[:, 0] < WORST_STENCIL**2 * np.maximum(spread[:, -1], 1e-300))


def _weights(cell: NDArray[Any], offset: Floats, n_cells: int) -> Floats:
    matrix, weight = _normal_matrices(cell, offset, n_cells)
    spread = np.linalg.eigvalsh(matrix)
    solvable = spread[:, 0] > WORST_STENCIL**2 * np.maximum(spread[:, -1], 1e-300)
    inverse = np.zeros_like(matrix)  # a cell alone in its row keeps a zero gradient: first order there
    inverse[solvable] = np.linalg.inv(matrix[solvable])
    return np.asarray(np.einsum("kij,kj->ki", inverse[cell], weight[:, None] * offset))
