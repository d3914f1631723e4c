"""The solver's loops against slow plain ones that share no code with them (naive.py)."""

from __future__ import annotations

import naive
import numpy as np
import pytest

from breachflow.mesh.ordering import reverse_cuthill_mckee
from breachflow.mesh.topology import renumber
from breachflow.numerics import ilu
from breachflow.numerics.jacobian import (
    BlockMatrix,
    assemble,
    face_jacobians,
    make_matrix,
    scale_and_rate,
)
from breachflow.numerics.reconstruction import gradients
from breachflow.numerics.residual import Scheme, make_workspace, residual, states
from breachflow.physics.boundary import BoundaryKind
from breachflow.physics.flux import NumericalFlux
from breachflow.physics.limiter import Limiter
from flow_setup import AIR, block, conserved, curved_block, make_flow

GAMMA = AIR.gamma
WAVE_SPEEDS = naive.roe_speeds
KINDS = {
    "closed": dict.fromkeys(("left", "right", "bottom", "top"), "wall"),
    "open": {"left": "inflow", "right": "vacuum", "bottom": "symmetry", "top": "extrapolate"},
    "axis": {"left": "inflow", "right": "extrapolate", "bottom": "axis", "top": "wall"},
}
ROUNDING = 1e-12


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
    yield "row", "closed"
    yield "row", "open"


class Pair:
    """The same small flow, for the program and for the naive loops."""

    def __init__(self, shape: str, kinds: str, seed: int = 5):
        mesh = small_mesh(shape)
        self.mesh = renumber(mesh, reverse_cuthill_mckee(mesh.face_cells, mesh.n_cells))
        axisymmetric = kinds == "axis"
        codes = {name: BoundaryKind[kind.upper()] for name, kind in KINDS[kinds].items()}
        self.layout = make_flow(self.mesh, codes, streams, axisymmetric)
        self.cells = naive.read_cells(self.mesh, axisymmetric, KINDS[kinds], stream)
        rng = np.random.default_rng(seed)
        n = self.mesh.n_cells
        density, pressure = 10.0 ** rng.uniform(-0.5, 0.5, (2, n))
        velocity = rng.uniform(-1.0, 1.0, (2, n))
        self.states = np.column_stack([density, *velocity, pressure])
        self.conserved = conserved(self.states)


@pytest.fixture(scope="module", params=list(cases()), ids="-".join)
def pair(request):
    return Pair(*request.param)


def test_gradients(pair):
    work = make_workspace(pair.layout)
    axes, cells, faces, boundary = pair.layout
    states(pair.conserved, faces, boundary, axes, AIR, work.primitive)
    gradients(work.primitive, cells, axes, work.gradient)
    n = pair.mesh.n_cells
    expected = [naive.gradient(pair.cells, pair.states, i) for i in range(n)]
    assert work.gradient.reshape(n, 4, 2) == pytest.approx(np.array(expected), rel=1e-10, abs=1e-9)


@pytest.mark.parametrize("order", [1, 2])
def test_residual(pair, order):
    scheme = Scheme(int(NumericalFlux.HLLC), int(Limiter.VAN_ALBADA), order)
    found = np.empty_like(pair.conserved)
    residual(pair.conserved, pair.layout, scheme, AIR, make_workspace(pair.layout), found)
    expected = naive.residual(pair.cells, pair.conserved, order, GAMMA, WAVE_SPEEDS)
    assert np.abs(found - expected).max() <= ROUNDING * np.abs(expected).max()


def dense_blocks(matrix: BlockMatrix) -> tuple[np.ndarray, np.ndarray]:
    """The blocks as an array (n, n, k, k), and where there are any."""
    n, k = len(matrix.diagonal), matrix.blocks.shape[1]
    blocks, pattern = np.zeros((n, n, k, k)), np.zeros((n, n), dtype=bool)
    for row in range(n):
        for position in range(matrix.offsets[row], matrix.offsets[row + 1]):
            blocks[row, matrix.columns[position]] = matrix.blocks[position]
            pattern[row, matrix.columns[position]] = True
    return blocks, pattern


def flat(blocks: np.ndarray) -> np.ndarray:
    n, _, k, _ = blocks.shape
    return blocks.transpose(0, 2, 1, 3).reshape(n * k, n * k)


def assembled(pair: Pair, shift: np.ndarray) -> tuple[BlockMatrix, np.ndarray, np.ndarray]:
    layout, q = pair.layout, pair.conserved
    axes, cells, faces, boundary = layout
    scale, rate = np.empty_like(q), np.empty(len(q))
    scale_and_rate(q, cells, faces, axes, AIR, scale, rate)
    matrix, positions = make_matrix(layout)
    left, right = np.zeros((2, len(faces.area), 4, 4))
    face_jacobians(q, scale, faces, boundary, axes, int(NumericalFlux.HLLC), AIR, left, right)
    assemble(q, scale, rate, shift, left, right, cells, faces, positions, axes, AIR, matrix)
    return matrix, scale, rate


