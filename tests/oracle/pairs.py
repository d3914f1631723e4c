"""Small flows on every shape of mesh with every kind of boundary, for the program and for the naive loops."""

from __future__ import annotations

from copy import copy

import naive
import numpy as np
from naive_viscous import Friction

from breachflow.compiled import kernel
from breachflow.mesh.ordering import reverse_cuthill_mckee
from breachflow.mesh.topology import renumber
from breachflow.numerics.implicit import ilu
from breachflow.numerics.implicit.block_matrix import BlockMatrix, FacePositions
from breachflow.numerics.implicit.jacobian import (
    FaceJacobians,
    Scaling,
    assemble,
    face_jacobians,
    scale_and_rate,
    subtract_viscous_jacobians,
)
from breachflow.numerics.implicit.multilevel import Hierarchy, make_hierarchy
from breachflow.numerics.space.discretization import Discretization, Scheme
from breachflow.numerics.space.layout import Layout
from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Gas
from flow_setup import AIR, DEFAULT_SCHEME, block, conserved, curved_block, make_flow

GAMMA = AIR.gamma
FRICTION = Friction(viscosity=0.07, sutherland=0.4, prandtl=0.72, slip=1.2, jump=1.9)
VISCOUS_AIR = Gas(GAMMA, FRICTION.viscosity, FRICTION.exponent, FRICTION.sutherland, FRICTION.prandtl)
KINDS = {
    "closed": dict.fromkeys(("left", "right", "bottom", "top"), "wall"),
    "open": {"left": "riemann", "right": "vacuum", "bottom": "wall", "top": "extrapolate"},
    "axis": {"left": "riemann", "right": "extrapolate", "bottom": "wall", "top": "wall"},
    "rooms": {"left": "opening", "right": "opening", "bottom": "riemann", "top": "opening"},
    "friction": {"left": "room", "right": "adiabatic_wall", "bottom": "riemann", "top": "isothermal_wall"},
    "pipe": {"left": "vacuum", "right": "isothermal_wall", "bottom": "wall", "top": "adiabatic_wall"},
}
ROUNDING = 1e-12
NEWTON = 1e-9
"""Tolerance: three steps of Newton's method give the speed of gas that enters from a room."""


def stream(center: np.ndarray) -> np.ndarray:
    """A given state beyond the boundary that depends on the place."""
    return np.array([1.2 + 0.1 * center[0], 0.4, 0.1 * center[1], 1.1])


def streams(centers: np.ndarray) -> np.ndarray:
    return np.array([stream(center) for center in centers])


def small_mesh(shape: str):
    if shape == "row":  # one cell high: its stencils do not span the plane
        return block(np.linspace(0.0, 1.0, 7), np.array([0.0, 0.2]))
    if shape == "graded":
        s = np.linspace(0.0, 1.0, 5)
        x, y = np.meshgrid(s**2, 0.3 * s + 0.7 * s**3, indexing="ij")
        return curved_block(x + 0.3 * y**2, y, False)
    x = np.array([0.0, 0.2, 0.35, 0.7, 1.0])
    return block(x, x[:4], shape == "triangles", 0.5, seed=3, mixed=True)


def cases():
    for shape in ("quads", "triangles"):
        for kinds in KINDS:
            yield shape, kinds
    yield "graded", "axis"
    yield "graded", "pipe"
    yield "row", "closed"
    yield "row", "open"


class Pair:
    """The same small flow, for the program and for the naive loops."""

    def __init__(self, shape: str, kinds: str, seed: int = 5):
        mesh = small_mesh(shape)
        self.mesh = renumber(mesh, reverse_cuthill_mckee(mesh.face_cells, mesh.n_cells))
        self.axisymmetric = axisymmetric = kinds in ("axis", "pipe")
        codes = {name: BehaviorCode[kind.upper()] for name, kind in KINDS[kinds].items()}
        self.layout = make_flow(self.mesh, codes, streams, axisymmetric)
        self.cells = naive.read_cells(self.mesh, axisymmetric, KINDS[kinds], stream)
        rng = np.random.default_rng(seed)
        n = self.mesh.n_cells
        density, pressure = 10.0 ** rng.uniform(-0.5, 0.5, (2, n))
        velocity = rng.uniform(-1.0, 1.0, (2, n))
        self.states = np.column_stack([density, *velocity, pressure])
        self.conserved = conserved(self.states)

    def discretization(self, scheme: Scheme = DEFAULT_SCHEME, gas: Gas = AIR) -> Discretization:
        """The flow equations on the mesh, by this scheme."""
        return Discretization(self.layout, scheme, gas)

    @property
    def viscous(self) -> Pair:
        """The same flow with slip at all walls."""
        slip = np.tile([FRICTION.slip, FRICTION.jump], (len(self.layout.boundary.behavior), 1))
        pair = copy(self)
        pair.layout = self.layout._replace(boundary=self.layout.boundary._replace(slip=slip))
        return pair

    def edge_of_face(self, face: int) -> naive.Edge:
        """The naive edge of a face, as its owner sees it."""
        faces, owner = self.layout.faces, int(self.layout.faces.left[face])
        center = self.cells[owner].center + faces.left_to_face[face]
        edges = self.cells[owner].edges
        return min(edges, key=lambda edge: float(np.hypot(*(edge.center - center))))


