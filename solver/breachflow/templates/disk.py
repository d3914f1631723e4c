"""A disk of quadrilaterals: a bulged square of cells in rings of cells, all of it or a half or a quarter.

The square has as many cells along a side as there are lines from the center to the middle of a side, so that
a straight line from the center of the disk to its rim, in a plane of symmetry, has evenly spread points.
"""

from __future__ import annotations

from math import pi, sin, sqrt
from typing import Final, Literal, NamedTuple, TypeAlias

import numpy as np

from breachflow.arrays import Floats, Indices, Ints

MeshedPart: TypeAlias = Literal["quarter", "half", "whole"]
"""MeshedPart of a shape that has two planes of symmetry."""

REFLECTIONS: Final[dict[MeshedPart, tuple[tuple[int, int], ...]]] = {
    "quarter": ((1, 1),),
    "half": ((1, 1), (-1, 1)),
    "whole": ((1, 1), (-1, 1), (-1, -1), (1, -1)),
}
"""Factors of y and z that make the quarters of each part out of the first, y >= 0 and z >= 0."""

SQUARE: Final = 0.4
"""Side of a quarter of the square over the radius."""

BULGE: Final = 0.1
"""Distance by which the corner of the square moves inward, along y and along z, over its side."""


class DiskCells(NamedTuple):
    """Cells of a quarter of a disk."""

    square: int
    """Along a side of the quarter of the square."""
    rings: int

    @property
    def quarter(self) -> int:
        """Cells of a quarter."""
        return self.square * (self.square + 2 * self.rings)

    @property
    def stretch(self) -> float:
        """Radius of the corners of a rim of straight edges over that of the circle of equal area."""
        angle = 0.25 * pi / self.square
        return sqrt(angle / sin(angle))


class DiskGrid(NamedTuple):
    """A part of a disk of radius 1."""

    places: Floats
    """(n, 2) y and z of the points."""
    cells: Ints
    """(n_cells, 4) corners, counterclockwise."""
    rim: Ints
    """(n, 2) edges on the rim."""
    seam: Ints
    """(n, 2) edges in the planes of symmetry."""


def disk_cells(across: int, levels: int) -> list[DiskCells]:
    """Cells of nested disks, the coarsest first, of which the finest has `across` from center to rim."""
    coarsest = across >> (levels - 1)
    square = max(round(SQUARE * coarsest), 1)
    return [DiskCells(square << level, (coarsest - square) << level) for level in range(levels)]


def disk_grid(counts: DiskCells, part: MeshedPart) -> DiskGrid:
    """The grid of a part of a disk; a half has z >= 0, a quarter y >= 0 too."""
    quarter, corners = _quarter_places(counts), _quarter_cells(counts)
    copies, cells = [], []
    for copy, factors in enumerate(REFLECTIONS[part]):
        copies.append(quarter * factors + 0.0)
        order = [0, 1, 2, 3] if factors[0] * factors[1] > 0 else [0, 3, 2, 1]
        cells.append(corners[:, order] + copy * len(quarter))
    every = np.concatenate(copies)
    _, first, number = np.unique(np.round(every, 12), axis=0, return_index=True, return_inverse=True)
    joined = number.reshape(-1)[np.concatenate(cells)].astype(np.int32)
    return DiskGrid(every[first], joined, *_outer_edges(every[first], joined))


def parent_cells(counts: DiskCells, part: MeshedPart) -> Indices:
    """The parents (n_cells,) of the cells of a disk on the one with half as many along each side."""
    square, rings = counts
    quarter = square // 2 * (square // 2 + rings // 2 * 2)
    a, b = np.divmod(np.arange(square * square), square)
    layer, along = np.divmod(np.arange(rings * 2 * square), 2 * square)
    inner = a // 2 * (square // 2) + b // 2
    outer = (square // 2) ** 2 + layer // 2 * square + along // 2
    parents = np.concatenate([inner, outer])
    return np.concatenate([parents + number * quarter for number in range(len(REFLECTIONS[part]))])


def _quarter_places(counts: DiskCells) -> Floats:
    """The points (n, 2) of a quarter: those of the square, row by row, then ring by ring from y to z."""
    square, rings = counts
    side, xi = square / (square + rings), np.arange(square + 1) / square
    y = side * xi[:, None] * (1.0 - BULGE * xi[None, :] ** 2)
    inner = np.stack([y, y.T], axis=-1)
    edge = np.concatenate([inner[-1], inner[-2::-1, -1]])
    angle = 0.25 * pi * xi
    eighth = np.column_stack([np.cos(angle), np.sin(angle)])
    rim = np.concatenate([eighth, eighth[-2::-1, ::-1]])
    fraction = (np.arange(1, rings + 1) / rings)[:, None, None]
    outer = (1.0 - fraction) * edge + fraction * rim
    return np.concatenate([inner.reshape(-1, 2), outer.reshape(-1, 2)])


def _quarter_cells(counts: DiskCells) -> Indices:
    """The corners (n_cells, 4) of the cells of a quarter, in the order of `_quarter_places`."""
    square, rings = counts
    inner = np.arange((square + 1) ** 2).reshape(square + 1, square + 1)
    edge = np.concatenate([inner[-1], inner[-2::-1, -1]])
    outer = inner.size + np.arange(rings * (2 * square + 1)).reshape(rings, -1)
    layers = np.vstack([edge, outer])
    grids = (
        [inner[:-1, :-1], inner[1:, :-1], inner[1:, 1:], inner[:-1, 1:]],
        [layers[:-1, :-1], layers[1:, :-1], layers[1:, 1:], layers[:-1, 1:]],
    )
    return np.concatenate([np.stack([one.ravel() for one in grid], axis=-1) for grid in grids])


def _outer_edges(places: Floats, cells: Ints) -> tuple[Ints, Ints]:
    """The edges (n, 2) of the rim, and those of the seams."""
    edges = np.stack([cells, np.roll(cells, -1, axis=1)], axis=-1).reshape(-1, 2)
    _, first, count = np.unique(np.sort(edges, axis=1), axis=0, return_index=True, return_counts=True)
    outer = edges[first[count == 1]]
    is_rim = (np.hypot(*np.moveaxis(places[outer], -1, 0)) > 1.0 - 1e-9).all(axis=1)
    return outer[is_rim], outer[~is_rim]
