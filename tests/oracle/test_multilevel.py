"""The multilevel preconditioner against dense matrices, and the products with the Jacobian that it saves."""

from __future__ import annotations

from itertools import pairwise

import naive_multilevel
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pairs import AIR, dense_blocks, flat, in_double, level_of, solve
from scipy.sparse import bsr_matrix

from breachflow.mesh.ordering import downstream
from breachflow.mesh.topology import renumber
from breachflow.numerics.implicit.jacobian import (
    Scaling,
    assemble,
    face_jacobians,
    make_face_jacobians,
    scale_and_rate,
)
from breachflow.numerics.implicit.krylov import LinearSolution, gmres, make_krylov_space
from breachflow.numerics.implicit.multilevel import (
    FEWEST_ROWS,
    Hierarchy,
    apply_cycle,
    coarsen,
    factorize_levels,
    make_hierarchy,
    pair_rows,
)
from breachflow.numerics.implicit.update import LINEAR_TOLERANCE
from breachflow.numerics.space.discretization import Discretization
from breachflow.numerics.space.layout import Layout
from breachflow.physics.boundary import BehaviorCode
from flow_setup import DEFAULT_SCHEME, block, conserved, everywhere, make_flow, unit_block
from solid_boxes import unit_box

AXES, IN_SPACE = (0, 1), (0, 1, 2)
ROUNDING = 1e-12

MESHES = {
    "one cell": unit_block(1),
    "row": block(np.linspace(0.0, 1.0, 41) ** 2, np.array([0.0, 0.1])),
    "uniform": unit_block(8),
    "quads": unit_block(9, False, 0.6),
    "triangles": unit_block(7, True, 0.6),
    "flat": block(np.linspace(0.0, 1.0, 11), np.linspace(0.0, 0.01, 11)),
}


@pytest.fixture(scope="module", params=list(MESHES))
def layout(request):
    mesh = MESHES[request.param]
    return make_flow(mesh, everywhere(mesh, BehaviorCode.WALL))


def children(levels: Hierarchy, level: int) -> np.ndarray:
    """The group of each row of a level, counted from the coarser level's first row."""
    return levels.parent[levels.begin[level] : levels.begin[level + 1]] - levels.begin[level + 1]


def test_groups(layout):
    """Pairs of pairs across the widest faces, on every level, as in the plain reference."""
    levels, _ = make_hierarchy(layout)
    expected = naive_multilevel.groups(naive_multilevel.couplings(layout.faces, layout.n_cells))
    assert len(levels.begin) == len(expected) + 2
    for level, groups in enumerate(expected):
        assert children(levels, level).tolist() == groups
    assert np.all(levels.parent[levels.begin[-2] :] == -1)


def test_flat_cells_are_joined_across_their_widest_faces():
    """Cells ten times as wide as high are first joined to columns of four."""
    mesh = MESHES["flat"]
    levels, _ = make_hierarchy(make_flow(mesh, everywhere(mesh, BehaviorCode.WALL)))
    group = children(levels, 0)
    column = np.round(mesh.points[mesh.cell_points[mesh.cell_offsets[:-1]], 0] * 10).astype(int)
    for number in range(group.max() + 1):
        assert len(set(column[group == number])) <= 2  # the remaining cells at the ends join across
    whole = [number for number in range(group.max() + 1) if len(set(column[group == number])) == 1]
    assert len(whole) >= 20


def test_cells_in_space_are_joined_by_eights():
    mesh = unit_box(4)
    levels, _ = make_hierarchy(make_flow(mesh, everywhere(mesh, BehaviorCode.WALL)))
    assert np.bincount(children(levels, 0)).tolist() == [8] * 8


def test_every_level_is_a_matrix_of_its_own(layout):
    levels, _ = make_hierarchy(layout)
    offsets, columns, diagonal, blocks = levels.matrix
    rows = np.repeat(np.arange(len(diagonal)), np.diff(offsets))
    level_of_row = np.searchsorted(levels.begin, np.arange(len(diagonal)), side="right")
    assert levels.begin[0] == 0
    assert levels.begin[1] == layout.n_cells
    assert levels.begin[-1] == len(diagonal) == len(levels.weight) == len(levels.solution)
    assert offsets[-1] == len(columns) == len(blocks) == len(levels.position)
    assert np.array_equal(level_of_row[columns], level_of_row[rows])
    assert np.array_equal(columns[diagonal], np.arange(len(diagonal)))
    assert np.array_equal(rows[diagonal], np.arange(len(diagonal)))
    assert np.all((np.diff(columns) > 0) | (np.diff(rows) > 0))  # ascending in each row
    sizes = np.diff(levels.begin)
    assert np.all(sizes[:-1] >= FEWEST_ROWS)
    assert np.all(sizes[1:] <= 0.8 * sizes[:-1])


