"""The preconditioner: agglomeration multigrid with an incomplete factorization on every level.

An incomplete factorization does not reduce errors that are smooth over many cells, such as those of the
pressure in the slow cabin. So cells are agglomerated in fours, in space in eights, level by level
(Lallemand, Steve and Dervieux 1992, Comput. Fluids 21); the Jacobian of agglomerated cells is the sum of the
fluxes between them. One matrix holds all levels, the finest first; rows of different levels are not coupled,
so that one factorization serves all.

Of cells with few neighbors, triangles above all, a factorization with the pattern of the matrix loses much.
It may have one level of fill (Meijerink and van der Vorst 1977, Math. Comput. 31): the places at which the
elimination of one cell couples two of its neighbors.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import CellRows, CellScalars, FlatRows, Floats, Indices, Ints
from breachflow.compiled import kernel
from breachflow.numerics.implicit.block_matrix import BlockMatrix, FacePositions
from breachflow.numerics.implicit.ilu import factorize, factorize_diagonal, solve_rest, solve_rows
from breachflow.numerics.space.layout import Layout
from breachflow.simd import BlockRow, subtract_row

FEWEST_ROWS: Final = 20
"""A level with fewer rows is not coarsened."""

DTYPE: Final = np.float32
"""Single precision: half the memory to read, and enough for a preconditioner."""


class Hierarchy(NamedTuple):
    """Matrices of all levels, the finest first."""

    begin: Ints
    """(levels + 1,) first row of each level."""
    parent: Ints
    """(rows,) row of the coarser level that each row belongs to; -1 on the coarsest."""
    position: Ints
    """(blocks,) block of the coarser level that each block adds to; -1 on the coarsest."""
    matrix: BlockMatrix
    factors: BlockMatrix
    """In space the matrix itself, behind whose blocks stand those of `ilu.factorize_diagonal`."""
    weight: NDArray[Any]
    """(rows, nvar) scale of the equations; of agglomerated cells, the sum of theirs."""
    right_side: NDArray[Any]
    """(rows, nvar)"""
    solution: NDArray[Any]
    """(rows, nvar)"""


class _Graph(NamedTuple):
    """Pattern of one level's matrix in compressed rows, and how strongly its rows are coupled."""

    offsets: Ints
    columns: Ints
    strength: Floats


def make_hierarchy(layout: Layout, fills: bool = False) -> tuple[Hierarchy, FacePositions]:
    """Empty matrices for a layout, and where the blocks of each interior face stand in the finest.

    `fills`: the factors have a level of fill.
    """
    graph, diagonal, positions = _finest(layout, fills)
    begin, graphs, diagonals, parents, places = [0], [graph], [diagonal], [], []
    while len(diagonals[-1]) >= FEWEST_ROWS:
        parent = _agglomerated(graphs[-1], len(layout.axes))
        coarse, diagonal, place = _coarser(graphs[-1], parent)
        if len(diagonal) > 0.8 * len(parent):
            break
        begin.append(begin[-1] + len(parent))
        graphs.append(coarse)
        diagonals.append(diagonal)
        parents.append(parent + begin[-1])
        places.append(place)
    return _stacked(begin, graphs, diagonals, parents, places, layout.n_variables), positions


def _finest(layout: Layout, fills: bool) -> tuple[_Graph, Ints, FacePositions]:
    """A block for every cell, every pair of neighbors and all fill, columns ascending in each row."""
    n = layout.n_cells
    interior = layout.faces.right < n
    left, right = layout.faces.left[interior], layout.faces.right[interior]
    one, other = _filled(left, right, n) if fills else np.zeros((2, 0), dtype=np.int64)
    everyone = np.arange(n)
    rows = np.concatenate([everyone, left, right, one, other])
    columns = np.concatenate([everyone, right, left, other, one])
    area = layout.faces.area[interior]
    strength = np.concatenate([np.zeros(n), area, area, np.zeros(2 * len(one))])
    order = np.lexsort((columns, rows))
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=n))]).astype(np.int32)
    graph = _Graph(offsets, columns[order].astype(np.int32), strength[order])
    return graph, place[:n], FacePositions(place[n : n + len(left)], place[n + len(left) : n + 2 * len(left)])


