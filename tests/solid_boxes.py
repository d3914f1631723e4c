"""Boxes of cells in space: one kind of cell or all of them, even or distorted."""

from __future__ import annotations

from itertools import permutations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from breachflow.mesh import Mesh, build_mesh
from breachflow.mesh.shapes import SHAPES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SIDES: Final = ("west", "east", "south", "north", "below", "above")
"""Patches of a box at the least and the largest i, j and k."""

HEXAHEDRON: Final = [(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)]
"""Corners of a hexahedron of a box by their steps along i, j, k; a ninth point is its center."""

CENTER: Final = 8

PATHS: Final = [[HEXAHEDRON.index(tuple(np.eye(3, dtype=int)[list(p[:n])].sum(axis=0))) for n in range(4)]
                for p in permutations(range(3))]  # fmt: skip
"""The six ways along edges from the first corner to the opposite one: a tetrahedron each."""

CUTS: Final = {
    "hexahedra": [list(range(8))],
    "tetrahedra": PATHS,
    "wedges": [[0, 1, 2, 4, 5, 6], [0, 2, 3, 4, 6, 7]],
    "pyramids": [[*face, CENTER] for face in SHAPES[8].faces],
}
"""Cells in which a hexahedron of a box is cut, each by its corners."""

KINDS: Final = (*CUTS, "mixed")


def curved_box(points: Floats, kind: str = "hexahedra") -> Mesh:
    """The box with points (ni, nj, nk, 3), whose hexahedra are cut in cells of a kind."""
    shape = points.shape[:3]
    grids = points, np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1)
    corners = _corners(shape)
    places, steps = (
        np.concatenate([flat, flat[corners].mean(axis=1)]) for flat in (grid.reshape(-1, 3) for grid in grids)
    )
    corners = np.column_stack([corners, points.size // 3 + np.arange(len(corners))])
    cells = _mixed(corners, shape[0] - 1) if kind == "mixed" else [_cut(corners, CUTS[kind])]
    used = np.unique(np.concatenate([block.ravel() for block in cells]))
    number = np.cumsum(np.isin(np.arange(len(places)), used)) - 1
    named = _sides(cells, steps, np.array(shape) - 1)
    return build_mesh(
        places[used],
        [number[block] for block in cells],
        {side: np.where(rows < 0, -1, number[rows]) for side, rows in named.items()},
    )


def box(
    lines: tuple[Floats, Floats, Floats], kind: str = "hexahedra", distortion: float = 0.0, seed: int = 0
) -> Mesh:
    """A box with grid lines along x, y, z; inner points move by up to half of `distortion` of a spacing."""
    points = np.stack(np.meshgrid(*lines, indexing="ij"), axis=-1)
    shift = distortion * (np.random.default_rng(seed).random(points.shape) - 0.5)
    for axis, line in enumerate(lines):
        shift[..., axis] *= np.gradient(line).reshape([-1 if i == axis else 1 for i in range(3)])
    points[1:-1, 1:-1, 1:-1] += shift[1:-1, 1:-1, 1:-1]
    return curved_box(points, kind)


def unit_box(n: int, kind: str = "hexahedra", distortion: float = 0.0, seed: int = 0) -> Mesh:
    """A unit cube of n x n x n hexahedra, or of what they are cut in."""
    line = np.linspace(0.0, 1.0, n + 1)
    return box((line, line, line), kind, distortion, seed)


def _corners(shape: tuple[int, ...]) -> Ints:
    """The corners of the hexahedra of a grid of points, (n, 8), cells along k side by side."""
    node = np.arange(int(np.prod(shape))).reshape(shape)
    ends = [slice(None, -1), slice(1, None)]
    return np.stack([node[ends[i], ends[j], ends[k]].ravel() for i, j, k in HEXAHEDRON], axis=-1)


def _cut(corners: Ints, cut: list[list[int]]) -> Ints:
    """The cells (n, corners) in which hexahedra are cut; those of one hexahedron stay side by side."""
    return corners[:, cut].reshape(-1, len(cut[0]))


def _mixed(corners: Ints, layers: int) -> list[Ints]:
    """Layers along i: hexahedra, wedges, pyramids, tetrahedra; the last pyramids are cut in two."""
    layer, middle = np.repeat(np.arange(layers), len(corners) // layers), layers // 2
    east = 3
    cut = [[*face, CENTER] for number, face in enumerate(SHAPES[8].faces) if number != east]
    start = SHAPES[8].faces[east].index(1)  # the diagonal of the tetrahedra behind begins at corner 1
    a, b, c, d = (*SHAPES[8].faces[east][start:], *SHAPES[8].faces[east][:start])
    return [
        _cut(corners[layer == 0], CUTS["hexahedra"]),
        _cut(corners[(layer > 0) & (layer < middle)], CUTS["wedges"]),
        _cut(corners[layer == middle], cut),
        _cut(corners[layer == middle], [[a, b, c, CENTER], [a, c, d, CENTER]]),
        _cut(corners[layer > middle], CUTS["tetrahedra"]),
    ]


def _sides(cells: list[Ints], steps: Floats, last: Ints) -> dict[str, Ints]:
    """The faces (m, 4) of each side, those of which all points have the least or the largest step."""
    faces = np.concatenate([_faces(block) for block in cells])
    found = {}
    for number, side in enumerate(SIDES):
        axis, end = number // 2, (number % 2) * last[number // 2]
        found[side] = faces[((steps[faces, axis] == end) | (faces < 0)).all(axis=1)]
    return found


def _faces(cells: Ints) -> Ints:
    """The faces (m, 4) of cells (n, corners), -1 behind the corners of a triangle."""
    rows = SHAPES[cells.shape[1]].face_rows
    return np.where(rows < 0, -1, cells[:, rows]).reshape(-1, 4)