def test_every_block_adds_to_its_groups_block(layout):
    """The block of rows i, j is added to that of their groups; no block of a coarse level is empty."""
    levels, _ = make_hierarchy(layout)
    offsets, columns = levels.matrix.offsets, levels.matrix.columns
    rows = np.repeat(np.arange(len(levels.parent)), np.diff(offsets))
    fine = levels.parent[rows] >= 0
    there = levels.position[fine]
    assert np.array_equal(rows[there], levels.parent[rows[fine]])
    assert np.array_equal(columns[there], levels.parent[columns[fine]])
    assert np.array_equal(np.unique(there), np.arange(offsets[levels.begin[1]], len(columns)))
    assert np.all(levels.position[~fine] == -1)


def test_one_level_of_fill(layout):
    """The elimination of each cell couples all its neighbors that follow; nothing else is added."""
    levels, positions = make_hierarchy(layout, fills=True)
    offsets, columns = levels.matrix.offsets, levels.matrix.columns
    near = naive_multilevel.couplings(layout.faces, layout.n_cells)
    wanted = [{row, *others} for row, others in enumerate(near)]
    for row, others in enumerate(near):
        later = [other for other in others if other > row]
        for other in later:
            wanted[other].update(later)
    found = [columns[offsets[row] : offsets[row + 1]].tolist() for row in range(layout.n_cells)]
    assert found == [sorted(row) for row in wanted]
    inside = layout.faces.right < layout.n_cells
    assert np.array_equal(columns[positions[0]], layout.faces.right[inside])
    assert np.array_equal(columns[positions[1]], layout.faces.left[inside])
    assert np.array_equal(levels.parent, make_hierarchy(layout)[0].parent)


@st.composite
def graphs(draw):
    """Symmetric couplings of up to 30 rows, some of zero strength; some rows have none."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(1, 30))
    strength = np.where(rng.random((n, n)) < draw(st.floats(0.0, 0.5)), rng.random((n, n)), 0.0)
    if draw(st.booleans()):
        strength = np.round(2.0 * strength)  # equals
    strength = np.triu(strength, 1)
    known = np.triu(rng.random((n, n)) < 0.2) | (strength > 0.0)
    return strength + strength.T, known | known.T | np.eye(n, dtype=bool)


@settings(derandomize=True, max_examples=60)
@given(graph=graphs())
def test_pairs(graph):
    """Each row is in one group; the first row of a pair had no free neighbor with a stronger coupling."""
    strength, known = graph
    rows, columns = np.nonzero(known)
    offsets = np.searchsorted(rows, np.arange(len(known) + 1)).astype(np.int32)
    found = np.full(len(known), -1, np.int32)
    pair_rows(offsets, columns.astype(np.int32), strength[known], found)
    numbers, firsts = np.unique(found, return_index=True)
    assert np.array_equal(numbers, np.arange(len(numbers)))
    assert np.all(np.diff(firsts) > 0)
    for number, first in enumerate(firsts):
        free = [row for row in range(len(known)) if found[row] >= number and row != first]
        strongest = max((strength[first, row] for row in free), default=0.0)
        members = np.flatnonzero(found == number).tolist()
        if strongest == 0.0:
            assert members == [first]
        else:
            assert members == [first, next(row for row in free if strength[first, row] == strongest)]


def filled(layout: Layout, seed: int, fills: bool = False) -> Hierarchy:
    """Random diagonally dominant blocks and random weights, in double precision."""
    levels = in_double(make_hierarchy(layout, fills)[0])
    rng = np.random.default_rng(seed)
    finest = level_of(levels, 0)
    finest.blocks[:] = rng.normal(size=finest.blocks.shape)
    finest.blocks[finest.diagonal] += 12.0 * np.eye(4)
    scale, rate = rng.uniform(0.5, 2.0, (layout.n_cells, 4)), rng.uniform(0.5, 2.0, layout.n_cells)
    factorize_levels(levels, scale, rate, AXES)
    assert levels.weight[: layout.n_cells] == pytest.approx(scale * rate[:, None] / scale[:, :1], rel=1e-14)
    return levels


def dense_levels(levels: Hierarchy) -> list[naive_multilevel.Level]:
    """The levels as dense matrices."""
    found = []
    for level in range(len(levels.begin) - 1):
        last = level == len(levels.begin) - 2
        weight = levels.weight[levels.begin[level] : levels.begin[level + 1]]
        group = None if last else children(levels, level)
        found.append(naive_multilevel.Level(*dense_blocks(level_of(levels, level)), weight, group))
    return found


def test_coarse_matrices_are_sums_of_undivided_equations(layout):
    dense = dense_levels(filled(layout, 1))
    for fine, coarse in pairwise(dense):
        matrix, weight = naive_multilevel.coarser(fine)
        assert coarse.weight == pytest.approx(weight, rel=ROUNDING)
        assert flat(coarse.matrix) == pytest.approx(matrix, rel=ROUNDING, abs=ROUNDING)


def test_coarsening_again_forgets_the_last_sums(layout):
    levels = filled(layout, 1)
    before = levels.matrix.blocks.copy(), levels.weight.copy()
    coarsen(levels, AXES)
    assert np.array_equal(levels.matrix.blocks, before[0])
    assert np.array_equal(levels.weight, before[1])


@pytest.mark.parametrize("fills", [False, True])
def test_factors_of_all_levels(layout, fills):
    """One factorization of all levels gives the factors of each separate level."""
    levels = filled(layout, 2, fills)
    right_side = np.random.default_rng(2).normal(size=(levels.begin[-1], 4))
    for level, dense in enumerate(dense_levels(levels)):
        given = right_side[levels.begin[level] : levels.begin[level + 1]]
        found = solve(level_of(levels, level, factors=True), given)
        expected = naive_multilevel.incomplete_solve(dense, given.ravel())
        assert found.ravel() == pytest.approx(expected, rel=1e-10, abs=1e-12)


def test_cycle(layout):
    """Solve the coarsest problem, then apply the factors of each finer level to the remaining residual."""
    levels = filled(layout, 3)
    right_side = np.random.default_rng(3).normal(size=(layout.n_cells, 4))
    found = np.empty_like(right_side)
    apply_cycle(levels, right_side, AXES, found)
    expected = naive_multilevel.cycle(dense_levels(levels), right_side.ravel())
    assert found.ravel() == pytest.approx(expected, rel=1e-10, abs=1e-12)
    kept = found.copy()
    apply_cycle(levels, right_side, AXES, found)
    assert np.array_equal(found, kept)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["hexahedra", "tetrahedra"])
def test_cycle_in_space(kind):
    """Residual and forward substitution in one pass, with factorized diagonals behind the matrix's blocks."""
    mesh = unit_box(3, kind, 0.1)
    levels, n = (
        in_double(make_hierarchy(make_flow(mesh, everywhere(mesh, BehaviorCode.WALL)))[0]),
        mesh.n_cells,
    )
    rng = np.random.default_rng(7)
    finest = level_of(levels, 0)
    finest.blocks[:] = rng.normal(size=finest.blocks.shape)
    finest.blocks[finest.diagonal] += 15.0 * np.eye(5)
    scale, rate, right_side = rng.uniform(0.5, 2.0, (n, 5)), rng.uniform(0.5, 2.0, n), rng.normal(size=(n, 5))
    factorize_levels(levels, scale, rate, IN_SPACE)
    found, dense = np.empty_like(right_side), dense_levels(levels)
    assert len(dense) >= 2
    apply_cycle(levels, right_side, IN_SPACE, found)
    expected = naive_multilevel.cycle(dense, right_side.ravel(), naive_multilevel.diagonal_solve)
    assert found.ravel() == pytest.approx(expected, rel=1e-10, abs=1e-12)


