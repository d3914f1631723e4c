"""The loops of the implicit step against slow plain ones: Jacobians, assembly, factorization."""

from __future__ import annotations

import naive
import naive_steps
import numpy as np
import pytest
from naive_viscous import NO_FRICTION, Friction
from pairs import (
    FRICTION,
    GAMMA,
    ROUNDING,
    VISCOUS_AIR,
    Pair,
    assembled,
    dense_blocks,
    finest_matrix,
    flat,
    random_matrix,
    solve,
)

from breachflow.compiled import kernel
from breachflow.numerics.implicit import ilu
from breachflow.numerics.implicit.block_matrix import BlockMatrix
from breachflow.numerics.implicit.jacobian import (
    FaceJacobians,
    Scaling,
    assemble,
    face_jacobians,
    make_face_jacobians,
)
from breachflow.numerics.space.discretization import Discretization, Scheme
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Gas
from flow_setup import AIR


@kernel
def invert(block):
    ilu.invert_in_place(block, (0, 1))


@kernel
def solve_rows(factors, vector, first, last):
    ilu.solve_rows(factors, vector, first, last, (0, 1))


@pytest.mark.parametrize(("gas", "friction"), [(AIR, NO_FRICTION), (VISCOUS_AIR, FRICTION)])
def test_scales_and_rates(pair, gas, friction):
    _, scale, rate = assembled(pair, np.ones(pair.mesh.n_cells), gas=gas)
    expected_scale, expected_rate = naive.scale_and_rate(pair.cells, pair.conserved, GAMMA, friction)
    assert scale == pytest.approx(expected_scale, rel=ROUNDING)
    assert rate == pytest.approx(expected_rate, rel=ROUNDING)


def check_jacobian(pair: Pair, flux: NumericalFlux, gas: Gas = AIR, friction: Friction = NO_FRICTION) -> None:
    """Column by column, from the naive first-order residual; one-sided steps of 1e-7 leave some 1e-6."""
    n = pair.mesh.n_cells
    cfl = np.linspace(1.0, 10.0, n)
    matrix, _, _ = assembled(pair, cfl, flux, gas)
    scale, rate = naive.scale_and_rate(pair.cells, pair.conserved, GAMMA, friction)
    density = pair.states[:, :1]
    expected = np.diag(np.repeat(density[:, 0] / cfl, 4))
    step = 1e-5
    for column in range(4 * n):
        cell, variable = divmod(column, 4)
        touched = [cell] + [edge.neighbor for edge in pair.cells[cell].edges if edge.neighbor is not None]
        sides = []
        for sign in (1.0, -1.0):
            moved = pair.conserved.copy()
            moved[cell, variable] += sign * step * scale[cell, variable]
            how = {"flux": flux.name.lower(), "only": touched, "friction": friction}
            sides.append(naive.residual(pair.cells, moved, 1, GAMMA, **how))
        change = (sides[0] - sides[1]) / (2.0 * step)
        expected[:, column] += (density * change / (scale * rate[:, None])).ravel()
    blocks, _ = dense_blocks(matrix)
    assert np.abs(flat(blocks) - expected).max() <= 5e-6 * np.abs(expected).max()


def test_jacobian_against_central_differences(pair):
    check_jacobian(pair, NumericalFlux.HLLC)


@pytest.mark.parametrize(("shape", "kinds"), [("row", "friction"), ("graded", "pipe")])
def test_jacobian_with_friction(shape, kinds):
    check_jacobian(Pair(shape, kinds).viscous, NumericalFlux.HLLC, VISCOUS_AIR, FRICTION)


