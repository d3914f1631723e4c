"""Mesh lines about a hole in a wall, from the cabin through the bore into the plume, graded to every edge.

The lines run from the axis (or the slit's plane of symmetry) to the wall. They sweep from the cabin into the
plume like the ellipses of elliptic coordinates about a knife edge: near the edge the cells shrink with the
square root of the distance from it. Far away their size over that distance is step = pi/(2 across); at the
edge it is half of step squared, in units of the half-opening. Lines that are graded shrink with the two
thirds power of the distance there (`graded`), and the smallest cell has half of step cubed. Each finer member
of a family halves the cells of the coarser one and keeps all its points.

All lengths inside are in units of the half-opening (radius of a round hole, half-width of a slit).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import asinh, ceil, cos, cosh, hypot, pi, sin, sinh, sqrt
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from breachflow.arrays import Floats
from breachflow.errors import MeshError
from breachflow.mesh.lines import LineCounts

TINY = 1e-300
"""Denominator in place of 0."""

HANDLE = 4.0 / 3.0 * (sqrt(2.0) - 1.0)
"""Length of the handles with which a cubic Bezier curve follows a quarter of an ellipse to 0.03 %."""

PlateSide: TypeAlias = Literal["inside", "outside"]
"""PlateSide of a wall: that of the cabin or that of space."""

Held: TypeAlias = Literal["first", "middle", "last"]
"""What of the hole keeps its x on the axis: the line of its first or last corner, or the bore's middle."""

GRADED = 1.0
"""Length s of `graded` within which cells shrink toward the edge, at a line that ends there."""

GRADED_REACH = 0.3
"""Reach of a line at which that length has fallen to a half: farther from an edge cells need not shrink, and
thin ones along the wall outside keep the thin gas beside a plume from settling."""

BORE_REACH = 0.6
"""Reach at which the points of a straight line across the bore are evenly spread."""


@dataclass(frozen=True)
class OrificeShape:
    """Size of the hole and of the mesh about it; lengths in m, extents in diameters (or widths)."""

    diameter: float
    wall_thickness: float
    across: int
    """Cells from the axis to the edge."""
    chamfer: float = 0.0
    """Leg of a 45 degree chamfer of the upstream edge, m."""
    rounding: float = 0.0
    """Radius of the upstream edge, m."""
    cabin_extent: float = 6.0
    """Distance from the hole to the far cabin, diameters."""
    plume_extent: float = 1.5
    """Distance from the hole to the end of the plume, diameters."""
    wall_spacing: float = 1.0
    """Cell size across a line at the wall over that of evenly spread cells, 0 to 1."""
    is_graded: bool = False
    """Whether cells shrink toward the edges with the two thirds power of the distance, not its root."""

    @property
    def graded_length(self) -> float:
        """`length` of `graded` at the edges."""
        return GRADED if self.is_graded else 0.0


class Spacing(NamedTuple):
    """Cells of the finest mesh of a family."""

    step: float
    """Cell size far from the edges over the distance to the hole."""
    nesting: int
    """The number of cells of every part is a multiple of this, so that the coarser meshes nest."""
    graded: float = 0.0
    """`length` of `graded` along the wall."""

    def cells(self, length: float) -> int:
        """Number of cells of size `step` that cover a length."""
        return self.nesting * max(ceil(length / self.step / self.nesting - 1e-9), 1)


class WallPiece(NamedTuple):
    """A straight or round piece of the wall, from upstream to downstream."""

    length: float
    place: Callable[[float], tuple[float, float, float, float]]
    """(x, r, and the unit normal into the gas) at a distance along the piece."""
    reach: tuple[float, float]
    """`WallNodes.reach` at its two ends: 0 at a corner."""


class WallNodes(NamedTuple):
    """The points of the wall where the mesh lines end, from the cabin to the plume."""

    points: Floats
    """(lines, 2) x and r."""
    normals: Floats
    """(lines, 2) unit normals into the gas; each line ends along its normal."""
    reach: Floats
    """(lines,) length over which a line follows the normal: wall spacing over `step`, limited in a bore."""
    first_corner: int
    """Line that ends at the hole's first corner."""
    last_corner: int
    """Line that ends at the hole's last corner."""
    bore: int
    """Line at which the bore begins."""
    graded: Floats
    """(lines,) the length of `graded` across each line."""