def _filled(left: Ints, right: Ints, n: int) -> tuple[Indices, Indices]:
    """Pairs of cells (m,) and (m,), no neighbors, that the elimination of a cell before both couples.

    `left` and `right` (n_interior,) are the pairs of neighbors.
    """
    from scipy.sparse import csr_matrix, triu

    first, later = np.minimum(left, right), np.maximum(left, right)
    couples = csr_matrix((np.ones(len(first), dtype=np.int32), (first, later)), shape=(n, n))
    pairs = triu(couples.T @ couples, 1).tocoo()
    new = ~np.isin(pairs.row * np.int64(n) + pairs.col, first * np.int64(n) + later)
    return pairs.row[new].astype(np.int64), pairs.col[new].astype(np.int64)


def _agglomerated(graph: _Graph, pairings: int) -> Ints:
    """Number (rows,) of the agglomerate of each row: a pair, of pairs, each across the widest face."""
    pairs = _paired(graph)
    if pairings == 1:
        return pairs
    return np.asarray(_agglomerated(_coarser(graph, pairs)[0], pairings - 1)[pairs])


def _paired(graph: _Graph) -> Ints:
    """Number (rows,) of the pair that each row belongs to."""
    parent = np.full(len(graph.offsets) - 1, -1, dtype=np.int32)
    pair_rows(graph.offsets, graph.columns, graph.strength, parent)
    return parent


@kernel
def pair_rows(offsets: Ints, columns: Ints, strength: Floats, out_parent: Ints) -> None:
    """Pair each row in turn with the unpaired row that it is most strongly coupled to, if there is one.

    `out_parent` (rows,) must be -1 everywhere.
    """
    count = 0
    for row in range(len(out_parent)):
        if out_parent[row] >= 0:
            continue
        best, partner = 0.0, -1
        for k in range(offsets[row], offsets[row + 1]):
            if out_parent[columns[k]] < 0 and strength[k] > best:
                best, partner = strength[k], columns[k]
        out_parent[row] = count
        if partner >= 0:
            out_parent[partner] = count
        count += 1


def _coarser(graph: _Graph, parent: Ints) -> tuple[_Graph, Ints, Ints]:
    """The graph of agglomerated rows, its diagonal, and the position of each finer block in it."""
    count = int(parent.max()) + 1
    rows = np.repeat(parent, np.diff(graph.offsets)).astype(np.int64)
    pairs, place = np.unique(rows * count + parent[graph.columns], return_inverse=True)
    row, column = np.divmod(pairs, count)
    strength = np.bincount(place, graph.strength).astype(float)
    diagonal = np.flatnonzero(row == column).astype(np.int32)
    strength[diagonal] = 0.0
    offsets = np.searchsorted(row, np.arange(count + 1)).astype(np.int32)
    return _Graph(offsets, column.astype(np.int32), strength), diagonal, place.astype(np.int32)


def _stacked(
    begin: list[int], graphs: list[_Graph], diagonals: list[Ints], parents: list[Ints], places: list[Ints],
    n: int,
) -> Hierarchy:  # fmt: skip
    """All levels in one matrix."""
    blocks = np.cumsum([0, *(len(graph.columns) for graph in graphs)])
    levels = list(zip(graphs, diagonals, blocks, begin, strict=False))
    offsets = [graph.offsets[:-1] + first for graph, _, first, _ in levels]
    columns = [graph.columns + row for graph, _, _, row in levels]
    diagonal = [places + first for _, places, first, _ in levels]
    rows, last = begin[-1] + len(diagonals[-1]), np.full(len(graphs[-1].columns), -1)
    in_space = n == 5
    matrix = BlockMatrix(
        np.concatenate([*offsets, blocks[-1:]]).astype(np.int32),
        np.concatenate(columns).astype(np.int32),
        np.concatenate(diagonal).astype(np.int32),
        np.zeros((blocks[-1] + (rows if in_space else 0), n, n), DTYPE),
    )
    position = [place + first for place, first in zip(places, blocks[1:], strict=False)]
    return Hierarchy(
        np.array([*begin, rows], dtype=np.int32),
        np.concatenate([*parents, np.full(len(diagonals[-1]), -1)]).astype(np.int32),
        np.concatenate([*position, last]).astype(np.int32),
        matrix,
        matrix if in_space else matrix._replace(blocks=matrix.blocks.copy()),
        *np.zeros((3, rows, n), DTYPE),
    )