def test_cycle_is_linear(layout):
    """The preconditioner is linear and has no memory of earlier vectors."""
    levels = filled(layout, 4)
    a, b = np.random.default_rng(4).normal(size=(2, layout.n_cells, 4))
    found = np.empty((3, layout.n_cells, 4))
    for right_side, out in zip((a, b, 3.0 * a - 2.0 * b), found, strict=True):
        apply_cycle(levels, right_side, AXES, out)
    assert found[2] == pytest.approx(3.0 * found[0] - 2.0 * found[1], rel=1e-11, abs=1e-12)


def test_one_cell_is_solved_exactly():
    mesh = MESHES["one cell"]
    levels = filled(make_flow(mesh, everywhere(mesh, BehaviorCode.WALL)), 5)
    assert levels.begin.tolist() == [0, 1]
    right_side, found = np.array([[1.0, -2.0, 3.0, 0.5]]), np.empty((1, 4))
    apply_cycle(levels, right_side, AXES, found)
    assert found[0] == pytest.approx(np.linalg.solve(levels.matrix.blocks[0].T, right_side[0]), rel=1e-12)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_single_precision_loses_little(kind):
    """As in the solver: blocks, factors and vectors in single precision, right sides in single or double.

    Each of the three levels adds some ten roundings of 2^-24; diagonal dominance keeps the
    terms from growing.
    """
    mesh = MESHES["quads"]
    layout = make_flow(mesh, everywhere(mesh, BehaviorCode.WALL))
    double, (single, _) = filled(layout, 6), make_hierarchy(layout)
    assert single.matrix.blocks.dtype == single.factors.blocks.dtype == single.solution.dtype == np.float32
    level_of(single, 0).blocks[:] = level_of(double, 0).blocks
    weight = double.weight[: layout.n_cells]
    factorize_levels(single, weight, weight[:, 0], AXES)
    right_side = np.random.default_rng(6).normal(size=(layout.n_cells, 4))
    found, expected = np.empty((2, layout.n_cells, 4))
    apply_cycle(single, right_side.astype(kind), AXES, found)
    apply_cycle(double, right_side, AXES, expected)
    assert np.abs(found - expected).max() <= 30.0 * 2.0**-24 * np.abs(expected).max()