def test_jacobian_of_drag():
    """The drag's part of the blocks against its formula: linear in both velocities, and their work.

    One-sided steps of 1e-7 leave some 1e-6.
    """
    pair = Pair("triangles", "closed")
    faces, n = pair.layout.faces, pair.mesh.n_cells
    inside = int(np.count_nonzero(faces.right < n))
    damping = np.random.default_rng(7).uniform(0.0, 1.0, inside)
    drag = 0.5 * np.sqrt(AIR.gamma) * damping
    blocks = []
    for given in (damping, np.zeros(0)):
        layout = pair.layout._replace(faces=faces._replace(damping=given))
        both = np.zeros((2, len(faces.area), 4, 4))
        here = Discretization(layout, Scheme(int(NumericalFlux.HLLC), 0, 1), AIR)
        face_jacobians(pair.conserved, np.ones_like(pair.conserved), here, *both)
        blocks.append(both[:, :inside])
    density = pair.conserved[:, 0]
    for side, cells in enumerate((faces.left[:inside], faces.right[:inside])):
        found = np.swapaxes(blocks[0] - blocks[1], 2, 3)[side]
        normal = faces.normal[:inside]
        across = np.eye(2) - normal[:, :, None] * normal[:, None, :]
        factor = (1.0 if side == 0 else -1.0) * drag * faces.area[:inside] / density[cells]
        velocity = pair.conserved[cells, 1:3] / density[cells, None]
        assert found[:, 1:3, 1:3] == pytest.approx(factor[:, None, None] * across, abs=1e-5)
        along = np.einsum("fij,fj->fi", across, velocity)
        assert found[:, 1:3, 0] == pytest.approx(-factor[:, None] * along, abs=1e-5)
        work = factor[:, None] * along  # of (|left|^2 - |right|^2)/2 along the face
        assert found[:, 3, 1:3] == pytest.approx(work, abs=1e-5)
        assert np.abs(found[:, [0, 1, 2, 3], 3]).max() <= 1e-5


def test_jacobian_of_a_softened_flux():
    """The blocks are those of HLLC and HLLE, by the part of each face: differences are linear in the flux."""
    pair = Pair("triangles", "closed")
    faces, n = pair.layout.faces, pair.mesh.n_cells
    inside = int(np.count_nonzero(faces.right < n))
    part = np.random.default_rng(11).uniform(0.0, 1.0, inside)
    blocks = []
    for name, softening in (("HLLC", np.zeros(0)), ("HLLE", np.zeros(0)), ("HLLC", part)):
        layout = pair.layout._replace(faces=faces._replace(softening=softening))
        both = np.zeros((2, len(faces.area), 4, 4))
        here = Discretization(layout, Scheme(int(NumericalFlux[name]), 0, 1), AIR)
        face_jacobians(pair.conserved, np.ones_like(pair.conserved), here, *both)
        blocks.append(both[:, :inside])
    hllc, hlle, softened = blocks
    share = part[None, :, None, None]
    assert np.abs(hllc - hlle).max() > 0.1
    assert softened == pytest.approx((1.0 - share) * hllc + share * hlle, abs=1e-6)


@pytest.mark.parametrize("flux", [flux for flux in NumericalFlux if flux != NumericalFlux.HLLC])
@pytest.mark.parametrize("kinds", ["open", "rooms"])
def test_jacobian_of_every_flux(flux, kinds):
    check_jacobian(Pair("row", kinds), flux)


def test_derivatives_of_single_faces(pair):
    """The blocks of each face, by central differences of its own naive flux."""
    faces, n = pair.layout.faces, pair.mesh.n_cells
    _, scale, _ = assembled(pair, np.ones(n))
    left, right = make_face_jacobians(pair.layout, np.float64)
    face_jacobians(pair.conserved, scale, pair.discretization(), left, right)
    for face in range(0, len(faces.area), 3):
        owner = int(faces.left[face])
        edge = pair.edge_of_face(face)
        sides = [(owner, left)] if edge.neighbor is None else [(owner, left), (edge.neighbor, right)]
        for moved_cell, blocks in sides:
            expected = derivative(pair, owner, edge, moved_cell, scale)
            assert np.abs(blocks[face].T - expected).max() <= 5e-6 * max(np.abs(expected).max(), 1e-12)


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
    """Dense sums of random blocks: each face adds to its owner's equations and subtracts from its neighbor's.

    Assembly overwrites the matrix; the equations of a cell are weighted by its density scale.
    """
    rng = np.random.default_rng(9)
    n, faces = pair.mesh.n_cells, pair.layout.faces
    left, right = rng.normal(size=(2, len(faces.area), 4, 4))
    scale, rate, cfl = rng.uniform(0.5, 2.0, (n, 4)), rng.uniform(0.5, 2.0, n), rng.uniform(0.5, 2.0, n)
    matrix, positions = finest_matrix(pair.layout)
    matrix.blocks[:] = 1e3
    by_columns = FaceJacobians(*(np.ascontiguousarray(b.transpose(0, 2, 1)) for b in (left, right)))
    scaling = Scaling(scale, rate, cfl)
    assemble(pair.conserved, scaling, by_columns, pair.discretization(), positions, matrix)
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
        expected[i] *= scale[i, 0] / (scale[i][None, :, None] * rate[i])
        expected[i, i] += scale[i, 0] / cfl[i] * np.eye(4)
    found, _ = dense_blocks(matrix)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-6)  # the pressure's one-sided differences


