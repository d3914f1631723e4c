"""Blocks of rows and products of small matrices on vector registers, against array indexing."""

from __future__ import annotations

import numpy as np
import pytest

from breachflow import simd
from breachflow.compiled import kernel
from breachflow.simd import LANES

ROWS = 40
KINDS = [np.float32, np.float64]


@kernel
def gather(array, rows, width, out_block, first):
    simd.gather(array, rows, width, out_block, first)


@kernel
def subtract_product(matrices, number, source, first, width, out, at):
    simd.subtract_product(matrices, number, source, first, width, out, at)


@kernel
def fetch_ahead(array, row):
    simd.fetch_ahead(array, row)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("columns", [1, 4, 9])
def test_asking_for_memory_changes_nothing(columns, kind):
    array = np.random.default_rng(columns).normal(size=(ROWS, columns)).astype(kind)
    before = array.copy()
    for row in (0, 1, ROWS - 1):
        fetch_ahead(array, row)
    assert np.array_equal(array, before)


def some_rows(seed: int, kind: type) -> np.ndarray:
    """LANES numbers of rows, the first and the last among them, one of them many times."""
    rows = np.random.default_rng(seed).integers(0, ROWS, LANES).astype(kind)
    rows[[0, -1]] = 0, ROWS - 1
    rows[10:30] = 7
    return rows


@pytest.mark.parametrize("kind", [np.int32, np.int64])
@pytest.mark.parametrize("columns", range(1, 10))
def test_gathered_rows_are_the_arrays_own(columns, kind):
    """All columns or the first few are copied exactly, and the rest of the block is unchanged."""
    array = np.random.default_rng(columns).normal(size=(ROWS, columns))
    rows = some_rows(columns, kind)
    for width in range(1, columns + 1):
        for first in (0, 3):
            block = np.full((columns + 5, LANES), np.nan)
            gather(array, rows, width, block, first)
            expected = np.full_like(block, np.nan)
            expected[first : first + width] = array[rows, :width].T
            assert np.array_equal(block, expected, equal_nan=True)


def test_gathering_copies_what_is_no_number():
    array = np.tile([np.nan, np.inf, -np.inf, -0.0, 5e-324], (ROWS, 1))
    block = np.zeros((5, LANES))
    gather(array, np.zeros(LANES, np.int32), 5, block, 0)
    assert np.array_equal(block[:, 0], array[0], equal_nan=True)
    assert np.signbit(block[3]).all()


def one_product(width: int, number: int, first: int, at: int, kinds: tuple[type, type, type]):
    """The results for random numbers, the exact ones, and the size of the terms of each (0: not written)."""
    rng = np.random.default_rng(10 * width + number)
    matrices = rng.normal(size=(6, width, width)).astype(kinds[0])
    source, out = rng.normal(size=20).astype(kinds[1]), rng.normal(size=25).astype(kinds[2])
    matrix, part = matrices[number].T.astype(np.float64), source[first : first + width].astype(np.float64)
    expected, size = out.astype(np.float64), np.zeros(25)
    size[at : at + width] = np.abs(expected[at : at + width]) + np.abs(matrix) @ np.abs(part)
    expected[at : at + width] -= matrix @ part
    subtract_product(matrices, number, source, first, width, out, at)
    return out, expected, size


@pytest.mark.parametrize("out_kind", KINDS)
@pytest.mark.parametrize("source_kind", KINDS)
@pytest.mark.parametrize("matrix_kind", KINDS)
@pytest.mark.parametrize("width", [3, 4, 5])
def test_products_of_small_matrices(width, matrix_kind, source_kind, out_kind):
    """Each of the at most 5 products and sums rounds once, by the coarsest of the three kinds of numbers."""
    kinds = (matrix_kind, source_kind, out_kind)
    rounding = 10.0 * max(np.finfo(kind).eps for kind in kinds) / 2.0
    for number, first, at in [(0, 0, 0), (5, 15, 20), (3, 2, 7)]:
        found, expected, size = one_product(width, number, first, at, kinds)
        assert np.all(np.abs(found - expected) <= rounding * size)


