"""Checks of points, cells and named faces; each violation is a MeshError that says where."""

from __future__ import annotations

import numpy as np

from breachflow.arrays import AnyInts, Floats, Indices
from breachflow.errors import MeshError
from breachflow.mesh.checks.places import FACE_WORDS, place
from breachflow.mesh.checks.solids import validate_solids
from breachflow.mesh.geometry.plane import signed_areas
from breachflow.mesh.ragged import next_in_row, row_of_value
from breachflow.mesh.shapes import MOST_FACE_CORNERS, SHAPES

FLATNESS_LIMIT = 1e-10
"""Least area of a cell over its squared perimeter; an equilateral triangle has 0.048, an aspect ratio of 1e6
gives 2e-7."""

AXIS_TOLERANCE = 1e-6
"""Largest distance to the axis, over the extent of the mesh, of points that are moved onto it: programs for
drawing are that exact."""

AXIS_MOVE = 1e-3
"""The same over the shortest edge of the mesh: no cell may lose its area."""


def validate_points_and_cells(points: Floats, offsets: AnyInts, corners: AnyInts) -> None:
    """Raise MeshError unless the cells `corners[offsets[i]:offsets[i + 1]]` are sound.

    In the plane they are simple polygons, in space those of `SHAPES`.
    """
    _validate_points(points)
    _validate_offsets(offsets, corners, points.shape[1])
    _validate_indices(len(points), offsets, corners)
    _validate_repeats(points, offsets, corners)
    if points.shape[1] == 2:
        _validate_polygons(points, offsets, corners)
    else:
        validate_solids(points, offsets, corners)


