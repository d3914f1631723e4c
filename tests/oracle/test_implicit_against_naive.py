"""The loops of the implicit step against slow plain ones: Jacobians, assembly, factorization."""

from __future__ import annotations

import naive
import naive_steps
import numpy as np
import pytest
from pairs import AIR, GAMMA, ROUNDING, Pair, assembled, dense_blocks, flat, random_matrix

from breachflow.compiled import kernel
from breachflow.numerics import ilu
from breachflow.numerics.jacobian import assemble, face_jacobians, make_face_blocks, make_matrix
from breachflow.numerics.krylov import orthogonalize
from breachflow.physics.flux import NumericalFlux


@kernel
def invert(block):
    ilu.invert_in_place(block, (0, 1))


@kernel
def multiply_subtract(a, b, out):
    ilu.multiply_subtract(a, b, (0, 1), out)


def test_scales_and_rates(pair):
    _, scale, rate = assembled(pair, np.zeros(pair.mesh.n_cells))
    expected_scale, expected_rate = naive.scale_and_rate(pair.cells, pair.conserved, GAMMA)
    assert scale == pytest.approx(expected_scale, rel=ROUNDING)
    assert rate == pytest.approx(expected_rate, rel=ROUNDING)


def check_jacobian(pair: Pair, flux: NumericalFlux) -> None:
    """Column by column, from the naive first-order residual; one-sided steps of 1e-7 leave some 1e-6."""
    n = pair.mesh.n_cells
    shift = np.linspace(0.1, 1.0, n)
    matrix, _, _ = assembled(pair, shift, flux)
    scale, rate = naive.scale_and_rate(pair.cells, pair.conserved, GAMMA)
    expected = np.diag(np.repeat(shift, 4))
    step = 1e-5
    for column in range(4 * n):
        cell, variable = divmod(column, 4)
        touched = [cell] + [edge.neighbor for edge in pair.cells[cell].edges if edge.neighbor is not None]
        sides = []
        for sign in (1.0, -1.0):
            moved = pair.conserved.copy()
            moved[cell, variable] += sign * step * scale[cell, variable]
            sides.append(naive.residual(pair.cells, moved, 1, GAMMA, flux.name.lower(), only=touched))
        change = (sides[0] - sides[1]) / (2.0 * step)
        expected[:, column] += (change / (scale * rate[:, None])).ravel()
    blocks, _ = dense_blocks(matrix)
    assert np.abs(flat(blocks) - expected).max() <= 5e-6 * np.abs(expected).max()


def test_jacobian_against_central_differences(pair):
    check_jacobian(pair, NumericalFlux.HLLC)


@pytest.mark.parametrize("flux", [flux for flux in NumericalFlux if flux != NumericalFlux.HLLC])
@pytest.mark.parametrize("kinds", ["open", "rooms"])
def test_jacobian_of_every_flux(flux, kinds):
    check_jacobian(Pair("row", kinds), flux)


def test_derivatives_of_single_faces(pair):
    """The blocks of each face, by central differences of its own naive flux."""
    faces, n = pair.layout.faces, pair.mesh.n_cells
    _, scale, _ = assembled(pair, np.zeros(n))
    left, right = make_face_blocks(pair.layout)
    axes, boundary, hllc = pair.layout.axes, pair.layout.boundary, int(NumericalFlux.HLLC)
    face_jacobians(pair.conserved, scale, faces, boundary, axes, hllc, AIR, left, right)
    for face in range(0, len(faces.area), 3):
        owner = int(faces.left[face])
        edge = pair.edge_of_face(face)
        sides = [(owner, left)] if edge.neighbor is None else [(owner, left), (edge.neighbor, right)]
        for moved_cell, blocks in sides:
            expected = derivative(pair, owner, edge, moved_cell, scale)
            assert np.abs(blocks[face] - expected).max() <= 5e-6 * max(np.abs(expected).max(), 1e-12)