@pytest.mark.parametrize("source_kind", KINDS)
@pytest.mark.parametrize("matrix_kind", KINDS)
def test_states_of_four_are_multiplied_in_double_precision(matrix_kind, source_kind):
    """A result in double precision is exact; one in single precision is rounded once."""
    found, expected, size = one_product(4, 2, 3, 6, (matrix_kind, source_kind, np.float64))
    assert np.all(np.abs(found - expected) <= 1e-15 * size)
    found, expected, size = one_product(4, 2, 3, 6, (matrix_kind, source_kind, np.float32))
    assert np.all(np.abs(found - expected) <= 2.0**-24 * np.abs(expected) * (size > 0.0) + 1e-15 * size)


def test_product_within_one_array():
    """The product reads and writes the same vector, as in a triangular solve."""
    rng = np.random.default_rng(3)
    matrices, vector = rng.normal(size=(2, 4, 4)), rng.normal(size=12)
    expected = vector.copy()
    expected[8:] -= matrices[1].T @ vector[:4]
    subtract_product(matrices, 1, vector, 0, 4, vector, 8)
    assert vector == pytest.approx(expected, rel=1e-14, abs=1e-14)


@kernel
def differentiate(values, scalars, row, stencil, axes, out):
    simd.differentiate(values, scalars, row, stencil, axes, out)


@pytest.mark.parametrize("count", [0, 1, 7])
@pytest.mark.parametrize("with_scalars", [False, True])
@pytest.mark.parametrize("dimension", [2, 3])
def test_weighted_sums_of_differences(dimension, with_scalars, count):
    """Each sum rounds once for each of its terms; columns and rows that are not its own stay as they are."""
    rng = np.random.default_rng(count)
    values, scalars = rng.normal(size=(ROWS, dimension + 2)), rng.normal(size=ROWS if with_scalars else 0)
    others, weights = rng.integers(0, ROWS, 20).astype(np.int32), rng.normal(size=(20, dimension))
    row, begin = 5, 9
    out = np.full((ROWS, (dimension + 2) * dimension + dimension + 2), np.nan)
    expected = out.copy()
    stencil = simd.Stencil(others, weights, begin, begin + count)
    differentiate(values, scalars, row, stencil, tuple(range(dimension)), out)
    everything = np.column_stack([values, scalars]) if with_scalars else values
    jumps = everything[others[begin : begin + count]] - everything[row]
    sums = np.einsum("kv,ka->va", jumps, weights[begin : begin + count]).ravel()
    expected[row, : len(sums)] = sums
    assert out == pytest.approx(expected, abs=1e-14, nan_ok=True)


@kernel
def subtract_row(row, source, width, out, at):
    simd.subtract_row(row, source, width, out, at)


@kernel
def eliminate_row(row, inverse, vector, width, at):
    simd.eliminate_row(row, inverse, vector, width, at)


def some_blocks(width: int, kind: type) -> tuple[simd.BlockRow, np.ndarray]:
    """Three of eight blocks, and the vector that they multiply; results go to its row 5."""
    rng = np.random.default_rng(width)
    blocks, vector = rng.normal(size=(8, width, width)).astype(kind), rng.normal(size=6 * width).astype(kind)
    return simd.BlockRow(blocks, np.array([3, 0, 4, 1, 2, 0, 1, 3], np.int32), 2, 5), vector


def rest_of(row: simd.BlockRow, vector: np.ndarray, width: int) -> np.ndarray:
    states = vector.astype(np.float64).reshape(-1, width)
    ours = range(row.begin, row.end)
    return states[5] - sum(row.blocks[k].T.astype(np.float64) @ states[row.columns[k]] for k in ours)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [4, 5])
def test_rows_of_blocks(width, kind):
    """About 20 products and sums of numbers near 1 round once each; other numbers stay as they are."""
    rounding = 100.0 * float(np.finfo(kind).eps)
    row, vector = some_blocks(width, kind)
    rest, before = rest_of(row, vector, width), vector.copy()
    subtract_row(row, vector, width, vector, 5 * width)
    assert vector[5 * width :] == pytest.approx(rest, abs=rounding)
    row, vector = some_blocks(width, kind)
    eliminate_row(row, 7, vector, width, 5 * width)
    assert vector[5 * width :] == pytest.approx(-row.blocks[7].T.astype(np.float64) @ rest, abs=rounding)
    assert np.array_equal(vector[: 5 * width], before[: 5 * width])