def validate_named_faces(name: str, faces: AnyInts, points: Floats) -> Indices:
    """The faces of one name, (m, 2) in the plane and (m, 4) in space, -1 behind the corners of a triangle.

    Raises MeshError where they are not rows of different, existing point numbers.
    """
    faces, (n_points, dimension) = np.asarray(faces), points.shape
    word, width = FACE_WORDS[dimension].one, MOST_FACE_CORNERS[dimension]
    if faces.size == 0:
        return np.empty((0, width), dtype=np.int64)
    if faces.ndim != 2 or faces.shape[1] not in (width, dimension) or faces.dtype.kind not in "iu":
        rows = "pairs of point numbers" if dimension == 2 else "rows of three or four point numbers"
        raise MeshError(f"the {word}s of {name!r} must be {rows}, not an array of shape {faces.shape}")
    rows_of_all = np.full((len(faces), width), -1, dtype=np.int64)
    rows_of_all[:, : faces.shape[1]] = faces
    ordered = np.sort(rows_of_all, axis=1)
    bad = np.flatnonzero(
        (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
        | (rows_of_all[:, :dimension] < 0).any(axis=1)
        | (ordered[:, 0] < dimension - width)  # a triangle among quadrilaterals has -1 for its last corner
        | (ordered[:, -1] >= n_points)
    )
    if bad.size:
        count = "two" if dimension == 2 else "three or four"
        *others, last = rows_of_all[bad[0]][
            : dimension + int(rows_of_all[bad[0], -1] >= 0) * (width - dimension)
        ]
        raise MeshError(
            f"{word} {bad[0]} of {name!r} joins points {', '.join(map(str, others))} and {last}: "
            f"it needs {count} different points from 0 to {n_points - 1}"
        )
    return rows_of_all


def points_on_axis(points: Floats, shortest: float) -> Floats:
    """The points (n, 2) of an axisymmetric mesh, y = r >= 0; those close to the axis are put on it.

    `shortest` is the length of the shortest edge. Raises MeshError where a point lies below the axis.
    """
    radius = points[:, 1]
    tolerance = min(AXIS_TOLERANCE * float(np.ptp(points, axis=0).max()), AXIS_MOVE * shortest)
    below = radius < -tolerance
    if below.any():
        advice = "mesh the half above the axis alone" if radius.max() > tolerance else "turn y into -y"
        worst = int(np.argmin(radius))
        raise MeshError(
            f"point {worst} at {place(points[worst])} lies below the axis ({int(below.sum())} such points): "
            f"in an axisymmetric mesh y is the radius and must not be negative; {advice}"
        )
    return np.column_stack([points[:, 0], np.where(np.abs(radius) <= tolerance, 0.0, radius)])


def _validate_points(points: Floats) -> None:
    if points.ndim != 2 or points.shape[1] not in (2, 3):
        raise MeshError(f"points must be an array of 2-D or 3-D coordinates, not of shape {points.shape}")
    if not len(points):
        raise MeshError("the mesh has no points")
    bad = np.flatnonzero(~np.isfinite(points).all(axis=1))
    if bad.size:
        raise MeshError(
            f"point {bad[0]} has the coordinates {place(points[bad[0]])}: they must be finite numbers "
            f"({bad.size} such points); write the mesh again"
        )
    # Areas and second moments are products of up to four lengths: they must not overflow.
    largest = np.abs(points).max(axis=1)
    if largest.max() > 1e50:
        worst = int(np.argmax(largest))
        raise MeshError(
            f"point {worst} has a coordinate of {largest[worst]:.3g}: no length is larger than 1e50; "
            "write the mesh again"
        )


def _validate_offsets(offsets: AnyInts, corners: AnyInts, dimension: int) -> None:
    if len(offsets) < 2:
        kinds = "triangles or quadrilaterals" if dimension == 2 else "tetrahedra or hexahedra"
        raise MeshError(f"the mesh has no cells: it needs {kinds}")
    if offsets[0] != 0 or offsets[-1] != len(corners):
        raise MeshError("the cell offsets do not span the list of cell corners")
    counts = np.diff(offsets)
    bad = np.flatnonzero(counts < 3 if dimension == 2 else ~np.isin(counts, list(SHAPES)))
    if bad.size:
        kinds = ", ".join(f"a {shape.name} {count}" for count, shape in SHAPES.items())
        allowed = "a polygon has three or more" if dimension == 2 else f"in space {kinds}"
        raise MeshError(f"cell {bad[0]} has {int(counts[bad[0]])} corners: {allowed}")


def _validate_indices(n_points: int, offsets: AnyInts, corners: AnyInts) -> None:
    bad = np.flatnonzero((corners < 0) | (corners >= n_points))
    if bad.size:
        cell = int(np.searchsorted(offsets, bad[0], side="right")) - 1
        raise MeshError(
            f"cell {cell} uses point {int(corners[bad[0]])}, but the points are numbered 0 to {n_points - 1} "
            f"({bad.size} such corners); write the mesh again"
        )


def _validate_repeats(points: Floats, offsets: AnyInts, corners: AnyInts) -> None:
    """Raise MeshError where a cell uses a point twice."""
    order = np.lexsort((corners, row_of_value(offsets)))
    ordered = corners[order]
    same = ordered[1:] == ordered[:-1]
    same[offsets[1:-1] - 1] = False
    bad = np.flatnonzero(same)
    if bad.size:
        cell = int(np.searchsorted(offsets, bad[0], side="right")) - 1
        point = int(ordered[bad[0]])
        raise MeshError(
            f"cell {cell} uses point {point} at {place(points[point])} twice: its corners must differ"
        )


def _validate_polygons(points: Floats, offsets: AnyInts, corners: AnyInts) -> None:
    """Raise MeshError where a cell has no area, or its outline does not turn around exactly once.

    The outline of a crossed quadrilateral turns by 0.
    """
    here = points[corners]
    edge = here[next_in_row(offsets)] - here
    length = np.hypot(edge[:, 0], edge[:, 1])
    perimeter = np.add.reduceat(length, offsets[:-1])
    areas = signed_areas(points, offsets, corners)
    flat = np.flatnonzero(np.abs(areas) <= FLATNESS_LIMIT * perimeter**2)
    if flat.size:
        cell = flat[0]
        raise MeshError(
            f"cell {cell} at {place(here[offsets[cell]])} has no area "
            f"({abs(areas[cell]):.3g} with a perimeter of {perimeter[cell]:.3g}; {flat.size} such cells): "
            "move its corners apart or mesh again"
        )
    after = edge[next_in_row(offsets)]
    cross = edge[:, 0] * after[:, 1] - edge[:, 1] * after[:, 0]
    turns = np.add.reduceat(np.arctan2(cross, (edge * after).sum(axis=1)), offsets[:-1]) / (2.0 * np.pi)
    crossed = np.flatnonzero(np.abs(turns - np.sign(areas)) > 0.25)
    if crossed.size:
        cell = crossed[0]
        raise MeshError(
            f"cell {cell} at {place(here[offsets[cell]])} crosses itself ({crossed.size} such cells): "
            "list its corners in order around it"
        )