def closed_cabin(n: int, cfl: float, triangles: bool = False, fills: bool = False) -> Hierarchy:
    """Slow gas (Mach 0.02) in a closed square of n x n cells, and the matrix of a long time step."""
    mesh = unit_block(n, triangles, 0.3)
    if triangles:
        mesh = renumber(mesh, downstream(mesh, ["left"]))
    layout = make_flow(mesh, everywhere(mesh, BehaviorCode.WALL))
    noise = 4e-4 * np.random.default_rng(n).normal(size=(mesh.n_cells, 4))
    states = conserved(np.array([1.0, 0.02, 0.0, 1.0]) + noise)
    discretization = Discretization(layout, DEFAULT_SCHEME, AIR)
    levels, positions = make_hierarchy(layout, fills)
    levels, blocks = in_double(levels), make_face_jacobians(layout, np.float64)
    scaling = Scaling(np.empty_like(states), np.empty(len(states)), np.full(len(states), cfl))
    scale_and_rate(states, discretization, scaling.scale, scaling.rate)
    face_jacobians(states, scaling.scale, discretization, *blocks)
    assemble(states, scaling, blocks, discretization, positions, levels.matrix)
    factorize_levels(levels, scaling.scale, scaling.rate, AXES)
    return levels


def solved_with(levels: Hierarchy, n_levels: int, tolerance: float, most: int = 50) -> LinearSolution:
    """Residual of a uniform change of density and pressure, with this number of the finest levels."""
    coarsest = levels.begin[n_levels - 1]
    parent = np.where(np.arange(len(levels.parent)) < coarsest, levels.parent, -1).astype(np.int32)
    some = levels._replace(begin=levels.begin[: n_levels + 1], parent=parent)
    matrix = level_of(levels, 0)
    blocks = np.ascontiguousarray(matrix.blocks.transpose(0, 2, 1))
    operator = bsr_matrix((blocks, matrix.columns, matrix.offsets))
    right_side = np.tile([1.0, 0.0, 0.0, 1.0], (len(matrix.diagonal), 1))

    def apply(vector, out_product):
        out_product[:] = (operator @ vector.ravel()).reshape(vector.shape)

    space = make_krylov_space(most, *right_side.shape)
    return gmres(
        apply, lambda vector, out: apply_cycle(some, vector, AXES, out), right_side, tolerance, space
    )


def test_coarse_levels_save_products_in_slow_flow():
    """Incomplete factors reduce a uniform error least; each level reaches four times as many cells.

    On 1024 cells the factors alone leave 0.13 of the residual after 10 products, two levels a third of that,
    all four a 25th. Half and an eighth are asked for.
    """
    levels = closed_cabin(32, 1e3)
    assert len(levels.begin) == 5
    alone, two, all_levels = (solved_with(levels, count, 0.0, 10).drop for count in (1, 2, 4))
    assert two <= alone / 2.0
    assert all_levels <= alone / 8.0
    alone, all_levels = (solved_with(levels, count, LINEAR_TOLERANCE).products for count in (1, 4))
    assert all_levels <= alone - 2  # 6 and 10 seen


def test_a_level_of_fill_saves_products_on_triangles():
    """To a hundredth of the residual 32 instead of 42 were seen; a sixth is asked for.

    Cells are in the order in which those of a mesh file are put. In other orders fill may cost products.
    """
    levels = (closed_cabin(24, 1e3, True, fills) for fills in (False, True))
    plain, fill = (solved_with(one, len(one.begin) - 1, 1e-2, 60).products for one in levels)
    assert fill <= plain * 5.0 / 6.0


def test_coarse_problems_conserve():
    """Without pseudo-time, what a cell inside gives to all equations adds up to nothing, on every level.

    Its own equations get what its neighbors' lose, so that sums differ by the rounding of their terms alone;
    at the walls momentum is lost.
    """
    for level in dense_levels(closed_cabin(16, np.inf)):
        undivided = level.weight[:, None, :, None] * level.matrix
        lost, size = np.abs(undivided.sum(axis=0)), np.abs(undivided).sum(axis=0)
        mass_and_energy = lost[:, [0, 3]] / size[:, [0, 3]]
        assert mass_and_energy.max() <= ROUNDING
        assert (lost[:, 1:3] / size[:, 1:3]).max() > 0.01
