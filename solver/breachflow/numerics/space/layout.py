"""The mesh as the kernels see it: flat arrays in named records, lengths in units of the reference length.

In every array of states the cells come first, then one ghost cell for each boundary face. Interior faces come
before boundary faces; boundary face b has the ghost cell n_cells + b.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Bools, CellRows, CellScalars, Floats, Ints
from breachflow.compiled import pointwise
from breachflow.mesh.geometry.edges import cells_at_sharp_edges
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.metric import Metric
from breachflow.physics.boundary import BEHAVIORS
from breachflow.vectors import dot, load

WORST_STENCIL: Final = 1e-3
"""Least ratio of the two extents of a gradient stencil; a flatter one is widened by its neighbors."""

FEWEST_PER_AXIS: Final = 2
"""Least number of neighbors in a gradient stencil, for each axis.

In the plane: with two, the gradient fits both neighbors exactly and triangles at an opening become unstable;
with three, slow flow over triangles keeps a steady run from converging. In space, slow flow from a point
source does not converge over tetrahedra with four, nor over pyramids with five; with six it does in ten
steps. A cell of six faces at an opening keeps its five: they span all axes, and neighbors' neighbors beyond a
plane of symmetry are not at hand, so that a half and a whole would have another flow.
"""

FACES_OF_HEXAHEDRA: Final = 6
"""Faces of a cell in space whose neighbors across them alone serve its gradient."""


class Cells(NamedTuple):
    """Cells and, in compressed rows, their faces and their gradient stencils."""

    volume: CellScalars
    source_area: CellScalars
    """Plane area of axisymmetric cells, on which their pressure pushes outward; 0 if planar."""
    inverse_radius: CellScalars
    """1/r of the centers of axisymmetric cells; 0 if planar."""
    forcing: CellRows
    """(n_cells, nvar) sources integrated over the cells (manufactured solutions); no rows if none."""
    face_offsets: Ints
    """(n_cells + 1,) start of each cell's faces in `faces`."""
    faces: Ints
    """Face numbers, those of one cell side by side."""
    stencil_offsets: Ints
    """(n_cells + 1,) start of each cell's stencil in `stencil`."""
    stencil: Ints
    """Cells or ghost cells from whose values a cell's gradient is taken."""
    weights: Floats
    """(len(stencil), dimension): gradient = sum of weight * (value there - value here)."""


class Faces(NamedTuple):
    """Faces: `left` is the owner, `right` the neighbor or ghost cell; normals point from left to right."""

    left: Ints
    """(n_faces,)"""
    right: Ints
    """(n_faces,)"""
    area: Floats
    """(n_faces,) length in the plane; per radian if axisymmetric."""
    normal: Floats
    """(n_faces, dimension) unit vectors."""
    left_to_face: Floats
    """(n_faces, dimension) from the center of the left cell to the center of the face."""
    right_to_face: Floats
    """(n_faces, dimension) from the center of the right cell to the center of the face."""
    inverse_radius: Floats
    """(n_faces,) 1/r of the centers of axisymmetric faces; 0 if planar, and on the axis."""
    damping: Floats
    """(n_interior,) how much more of the dissipation of gas at rest acts than the numerical flux has, 0 to 1;
    no entries if none."""
    softening: Floats
    """(n_interior,) HLLE's part of the flux HLLC, 0 to 1; no entries if none."""


class Boundary(NamedTuple):
    """Boundary faces: what lies behind each. Arrays have one entry for each boundary face."""

    behavior: Ints
    """Codes of `physics.boundary.BEHAVIORS`."""
    state: Floats
    """(n_ghosts, nvar) density, velocity, pressure that the patch prescribes."""
    slip: Floats
    """(n_ghosts, 2) slip coefficient and coefficient of the temperature jump of walls with friction."""
    is_limited: Bools
    """Whether the gradient inside is limited toward the face."""


class Layout(NamedTuple):
    """All that the kernels need to know of the mesh."""

    axes: tuple[int, ...]
    """(0, 1) in the plane, (0, 1, 2) in space: its length, the dimension, is known to the compiler."""
    cells: Cells
    faces: Faces
    boundary: Boundary

    @property
    def n_cells(self) -> int:
        """Cells, without ghost cells."""
        return len(self.cells.volume)

    @property
    def n_variables(self) -> int:
        """Variables of a state: density, one velocity for each axis, pressure."""
        return len(self.axes) + 2


@pointwise
def interior_faces(layout: Layout) -> int:
    """Number of faces between two cells, which is also the number of the first boundary face."""
    return len(layout.faces.area) - len(layout.boundary.behavior)


