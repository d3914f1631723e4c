"""How good a mesh is for a finite-volume scheme: the worst cells and faces, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.mesh.checks import next_corners, place
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.metric import compute_metric


class Extreme(NamedTuple):
    """The worst value of a measure, and where it is met."""

    value: float
    number: int
    """Cell or face number."""
    place: tuple[float, ...]
    """Its center, m."""


@dataclass(frozen=True)
class MeshQuality:
    """Counts and extremes; sizes are square roots of plane areas, angles in degrees."""

    cells: int
    points: int
    faces: int
    smallest_cell: Extreme
    largest_cell: Extreme
    smallest_angle: Extreme
    largest_angle: Extreme
    aspect_ratio: Extreme
    """Longest over shortest edge of a cell."""
    non_orthogonality: Extreme | None
    """Between a face's normal and the line through its two cells' centers; None without interior faces."""
    volume_ratio: Extreme | None
    """Larger over smaller plane area of two neighbors."""

    def describe(self) -> list[str]:
        """Lines for printing, one measure each."""
        measures = (
            ("smallest cell", self.smallest_cell, " m", "cell"),
            ("largest cell", self.largest_cell, " m", "cell"),
            ("smallest angle", self.smallest_angle, " deg", "cell"),
            ("largest angle", self.largest_angle, " deg", "cell"),
            ("aspect ratio", self.aspect_ratio, "", "cell"),
            ("non-orthogonality", self.non_orthogonality, " deg", "face"),
            ("volume ratio", self.volume_ratio, "", "face"),
        )
        return [
            f"{self.cells} cells, {self.points} points, {self.faces} faces",
            *(
                f"{name}: {worst.value:.4g}{unit} ({kind} {worst.number} at {place(np.array(worst.place))})"
                for name, worst, unit, kind in measures
                if worst is not None
            ),
        ]


def mesh_quality(mesh: Mesh) -> MeshQuality:
    """Quality of a 2-D mesh in its plane."""
    metric = compute_metric(mesh, axisymmetric=False)
    size = np.sqrt(metric.volume)
    angle, length = _corner_angles(mesh), _edge_lengths(mesh)
    starts = mesh.cell_offsets[:-1]
    aspect = np.maximum.reduceat(length, starts) / np.minimum.reduceat(length, starts)
    inside = np.flatnonzero(mesh.face_cells[:, 1] >= 0)
    pairs = mesh.face_cells[inside]
    line = metric.centroid[pairs[:, 1]] - metric.centroid[pairs[:, 0]]
    normal = metric.face_area[inside]
    cosine = (line * normal).sum(axis=1) / (np.hypot(*line.T) * np.hypot(*normal.T))
    areas = metric.volume[pairs]
    ratio = areas.max(axis=1) / areas.min(axis=1)
    faces = (metric.face_center[inside], inside)
    return MeshQuality(
        cells=mesh.n_cells,
        points=len(mesh.points),
        faces=mesh.n_faces,
        smallest_cell=_extreme(-size, metric.centroid, sign=-1.0),
        largest_cell=_extreme(size, metric.centroid),
        smallest_angle=_extreme(-np.minimum.reduceat(angle, starts), metric.centroid, sign=-1.0),
        largest_angle=_extreme(np.maximum.reduceat(angle, starts), metric.centroid),
        aspect_ratio=_extreme(aspect, metric.centroid),
        non_orthogonality=_extreme(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))), *faces)
        if len(inside)
        else None,
        volume_ratio=_extreme(ratio, *faces) if len(inside) else None,
    )


def _extreme(
    values: Floats, centers: Floats, numbers: np.ndarray | None = None, sign: float = 1.0
) -> Extreme:
    """The largest of `values`."""
    worst = int(np.argmax(values))
    number = worst if numbers is None else int(numbers[worst])
    return Extreme(sign * float(values[worst]), number, tuple(float(x) for x in centers[worst]))


def _corner_edges(mesh: Mesh) -> Floats:
    """From each corner of each cell to the next."""
    corners = mesh.points[mesh.cell_points]
    edges: Floats = corners[next_corners(mesh.cell_offsets)] - corners
    return edges


def _edge_lengths(mesh: Mesh) -> Floats:
    return np.asarray(np.hypot(*_corner_edges(mesh).T), dtype=np.float64)


def _corner_angles(mesh: Mesh) -> Floats:
    """Interior angle of each cell, in degrees, at the end of each of its edges: 0 to 360."""
    edges = _corner_edges(mesh)
    after = edges[next_corners(mesh.cell_offsets)]
    cross = edges[:, 0] * after[:, 1] - edges[:, 1] * after[:, 0]
    turning = np.arctan2(cross, (edges * after).sum(axis=1))
    return np.asarray(180.0 - np.degrees(turning), dtype=np.float64)