def test_scales_and_rates(pair):
    _, scale, rate = assembled(pair, np.zeros(pair.mesh.n_cells))
    expected_scale, expected_rate = naive.scale_and_rate(pair.cells, pair.conserved, GAMMA)
    assert scale == pytest.approx(expected_scale, rel=ROUNDING)
    assert rate == pytest.approx(expected_rate, rel=ROUNDING)


def test_jacobian_against_central_differences(pair):
    """Column by column, from the naive first-order residual; one-sided steps of 1e-7 leave some 1e-6."""
    n = pair.mesh.n_cells
    shift = np.linspace(0.1, 1.0, n)
    matrix, _, _ = assembled(pair, shift)
    scale, rate = naive.scale_and_rate(pair.cells, pair.conserved, GAMMA)
    expected = np.diag(np.repeat(shift, 4))
    step = 1e-5
    for column in range(4 * n):
        cell, variable = divmod(column, 4)
        sides = []
        for sign in (1.0, -1.0):
            moved = pair.conserved.copy()
            moved[cell, variable] += sign * step * scale[cell, variable]
            sides.append(naive.residual(pair.cells, moved, 1, GAMMA, WAVE_SPEEDS))
        change = (sides[0] - sides[1]) / (2.0 * step)
        expected[:, column] += (change / (scale * rate[:, None])).ravel()
    blocks, _ = dense_blocks(matrix)
    assert np.abs(flat(blocks) - expected).max() <= 5e-6 * np.abs(expected).max()


def random_matrix(pair: Pair, seed: int) -> BlockMatrix:
    """Random blocks on the mesh's pattern; the diagonal outweighs its row."""
    matrix, _ = make_matrix(pair.layout)
    rng = np.random.default_rng(seed)
    matrix.blocks[:] = rng.normal(size=matrix.blocks.shape)
    matrix.blocks[matrix.diagonal] += 8.0 * np.eye(4)
    return matrix


def test_pattern_of_the_matrix(pair):
    matrix, positions = make_matrix(pair.layout)
    blocks, pattern = dense_blocks(matrix)
    expected = np.eye(pair.mesh.n_cells, dtype=bool)
    for i, cell in enumerate(pair.cells):
        for edge in cell.edges:
            if edge.neighbor is not None:
                expected[i, edge.neighbor] = True
    assert np.array_equal(pattern, expected)
    assert matrix.columns[matrix.diagonal].tolist() == list(range(len(blocks)))
    faces = pair.layout.faces
    inside = faces.right < pair.mesh.n_cells
    assert np.array_equal(matrix.columns[positions.left_right], faces.right[inside])
    assert np.array_equal(matrix.columns[positions.right_left], faces.left[inside])


@pytest.mark.parametrize("seed", [1, 2])
def test_incomplete_factorization(pair, seed):
    matrix = random_matrix(pair, seed)
    expected = naive.block_ilu(*dense_blocks(matrix))
    ilu.factorize(matrix, pair.layout.axes)
    found, _ = dense_blocks(matrix)
    for i in range(len(found)):
        found[i, i] = np.linalg.inv(found[i, i])  # stored inverted
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("seed", [1, 2])
def test_triangular_solves(pair, seed):
    matrix = random_matrix(pair, seed)
    lower, upper = naive.triangles(naive.block_ilu(*dense_blocks(matrix)))
    right_side = np.random.default_rng(seed).normal(size=(pair.mesh.n_cells, 4))
    expected = np.linalg.solve(upper, np.linalg.solve(lower, right_side.ravel()))
    found = np.empty_like(right_side)
    ilu.factorize(matrix, pair.layout.axes)
    ilu.solve(matrix, right_side, pair.layout.axes, found)
    assert found.ravel() == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_factorization_of_a_chain_is_complete():
    """Cells in a row have a block tridiagonal matrix, which fills in nowhere: ILU(0) solves it exactly."""
    pair = Pair("row", "closed")
    matrix = random_matrix(pair, 7)
    dense = flat(dense_blocks(matrix)[0])
    right_side = np.random.default_rng(7).normal(size=(pair.mesh.n_cells, 4))
    found = np.empty_like(right_side)
    ilu.factorize(matrix, pair.layout.axes)
    ilu.solve(matrix, right_side, pair.layout.axes, found)
    assert dense @ found.ravel() == pytest.approx(right_side.ravel(), rel=1e-10, abs=1e-11)