def lesser_sides(layout: Layout, values: Floats) -> Floats:
    """(n_interior,) the lesser of the values (n_cells,) on both sides of each interior face."""
    inside = interior_faces(layout)
    return np.asarray(np.minimum(values[layout.faces.left[:inside]], values[layout.faces.right[:inside]]))


@pointwise
def center_distance(faces: Faces, face: int, axes: tuple[int, ...]) -> float:
    """Distance between the centers on both sides of a face, along its normal."""
    normal = load(faces.normal, face, 0, axes)
    return dot(load(faces.left_to_face, face, 0, axes), normal) - dot(
        load(faces.right_to_face, face, 0, axes), normal
    )


def make_layout(
    mesh: Mesh, metric: Metric, behaviors: Ints, states: Floats, slip: Floats | None = None
) -> Layout:
    """The layout of a mesh, given behavior codes (n_ghosts,) and states (n_ghosts, nvar) of the boundary.

    `slip` (n_ghosts, 2) are the coefficients of slip and temperature jump; absent, all are 0.
    """
    area = np.linalg.norm(metric.face_area, axis=1)
    direction = metric.face_normal
    interior = mesh.face_cells[:, 1] >= 0
    n_interior = int(interior.sum())
    left = mesh.face_cells[:, 0].copy()
    right = mesh.face_cells[:, 1].copy()
    right[n_interior:] = mesh.n_cells + np.arange(mesh.n_faces - n_interior)
    left_to_face = metric.face_center - metric.centroid[left]
    right_to_face = np.empty_like(left_to_face)
    right_to_face[:n_interior] = metric.face_center[:n_interior] - metric.centroid[right[:n_interior]]
    across = np.sum(left_to_face * direction, axis=1, keepdims=True)[n_interior:]
    right_to_face[n_interior:] = left_to_face[n_interior:] - 2.0 * across * direction[n_interior:]
    near = _inverse_radius(metric.face_center[:, 1], bool(np.any(metric.source_area > 0.0)))
    faces = Faces(left, right, area, direction, left_to_face, right_to_face, near, np.zeros(0), np.zeros(0))
    face_offsets, cell_faces = _faces_of_cells(mesh)
    boundary = Boundary(
        np.asarray(behaviors, dtype=np.int32),
        states,
        np.zeros((len(behaviors), 2)) if slip is None else slip,
        _of_behavior(behaviors, "is_limited"),
    )
    counted = np.concatenate(
        [np.ones(n_interior, dtype=bool), _of_behavior(behaviors, "counts_in_gradients")]
    )
    few, flat = _reconstruction(mesh, metric, face_offsets, behaviors)
    stencil = _stencils(faces, counted, metric.centroid, few, flat)
    unforced = np.zeros((0, mesh.dimension + 2))
    near = _inverse_radius(metric.centroid[:, 1], bool(np.any(metric.source_area > 0.0)))
    cells = Cells(metric.volume, metric.source_area, near, unforced, face_offsets, cell_faces, *stencil)
    return Layout(tuple(range(mesh.dimension)), cells, faces, boundary)


def _inverse_radius(radius: Floats, axisymmetric: bool) -> Floats:
    """1/r (n,), or 0 on the axis and in the plane."""
    inverse = np.zeros(len(radius))
    return np.divide(1.0, radius, out=inverse, where=(radius > 0.0) & axisymmetric)


def _of_behavior(behaviors: Ints, attribute: str) -> Bools:
    """An attribute of `BoundaryBehavior` for each boundary face, (n_ghosts,)."""
    flags = [bool(getattr(behavior, attribute)) for behavior in BEHAVIORS.values()]
    return np.array(flags, dtype=np.bool_)[behaviors]


def _faces_of_cells(mesh: Mesh) -> tuple[Ints, Ints]:
    """Faces of all cells in compressed rows: offsets (n_cells + 1,) and face numbers, ascending in a row."""
    inside = np.flatnonzero(mesh.face_cells[:, 1] >= 0)
    cell = np.concatenate([mesh.face_cells[:, 0], mesh.face_cells[inside, 1]])
    face = np.concatenate([np.arange(mesh.n_faces), inside])
    order = np.lexsort((face, cell))
    offsets = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=mesh.n_cells))])
    return offsets.astype(np.int32), face[order].astype(np.int32)