class HoleLines(NamedTuple):
    """The lines of the finest mesh of a family."""

    points: Floats
    """(lines, across + 1, 2) x and r, m; the first point of a line lies on the axis, the last on the wall."""
    bore: int
    """Line at which the bore begins."""


def hole_lines(shape: OrificeShape, levels: int) -> HoleLines:
    """The lines of the finest of `levels` nested meshes.

    Raises MeshError where the cells across cannot be halved so often.
    """
    return lines_through(shape, levels, np.linspace(0.0, 1.0, shape.across + 1))


def lines_through(shape: OrificeShape, levels: int, fractions: Floats) -> HoleLines:
    """The same lines with other points: at these fractions (n,) of the cells between axis and wall.

    Raises MeshError where the cells across cannot be halved so often.
    """
    spacing = _family_spacing(shape, levels)
    nodes = _wall_nodes(shape, spacing)
    across = toward_wall(fractions, shape.wall_spacing)
    return HoleLines(_lines(nodes, spacing.step, across) * (0.5 * shape.diameter), nodes.bore)


def lines_beside_gap(shape: OrificeShape, levels: int, side: PlateSide) -> HoleLines:
    """The lines of a hole but those on one `side` of the wall, where a gap takes their place.

    The line at the gap is straight and lies in the face of the wall. Raises MeshError where the cells across
    cannot be halved so often.
    """
    spacing = _family_spacing(shape, levels)
    nodes = _wall_nodes(shape, spacing)
    outside = side == "outside"
    first, end = (0, nodes.last_corner + 1) if outside else (nodes.first_corner, None)
    across = toward_wall(np.linspace(0.0, 1.0, shape.across + 1), shape.wall_spacing)
    points = _lines(nodes, spacing.step, across, held="last" if outside else "first")[first:end]
    return HoleLines(points * (0.5 * shape.diameter), nodes.bore - first)


