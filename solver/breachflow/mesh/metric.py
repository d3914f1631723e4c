"""Volumes, areas and centers of a mesh: its geometry as the solver uses it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from breachflow.arrays import Floats
from breachflow.errors import MeshError
from breachflow.mesh.checks.cells import points_on_axis
from breachflow.mesh.geometry.plane import Moments, edge_lengths, edge_normals, polygon_moments
from breachflow.mesh.geometry.space import cell_moments, face_moments
from breachflow.mesh.mesh import Mesh


@dataclass(frozen=True)
class Metric:
    """Geometry of cells and faces; axisymmetric: per radian, with areas and volumes weighted by r = y."""

    volume: Floats
    """(n_cells,) m2 planar (per meter of depth), m3 axisymmetric (per radian)."""
    centroid: Floats
    """(n_cells, dimension) m; axisymmetric: int r x dA / int r dA."""
    face_area: Floats
    """(n_faces, dimension) area times unit normal, from owner to neighbor."""
    face_normal: Floats
    """(n_faces, dimension) unit normals, from owner to neighbor; a face on the axis has no area, and one."""
    face_center: Floats
    """(n_faces, dimension) m; axisymmetric: int r x dl / int r dl."""
    source_area: Floats
    """(n_cells,) sum of the outward `face_area` of a cell in y: its area in the plane, or 0 if planar."""


def compute_metric(mesh: Mesh, axisymmetric: bool, scale: float = 1.0) -> Metric:
    """The metric of a mesh whose coordinates are multiplied by `scale`.

    It is exact for straight edges and, in space, for faces cut in triangles about the mean of their corners.
    The outward face areas of each cell add up to 0, but for source_area in y, to rounding, so that a uniform
    pressure exerts no force. Raises MeshError where an axisymmetric mesh has points in space or below the
    axis.
    """
    points = mesh.points * scale
    if mesh.dimension == 3 and axisymmetric:
        raise MeshError("an axisymmetric mesh lies in the plane, and this one in space")
    if mesh.dimension == 3:
        return _solid(mesh, points)
    if axisymmetric:
        points = points_on_axis(points, float(edge_lengths(points, mesh.face_corners).min()))
    face_area, face_center = _faces(mesh, points, axisymmetric)
    normal = edge_normals(mesh.points, mesh.face_corners)
    face_normal = np.asarray(normal / np.linalg.norm(normal, axis=1, keepdims=True))
    moments = polygon_moments(points, mesh.cell_offsets, mesh.cell_points)
    volume, centroid = (_revolved if axisymmetric else _planar)(moments)
    source_area = outward_sum(mesh, face_area[:, 1]) if axisymmetric else np.zeros(mesh.n_cells)
    return Metric(volume, centroid, face_area, face_normal, face_center, source_area)


def _solid(mesh: Mesh, points: Floats) -> Metric:
    """The metric of a mesh in space."""
    faces = face_moments(points, mesh.face_corners)
    origin = _middles(mesh, points)
    cells = cell_moments(faces, mesh.face_cells, origin)
    centroid = origin + cells.first / cells.volume[:, None]
    normal = faces.area / np.linalg.norm(faces.area, axis=1, keepdims=True)
    return Metric(cells.volume, centroid, faces.area, normal, faces.center, np.zeros(mesh.n_cells))


def cell_middles(mesh: Mesh) -> Floats:
    """The mean of the corners of each cell, (n_cells, dimension) m."""
    return _middles(mesh, mesh.points)


def _middles(mesh: Mesh, points: Floats) -> Floats:
    """The mean of the corners of each cell, (n_cells, dimension), from points in any unit."""
    total = np.add.reduceat(points[mesh.cell_points], mesh.cell_offsets[:-1], axis=0)
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


def _faces(mesh: Mesh, points: Floats, axisymmetric: bool) -> tuple[Floats, Floats]:
    """Area times normal and center of each face, (n_faces, 2) each."""
    ends = points[mesh.face_corners]
    edge, normal = ends[:, 1] - ends[:, 0], edge_normals(points, mesh.face_corners)
    if not axisymmetric:
        return normal, ends.mean(axis=1)
    first, second = ends[:, 0, 1], ends[:, 1, 1]
    total = first + second
    # Weight of the second end: int t r dt / int r dt with r linear in t; on the axis the midpoint.
    weight = np.where(total > 0.0, (first + 2.0 * second) / np.where(total > 0.0, 3.0 * total, 1.0), 0.5)
    return 0.5 * total[:, None] * normal, ends[:, 0] + weight[:, None] * edge


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