def in_double(levels: Hierarchy) -> Hierarchy:
    """The same hierarchy in double precision, for comparisons to rounding."""
    matrix, factors = (
        part._replace(blocks=part.blocks.astype(float)) for part in (levels.matrix, levels.factors)
    )
    vectors = (levels.weight, levels.right_side, levels.solution)
    weight, right_side, solution = (vector.astype(float) for vector in vectors)
    return levels._replace(
        matrix=matrix, factors=factors, weight=weight, right_side=right_side, solution=solution
    )


def finest_matrix(layout: Layout) -> tuple[BlockMatrix, FacePositions]:
    """The empty matrix of a layout's cells alone, in double precision."""
    levels, positions = make_hierarchy(layout)
    return level_of(in_double(levels), 0), positions


def level_of(levels: Hierarchy, level: int, factors: bool = False) -> BlockMatrix:
    """The matrix of one level, or its factors, with rows counted from the first of the level."""
    offsets, columns, diagonal, blocks = levels.factors if factors else levels.matrix
    first, last = levels.begin[level : level + 2]
    own = slice(offsets[first], offsets[last])
    return BlockMatrix(
        offsets[first : last + 1] - offsets[first],
        columns[own] - first,
        diagonal[first:last] - offsets[first],
        blocks[own],
    )


def dense_blocks(matrix: BlockMatrix) -> tuple[np.ndarray, np.ndarray]:
    """The blocks as an array (n, n, k, k) of rows by columns, and where the pattern has blocks."""
    n, k = len(matrix.diagonal), matrix.blocks.shape[1]
    blocks, pattern = np.zeros((n, n, k, k)), np.zeros((n, n), dtype=bool)
    for row in range(n):
        for position in range(matrix.offsets[row], matrix.offsets[row + 1]):
            blocks[row, matrix.columns[position]] = matrix.blocks[position].T
            pattern[row, matrix.columns[position]] = True
    return blocks, pattern


def flat(blocks: np.ndarray) -> np.ndarray:
    n, _, k, _ = blocks.shape
    return blocks.transpose(0, 2, 1, 3).reshape(n * k, n * k)


def assembled(
    pair: Pair, cfl: np.ndarray, flux: NumericalFlux = NumericalFlux.HLLC, gas: Gas = AIR
) -> tuple[BlockMatrix, np.ndarray, np.ndarray]:
    q, discretization = pair.conserved, pair.discretization(Scheme(int(flux), 0, 1), gas)
    scaling = Scaling(np.empty_like(q), np.empty(len(q)), cfl)
    scale_and_rate(q, discretization, scaling.scale, scaling.rate)
    matrix, positions = finest_matrix(pair.layout)
    blocks = FaceJacobians(*np.zeros((2, len(pair.layout.faces.area), 4, 4)))
    face_jacobians(q, scaling.scale, discretization, *blocks)
    if gas.viscosity:
        subtract_viscous_jacobians(q, scaling.scale, discretization, *blocks)
    assemble(q, scaling, blocks, discretization, positions, matrix)
    return matrix, scaling.scale, scaling.rate


def random_matrix(pair: Pair, seed: int) -> BlockMatrix:
    """Random blocks on the pattern of the mesh; the matrix is diagonally dominant."""
    matrix, _ = finest_matrix(pair.layout)
    rng = np.random.default_rng(seed)
    matrix.blocks[:] = rng.normal(size=matrix.blocks.shape)
    matrix.blocks[matrix.diagonal] += 8.0 * np.eye(4)
    return matrix


@kernel
def solve_all_rows(factors, vector, n_rows):
    ilu.solve_rows(factors, vector, 0, n_rows, (0, 1))


def solve(factors: BlockMatrix, right_side: np.ndarray) -> np.ndarray:
    """U^-1 L^-1 right_side, with the factors of all rows."""
    found = right_side.copy()
    solve_all_rows(factors, found.reshape(-1), len(factors.diagonal))
    return found
