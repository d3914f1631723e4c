"""Strips of rows: what they may need, and the same bits for any number of threads."""

from __future__ import annotations

import numpy as np
import pytest
from pairs import level_of

from breachflow.compiled import set_threads
from breachflow.numerics.implicit import strips as module
from breachflow.numerics.implicit.cycle import apply_cycle
from breachflow.numerics.implicit.multilevel import factorize_levels, make_hierarchy
from breachflow.numerics.implicit.strips import STRIPS_PER_THREAD, make_counts, make_strips
from breachflow.physics.boundary import BehaviorCode
from flow_setup import everywhere, make_flow, unit_block

AXES = (0, 1)
MESHES = {"quads": unit_block(24, False, 0.5), "triangles": unit_block(16, True, 0.5)}


@pytest.fixture(params=list(MESHES))
def layout(request):
    mesh = MESHES[request.param]
    return make_flow(mesh, everywhere(mesh, BehaviorCode.WALL))


@pytest.fixture
def small_strips(monkeypatch):
    """Strips of few rows, so that small meshes have several."""
    monkeypatch.setattr(module, "FEWEST_ROWS", 8)


@pytest.fixture(params=[1, 2])
def threads(request):
    set_threads(request.param)
    yield request.param
    set_threads(1)


@pytest.mark.parametrize("fills", [False, True])
def test_a_strip_needs_itself_and_strips_before_it(layout, small_strips, fills):
    matrix, begin = (made := make_hierarchy(layout, fills)[0]).matrix, made.begin.tolist()
    strips = make_strips(matrix, begin, 3)
    assert np.sort(strips.rows).tolist() == list(range(begin[-1]))
    assert strips.first[1] == 3 * STRIPS_PER_THREAD
    for number, level in enumerate(strips.level):
        rows = strips.rows[strips.begin[number] : strips.begin[number + 1]]
        assert np.all(np.diff(rows) > 0)
        assert np.all((rows >= begin[level]) & (rows < begin[level + 1]))
        assert np.all(strips.strip[rows] == number)
        assert np.array_equal(strips.place[rows], np.arange(len(rows)))
    for row in range(begin[-1]):
        columns = matrix.columns[matrix.offsets[row] : matrix.offsets[row + 1]]
        before, behind = columns[columns < row], columns[columns > row]
        own = strips.strip[row]
        assert np.all(strips.strip[before] <= own)
        assert np.all(strips.strip[behind] >= own)
        assert strips.follows[row] == np.any(strips.strip[before] < own)
        assert strips.leads[row] == np.any(strips.strip[behind] > own)


def test_a_strip_has_a_part_of_each_line(small_strips):
    """So a thread can begin when the one before it has done its part of the first line."""
    n = 24
    mesh = unit_block(n)
    matrix = make_hierarchy(make_flow(mesh, everywhere(mesh, BehaviorCode.WALL)))[0].matrix
    strips = make_strips(matrix, [0, n * n], 2)
    in_line = strips.strip.reshape(n, n)
    assert np.all(in_line == in_line[0])
    assert np.bincount(in_line[0]).tolist() == [n // 4] * 4


def test_small_levels_are_one_strip(layout):
    levels = make_hierarchy(layout)[0]
    strips = make_strips(levels.matrix, levels.begin.tolist(), 4)
    assert len(strips.level) == len(levels.begin) - 1


@pytest.mark.parametrize("fills", [False, True])
def test_same_bits_for_any_strips_and_threads(layout, small_strips, threads, fills):
    """Factors and a cycle by one, three and sixteen strips a level, on one thread and on two."""
    rng = np.random.default_rng(5)
    levels = make_hierarchy(layout, fills)[0]
    finest = level_of(levels, 0)
    finest.blocks[:] = rng.normal(size=finest.blocks.shape)
    finest.blocks[finest.diagonal] += 12.0 * np.eye(4, dtype=np.float32)
    scale, rate = rng.uniform(0.5, 2.0, (layout.n_cells, 4)), rng.uniform(0.5, 2.0, layout.n_cells)
    right_side = rng.normal(size=(layout.n_cells, 4))
    found = []
    for workers in (1, 2, 8):
        strips = make_strips(levels.matrix, levels.begin.tolist(), workers)
        some = levels._replace(strips=strips, counts=make_counts(3 * len(strips.level)))
        for _ in range(20 if workers > 1 else 1):
            solution = np.empty_like(right_side)
            some.factors.blocks[:] = np.nan
            factorize_levels(some, scale, rate, AXES)
            apply_cycle(some, right_side, AXES, solution)
            found.append((some.factors.blocks.tobytes(), solution.tobytes()))
    assert np.all(np.isfinite(solution))
    assert len(set(found)) == 1