def line_counts(shape: OrificeShape, levels: int) -> list[LineCounts]:
    """Count the lines of cells of each of `levels` nested meshes, the coarsest first.

    Raises MeshError where the cells across cannot be halved so often.
    """
    nodes = _wall_nodes(shape, _family_spacing(shape, levels))
    last = nodes.last_corner
    parts = (nodes.first_corner, last - nodes.first_corner, len(nodes.points) - 1 - last, shape.across)
    return [LineCounts(*(part // stride for part in parts)) for stride in strides(levels)]


def strides(levels: int) -> list[int]:
    """The distance, in lines of the finest mesh, of the lines of each mesh, the coarsest first."""
    return [2**level for level in reversed(range(levels))]


def _family_spacing(shape: OrificeShape, levels: int) -> Spacing:
    """The cell size of the finest mesh. Raises MeshError where it cannot be halved so often."""
    nesting = 2 ** (levels - 1)
    if shape.across % nesting:
        raise MeshError(f"{shape.across} cells across cannot be halved {levels - 1} times")
    return Spacing(0.5 * pi / shape.across, nesting, shape.graded_length)


def _wall_nodes(shape: OrificeShape, spacing: Spacing) -> WallNodes:
    """The ends of all lines: on the wall in the cabin, on edge and bore, on the wall outside."""
    radius = 0.5 * shape.diameter
    edge, thickness = max(shape.chamfer, shape.rounding) / radius, shape.wall_thickness / radius
    pieces = _pieces(edge, thickness, round_edge=shape.rounding > 0.0)
    corners = _corners(pieces, edge, thickness)
    cabin = _far_wall(2.0 * shape.cabin_extent, spacing, corners[0][4]) * [0.0, 1.0, -1.0, 0.0, 1.0]
    plume = _far_wall(2.0 * shape.plume_extent, spacing, 0.0)
    inner = [_piece_nodes(piece, spacing) for piece in pieces]
    lift, shift = np.array([0.0, edge, 0.0, 0.0, 0.0]), np.array([thickness, 0.0, 0.0, 0.0, 0.0])
    nodes = [cabin[::-1] + lift]
    for corner, after in zip(corners, [*inner, plume + shift], strict=True):
        nodes += [corner[None, :], after]
    table = np.concatenate(nodes)
    bore = len(cabin) + (len(inner[0]) + 1 if edge > 0.0 else 0)
    last = len(table) - len(plume) - 1
    reach = table[:, 4]
    across = shape.graded_length / (1.0 + (reach / GRADED_REACH) ** 2)
    return WallNodes(table[:, :2], table[:, 2:4], reach, len(cabin), last, bore, across)


def _far_wall(extent: float, spacing: Spacing, first_reach: float) -> Floats:
    """The nodes of a wall that faces +x, outward from an edge at r = 1 and without it.

    A row of (n, 5) has x, r, the normal and the reach. `first_reach` is the reach at the edge: 0 where it is
    sharp.
    """
    start = asinh(first_reach)
    begin, end = (ungraded(mu, spacing.graded) for mu in (start, asinh(extent)))
    cells = np.arange(1, spacing.cells(end - begin) + 1, dtype=np.float64)
    mu = graded(begin + spacing.step * cells, spacing.graded)
    zero = np.zeros_like(mu)
    return np.column_stack([zero, 1.0 + np.cosh(mu) - cosh(start), zero + 1.0, zero, np.sinh(mu)])


def _pieces(edge: float, thickness: float, *, round_edge: bool) -> list[WallPiece]:
    """The edge, where it is not sharp, and the bore, where it has any length left."""

    def chamfer(s: float) -> tuple[float, float, float, float]:
        return s * sqrt(0.5), 1.0 + edge - s * sqrt(0.5), -sqrt(0.5), -sqrt(0.5)

    def arc(s: float) -> tuple[float, float, float, float]:
        turn = s / edge
        return edge * (1.0 - cos(turn)), 1.0 + edge * (1.0 - sin(turn)), -cos(turn), -sin(turn)

    def bore(s: float) -> tuple[float, float, float, float]:
        return edge + s, 1.0, 0.0, -1.0

    length = thickness - edge
    arc_length = 0.5 * pi * edge
    smooth = min(0.5 * sqrt(arc_length), 1.0) if round_edge else 0.0
    tangent = min(smooth, sqrt(max(length, 0.0)))  # where the rounding meets the bore
    pieces = []
    if edge > 0.0:
        ends = (smooth, tangent)
        pieces.append(
            WallPiece(arc_length, arc, ends) if round_edge else WallPiece(sqrt(2.0) * edge, chamfer, ends)
        )
    if length > 0.0:
        pieces.append(WallPiece(length, bore, (tangent, 0.0)))
    return pieces


def _corners(pieces: list[WallPiece], edge: float, thickness: float) -> list[Floats]:
    """The nodes (5,) at the ends of the pieces; each normal bisects the angle between the walls."""
    cabin_end = (0.0, 1.0 + edge, -1.0, 0.0)
    plume_start = (thickness, 1.0, 1.0, 0.0)
    before = [cabin_end, *(piece.place(piece.length) for piece in pieces)]
    after = [*(piece.place(0.0) for piece in pieces), plume_start]
    reach = [piece.reach[0] for piece in pieces] + [0.0]
    corners = []
    for old, new, far in zip(before, after, reach, strict=True):
        sum_x, sum_r = old[2] + new[2], old[3] + new[3]
        size = hypot(sum_x, sum_r)
        normal = (sum_x / size, sum_r / size) if size > 1e-9 else (0.0, -1.0)
        corners.append(np.array([new[0], new[1], *normal, min(far, BORE_REACH * new[1])]))
    return corners


def _piece_nodes(piece: WallPiece, spacing: Spacing) -> Floats:
    """The nodes (n, 5) between the ends of a piece.

    The reach grows by `step` a cell from both ends to the middle, less near a corner where it is graded.
    """
    first, last = piece.reach
    top = max(sqrt(piece.length + 0.5 * (first**2 + last**2)), first, last)
    begin, middle, end = (ungraded(reach, spacing.graded) for reach in (first, top, last))
    total = 2.0 * middle - begin - end
    cells = spacing.cells(total)
    s = begin + total * np.arange(1, cells) / cells
    is_rising = s <= middle
    from_end = np.asarray(np.where(is_rising, s, 2.0 * middle - s), dtype=np.float64)
    reach = graded(from_end, spacing.graded)
    area = np.where(is_rising, reach**2 - first**2, 2.0 * top**2 - first**2 - reach**2)
    distance = piece.length * area / (2.0 * top**2 - first**2 - last**2)
    places = np.array([piece.place(float(s)) for s in distance]).reshape(-1, 4)
    # On a short piece the lines turn to both sides of the hole: they follow its normals a short way only.
    reach *= min(sqrt(piece.length), 1.0)
    return np.column_stack([places, np.minimum(reach, BORE_REACH * places[:, 1])])


def graded(s: Floats, length: Floats | float) -> Floats:
    """s sqrt(s/(s + length)) of s >= 0: points that shrink toward 0 within this length, evenly spread beyond.

    `length` fits the shape of s, which the result has; 0 leaves s as it is.
    """
    return np.asarray(s * np.sqrt(s / np.maximum(s + length, TINY)))


def ungraded(place: float, length: float) -> float:
    """The s of `graded` at one place."""
    from scipy.optimize import brentq

    if not length:
        return place
    return float(brentq(lambda s: s**3 - place**2 * (s + length), place, place + length, xtol=1e-14))


def toward_wall(u: Floats, wall_spacing: float) -> Floats:
    """Parameters (n,) of the points of a line, from 0 far from the wall, as on an axis, to 1 on it.

    1 - sinh(a (1 - u))/sinh(a) of the fractions u (n,) of its cells, with a/sinh(a) the spacing at the wall.
    It is smooth and a function of u alone, so that the meshes of a family nest.
    """
    if wall_spacing == 1.0:
        return u
    a = spacing_rate(wall_spacing)
    return np.asarray(1.0 - np.sinh(a * (1.0 - u)) / sinh(a))


def spacing_rate(spacing: float) -> float:
    """The a of a/sinh(a) = spacing, 0 < spacing < 1."""
    from scipy.optimize import brentq

    return float(brentq(lambda a: a / sinh(a) - spacing, 1e-6, 50.0))


def _lines(nodes: WallNodes, step: float, across: Floats, held: Held = "middle") -> Floats:
    """The points of all lines (lines, points, 2): cubic Bezier curves normal to axis and wall.

    `across` (points,) are the parameters of the points of a line.
    """
    axis = _axis_positions(nodes, step, held)
    start = np.column_stack([axis, np.zeros_like(axis)])
    rise = np.column_stack([axis, HANDLE * nodes.points[:, 1]])
    arrive = nodes.points + HANDLE * nodes.reach[:, None] * nodes.normals
    u = _graded_across(across, nodes.graded)[:, :, None]
    return (
        (1.0 - u) ** 3 * start[:, None]
        + 3.0 * (1.0 - u) ** 2 * u * rise[:, None]
        + 3.0 * (1.0 - u) * u**2 * arrive[:, None]
        + u**3 * nodes.points[:, None]
    )


def _graded_across(across: Floats, lengths: Floats) -> Floats:
    """Parameters (lines, points) of the points of each line, graded toward the wall within `lengths`."""
    if not lengths.any():
        return across[None, :]
    length, quarter = lengths[:, None], 0.5 * pi
    whole = graded(np.full_like(length, quarter), length)
    return np.asarray(1.0 - graded(quarter * (1.0 - across), length) / whole)


def _axis_positions(nodes: WallNodes, step: float, held: Held) -> Floats:
    """X of the start of each line on the axis, (lines,): as far apart as on the wall, or by `step`.

    Where the starts of the lines in the hole extend farther than its wall, they do so by half on either side,
    or on the far side of a corner whose line is `held` at its x: near that corner they are as close as on the
    wall. Lines from an oblique edge start farther upstream, as they are normal to it.
    """
    first, last = nodes.first_corner, nodes.last_corner
    along = np.array([hypot(*(b - a)) for a, b in pairwise(nodes.points[first : last + 1])])
    far = {"first": np.linspace(0.0, 1.0, len(along)), "last": np.linspace(1.0, 0.0, len(along))}
    excess = np.maximum(step - along, 0.0) * far.get(held, 1.0)
    inner = np.concatenate([[0.0], np.cumsum(along + excess)])
    begin = {
        "first": nodes.points[first, 0],
        "middle": nodes.points[last, 0] - 0.5 * (inner[-1] + along.sum()),
        "last": nodes.points[last, 0] - inner[-1],
    }
    inner += begin[held]
    before = inner[0] - (nodes.reach[:first] - nodes.reach[first])
    after = inner[-1] + nodes.reach[last + 1 :]
    return np.concatenate([before, inner, after])