def _reconstruction(mesh: Mesh, metric: Metric, face_offsets: Ints, behaviors: Ints) -> tuple[Bools, Bools]:
    """Which cells (n_cells,) of a mesh in space have few faces, and which of these have no gradient.

    Between such cells gradients at a sharp edge of a wall are those of the states on both of its sides: gas
    became denser before a lip than in the cabin, and behind it as cold as the scheme bears.
    """
    few = np.diff(face_offsets) < FACES_OF_HEXAHEDRA
    if mesh.dimension == 2 or not few.any():
        return np.zeros(mesh.n_cells, dtype=bool), np.zeros(mesh.n_cells, dtype=bool)
    walls = mesh.n_faces - len(behaviors) + np.flatnonzero(~_of_behavior(behaviors, "passes_mass"))
    return few, few & cells_at_sharp_edges(mesh, metric.face_center, metric.face_normal, walls)


def _stencils(
    faces: Faces, counted: Bools, centroid: Floats, few: Bools, flat: Bools
) -> tuple[Ints, Ints, Floats]:
    """Offsets, neighbors and weights of the stencils: the neighbors across counted faces.

    A stencil with too few neighbors, or whose neighbors lie on a line, also takes the neighbors' neighbors.
    In cells of `few` faces (n_cells,) all count alike, else by the inverse square of their distance; `flat`
    cells (n_cells,) have no stencil.
    """
    n_cells = len(centroid)
    to_neighbor = faces.left_to_face - faces.right_to_face
    both = np.flatnonzero(counted & (faces.right < n_cells))
    one = np.flatnonzero(counted)
    cell = np.concatenate([faces.left[one], faces.right[both]])
    other = np.concatenate([faces.right[one], faces.left[both]])
    offset = np.concatenate([to_neighbor[one], -to_neighbor[both]])
    short = np.flatnonzero(np.bincount(cell, minlength=n_cells) < _fewest_neighbors(few, centroid.shape[1]))
    weak = np.union1d(short, _flat_stencils(cell, offset, n_cells))
    if len(weak):
        new_cell, new_other = _second_neighbors(weak, cell, other, n_cells)
        cell, other = np.concatenate([cell, new_cell]), np.concatenate([other, new_other])
        offset = np.concatenate([offset, centroid[new_other] - centroid[new_cell]])
    order = np.lexsort((other, cell))
    order = order[~flat[cell[order]]]
    cell, other, offset = cell[order], other[order], offset[order]
    offsets = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=n_cells))])
    return offsets.astype(np.int32), other.astype(np.int32), _weights(cell, offset, few)


def _fewest_neighbors(few: Bools, dimension: int) -> NDArray[np.int64]:
    """Least number of neighbors of each cell (n_cells,): one fewer in space for cells without `few` faces."""
    fewest = np.full(len(few), FEWEST_PER_AXIS * dimension)
    if dimension == 3:
        fewest[~few] -= 1
    return fewest


def _second_neighbors(
    weak: NDArray[np.int64], cell: NDArray[Any], other: NDArray[Any], n_cells: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of each weak cell and a neighbor's neighbor that is not its own neighbor: (n,) and (n,)."""
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


def _normal_matrices(cell: NDArray[Any], offset: Floats, weight: Floats, n_cells: int) -> Floats:
    """Normal matrices (n_cells, dimension, dimension) of the rows (n,) with these weights."""
    dimension = offset.shape[1]
    matrix = np.empty((n_cells, dimension, dimension))
    for i in range(dimension):
        for j in range(dimension):
            matrix[:, i, j] = np.bincount(cell, weight * offset[:, i] * offset[:, j], n_cells)
    return matrix


def _flat_stencils(cell: NDArray[Any], offset: Floats, n_cells: int) -> NDArray[np.int64]:
    """Cells (n,) whose stencils lie on a line, nearly or exactly."""
    spread = np.linalg.eigvalsh(_normal_matrices(cell, offset, 1.0 / np.sum(offset**2, axis=1), n_cells))
    return np.flatnonzero(spread[:, 0] < WORST_STENCIL**2 * np.maximum(spread[:, -1], 1e-300))


def _weights(cell: NDArray[Any], offset: Floats, few: Bools) -> Floats:
    """Weights (n, dimension) of the differences in the least-squares gradients.

    What is stable over tetrahedra depends on the stencil (Haider, Croisille and Courbet 2009, Numer. Math.
    113, 555): equal weights damp more, as far neighbors count as much as near ones.
    """
    weight = np.where(few[cell], 1.0, 1.0 / np.sum(offset**2, axis=1))
    matrix = _normal_matrices(cell, offset, weight, len(few))
    spread = np.linalg.eigvalsh(matrix)
    solvable = spread[:, 0] > WORST_STENCIL**2 * np.maximum(spread[:, -1], 1e-300)
    inverse = np.zeros_like(matrix)  # without neighbors the gradient stays 0: first order
    inverse[solvable] = np.linalg.inv(matrix[solvable])
    return np.asarray(np.einsum("kij,kj->ki", inverse[cell], weight[:, None] * offset))
