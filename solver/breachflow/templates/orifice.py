"""Mesh of a hole in a wall, from the cabin through the bore into the plume, graded to every edge.

The mesh is one block of quadrilaterals. Its lines run from the axis (or the slit's plane of symmetry) to
the wall and sweep from the cabin into the plume like the ellipses of elliptic coordinates about a knife
edge. There the cells shrink with the square root of the distance from the edge: their size is
step = pi/(2 across) of the half-opening far away, and half its square at the edge. Each finer member of a
family halves the cells of the coarser one and keeps all its points.

All lengths inside are in units of the half-opening (radius of a round hole, half-width of a slit).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import asinh, ceil, cos, cosh, hypot, pi, sin, sqrt
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats, Ints
from breachflow.errors import MeshError
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.topology import build_mesh

HANDLE = 4.0 / 3.0 * (sqrt(2.0) - 1.0)
"""Length of the handles with which a cubic Bezier curve follows a quarter of an ellipse to 0.03 %."""

BORE_REACH = 0.6
"""Reach at which the points of a straight line across the bore are evenly spread."""


@dataclass(frozen=True)
class OrificeShape:
    """What the template needs to know; lengths in m, extents in diameters (or widths)."""

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


class Spacing(NamedTuple):
    """How finely the block is divided."""

    step: float
    """Size of the cells far from the edges over the distance from there to the hole."""
    nesting: int
    """Every part of the block has a multiple of this many cells, so that the coarser meshes nest in it."""

    def cells(self, length: float) -> int:
        """Cells of size `step` that cover a length."""
        return self.nesting * max(ceil(length / self.step / self.nesting - 1e-9), 1)


class Piece(NamedTuple):
    """A straight or round piece of the wall, walked with the gas."""

    length: float
    place: Callable[[float], tuple[float, float, float, float]]
    """(x, r, and the unit normal into the gas) at a distance along the piece."""
    reach: tuple[float, float]
    """`Wall.reach` at its two ends: 0 at a corner."""


class Wall(NamedTuple):
    """The points of the wall where the mesh lines end, from the cabin to the plume."""

    points: Floats
    """(lines, 2) x and r."""
    normals: Floats
    """(lines, 2) unit normals into the gas: a line arrives along it."""
    reach: Floats
    """(lines,) how far a line follows the normal: wall spacing over `step`, capped in a bore."""
    first_corner: int
    last_corner: int
    bore: int
    """Line at which the bore begins."""


class Blocks(NamedTuple):
    """Lines of cells upstream of the hole, between its first and last corner, and in the plume."""

    cabin: int
    bore: int
    plume: int


def orifice_mesh(shape: OrificeShape) -> Mesh:
    """The mesh, in m: patches `cabin`, `space`, `wall`, `axis`; measuring surface `orifice`."""
    return orifice_family(shape, 1)[0]


def orifice_family(shape: OrificeShape, levels: int) -> list[Mesh]:
    """Nested meshes, the coarsest first: each has every second line of the next one."""
    lines, bore = _all_lines(shape, levels)
    try:
        return [_block_mesh(lines[::stride, ::stride], bore // stride) for stride in _strides(levels)]
    except MeshError as error:
        raise MeshError(
            f"the orifice template folds for a wall of {shape.wall_thickness:g} m with an edge of "
            f"{max(shape.chamfer, shape.rounding):g} m: change [mesh] resolution, the edge or the wall, or "
            f"give a mesh file ({error})"
        ) from None


def family_blocks(shape: OrificeShape, levels: int) -> list[Blocks]:
    """How many lines of cells the parts of each mesh of a family have, the coarsest first."""
    wall = _wall(shape, _family_spacing(shape, levels))
    parts = (wall.first_corner, wall.last_corner - wall.first_corner, len(wall.points) - 1 - wall.last_corner)
    return [Blocks(*(part // stride for part in parts)) for stride in _strides(levels)]


def jet_family(shape: OrificeShape, levels: int) -> list[Mesh]:
    """The part of nested meshes of a knife edge that lies behind the hole, whose plane is the patch `exit`.

    Patches `exit`, `space`, `wall`, `axis`; the flow through the hole is given, not computed.
    """
    lines, bore = _all_lines(shape, levels)
    return [_jet_mesh(lines[bore::stride, ::stride]) for stride in _strides(levels)]


def _strides(levels: int) -> list[int]:
    return [2**level for level in reversed(range(levels))]


def _all_lines(shape: OrificeShape, levels: int) -> tuple[Floats, int]:
    """The lines of the finest mesh, m, and the number of the one at which the bore begins."""
    spacing = _family_spacing(shape, levels)
    wall = _wall(shape, spacing)
    return _lines(wall, spacing.step, shape.across) * (0.5 * shape.diameter), wall.bore


def _family_spacing(shape: OrificeShape, levels: int) -> Spacing:
    nesting = 2 ** (levels - 1)
    if shape.across % nesting:
        raise MeshError(f"{shape.across} cells across cannot be halved {levels - 1} times")
    return Spacing(0.5 * pi / shape.across, nesting)


def _wall(shape: OrificeShape, spacing: Spacing) -> Wall:
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
    return Wall(table[:, :2], table[:, 2:4], table[:, 4], len(cabin), last, bore)


def _far_wall(extent: float, spacing: Spacing, first_reach: float) -> Floats:
    """Nodes (x, r, normal, reach) on a wall that faces +x, outward from an edge at r = 1, without the edge.

    The reach at the edge itself is 0 if the edge is sharp, and that of the rounding otherwise.
    """
    start = asinh(first_reach)
    mu = start + spacing.step * np.arange(1, spacing.cells(asinh(extent) - start) + 1)
    zero = np.zeros_like(mu)
    return np.column_stack([zero, 1.0 + np.cosh(mu) - cosh(start), zero + 1.0, zero, np.sinh(mu)])


def _pieces(edge: float, thickness: float, *, round_edge: bool) -> list[Piece]:
    """The edge, if it is not sharp, and the bore, if it has any length left."""

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
        pieces.append(Piece(arc_length, arc, ends) if round_edge else Piece(sqrt(2.0) * edge, chamfer, ends))
    if length > 0.0:
        pieces.append(Piece(length, bore, (tangent, 0.0)))
    return pieces


def _corners(pieces: list[Piece], edge: float, thickness: float) -> list[Floats]:
    """Nodes at the ends of the pieces; the normal of each halves the angle between the walls that meet."""
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


def _piece_nodes(piece: Piece, spacing: Spacing) -> Floats:
    """Nodes between the ends of a piece; the reach grows by `step` a cell from both ends to the middle."""
    first, last = piece.reach
    top = max(sqrt(piece.length + 0.5 * (first**2 + last**2)), first, last)
    rise, total = top - first, 2.0 * top - first - last
    cells = spacing.cells(total)
    xi = total * np.arange(1, cells) / cells
    reach = np.where(xi <= rise, first + xi, top - (xi - rise))
    area = np.where(xi <= rise, reach**2 - first**2, 2.0 * top**2 - first**2 - reach**2)
    distance = piece.length * area / (2.0 * top**2 - first**2 - last**2)
    places = np.array([piece.place(float(s)) for s in distance]).reshape(-1, 4)
    # On a short piece the lines fan out toward both sides of the hole: they leave its normal at once.
    reach *= min(sqrt(piece.length), 1.0)
    return np.column_stack([places, np.minimum(reach, BORE_REACH * places[:, 1])])


def _lines(wall: Wall, step: float, across: int) -> Floats:
    """(lines, across + 1, 2): each line a cubic Bezier curve from the axis to the wall, normal to both."""
    axis = _axis_positions(wall, step)
    start = np.column_stack([axis, np.zeros_like(axis)])
    rise = np.column_stack([axis, HANDLE * wall.points[:, 1]])
    arrive = wall.points + HANDLE * wall.reach[:, None] * wall.normals
    u = np.linspace(0.0, 1.0, across + 1)[None, :, None]
    return (
        (1.0 - u) ** 3 * start[:, None]
        + 3.0 * (1.0 - u) ** 2 * u * rise[:, None]
        + 3.0 * (1.0 - u) * u**2 * arrive[:, None]
        + u**3 * wall.points[:, None]
    )


def _axis_positions(wall: Wall, step: float) -> Floats:
    """Where the lines start: as far apart as on the wall, but by `step` at least.

    Length in excess of the wall's own goes half to either side, that of an oblique edge to the cabin's side:
    lines normal to the edge meet the axis upstream of it.
    """
    first, last = wall.first_corner, wall.last_corner
    along = np.array([hypot(*(b - a)) for a, b in pairwise(wall.points[first : last + 1])])
    inner = np.concatenate([[0.0], np.cumsum(np.maximum(along, step))])
    inner += wall.points[last, 0] - 0.5 * (inner[-1] + along.sum())
    before = inner[0] - (wall.reach[:first] - wall.reach[first])
    after = inner[-1] + wall.reach[last + 1 :]
    return np.concatenate([before, inner, after])


def _block_mesh(lines: Floats, bore: int) -> Mesh:
    number = _numbers(lines)
    return _mesh(lines, number, {"cabin": number[0], "orifice": number[bore]})


def _jet_mesh(lines: Floats) -> Mesh:
    number = _numbers(lines)
    return _mesh(lines, number, {"exit": number[0]})


def _numbers(lines: Floats) -> Ints:
    return np.arange(lines.shape[0] * lines.shape[1], dtype=np.int32).reshape(lines.shape[:2])


def _mesh(lines: Floats, number: Ints, upstream: dict[str, Ints]) -> Mesh:
    corners = (number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:])
    quads = np.stack([corner.ravel() for corner in corners], axis=1)
    edges = {**upstream, "space": number[-1], "wall": number[:, -1], "axis": number[:, 0]}
    named = {name: _chain(nodes) for name, nodes in edges.items()}
    return build_mesh(lines.reshape(-1, 2), [quads], named)


def _chain(nodes: Ints) -> Ints:
    return np.column_stack([nodes[:-1], nodes[1:]])
