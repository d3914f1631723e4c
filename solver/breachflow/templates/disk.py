"""A disk or a racetrack of quadrilaterals, all of it or a half or a quarter.

A disk is a bulged square of cells in rings of cells. The square has as many cells along a side as there are
lines from the center to the middle of a side, so that a straight line from the center of the disk to its rim,
in a plane of symmetry, has evenly spread points. A racetrack has half a disk at either end, and between them
a strip of such lines.
"""

from __future__ import annotations

from math import pi, sin, sqrt
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats, Indices, Ints
from breachflow.templates.source import MeshedPart

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

    strip: int = 0
    """Along half of the strip of a racetrack."""

    @property
    def across(self) -> int:
        """From the center to the rim."""
        return self.square + self.rings

    @property
    def disk(self) -> int:
        """Cells of a quarter of the disk."""
        return self.square * (self.square + 2 * self.rings)

    @property
    def quarter(self) -> int:
        """Cells of a quarter."""
        return self.disk + self.strip * self.across

    def stretch(self, half_strip: float) -> float:
        """Radius of the corners of a rim of straight edges over that of the arcs of equal area.

        With the strip of half the length a, in radii, 4 a s + pi s^2 sin(d)/d = 4 a + pi, d the angle of an
        edge.
        """
        angle = 0.25 * pi / self.square
        arcs, sides = pi * sin(angle) / angle, 4.0 * half_strip
        return (sqrt(sides**2 + 4.0 * arcs * (sides + pi)) - sides) / (2.0 * arcs)


class DiskGrid(NamedTuple):
    """A part of a disk of radius 1, or of a racetrack of this half-width."""

    places: Floats
    """(n, 2) y and z of the points, from the center of their half-disk or their place on the middle line."""
    centers: Floats
    """(n,) z of that center or place."""
    cells: Ints
    """(n_cells, 4) corners, counterclockwise."""
    rim: Ints
    """(n, 2) edges on the rim."""
    seam: Ints
    """(n, 2) edges in the planes of symmetry."""


def disk_cells(across: int, levels: int, strip: int = 0) -> list[DiskCells]:
    """Cells of nested disks, the coarsest first, of which the finest has `across` from center to rim.

    `strip` are the cells along half the strip of the finest racetrack.
    """
    last = levels - 1
    coarsest = across >> last
    square = max(round(SQUARE * coarsest), 1)
    return [
        DiskCells(square << level, (coarsest - square) << level, strip >> (last - level))
        for level in range(levels)
    ]


def disk_grid(counts: DiskCells, part: MeshedPart, strip: Floats | None = None) -> DiskGrid:
    """The grid of a part of a disk; a half has z >= 0, a quarter y >= 0 too.

    `strip` (strip cells + 1,) are the places z along half the strip of a racetrack, from its middle on.
    """
    along = np.zeros(1) if strip is None else strip
    quarter, corners = _quarter_points(counts, along), _quarter_cells(counts)
    copies, cells = [], []
    for copy, (y, z) in enumerate(REFLECTIONS[part]):
        copies.append(quarter * (y, z, z) + 0.0)
        order = [0, 1, 2, 3] if y * z > 0 else [0, 3, 2, 1]
        cells.append(corners[:, order] + copy * len(quarter))
    every = np.concatenate(copies)
    _, first, number = np.unique(np.round(every, 9), axis=0, return_index=True, return_inverse=True)
    joined = number.reshape(-1)[np.concatenate(cells)].astype(np.int32)
    places = every[first, :2]
    return DiskGrid(places, every[first, 2], joined, *_outer_edges(places, joined))


def parent_cells(counts: DiskCells, part: MeshedPart) -> Indices:
    """The parents (n_cells,) of the cells of a grid on the one with half as many along each side."""
    square, rings, strip = counts
    coarse = DiskCells(square // 2, rings // 2, strip // 2)
    a, b = np.divmod(np.arange(square * square), square)
    layer, along = np.divmod(np.arange(rings * 2 * square), 2 * square)
    place, line = np.divmod(np.arange(strip * counts.across), counts.across)
    inner = a // 2 * coarse.square + b // 2
    outer = coarse.square**2 + layer // 2 * square + along // 2
    beside = coarse.disk + place // 2 * coarse.across + line // 2
    parents = np.concatenate([inner, outer, beside])
    return np.concatenate([parents + copy * coarse.quarter for copy in range(len(REFLECTIONS[part]))])


def _quarter_points(counts: DiskCells, strip: Floats) -> Floats:
    """The points (n, 3) of a quarter: those of the disk, then line by line those of the strip."""
    disk, fractions = _quarter_places(counts), np.arange(counts.across + 1) / counts.across
    points = [np.column_stack([disk, np.full(len(disk), strip[-1])])]
    if counts.strip:
        beside = np.tile(fractions, len(strip))
        points.append(np.column_stack([beside, 0.0 * beside, np.repeat(strip, len(fractions))]))
    return np.concatenate(points)


def _quarter_places(counts: DiskCells) -> Floats:
    """The points (n, 2) of a quarter: those of the square, row by row, then ring by ring from y to z."""
    square, rings, _ = counts
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
    """The corners (n_cells, 4) of the cells of a quarter, in the order of `_quarter_points`."""
    square, rings, strip = counts
    inner = np.arange((square + 1) ** 2).reshape(square + 1, square + 1)
    edge = np.concatenate([inner[-1], inner[-2::-1, -1]])
    outer = inner.size + np.arange(rings * (2 * square + 1)).reshape(rings, -1)
    layers = np.vstack([edge, outer])
    beside = layers.max() + 1 + np.arange((strip + 1) * (counts.across + 1)).reshape(strip + 1, -1).T
    grids = (inner, layers, beside) if strip else (inner, layers)
    return np.concatenate([_quadrilaterals(grid, by_rows=grid is not beside) for grid in grids])


def _quadrilaterals(node: Indices, by_rows: bool) -> Indices:
    """The corners (n_cells, 4) of the cells of a sheet of points, one index after the other."""
    corners = (node[:-1, :-1], node[1:, :-1], node[1:, 1:], node[:-1, 1:])
    return np.stack([(one if by_rows else one.T).ravel() for one in corners], axis=-1)


def _outer_edges(places: Floats, cells: Ints) -> tuple[Ints, Ints]:
    """The edges (n, 2) of the rim, and those of the seams."""
    edges = np.stack([cells, np.roll(cells, -1, axis=1)], axis=-1).reshape(-1, 2)
    _, first, count = np.unique(np.sort(edges, axis=1), axis=0, return_index=True, return_counts=True)
    outer = edges[first[count == 1]]
    is_rim = (np.hypot(*np.moveaxis(places[outer], -1, 0)) > 1.0 - 1e-9).all(axis=1)
    return outer[is_rim], outer[~is_rim]
