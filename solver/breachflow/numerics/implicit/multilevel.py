"""The preconditioner: agglomeration multigrid with an incomplete factorization on every level.

An incomplete factorization does not reduce errors that are smooth over many cells, such as those of the
pressure in the slow cabin. So cells are agglomerated in fours, level by level (Lallemand, Steve and Dervieux
1992, Comput. Fluids 21); the Jacobian of agglomerated cells is the sum of the fluxes between them. One matrix
holds all levels, the finest first; rows of different levels are not coupled, so that one factorization serves
all.

Of cells with few neighbors, triangles above all, a factorization with the pattern of the matrix loses much.
It may have one level of fill (Meijerink and van der Vorst 1977, Math. Comput. 31): the places at which the
elimination of one cell couples two of its neighbors.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import CellRows, CellScalars, Floats, Indices, Ints, StateRows
from breachflow.compiled import called, kernel, parallel_kernel, prange, threads_in_use
from breachflow.numerics.implicit.block_matrix import BlockMatrix, FacePositions
from breachflow.numerics.implicit.ilu import factorize
from breachflow.numerics.implicit.strips import Strips, make_counts, make_strips
from breachflow.numerics.space.layout import Layout

FEWEST_ROWS: Final = 20
"""A level with fewer rows is not coarsened."""

DTYPE: Final = np.float32
"""Single precision: half the memory to read, and enough for a preconditioner."""


class Tree(NamedTuple):
    """Which rows of each level are agglomerated in which of the coarser one."""

    parent: Ints
    """(rows,) row of the coarser level that each row belongs to; -1 on the coarsest."""
    begin: Ints
    """(rows + 1,) where the finer rows of each row begin in `children`; none on the finest level."""
    children: Ints
    """Finer rows, ascending for each row."""


class Hierarchy(NamedTuple):
    """Matrices of all levels, the finest first."""

    begin: Ints
    """(levels + 1,) first row of each level."""
    tree: Tree
    position: Ints
    """(blocks,) block of the coarser level that each block adds to; -1 on the coarsest."""
    matrix: BlockMatrix
    factors: BlockMatrix
    weight: NDArray[Any]
    """(rows, nvar) scale of the equations; of agglomerated cells, the sum of theirs."""
    fraction: NDArray[Any]
    """(rows, nvar) of the coarser row's weight; not set on the coarsest level."""
    strips: Strips
    counts: Indices
    """(3 strips + 1, APART) how much is done of each job of a cycle."""
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
        parent = _agglomerated(graphs[-1])
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


def _agglomerated(graph: _Graph) -> Ints:
    """Number (rows,) of the agglomerate of each row: pairs of pairs, each across the widest face."""
    pairs = _paired(graph)
    fours = _paired(_coarser(graph, pairs)[0])
    return np.asarray(fours[pairs])


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
    begin = [*begin, rows]
    matrix = BlockMatrix(
        np.concatenate([*offsets, blocks[-1:]]).astype(np.int32),
        np.concatenate(columns).astype(np.int32),
        np.concatenate(diagonal).astype(np.int32),
        np.zeros((blocks[-1], n, n), DTYPE),
    )
    position = [place + first for place, first in zip(places, blocks[1:], strict=False)]
    weight, fraction, right_side, solution = np.zeros((4, rows, n), DTYPE)
    strips = make_strips(matrix, begin, threads_in_use())
    return Hierarchy(
        np.array(begin, dtype=np.int32),
        _tree(np.concatenate([*parents, np.full(len(diagonals[-1]), -1)]).astype(np.int32)),
        np.concatenate([*position, last]).astype(np.int32),
        matrix,
        matrix._replace(blocks=matrix.blocks.copy()),
        weight, fraction, strips, make_counts(3 * len(strips.level)), right_side, solution,
    )  # fmt: skip


def _tree(parent: Ints) -> Tree:
    """The tree of all rows' parents (rows,)."""
    finer = np.flatnonzero(parent >= 0)
    order = np.argsort(parent[finer], kind="stable")
    begin = np.searchsorted(parent[finer][order], np.arange(len(parent) + 1))
    return Tree(parent, begin.astype(np.int32), finer[order].astype(np.int32))


def factorize_levels(hierarchy: Hierarchy, scale: CellRows, rate: CellScalars, axes: tuple[int, ...]) -> None:
    """Sum the finest matrix up to all coarser levels, and factorize them all."""
    n_cells = len(scale)
    hierarchy.weight[:n_cells] = scale * rate[:, None] / scale[:, :1]
    coarsen(hierarchy)
    strips = hierarchy.strips
    counts = hierarchy.counts[: len(strips.level) + 1]
    factorize(hierarchy.matrix, hierarchy.factors, strips, counts, axes)


@parallel_kernel
def coarsen(hierarchy: Hierarchy) -> None:
    """Scales and blocks of agglomerated rows: unknowns change together, equations are added."""
    begin, position, tree = hierarchy.begin, hierarchy.position, Tree(*hierarchy.tree)
    matrix, weight, fraction = BlockMatrix(*hierarchy.matrix), hierarchy.weight, hierarchy.fraction
    for level in range(1, len(begin) - 1):
        for row in prange(begin[level], begin[level + 1]):
            children = tree.children[tree.begin[row] : tree.begin[row + 1]]
            join_rows(children, row, position, matrix, weight, fraction)


@called
def join_rows(
    children: Ints,
    row: int,
    position: Ints,
    matrix: BlockMatrix,
    out_weight: StateRows,
    out_fraction: StateRows,
) -> None:
    """Write the weights and the blocks of a row: sums of those of its finer rows."""
    offsets, blocks, n = matrix.offsets, matrix.blocks, out_weight.shape[1]
    out_weight[row] = 0.0
    blocks[offsets[row] : offsets[row + 1]] = 0.0
    for child in children:
        for i in range(n):
            out_weight[row, i] += out_weight[child, i]
    for child in children:
        for i in range(n):
            out_fraction[child, i] = out_weight[child, i] / out_weight[row, i]
        for k in range(offsets[child], offsets[child + 1]):
            for j in range(n):
                for i in range(n):
                    blocks[position[k], j, i] += out_fraction[child, i] * blocks[k, j, i]
