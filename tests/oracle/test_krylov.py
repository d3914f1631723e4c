"""GMRES against dense solves, and the orthonormality of its basis for long and nearly dependent vectors."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import breachflow
from breachflow.compiled import set_threads
from breachflow.numerics.implicit import krylov
from breachflow.numerics.implicit.krylov import (
    CHUNK,
    gmres,
    keep,
    make_krylov_space,
    orthogonalize,
    project,
    put,
    subtract_projections,
    take,
)

ROWS, VARIABLES = 6, 4
SIZE = ROWS * VARIABLES
KINDS = [np.float32, np.float64]

MANY_ROWS = 1700
LONG = MANY_ROWS * VARIABLES
"""Length of a vector of three whole chunks and a part of one."""

SINGLE = 2.0**-24
"""Relative rounding error in single precision."""

seeds = st.integers(0, 2**32 - 1)


def product_with(matrix: np.ndarray):
    """An operator on (rows, variables) arrays."""

    def apply(vector, out_product):
        out_product[:] = (matrix @ vector.ravel()).reshape(vector.shape)

    return apply


def well_conditioned(rng: np.random.Generator) -> np.ndarray:
    return np.eye(SIZE) * 3.0 + rng.normal(size=(SIZE, SIZE)) / np.sqrt(SIZE)


def double_space(most: int, rows: int = ROWS):
    return make_krylov_space(most, rows, VARIABLES, np.float64)


IDENTITY = product_with(np.eye(SIZE))


def test_vectors_are_as_long_as_the_tests_of_chunks_need():
    assert LONG > 3 * CHUNK
    assert LONG % CHUNK > 0


@settings(derandomize=True, max_examples=25)
@given(seed=seeds)
def test_solution_of_a_well_conditioned_system(seed):
    rng = np.random.default_rng(seed)
    matrix, right_side = well_conditioned(rng), rng.normal(size=(ROWS, VARIABLES))
    found = gmres(product_with(matrix), IDENTITY, right_side, 1e-13, double_space(SIZE))
    expected = np.linalg.solve(matrix, right_side.ravel())
    assert found.solution.ravel() == pytest.approx(expected, rel=1e-9, abs=1e-11)
    assert found.products <= SIZE


@pytest.mark.parametrize("kind", KINDS)
@settings(derandomize=True, max_examples=25)
@given(seed=seeds, most=st.integers(1, 12), preconditioned=st.booleans())
def test_announced_drop_is_the_true_one(kind, seed, most, preconditioned):
    """Tolerance of a basis in single precision: its rounding in each of at most 12 columns."""
    rng = np.random.default_rng(seed)
    matrix, right_side = well_conditioned(rng), rng.normal(size=(ROWS, VARIABLES))
    helper = np.linalg.inv(matrix + 0.1 * rng.normal(size=(SIZE, SIZE))) if preconditioned else np.eye(SIZE)
    space = make_krylov_space(most, ROWS, VARIABLES, kind)
    found = gmres(product_with(matrix), product_with(helper), right_side, 1e-10, space)
    rest = right_side.ravel() - matrix @ found.solution.ravel()
    true = float(np.linalg.norm(rest) / np.linalg.norm(right_side))
    assert found.drop == pytest.approx(true, rel=1e-6, abs=1e-13 if kind == np.float64 else 20.0 * SINGLE)
    assert found.drop <= 1e-10 or found.products == most


def test_least_residual_of_the_krylov_space():
    """After k products the residual is the least of all combinations of A b ... A^k b."""
    rng = np.random.default_rng(11)
    matrix, right_side = well_conditioned(rng), rng.normal(size=(ROWS, VARIABLES))
    b = right_side.ravel()
    powers = [matrix @ b]
    for k in range(1, 7):
        found = gmres(product_with(matrix), IDENTITY, right_side, 0.0, double_space(k))
        columns = np.array(powers).T
        best = b - columns @ np.linalg.lstsq(columns, b, rcond=None)[0]
        assert found.drop == pytest.approx(np.linalg.norm(best) / np.linalg.norm(b), rel=1e-8)
        powers.append(matrix @ powers[-1])


def test_exact_preconditioner_needs_one_product():
    """The preconditioner is applied before each product and to the solution in the basis."""
    rng = np.random.default_rng(4)
    matrix, right_side = well_conditioned(rng), rng.normal(size=(ROWS, VARIABLES))
    inverse, calls = product_with(np.linalg.inv(matrix)), []

    def precondition(vector, out_product):
        calls.append(1)
        inverse(vector, out_product)

    found = gmres(product_with(matrix), precondition, right_side, 1e-12, double_space(10))
    assert found.products == 1
    assert len(calls) == 2
    assert found.drop <= 1e-14


def test_nothing_to_solve():
    found = gmres(IDENTITY, IDENTITY, np.zeros((ROWS, VARIABLES)), 1e-3, double_space(3))
    assert (found.drop, found.products) == (0.0, 0)
    assert not found.solution.any()


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_no_right_side_to_solve_for(bad):
    right_side = np.ones((ROWS, VARIABLES))
    right_side[2, 1] = bad
    found = gmres(IDENTITY, IDENTITY, right_side, 1e-3, double_space(3))
    assert (found.drop, found.products) == (np.inf, 0)
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

    found = gmres(apply, IDENTITY, right_side, 1e-12, double_space(8))
    assert found.products == good_products
    assert np.isfinite(found.solution).all()
    assert 0.0 < found.drop <= 1.0


def test_singular_operator_gives_an_answer_not_an_exception():
    """The operator returns zero: the solution stays finite and the drop is 1."""

    def nothing(vector, out_product):
        out_product[:] = 0.0

    found = gmres(nothing, IDENTITY, np.ones((ROWS, VARIABLES)), 1e-3, double_space(4))
    assert np.isfinite(found.solution).all()
    assert found.drop == pytest.approx(1.0)


def long_system(rng: np.random.Generator):
    """A large diagonal with the coupling of one dense row and column, and a right side."""
    diagonal, (u, v) = rng.uniform(1.0, 3.0, LONG), rng.normal(size=(2, LONG)) / np.sqrt(LONG)

    def apply(vector, out_product):
        x = vector.ravel()
        out_product[:] = (diagonal * x + u * (v @ x)).reshape(vector.shape)

    return apply, rng.normal(size=(MANY_ROWS, VARIABLES))


@pytest.mark.parametrize(
    ("kind", "tolerance", "rest"),
    [(np.float64, 1e-12, 2e-12), (np.float32, 1e-5, 2e-5), (np.int16, 1e-2, 1.02e-2)],
)
def test_long_vectors(kind, tolerance, rest):
    """In 16 bits each of some 10 vectors adds an error of 1e-4 at most: a step of a chunk is 4/32767."""
    apply, right_side = long_system(np.random.default_rng(3))
    found = gmres(apply, copy, right_side, tolerance, make_krylov_space(60, MANY_ROWS, VARIABLES, kind))
    product = np.empty_like(right_side)
    apply(found.solution, product)
    assert found.products < 60
    assert np.linalg.norm(product - right_side) <= rest * np.linalg.norm(right_side)


def copy(vector, out_product):
    out_product[:] = vector


def random_basis(rng: np.random.Generator, count: int, kind: type) -> tuple[np.ndarray, np.ndarray]:
    """Vectors and the scales of their chunks."""
    vectors, chunks = rng.normal(size=(count + 2, LONG)) / np.sqrt(LONG), -(-LONG // CHUNK)
    if kind == np.int16:
        return (1e5 * vectors).astype(kind), rng.uniform(0.5e-5, 1e-5, (count + 2, chunks))
    return vectors.astype(kind), np.ones((count + 2, chunks))


def chunks_of(vector: np.ndarray) -> list[np.ndarray]:
    return [vector[begin : begin + CHUNK] for begin in range(0, len(vector), CHUNK)]


@pytest.mark.parametrize("kind", [*KINDS, np.int16])
@pytest.mark.parametrize("count", [1, 5])
def test_sums_by_chunks(kind, count):
    """Each sum of CHUNK terms is right to CHUNK roundings of their sizes; the rest is unchanged."""
    rng = np.random.default_rng(count)
    basis, scales = random_basis(rng, count, kind)
    vector, coefficients = rng.normal(size=LONG), rng.normal(size=count)
    vectors = basis * np.repeat(scales, CHUNK, axis=1)[:, :LONG]
    sums = np.full((-(-LONG // CHUNK), count + 1), np.nan)
    project(basis, scales, count, vector, sums)
    rounding = CHUNK * np.finfo(float).eps
    for k in range(count):
        for part, row, total in zip(chunks_of(vector), chunks_of(vectors[k]), sums[:, k], strict=True):
            terms = part * row
            assert abs(total - terms.sum()) <= rounding * np.abs(terms).sum()
    assert np.isnan(sums[:, count:]).all()
    found = vector.copy()
    subtract_projections(basis, scales, coefficients, found, sums)
    assert found == pytest.approx(vector - coefficients @ vectors[:count], rel=1e-13, abs=1e-14)
    squares = [part @ part for part in chunks_of(found)]
    assert sums[:, 0] == pytest.approx(squares, rel=1e-13)


@pytest.mark.parametrize("kind", KINDS)
def test_put(kind):
    vector, row = np.random.default_rng(1).normal(size=LONG), np.empty(LONG, kind)
    put(vector, 0.3, row)
    assert np.array_equal(row, (0.3 * vector).astype(kind))


def test_vectors_in_whole_numbers():
    """Off by half a step of a chunk, of which its largest number has 32767; a chunk of zeros stays one."""
    vector = np.random.default_rng(1).normal(size=LONG) * np.repeat([1e-9, 0.0, 1e3, 1.0], CHUNK)[:LONG]
    space, found = make_krylov_space(2, MANY_ROWS, VARIABLES, np.int16), np.empty(LONG)
    keep(space, 1, vector, 0.3)
    take(space.basis[1], space.scales[1], found)
    for part, kept in zip(chunks_of(0.3 * vector), chunks_of(found), strict=True):
        largest = np.abs(part).max()
        assert np.abs(part - kept).max() <= largest * (0.5 / 32767.0 + 1e-15)
        assert np.abs(kept).max() == pytest.approx(largest, rel=1e-14)


@pytest.mark.parametrize("rows", [5, MANY_ROWS])
@pytest.mark.parametrize("count", [1, 4, 7])
def test_orthogonalization(count, rows):
    """Gram-Schmidt, compared by the projection of a random vector onto the complement of an exact basis."""
    rng = np.random.default_rng(count)
    size = rows * VARIABLES
    space = double_space(8, rows)
    space.basis[:count] = np.linalg.qr(rng.normal(size=(size, count)))[0].T
    vectors, new = space.basis[:count].T, rng.normal(size=size)
    space.fresh[:] = new.reshape(rows, VARIABLES)
    column = np.full(8, np.nan)
    length = orthogonalize(space, count, column)
    rest = new - vectors @ (vectors.T @ new)
    assert column[:count] == pytest.approx(vectors.T @ new, abs=1e-12)
    assert np.isnan(column[count:]).all()
    assert length == pytest.approx(np.linalg.norm(rest), rel=1e-12)
    assert space.basis[count] == pytest.approx(rest / np.linalg.norm(rest), abs=1e-13)


def nearly_dependent(count: int, rows: int) -> tuple[np.ndarray, np.ndarray]:
    """The basis of vectors whose relative difference is 1e-4, and their coefficients."""
    rng = np.random.default_rng(rows)
    common, *others = rng.normal(size=(count + 1, rows * VARIABLES))
    space, columns = make_krylov_space(count, rows, VARIABLES), np.zeros((count, count + 1))
    put(common, 1.0 / np.linalg.norm(common), space.basis[0])
    for k, other in enumerate(others, start=1):
        space.fresh[:] = (common + 1e-4 * other).reshape(space.fresh.shape)
        columns[k - 1, k] = orthogonalize(space, k, columns[k - 1])
    return space.basis, columns


def worst_product(basis: np.ndarray) -> float:
    """Largest deviation of the products of basis vectors from those of an orthonormal basis."""
    exact = basis.astype(float)
    return float(np.abs(exact @ exact.T - np.eye(len(basis))).max())


@pytest.mark.parametrize("rows", [50, MANY_ROWS])
def test_basis_stays_orthonormal(rows):
    """30 vectors that lose nearly all of their length: products are off by the rounding of both vectors."""
    basis, columns = nearly_dependent(30, rows)
    assert basis.dtype == np.float32
    assert worst_product(basis) <= 4.0 * SINGLE
    rng = np.random.default_rng(rows)
    common, *others = rng.normal(size=(31, rows * VARIABLES))
    for column, other in zip(columns, others, strict=True):
        given = common + 1e-4 * other
        assert np.linalg.norm(column @ basis - given) <= 2.0 * SINGLE * np.linalg.norm(given)


def test_one_pass_would_not_do(monkeypatch):
    """The rest of a vector contains the rounding of the basis, 10000 times larger relative to its length."""
    monkeypatch.setattr(krylov, "REORTHOGONALIZE", 0.0)
    basis, _ = nearly_dependent(30, MANY_ROWS)
    assert worst_product(basis) > 100.0 * SINGLE


def test_second_pass_only_where_much_was_lost(monkeypatch):
    """A vector orthogonal to the basis loses no length, a vector in its span nearly all."""
    passes = []
    monkeypatch.setattr(krylov, "project", lambda *arguments: (passes.append(1), project(*arguments)))
    for slope, expected in [
        (0.0, 1),
        (1.0, 1),
        (1.7, 1),
        (1.8, 2),
        (1e3, 2),
    ]:  # 1/hypot(1, 1.732) is REORTHOGONALIZE
        space = double_space(3)
        space.basis[0] = np.eye(SIZE)[0]
        space.fresh[:] = (np.eye(SIZE)[1] + slope * np.eye(SIZE)[0]).reshape(ROWS, VARIABLES)
        passes.clear()
        assert orthogonalize(space, 1, np.zeros(4)) == pytest.approx(1.0, rel=1e-13)
        assert len(passes) == expected


def digest_of_solution(threads: int | None) -> str:
    """Digest of the solution of a solve, and the number of its threads."""
    count = set_threads(threads)
    apply, right_side = long_system(np.random.default_rng(5))
    found = gmres(apply, copy, right_side, 1e-5, make_krylov_space(30, MANY_ROWS, VARIABLES))
    return f"{count} {hashlib.sha256(found.solution.tobytes()).hexdigest()} {found.drop.hex()}"


def test_number_of_threads_changes_no_bit():
    """In a separate process, which may use two threads on any machine."""
    script = "import test_krylov as t; print(t.digest_of_solution(1)); print(t.digest_of_solution(2))"
    path = [str(Path(__file__).parent), str(Path(breachflow.__file__).parents[1])]
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={**environment, "NUMBA_NUM_THREADS": "2", "PYTHONPATH": os.pathsep.join(path)},
        capture_output=True,
        text=True,
        check=True,
    )
    one, two = (line.split() for line in run.stdout.splitlines())
    assert (one[0], two[0]) == ("1", "2")
    assert one[1:] == two[1:]