def test_pattern_of_the_matrix(pair):
    matrix, positions = finest_matrix(pair.layout)
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
        found[i, i] = -np.linalg.inv(found[i, i])  # stored inverted and negative
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-11)


@pytest.mark.parametrize("seed", [1, 2])
def test_triangular_solves(pair, seed):
    matrix = random_matrix(pair, seed)
    lower, upper = naive_steps.triangles(naive_steps.block_ilu(*dense_blocks(matrix)))
    right_side = np.random.default_rng(seed).normal(size=(pair.mesh.n_cells, 4))
    expected = np.linalg.solve(upper, np.linalg.solve(lower, right_side.ravel()))
    ilu.factorize(matrix, pair.layout.axes)
    found = solve(matrix, right_side)
    assert found.ravel() == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_factorization_of_a_chain_is_complete():
    """Cells in a row have a block tridiagonal matrix without fill-in: ILU(0) solves it exactly."""
    pair = Pair("row", "closed")
    matrix = random_matrix(pair, 7)
    dense = flat(dense_blocks(matrix)[0])
    right_side = np.random.default_rng(7).normal(size=(pair.mesh.n_cells, 4))
    ilu.factorize(matrix, pair.layout.axes)
    found = solve(matrix, right_side)
    assert dense @ found.ravel() == pytest.approx(right_side.ravel(), rel=1e-10, abs=1e-11)


@pytest.mark.parametrize("seed", [1, 2])
def test_rows_of_one_of_many_matrices(seed):
    """Factors of two meshes in one matrix: a solve in the rows of one reads and writes only these rows."""
    pairs = [Pair("quads", "open"), Pair("row", "closed")]
    matrices = [random_matrix(pair, seed) for pair in pairs]
    n, m = (len(matrix.diagonal) for matrix in matrices)
    both = BlockMatrix(
        np.concatenate([matrices[0].offsets[:-1], matrices[1].offsets + len(matrices[0].columns)]),
        np.concatenate([matrices[0].columns, matrices[1].columns + n]),
        np.concatenate([matrices[0].diagonal, matrices[1].diagonal + len(matrices[0].columns)]),
        np.concatenate([matrix.blocks for matrix in matrices]),
    )
    right_side = np.random.default_rng(seed).normal(size=(n + m, 4))
    ilu.factorize(both, (0, 1))
    found = right_side.copy()
    solve_rows(both, found.reshape(-1), n, n + m)
    assert np.array_equal(found[:n], right_side[:n])
    ilu.factorize(matrices[1], (0, 1))
    assert np.array_equal(found[n:], solve(matrices[1], right_side[n:]))


def test_factors_in_single_precision():
    """Some ten roundings of 2^-24; diagonal dominance keeps the terms from growing."""
    pair = Pair("triangles", "open")
    matrix = random_matrix(pair, 5)
    single = matrix._replace(blocks=matrix.blocks.astype(np.float32))
    right_side = np.random.default_rng(5).normal(size=(pair.mesh.n_cells, 4))
    solutions = np.empty((2, *right_side.shape))
    for factors, out in zip((matrix, single), solutions, strict=True):
        ilu.factorize(factors, pair.layout.axes)
        out[:] = solve(factors, right_side)
    assert single.blocks.dtype == np.float32
    assert np.abs(solutions[1] - solutions[0]).max() <= 10.0 * 2.0**-24 * np.abs(solutions[0]).max()


@pytest.mark.parametrize("seed", range(5))
def test_inverse_of_a_small_block(seed):
    block = np.random.default_rng(seed).normal(size=(4, 4)) + 6.0 * np.eye(4)
    inverse = block.copy()
    invert(inverse)
    assert inverse == pytest.approx(np.linalg.inv(block), rel=1e-12, abs=1e-14)
