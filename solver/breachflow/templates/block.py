"""Rectangles of quadrilaterals or triangles, regular or distorted, and ramps: meshes for verification."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin, tan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats
from breachflow.errors import MeshError
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.topology import build_mesh

SEED = 20
"""Of the random distortion: every mesh of a family has its own, and the same one in every run."""


@dataclass(frozen=True)
class Block:
    """What a block needs to know; lengths in m, angles in rad."""

    x: tuple[float, float]
    y: tuple[float, float]
    cells: tuple[int, int]
    """Along x and y, on the finest mesh."""
    triangles: bool = False
    distortion: float = 0.0
    """Inner points move at random by up to half this share of the spacing."""
    turn: float = 0.0
    mirror: bool = False
    """Mirrored at the x axis, then turned about the origin."""


def block_family(block: Block, levels: int) -> list[Mesh]:
    """Meshes that halve their cells, the coarsest first: patches `left`, `right`, `bottom`, `top`.

    A direction with a single cell keeps it: a tube.
    """
    divisors = [2**level for level in reversed(range(levels))]
    for cells in block.cells:
        if cells > 1 and cells % divisors[0]:
            raise MeshError(
                f"{cells} cells cannot be halved {levels - 1} times: "
                f"give mesh.cells as multiples of {divisors[0]}, or fewer mesh.levels"
            )
    return [_block_mesh(block, divisor) for divisor in divisors]


def ramp_mesh(x: tuple[float, float], y: tuple[float, float], cells: tuple[int, int], angle: float) -> Mesh:
    """A channel whose floor turns by `angle` at x = 0: patches `left`, `right`, `top`, `floor`, `wall`.

    The grid line nearest to x = 0 is moved there. Columns are vertical, with cells of one size in each.
    """
    columns = np.linspace(*x, cells[0] + 1)
    corner = int(np.clip(np.argmin(np.abs(columns)), 1, cells[0] - 1))
    columns = np.concatenate(
        [np.linspace(x[0], 0.0, corner + 1), np.linspace(0.0, x[1], cells[0] - corner + 1)[1:]]
    )
    floor = y[0] + np.maximum(columns, 0.0) * tan(angle)
    if floor.max() >= y[1]:
        raise MeshError(
            f"the ramp rises above the top of the mesh, y = {y[1]:g} m: raise mesh.y or lower mesh.angle"
        )
    share = np.linspace(0.0, 1.0, cells[1] + 1)
    along = np.repeat(columns[:, None], cells[1] + 1, axis=1)
    across = floor[:, None] + share * (y[1] - floor[:, None])
    node = np.arange(along.size).reshape(along.shape)
    edges = {
        "left": node[0],
        "right": node[-1],
        "floor": node[: corner + 1, 0],
        "wall": node[corner:, 0],
        "top": node[:, -1],
    }
    return _mesh(along, across, edges)


def _block_mesh(block: Block, divisor: int) -> Mesh:
    counts = [max(cells // divisor, 1) for cells in block.cells]
    x, y = (np.linspace(*span, count + 1) for span, count in zip((block.x, block.y), counts, strict=True))
    along, across = np.meshgrid(x, y, indexing="ij")
    shift = block.distortion * (np.random.default_rng(SEED).random((2, *along.shape)) - 0.5)
    along[1:-1, 1:-1] += (shift[0] * (x[1] - x[0]))[1:-1, 1:-1]
    across[1:-1, 1:-1] += (shift[1] * (y[1] - y[0]))[1:-1, 1:-1]
    if block.mirror:
        across = -across
    along, across = (
        cos(block.turn) * along - sin(block.turn) * across,
        sin(block.turn) * along + cos(block.turn) * across,
    )
    node = np.arange(along.size).reshape(along.shape)
    edges = {"left": node[0], "right": node[-1], "bottom": node[:, 0], "top": node[:, -1]}
    return _mesh(along, across, edges, block.triangles, block.mirror)


def _mesh(
    x: Floats, y: Floats, edges: dict[str, NDArray[Any]], triangles: bool = False, mirrored: bool = False
) -> Mesh:
    """The mesh whose point (i, j) lies at x[i, j], y[i, j]; triangles cut from (i, j) to (i + 1, j + 1).

    Cells begin with the corner (i, j) and go around counterclockwise, also where the points are mirrored.
    """
    node = np.arange(x.size).reshape(x.shape)
    a, b, c, d = (corner.ravel() for corner in (node[:-1, :-1], node[1:, :-1], node[1:, 1:], node[:-1, 1:]))
    if mirrored:
        b, d = d, b
    cells = np.column_stack([a, b, c, d])
    if triangles:
        cells = np.stack([cells[:, :3], cells[:, [0, 2, 3]]], axis=1).reshape(-1, 3)
    named = {name: np.column_stack([line[:-1], line[1:]]) for name, line in edges.items()}
    return build_mesh(np.column_stack([x.ravel(), y.ravel()]), [cells], named)
