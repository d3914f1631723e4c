"""Quality of a mesh for a finite-volume scheme: the worst cells and faces, and where they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats, Indices
from breachflow.mesh.checks.places import place
from breachflow.mesh.geometry.space import area_vectors
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.metric import Metric, compute_metric
from breachflow.mesh.ragged import next_in_row
from breachflow.mesh.shapes import shape_blocks


class MeshExtreme(NamedTuple):
    """The worst value of a measure of quality, and where it occurs."""

    value: float
    """Worst value, in the unit that `MeshQuality` states."""
    number: int
    """Cell or face number."""
    place: tuple[float, ...]
    """Center of the cell or face, m."""


@dataclass(frozen=True)
class MeshQuality:
    """Counts and extremes; the size of a cell is the root of its area or volume, m; angles are in degrees."""

    cells: int
    points: int
    faces: int
    smallest_cell: MeshExtreme
    largest_cell: MeshExtreme
    smallest_angle: MeshExtreme
    largest_angle: MeshExtreme
    aspect_ratio: MeshExtreme
    """Longest over shortest edge of a cell."""
    non_orthogonality: MeshExtreme | None
    """Angle between the normal of a face and the line through the centers of its cells; None without interior
    faces."""
    volume_ratio: MeshExtreme | None
    """Larger over smaller area or volume of two neighbors; None without interior faces."""

    def describe(self) -> list[str]:
        """Lines of text: the counts, then one measure a line."""
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
    """The quality of a mesh, in the plane that of its section; in space angles are those between faces."""
    metric = compute_metric(mesh, axisymmetric=False)
    size = metric.volume ** (1.0 / mesh.dimension)
    cells = (_polygon_measures if mesh.dimension == 2 else _solid_measures)(mesh)
    non_orthogonality, volume_ratio = _face_extremes(mesh, metric)
    return MeshQuality(
        cells=mesh.n_cells,
        points=len(mesh.points),
        faces=mesh.n_faces,
        smallest_cell=_extreme(-size, metric.centroid, sign=-1.0),
        largest_cell=_extreme(size, metric.centroid),
        smallest_angle=_extreme(-cells.smallest_angle, metric.centroid, sign=-1.0),
        largest_angle=_extreme(cells.largest_angle, metric.centroid),
        aspect_ratio=_extreme(cells.edge_ratio, metric.centroid),
        non_orthogonality=non_orthogonality,
        volume_ratio=volume_ratio,
    )


class CellMeasures(NamedTuple):
    """Measures of each cell, (n_cells,); angles are in degrees."""

    smallest_angle: Floats
    largest_angle: Floats
    edge_ratio: Floats


def _polygon_measures(mesh: Mesh) -> CellMeasures:
    """Angles at corners and lengths of edges of cells in the plane."""
    angle, length, starts = _corner_angles(mesh), _edge_lengths(mesh), mesh.cell_offsets[:-1]
    return CellMeasures(
        np.minimum.reduceat(angle, starts),
        np.maximum.reduceat(angle, starts),
        np.maximum.reduceat(length, starts) / np.minimum.reduceat(length, starts),
    )


def _solid_measures(mesh: Mesh) -> CellMeasures:
    """Angles between faces and lengths of edges of cells in space."""
    found = CellMeasures(*(np.empty(mesh.n_cells) for _ in CellMeasures._fields))
    for block in shape_blocks(mesh.cell_offsets, mesh.cell_points):
        begin, end, first, second = np.array(block.shape.edges).T
        edge = mesh.points[block.corners[:, end]] - mesh.points[block.corners[:, begin]]
        length = np.linalg.norm(edge, axis=-1)
        normal = area_vectors(mesh.points, block.rows(block.shape.face_rows))
        ahead, beside = normal[:, first], normal[:, second]
        turn = np.sum(np.cross(ahead, beside) * edge, axis=-1) / length
        angle = 180.0 - np.degrees(np.arctan2(turn, np.sum(ahead * beside, axis=-1)))
        found.smallest_angle[block.cells], found.largest_angle[block.cells] = angle.min(1), angle.max(1)
        found.edge_ratio[block.cells] = length.max(axis=1) / length.min(axis=1)
    return found


def _face_extremes(mesh: Mesh, metric: Metric) -> tuple[MeshExtreme | None, MeshExtreme | None]:
    """The worst non-orthogonality and volume ratio of interior faces; None where there are none."""
    inside = np.flatnonzero(mesh.face_cells[:, 1] >= 0)
    if not len(inside):
        return None, None
    pairs = mesh.face_cells[inside]
    line = metric.centroid[pairs[:, 1]] - metric.centroid[pairs[:, 0]]
    normal = metric.face_area[inside]
    cosine = (line * normal).sum(axis=1) / (np.linalg.norm(line, axis=1) * np.linalg.norm(normal, axis=1))
    areas = metric.volume[pairs]
    faces = (metric.face_center[inside], inside)
    angle = np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0)))
    return _extreme(angle, *faces), _extreme(areas.max(axis=1) / areas.min(axis=1), *faces)


def _extreme(
    values: Floats, centers: Floats, numbers: Indices | None = None, sign: float = 1.0
) -> MeshExtreme:
    """The largest of `values` (n,), times `sign`, with its number and its center."""
    worst = int(np.argmax(values))
    number = worst if numbers is None else int(numbers[worst])
    return MeshExtreme(sign * float(values[worst]), number, tuple(float(x) for x in centers[worst]))


def _corner_edges(mesh: Mesh) -> Floats:
    """The vector from each corner of each cell to the next, (n_corners, 2)."""
    corners = mesh.points[mesh.cell_points]
    edges: Floats = corners[next_in_row(mesh.cell_offsets)] - corners
    return edges


def _edge_lengths(mesh: Mesh) -> Floats:
    """The length of each edge of each cell, (n_corners,)."""
    return np.asarray(np.hypot(*_corner_edges(mesh).T), dtype=np.float64)


def _corner_angles(mesh: Mesh) -> Floats:
    """The interior angle at the end of each edge of each cell, (n_corners,), degrees, 0 to 360."""
    edges = _corner_edges(mesh)
    after = edges[next_in_row(mesh.cell_offsets)]
    cross = edges[:, 0] * after[:, 1] - edges[:, 1] * after[:, 0]
    turning = np.arctan2(cross, (edges * after).sum(axis=1))
    return np.asarray(180.0 - np.degrees(turning), dtype=np.float64)
