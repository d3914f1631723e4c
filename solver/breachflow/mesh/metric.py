"""Volumes, areas and centers of a mesh: its geometry as the solver uses it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.errors import MeshError
from breachflow.mesh.checks import points_on_axis
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.ragged import next_in_row, row_of_value


@dataclass(frozen=True)
class Metric:
    """Geometry of cells and faces; axisymmetric: per radian, with areas and volumes weighted by r = y."""

    volume: Floats
    """(n_cells,) m2 planar (per meter of depth), m3 axisymmetric (per radian)."""
    centroid: Floats
    """(n_cells, dimension) m; axisymmetric: int r x dA / int r dA."""
    face_area: Floats
    """(n_faces, dimension) area times unit normal, from owner to neighbor."""
    face_center: Floats
    """(n_faces, dimension) m; axisymmetric: int r x dl / int r dl."""
    source_area: Floats
    """(n_cells,) sum of the outward `face_area` of a cell in y: its area in the plane, or 0 if planar."""


class Moments(NamedTuple):
    """Integrals of 1, x, y, x y, y^2 over each cell (n_cells,), with coordinates relative to `origin`."""

    origin: Floats
    """(n_cells, 2) mean of the corners of each cell."""
    area: Floats
    x: Floats
    y: Floats
    xy: Floats
    yy: Floats


def compute_metric(mesh: Mesh, axisymmetric: bool, scale: float = 1.0) -> Metric:
    """The metric of a 2-D mesh whose coordinates are multiplied by `scale`; exact for straight edges.

    The outward face areas of each cell add up to (0, source_area) to rounding, so that a uniform pressure
    exerts no force. Raises MeshError where the mesh is three-dimensional, or axisymmetric with points below
    the axis.
    """
    if mesh.dimension != 2:
        raise MeshError("three-dimensional meshes are not supported yet: give points in a plane")
    points = mesh.points * scale
    if axisymmetric:
        points = points_on_axis(points, float(_edge_lengths(mesh, points).min()))
    face_area, face_center = _faces(mesh, points, axisymmetric)
    moments = _moments(mesh, points)
    volume, centroid = (_revolved if axisymmetric else _planar)(moments)
    source_area = np.zeros(mesh.n_cells)
    if axisymmetric:
        source_area = outward_sum(mesh, face_area[:, 1])
    return Metric(volume, centroid, face_area, face_center, source_area)


def cell_middles(mesh: Mesh) -> Floats:
    """The mean of the corners of each cell, (n_cells, 2) m."""
    total = np.add.reduceat(mesh.points[mesh.cell_points], mesh.cell_offsets[:-1], axis=0)
    return np.asarray(total / np.diff(mesh.cell_offsets)[:, None])


def outward_sum(mesh: Mesh, face_values: Floats) -> Floats:
    """The sum of `face_values` (n_faces,) over the faces of each cell, (n_cells,).

    Values count positive where the cell is the owner and negative where it is the neighbor.
    """
    owner, neighbor = mesh.face_cells[:, 0], mesh.face_cells[:, 1]
    inside = neighbor >= 0
    total = np.asarray(np.bincount(owner, face_values, mesh.n_cells), dtype=np.float64)
    total -= np.bincount(neighbor[inside], face_values[inside], mesh.n_cells)
    return total


def _edge_lengths(mesh: Mesh, points: Floats) -> Floats:
    """The length of each face, (n_faces,)."""
    ends = points[mesh.face_points.reshape(-1, 2)]
    return np.asarray(np.hypot(*(ends[:, 1] - ends[:, 0]).T))


def _faces(mesh: Mesh, points: Floats, axisymmetric: bool) -> tuple[Floats, Floats]:
    """Area times normal and center of each face, (n_faces, 2) each."""
    ends = points[mesh.face_points.reshape(-1, 2)]
    edge = ends[:, 1] - ends[:, 0]
    normal = np.column_stack([edge[:, 1], -edge[:, 0]])
    if not axisymmetric:
        return normal, ends.mean(axis=1)
    first, second = ends[:, 0, 1], ends[:, 1, 1]
    total = first + second
    # Weight of the second end: int t r dt / int r dt with r linear in t; on the axis the midpoint.
    weight = np.where(total > 0.0, (first + 2.0 * second) / np.where(total > 0.0, 3.0 * total, 1.0), 0.5)
    return 0.5 * total[:, None] * normal, ends[:, 0] + weight[:, None] * edge


def _moments(mesh: Mesh, points: Floats) -> Moments:
    """Integrate around each cell by Green's theorem, about the mean of its corners to keep the digits."""
    starts = mesh.cell_offsets[:-1]
    corners = points[mesh.cell_points]
    origin = np.add.reduceat(corners, starts, axis=0) / np.diff(mesh.cell_offsets)[:, None]
    local = corners - origin[row_of_value(mesh.cell_offsets)]
    after = local[next_in_row(mesh.cell_offsets)]
    (x, y), (u, v) = local.T, after.T
    cross = x * v - u * y

    def integral(values: Floats, divisor: float) -> Floats:
        total: Floats = np.add.reduceat(cross * values, starts) / divisor
        return total

    return Moments(
        origin=origin,
        area=integral(np.ones_like(cross), 2.0),
        x=integral(x + u, 6.0),
        y=integral(y + v, 6.0),
        xy=integral(x * v + 2.0 * x * y + 2.0 * u * v + u * y, 24.0),
        yy=integral(y * y + y * v + v * v, 12.0),
    )


def _planar(moments: Moments) -> tuple[Floats, Floats]:
    """Volume per depth (n_cells,) and centroid (n_cells, 2)."""
    offset = np.column_stack([moments.x, moments.y]) / moments.area[:, None]
    return moments.area, moments.origin + offset


def _revolved(moments: Moments) -> tuple[Floats, Floats]:
    """Volume per radian (n_cells,) and centroid (n_cells, 2) of cells revolved about the axis."""
    radius = moments.origin[:, 1]
    volume: Floats = radius * moments.area + moments.y
    offset = np.column_stack([radius * moments.x + moments.xy, radius * moments.y + moments.yy])
    return volume, moments.origin + offset / volume[:, None]
