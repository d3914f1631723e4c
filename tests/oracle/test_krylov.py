"""GMRES against a dense solve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breachflow.numerics.krylov import gmres, make_krylov_space, norm

ROWS, VARIABLES = 6, 4
SIZE = ROWS * VARIABLES


def product_with(matrix: np.ndarray):
    """An operator on (rows, variables) arrays."""

    def apply(vector, out_product):
        out_product[:] = (matrix @ vector.ravel()).reshape(vector.shape)

    return apply


def well_conditioned(rng: np.random.Generator) -> np.ndarray:
    return np.eye(SIZE) * 3.0 + rng.normal(size=(SIZE, SIZE)) / np.sqrt(SIZE)


IDENTITY = product_with(np.eye(SIZE))


@settings(deadline=None, derandomize=True, max_examples=25)
@given(seed=st.integers(0, 2**32 - 1))
def test_solution_of_a_well_conditioned_system(seed):
    rng = np.random.default_rng(seed)
    matrix, right_side = well_conditioned(rng), rng.normal(size=(ROWS, VARIABLES))
    space = make_krylov_space(SIZE, ROWS, VARIABLES)
    found = gmres(product_with(matrix), IDENTITY, right_side, 1e-13, space)
    expected = np.linalg.solve(matrix, right_side.ravel())
    assert found.solution.ravel() == pytest.approx(expected, rel=1e-9, abs=1e-11)
    assert found.products <= SIZE


@settings(deadline=None, derandomize=True, max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), most=st.integers(1, 12), preconditioned=st.booleans())
def test_announced_drop_is_the_true_one(seed, most, preconditioned):
    rng = np.random.default_rng(seed)
    matrix, right_side = well_conditioned(rng), rng.normal(size=(ROWS, VARIABLES))
    helper = np.linalg.inv(matrix + 0.1 * rng.normal(size=(SIZE, SIZE))) if preconditioned else np.eye(SIZE)
    space = make_krylov_space(most, ROWS, VARIABLES)
    found = gmres(product_with(matrix), product_with(helper), right_side, 1e-10, space)
    rest = right_side.ravel() - matrix @ found.solution.ravel()
    true = float(np.linalg.norm(rest) / np.linalg.norm(right_side))
    assert found.drop == pytest.approx(true, rel=1e-6, abs=1e-13)
    assert found.drop <= 1e-10 or found.products == most


def test_least_residual_of_the_krylov_space():
    """After k products the residual is the least of all combinations of A b ... A^k b."""
    rng = np.random.default_rng(11)
    matrix, right_side = well_conditioned(rng), rng.normal(size=(ROWS, VARIABLES))
    b = right_side.ravel()
    powers = [matrix @ b]
    for k in range(1, 7):
        space = make_krylov_space(k, ROWS, VARIABLES)
        found = gmres(product_with(matrix), IDENTITY, right_side, 0.0, space)
        columns = np.array(powers).T
        best = b - columns @ np.linalg.lstsq(columns, b, rcond=None)[0]
        assert found.drop == pytest.approx(np.linalg.norm(best) / np.linalg.norm(b), rel=1e-8)
        powers.append(matrix @ powers[-1])


def test_exact_preconditioner_needs_one_product():
    rng = np.random.default_rng(4)
    matrix, right_side = well_conditioned(rng), rng.normal(size=(ROWS, VARIABLES))
    space = make_krylov_space(10, ROWS, VARIABLES)
    found = gmres(product_with(matrix), product_with(np.linalg.inv(matrix)), right_side, 1e-12, space)
    assert found.products == 1
    assert found.drop <= 1e-14


def test_nothing_to_solve():
    space = make_krylov_space(3, ROWS, VARIABLES)
    found = gmres(IDENTITY, IDENTITY, np.zeros((ROWS, VARIABLES)), 1e-3, space)
    assert (found.drop, found.products) == (0.0, 0)
    assert not found.solution.any()


@pytest.mark.parametrize("good_products", [0, 1, 3])
def test_stops_with_what_it_has_where_numbers_are_lost(good_products):
    rng = np.random.default_rng(8)
    matrix, right_side = well_conditioned(rng), rng.normal(size=(ROWS, VARIABLES))
    calls = []

    def apply(vector, out_product):
        calls.append(1)
        out_product[:] = (matrix @ vector.ravel()).reshape(vector.shape)
        if len(calls) > good_products:
            out_product[0, 0] = np.nan

    found = gmres(apply, IDENTITY, right_side, 1e-12, make_krylov_space(8, ROWS, VARIABLES))
    assert found.products == good_products
    assert np.isfinite(found.solution).all()
    assert 0.0 < found.drop <= 1.0


def test_singular_operator_gives_an_answer_not_an_exception():
    """Nothing comes back from the operator: the solution stays finite and the drop says 1."""

    def nothing(vector, out_product):
        out_product[:] = 0.0

    space = make_krylov_space(4, ROWS, VARIABLES)
    found = gmres(nothing, IDENTITY, np.ones((ROWS, VARIABLES)), 1e-3, space)
    assert np.isfinite(found.solution).all()
    assert found.drop == pytest.approx(1.0)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(seed=st.integers(0, 2**32 - 1))
def test_norm(seed):
    vector = np.random.default_rng(seed).normal(size=(ROWS, VARIABLES))
    assert norm(vector) == pytest.approx(float(np.linalg.norm(vector)), rel=1e-14)
