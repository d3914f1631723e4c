"""The gas about a hole in space, as the process takes it that draws the sonic surface and streamlines."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from subprocess import TimeoutExpired
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import numpy as np

from breachflow.arrays import Bools, Floats, Indices
from breachflow.processes.child import run_child
from breachflow.report.result.geometry import wall_faces
from breachflow.report.result.space.child import PictureJob
from breachflow.report.result.views import face_on, hole_in, plane_views
from breachflow.results import Result
from breachflow.results.data import HolePlace, hole_place
from breachflow.results.exchange import cell_centers

BEFORE: Final = 1.0
"""Length of the picture before the hole, in long sides of the hole."""

BEHIND: Final = 2.0
BESIDE: Final = 1.3

MARGIN: Final = 1.5
"""How much farther the gas reaches that is handed over."""

LINES: Final = 48
"""About how many streamlines there are, with their mirror images."""

MOST_MACH: Final = 6.0
"""End of the scale of Mach numbers, at most."""

SECONDS: Final = 120.0
"""Time that the picture may take; 2 to 5 s are usual."""

COMMAND: Final = (sys.executable, "-m", "breachflow.report.result.space.child")


class SpaceScene(NamedTuple):
    """What is drawn, in coordinates of the hole."""

    arrays: Mapping[str, Any]
    """See `child.PictureJob.data`."""
    box: list[float]
    mirrors: list[int]
    most_mach: float


def is_drawn() -> bool:
    """Whether the extra `viz` is installed."""
    return find_spec("pyvista") is not None


def scene_of(result: Result) -> SpaceScene | None:
    """The gas, the hull and the starts of streamlines about the hole; None where its place is not known."""
    place, views = hole_place(result.provenance), plane_views(result) if result.is_in_space else ()
    hole = hole_in(views[-1]) if views else None
    if place is None or hole is None:
        return None
    plane, depth = views[-1].plane, (place.end - place.begin) / hole.size
    origin = plane.origin + place.begin * place.direction
    points = plane.flat(np.asarray(result.points, dtype=np.float64) - origin) / hole.size
    box = [-BEFORE, depth + BEHIND, -BESIDE, BESIDE, -BESIDE, BESIDE]
    kept = _cells_within(result, points, box)
    mach = np.asarray(result.fields["mach"].values)[kept]
    velocity = plane.flat(np.asarray(result.fields["velocity"].values)[kept])
    cells, types = _as_vtk(result, kept)
    mirrors = _mirrors(points)
    starts = _starts(result, place, origin, hole.size)
    starts = starts[:: max(1, len(starts) * 2 ** len(mirrors) // LINES)]
    arrays = {
        "points": points, "cells": cells, "types": types, "mach": mach, "velocity": velocity,
        "hull": _hull(result), "seeds": starts,
    }  # fmt: skip
    return SpaceScene(arrays, box, mirrors, min(float(mach.max()), MOST_MACH))


def picture_of(scene: SpaceScene) -> bytes | None:
    """The picture as a PNG file; None where this machine cannot draw it."""
    with TemporaryDirectory(prefix="breachflow-") as folder:
        data, picture = Path(folder, "scene.npz"), Path(folder, "scene.png")
        np.savez(data, **scene.arrays)
        job = PictureJob(str(data), str(picture), scene.box, scene.mirrors, scene.most_mach)
        try:
            ended = run_child(COMMAND, job._asdict(), SECONDS)
        except TimeoutExpired:
            return None
        return picture.read_bytes() if ended.code == 0 and picture.is_file() else None


def _cells_within(result: Result, points: Floats, box: list[float]) -> Bools:
    """(n_cells,) whether a corner of a cell lies in a box somewhat larger than the picture's."""
    low, high = np.array(box[::2]), np.array(box[1::2])
    inside = np.all((points >= MARGIN * low) & (points <= MARGIN * high), axis=1)
    corners = np.asarray(inside)[np.asarray(result.cells.points)]
    return np.asarray(np.logical_or.reduceat(corners, np.asarray(result.cells.offsets)[:-1]))


def _as_vtk(result: Result, kept: Bools) -> tuple[Indices, Indices]:
    """The chosen cells as VTK takes them, each with the number of its corners first; and their types."""
    offsets, corners = np.asarray(result.cells.offsets), np.asarray(result.cells.points)
    count = np.diff(offsets)
    cells = np.insert(corners, offsets[:-1], count)
    chosen = np.repeat(kept, count + 1)
    return cells[chosen].astype(np.int64), np.asarray(result.cells.types)[kept].astype(np.int64)


def _hull(result: Result) -> Indices:
    """The faces of all walls as VTK takes them."""
    faces = wall_faces(result)
    rows = np.column_stack([3 + (faces[:, 3] >= 0), faces])
    return np.asarray(rows[rows >= 0])


def _starts(result: Result, place: HolePlace, origin: Floats, size: float) -> Floats:
    """(n, 3) middles of the cells in the hole, in coordinates of the scene, the innermost first."""
    face = face_on(result, place, 0.5 * (place.begin + place.end))
    assert face is not None
    places = face.plane.origin + cell_centers(face)[:, :2] @ np.array([face.plane.along, face.plane.up])
    flat = plane_views(result)[-1].plane.flat(places - origin) / size
    return np.asarray(flat[np.argsort(np.hypot(flat[:, 1], flat[:, 2]), kind="stable")])


def _mirrors(points: Floats) -> list[int]:
    """The axes across planes of symmetry, on which the mesh ends."""
    near = 1e-6 * np.ptp(points)
    return [axis for axis in (1, 2) if points[:, axis].min() > -near or points[:, axis].max() < near]
