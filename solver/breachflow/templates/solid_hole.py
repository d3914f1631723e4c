"""Meshes of hexahedra about a hole in space: a disk or a racetrack along the lines of the plane mesh."""

from __future__ import annotations

from math import asinh, ceil, cos, pi, tan
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats, Indices, Ints
from breachflow.errors import MeshError
from breachflow.mesh.family import MeshFamily
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.topology import build_mesh
from breachflow.templates.disk import (
    REFLECTIONS,
    DiskCells,
    DiskGrid,
    disk_cells,
    disk_grid,
    parent_cells,
)
from breachflow.templates.hole_lines import OrificeShape, line_counts, lines_through, strides, toward_wall
from breachflow.templates.source import MeshedPart

STEEP: Final = pi / 3.0 * (1.0 + 1e-9)
"""Angle, rad, of bores beyond which the lines through the mouths lean as the bore does.

There the line of the acute lip would lie within the corner of its cell, which folds. At 60 degrees the flow
settles on the mesh of upright lines; on that of leaning ones it did not.
"""


class HoleInSpace(NamedTuple):
    """A hole in space and the part of it that is meshed."""

    hole: OrificeShape
    angle: float
    """Angle between the bore and the normal of the wall, rad; the bore leans toward +y."""
    part: MeshedPart
    length: float = 0.0
    """Area over width of a slit with round ends, m; 0 of a round hole."""

    @property
    def half_strip(self) -> float:
        """Half the length of a slit between its round ends, in half-widths."""
        return self.length / self.hole.diameter - 0.25 * pi if self.length else 0.0


def solid_hole_family(shape: HoleInSpace, levels: int) -> MeshFamily:
    """Nested meshes of a hole in space, in m, the coarsest first.

    Patches `cabin`, `space`, `wall` and, of a part, `symmetry`; surface `orifice`. Raises MeshError where the
    cells across cannot be halved so often or cells fold.
    """
    meshes, parents = [], []
    lines = line_counts(shape.hole, levels)
    strip = _strip(shape, levels)
    for level, counts in enumerate(disk_cells(shape.hole.across, levels, len(strip) - 1)):
        stride = strides(levels)[level]
        grid = disk_grid(counts, shape.part, strip[::stride])
        points = _sections(shape, grid, levels, counts.stretch(shape.half_strip))[::stride]
        end = lines[level].upstream + lines[level].bore
        try:
            meshes.append(_swept(points, grid, end))
        except MeshError as error:
            raise MeshError(
                f"the template folds: change [mesh] resolution, the angle or the wall ({error})"
            ) from None
        parents.append(_parents(counts, shape.part, len(points) - 1))
    return MeshFamily(tuple(meshes), tuple(parents[1:]))


def solid_cells(shape: HoleInSpace, levels: int) -> list[int]:
    """Count the cells of each mesh of the family without building it."""
    lines, strip = line_counts(shape.hole, levels), _strip(shape, levels)
    quarters = len(REFLECTIONS[shape.part])
    return [
        one.lines * quarters * counts.quarter
        for one, counts in zip(lines, disk_cells(shape.hole.across, levels, len(strip) - 1), strict=True)
    ]


def _strip(shape: HoleInSpace, levels: int) -> Floats:
    """The places along half the strip of a slit, in half-widths, from its middle on; 0 alone of a round hole.

    Cells are as long as those of the disk where they meet it, and grow toward the middle: by about 2 over the
    cells across from one to the next.
    """
    half, across, nesting = shape.half_strip, shape.hole.across, 2 ** (levels - 1)
    if not half:
        return np.zeros(1)
    cells = nesting * max(ceil(0.5 * across * asinh(2.0 * half) / nesting), 1)
    return half * toward_wall(np.linspace(0.0, 1.0, cells + 1), min(cells / (across * half), 1.0))


def _sections(shape: HoleInSpace, grid: DiskGrid, levels: int, stretch: float) -> Floats:
    """The points (lines, n, 3) of all sections of the finest mesh."""
    radius = np.hypot(*grid.places.T)
    direction = np.divide(
        grid.places, radius[:, None], out=np.zeros_like(grid.places), where=radius[:, None] > 0.0
    )
    x, r = np.moveaxis(lines_through(shape.hole, levels, radius).points, -1, 0)
    y, z = stretch * r * direction[:, 0], stretch * r * direction[:, 1]
    z = z + 0.5 * shape.hole.diameter * grid.centers
    if shape.angle:
        along = np.clip(x, 0.0, shape.hole.wall_thickness)
        # The mouths are ellipses; far from them the mesh is round, since stretched cells there do not settle.
        away = np.maximum(np.hypot(x - along, r) / (0.5 * shape.hole.diameter), 1.0)
        y = y * (1.0 + (1.0 / cos(shape.angle) - 1.0) / away)
        lean = along + (x - along) / away if shape.angle > STEEP else along
        y = y + lean * tan(shape.angle)
    return np.stack([x, y, z], axis=-1)


def _swept(points: Floats, grid: DiskGrid, end: int) -> Mesh:
    """The mesh of hexahedra between sections (lines, n, 3) of one grid; the bore ends with section `end`.

    The flow is measured there: a slanted bore turns the stream, and the pressure on its wall is part of the
    force on the hull.
    """
    first = points.shape[1] * np.arange(len(points))[:, None, None]
    ends = grid.cells + first
    hexahedra = np.concatenate([ends[:-1], ends[1:]], axis=2).reshape(-1, 8)
    named = {
        "cabin": ends[0],
        "space": ends[-1],
        "orifice": ends[end],
        "wall": _sides(grid.rim + first),
        "symmetry": _sides(grid.seam + first),
    }
    return build_mesh(
        points.reshape(-1, 3), [hexahedra], {name: rows for name, rows in named.items() if len(rows)}
    )


def _sides(edges: Indices) -> Indices:
    """The faces (m, 4) between the edges (lines, n, 2) of sections."""
    return np.concatenate([edges[:-1], edges[1:, :, ::-1]], axis=2).reshape(-1, 4)


def _parents(counts: DiskCells, part: MeshedPart, lines: int) -> Ints:
    """The parents (n_cells,) of the cells of a mesh with so many lines of cells."""
    within = parent_cells(counts, part)
    coarse = len(within) // 4
    line = np.arange(lines)[:, None] // 2
    return (line * coarse + within).ravel().astype(np.int32)