def factorize_levels(hierarchy: Hierarchy, scale: CellRows, rate: CellScalars, axes: tuple[int, ...]) -> None:
    """Sum the finest matrix up to all coarser levels, and factorize them all."""
    n_cells = len(scale)
    hierarchy.weight[:n_cells] = scale * rate[:, None] / scale[:, :1]
    coarsen(hierarchy, axes)
    if len(axes) == 3:
        factorize_diagonal(hierarchy.matrix, axes)
        return
    hierarchy.factors.blocks[:] = hierarchy.matrix.blocks
    factorize(hierarchy.factors, axes)


@kernel
def coarsen(hierarchy: Hierarchy, axes: tuple[int, ...]) -> None:
    """Scales and blocks of agglomerated rows: unknowns change together, equations are added."""
    n = len(axes) + 2
    begin, parent, position, matrix, weight = (
        hierarchy.begin, hierarchy.parent, hierarchy.position, hierarchy.matrix, hierarchy.weight,
    )  # fmt: skip
    n_fine = begin[1]
    for row in range(n_fine, len(parent)):
        for i in range(n):
            weight[row, i] = 0.0
    for k in range(matrix.offsets[n_fine], matrix.offsets[len(parent)]):
        for j in range(n):
            for i in range(n):
                matrix.blocks[k, j, i] = 0.0
    for level in range(len(begin) - 2):
        for row in range(begin[level], begin[level + 1]):
            for i in range(n):
                weight[parent[row], i] += weight[row, i]
        for row in range(begin[level], begin[level + 1]):
            for k in range(matrix.offsets[row], matrix.offsets[row + 1]):
                for i in range(n):
                    fraction = weight[row, i] / weight[parent[row], i]
                    for j in range(n):
                        matrix.blocks[position[k], j, i] += fraction * matrix.blocks[k, j, i]


@kernel
def apply_cycle(
    hierarchy: Hierarchy, right_side: FlatRows, axes: tuple[int, ...], out_solution: CellRows
) -> None:
    """An approximate solution of the finest level's equations; vectors (n_cells, nvar).

    The right side is restricted to all levels. From the coarsest level on, each starts from the solution of
    the coarser one and corrects it with its factors.
    """
    n = len(axes) + 2
    begin, parent, matrix, weight = (
        hierarchy.begin, hierarchy.parent, hierarchy.matrix, hierarchy.weight,
    )  # fmt: skip
    given, found = hierarchy.right_side, hierarchy.solution
    for row in range(len(given)):
        for i in range(n):
            given[row, i] = right_side[row, i] if row < begin[1] else 0.0
    for row in range(begin[len(begin) - 2]):
        for i in range(n):
            given[parent[row], i] += weight[row, i] / weight[parent[row], i] * given[row, i]
    known = found.reshape(-1)
    rest = given.reshape(-1)
    for level in range(len(begin) - 2, -1, -1):
        first, last = begin[level], begin[level + 1]
        for row in range(first, last):
            for i in range(n):
                found[row, i] = found[parent[row], i] if parent[row] >= 0 else 0.0
        if len(axes) == 3:
            solve_rest(matrix, known, rest, first, last, axes)
            for row in range(first, last):
                for i in range(n):
                    found[row, i] = given[row, i] + (found[parent[row], i] if parent[row] >= 0 else 0.0)
            continue
        for row in range(first, last):
            blocks = BlockRow(matrix.blocks, matrix.columns, matrix.offsets[row], matrix.offsets[row + 1])
            subtract_row(blocks, known, n, rest, row * n)
        solve_rows(hierarchy.factors, rest, first, last, axes)
        for row in range(first, last):
            for i in range(n):
                found[row, i] += given[row, i]
    for row in range(begin[1]):
        for i in range(n):
            out_solution[row, i] = found[row, i]
