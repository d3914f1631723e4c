"""Meshes of a hole with a plate before or behind it: the lines of the hole, and straight columns in the gap.

The columns in the gap begin with the points of the hole's line at the face of the wall, and go on to the rim
of the plate. Lengths are in m, but for the columns beyond the edge.
"""

from __future__ import annotations

from math import acosh, pi, tanh
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats, Ints
from breachflow.errors import MeshError
from breachflow.mesh.family import MeshFamily
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.topology import build_mesh
from breachflow.templates.hole_lines import (
    OrificeShape,
    PlateSide,
    Spacing,
    lines_beside_gap,
    spacing_rate,
    strides,
)
from breachflow.templates.sheet import edges_of, parent_quadrilaterals, point_numbers, quadrilaterals


class Plate(NamedTuple):
    """A flat plate that covers a hole; lengths in m."""

    side: PlateSide
    """Outside, behind the hole, or inside, as a blanket before it."""
    gap: float
    """Distance of the plate from the face of the wall."""
    radius: float
    """Distance of the plate's rim from the axis."""


class Sheets(NamedTuple):
    """The points of a mesh: two sheets that share the points between hole and gap."""

    hole: Floats
    """(lines, points, 2) the lines of the hole, downstream; each from the axis to the wall."""
    gap: Floats
    """(columns, points, 2) the columns of the gap, from the axis to the rim; each from wall to plate."""
    bore: int
    """Line at which the bore begins."""
    side: PlateSide

    @property
    def face(self) -> int:
        """The line of the hole at the face of the wall, where the gap begins."""
        return -1 if self.side == "outside" else 0

    def every(self, stride: int) -> Sheets:
        """The points of a coarser mesh."""
        return self._replace(
            hole=self.hole[::stride, ::stride], gap=self.gap[::stride, ::stride], bore=self.bore // stride
        )

    def downstream(self, hole: Ints, gap: Ints) -> tuple[Ints, Ints]:
        """The numbers of the two sheets, of any shapes, in the order in which the gas passes the sheets."""
        return (hole, gap) if self.side == "outside" else (gap, hole)


def shield_family(shape: OrificeShape, plate: Plate, levels: int) -> MeshFamily:
    """Nested meshes of a hole with a plate; each has every second line of the next finer one.

    Patches `cabin`, `space`, `wall` (both sides of the gap belong to it), `axis`; surface `orifice`. Raises
    MeshError where the cells across cannot be halved so often or the lines of a mesh cross.
    """
    finest = _sheets(shape, plate, levels)
    sheets = [finest.every(stride) for stride in strides(levels)]
    try:
        return MeshFamily(tuple(map(_mesh, sheets)), tuple(map(_parents, sheets[1:])))
    except MeshError as error:
        raise MeshError(
            f"the shield template folds at a gap of {plate.gap:g} m: change gap or radius of [mesh], "
            f"the edge or the wall, or give a mesh file ({error})"
        ) from None


def _sheets(shape: OrificeShape, plate: Plate, levels: int) -> Sheets:
    """The points of the finest mesh; the gap has as many cells across as half the hole."""
    points, bore = lines_beside_gap(shape, levels, plate.side)
    sheets = Sheets(points, points, bore, plate.side)
    inner, half = points[sheets.face], 0.5 * shape.diameter
    spacing = Spacing(0.5 * pi / shape.across, 2 ** (levels - 1))
    beyond = half * _columns(inner[-1, 1] / half, plate.radius / half, spacing)
    into_gap = plate.gap if plate.side == "outside" else -plate.gap
    x = inner[0, 0] + into_gap * _across_gap(shape.across, shape.wall_spacing)
    radii = np.concatenate([inner[:, 1], beyond])
    return sheets._replace(gap=np.stack(np.meshgrid(x, radii), axis=-1))


def _columns(edge: float, rim: float, spacing: Spacing) -> Floats:
    """Radii (n,) beyond the edge of the hole to the rim, over the half-opening, as fine as the wall's points.

    r = edge + cosh(m) - 1 of evenly spread m.
    """
    reach = acosh(1.0 + rim - edge)
    cells = spacing.cells(reach)
    return np.asarray(edge - 1.0 + np.cosh(reach * np.arange(1, cells + 1) / cells))


def _across_gap(cells: int, spacing: float) -> Floats:
    """Parameters (cells + 1,) of points across the gap, 0 at the wall to 1 at the plate, finer at both.

    (1 + tanh(b (2 s - 1))/tanh(b))/2 of evenly spread s, with 2 b/sinh(2 b) the spacing at the ends over the
    even one.
    """
    s = np.linspace(0.0, 1.0, cells + 1)
    if spacing == 1.0:
        return s
    b = 0.5 * spacing_rate(spacing)
    return np.asarray(0.5 * (1.0 + np.tanh(b * (2.0 * s - 1.0)) / tanh(b)))


def _mesh(sheets: Sheets) -> Mesh:
    """The mesh of two sheets of points."""
    points, hole, gap = _numbered(sheets)
    rim, far = gap[-1], hole[-1 - sheets.face]
    cabin, space = sheets.downstream(far, rim)
    lines = {
        "cabin": [cabin],
        "space": [space],
        "orifice": [hole[sheets.bore]],
        "wall": [hole[:, -1], gap[hole.shape[1] - 1 :, 0], gap[:, -1]],
        "axis": [hole[:, 0], gap[0]],
    }
    edges = {name: np.concatenate([edges_of(line) for line in several]) for name, several in lines.items()}
    columns = gap if sheets.side == "outside" else gap[::-1]
    cells = sheets.downstream(quadrilaterals(hole), quadrilaterals(columns))
    return build_mesh(points, [np.concatenate(cells)], edges)


def _numbered(sheets: Sheets) -> tuple[Floats, Ints, Ints]:
    """The points (n, 2), and their numbers in the two sheets, (lines, points) and (columns, points)."""
    hole = point_numbers(sheets.hole)
    gap = hole.size + point_numbers(sheets.gap)
    shared = gap[: hole.shape[1], 0].copy()
    kept = np.setdiff1d(np.arange(hole.size + gap.size), shared)
    number = np.full(hole.size + gap.size, -1, dtype=np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    number[shared] = hole[sheets.face]
    points = np.concatenate([sheets.hole.reshape(-1, 2), sheets.gap.reshape(-1, 2)])
    return points[kept], hole, number[gap]


def _parents(sheets: Sheets) -> Ints:
    """The cells of the next coarser mesh that hold the cells of this one, (n_cells,)."""
    sizes = (len(sheets.hole) - 1, sheets.hole.shape[1] - 1), (len(sheets.gap) - 1, sheets.gap.shape[1] - 1)
    first, second = sheets.downstream(*(parent_quadrilaterals(*size) for size in sizes))
    return np.concatenate([first, np.int32(len(first) // 4) + second])