def derivative(pair: Pair, owner: int, edge, moved_cell: int, scale: np.ndarray, step=1e-5) -> np.ndarray:
    columns = []
    for variable in range(4):
        fluxes = []
        for sign in (1.0, -1.0):
            moved = pair.conserved.copy()
            moved[moved_cell, variable] += sign * step * scale[moved_cell, variable]
            states = np.array([naive.to_primitive(u, GAMMA) for u in moved])
            how = (1, GAMMA, naive.FLUXES["hllc"], "none")
            fluxes.append(edge.area * naive.flux_through(pair.cells, states, None, owner, edge, *how))
        columns.append((fluxes[0] - fluxes[1]) / (2.0 * step))
    return np.array(columns).T


def test_assembly_of_any_blocks(pair):
    """Dense sums of random blocks: each face adds to its owner's equations, and takes from its neighbor's."""
    rng = np.random.default_rng(9)
    n, faces = pair.mesh.n_cells, pair.layout.faces
    left, right = rng.normal(size=(2, len(faces.area), 4, 4))
    scale, rate, shift = rng.uniform(0.5, 2.0, (n, 4)), rng.uniform(0.5, 2.0, n), rng.uniform(0.5, 2.0, n)
    matrix, positions = make_matrix(pair.layout)
    axes, cells, _, _ = pair.layout
    assemble(pair.conserved, scale, rate, shift, left, right, cells, faces, positions, axes, AIR, matrix)
    expected = np.zeros((n, n, 4, 4))
    for face, (owner, other) in enumerate(zip(faces.left, faces.right, strict=True)):
        expected[owner, owner] += left[face]
        if other < n:
            expected[owner, other] += right[face]
            expected[other, owner] -= left[face]
            expected[other, other] -= right[face]
    for i, cell in enumerate(pair.cells):
        u, v = pair.states[i, 1:3]
        pressure_by_unknown = (GAMMA - 1.0) * np.array([0.5 * (u * u + v * v), -u, -v, 1.0])
        expected[i, i, 2] -= cell.plane_area * pressure_by_unknown * scale[i]
        expected[i] /= scale[i][None, :, None] * rate[i]
        expected[i, i] += shift[i] * np.eye(4)
    found, _ = dense_blocks(matrix)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-6)  # the pressure's one-sided differences


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
    expected = naive_steps.block_ilu(*dense_blocks(matrix))
    ilu.factorize(matrix, pair.layout.axes)
    found, _ = dense_blocks(matrix)
    for i in range(len(found)):
        found[i, i] = np.linalg.inv(found[i, i])  # stored inverted
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("seed", [1, 2])
def test_triangular_solves(pair, seed):
    matrix = random_matrix(pair, seed)
    lower, upper = naive_steps.triangles(naive_steps.block_ilu(*dense_blocks(matrix)))
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


@pytest.mark.parametrize("seed", range(5))
def test_small_dense_blocks(seed):
    rng = np.random.default_rng(seed)
    a, b, c = rng.normal(size=(3, 4, 4)) + 6.0 * np.eye(4)
    inverse, rest = a.copy(), c.copy()
    invert(inverse)
    multiply_subtract(a, b, rest)
    assert inverse == pytest.approx(np.linalg.inv(a), rel=1e-12, abs=1e-14)
    assert rest == pytest.approx(c - a @ b, rel=1e-13, abs=1e-13)


@pytest.mark.parametrize("k", [0, 3, 6])
def test_orthogonalization(k):
    """Gram-Schmidt, by the QR factorization of all vectors together (up to the sign of the last)."""
    rng = np.random.default_rng(k)
    vectors = np.linalg.qr(rng.normal(size=(20, k + 1)))[0]
    new = rng.normal(size=20)
    basis = np.empty((8, 5, 4))
    basis[: k + 1], basis[k + 1] = vectors.T.reshape(k + 1, 5, 4), new.reshape(5, 4)
    column = np.zeros(8)
    length = orthogonalize(basis, k, column)
    rest = new - vectors @ (vectors.T @ new)
    assert column[: k + 1] == pytest.approx(vectors.T @ new, abs=1e-13)
    assert length == pytest.approx(np.linalg.norm(rest), rel=1e-13)
    assert basis[k + 1].ravel() == pytest.approx(rest / np.linalg.norm(rest), abs=1e-13)
