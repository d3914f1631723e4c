"""Pressure on the hull around a hole in space, and mass flux in the hole, seen along its normal."""

from __future__ import annotations

from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import Normalize

from breachflow.arrays import Bools, Floats, Indices
from breachflow.mesh.geometry.space import area_vectors
from breachflow.report.picture import Drawing
from breachflow.report.result.cut import PlaneCut
from breachflow.report.result.facts import facts_of
from breachflow.report.result.geometry import hole_of, is_half, polygons_of, wall_faces
from breachflow.report.result.scene import SCALES
from breachflow.report.result.shading import pressure_unit
from breachflow.report.result.views import LEAST, face_on
from breachflow.report.style import WHITE, new_figure
from breachflow.results import Result
from breachflow.results.data import HolePlace, hole_place

PLACE: Final = 3

BESIDE: Final = 1.2
"""Widths of the hole beside it that are shown of the hull."""

FACING: Final = 0.9
"""Cosine of the angle to the hole's direction from which a wall is a face of the hull."""

WIDE: Final = 1.6
"""Width over height of a panel from which the panels lie above each other."""

NEEDED: Final = {"pressure", "density", "velocity"}


class FaceView(NamedTuple):
    """The gas beside a face of the hull."""

    view: PlaneCut
    rim: Floats
    """(n, 2, 2) lines of the outline of the hole, m."""

    @property
    def signs(self) -> list[Floats]:
        """Factors of both coordinates with which the mesh is drawn: its images beyond planes of symmetry."""
        turned = np.asarray(self.view.points)[:, [1, 0]]
        sides = [_is_half(turned), is_half(self.view)]
        return [np.array(pair) for pair in product(*((1.0, -1.0) if half else (1.0,) for half in sides))]


def draw(result: Result) -> Drawing | None:
    """The picture; None in the plane, and where the file does not tell where the hole is."""
    place, hole = hole_place(result.provenance), hole_of(result)
    if not result.is_in_space or place is None or hole is None or not set(result.fields) >= NEEDED:
        return None
    step = LEAST * hole.size
    inside = _face(result, place, place.begin - step, before=True)
    mouth = _face(
        result, place, place.end - step if place.end > place.begin else place.end + step, before=False
    )
    if inside is None or mouth is None or not len(inside.rim) or not len(mouth.rim):
        return None
    window = np.abs(inside.rim).reshape(-1, 2).max(axis=0) + BESIDE * hole.size
    _, scale, unit = next(entry for entry in SCALES if 2.0 * window.max() < entry[0])
    factor, pressure = pressure_unit(float(np.max(inside.view.field("pressure"))))
    pressures = factor * np.where(_at_wall(inside.view, place), inside.view.field("pressure"), np.nan)
    narrow = 1.12 * np.abs(mouth.rim).reshape(-1, 2).max(axis=0)
    wide = window[0] > WIDE * window[1]
    figure = new_figure(
        9.0 if wide else 11.4, 6.6 if wide else 5.4, str(result.provenance.get("title", "")), facts_of(result)
    )
    panels = list(figure.subplots(2 if wide else 1, 1 if wide else 2, squeeze=False).flat)
    told = (
        (inside, pressures, f"pressure ({pressure})", "cividis", window),
        (mouth, _mass_flux(mouth.view), "mass flux (kg/m²/s)", "viridis", narrow),
    )
    ranges = []
    for axes, (face, values, label, colors, half) in zip(panels, told, strict=True):
        colored, low, high = _draw_face(axes, face, values, half, scale, colors)
        figure.colorbar(colored, ax=axes, label=label, pad=0.02, aspect=30, format="%g")
        names = face.view.plane.labels
        axes.set(xlabel=f"{names[0]} ({unit})", ylabel=f"{names[1]} ({unit})")
        ranges.append((low, high))
    panels[0].set_title("inside, at the hull", fontsize=9)
    panels[1].set_title("in the hole" if place.end == place.begin else "in the mouth of the bore", fontsize=9)
    return Drawing("Hull and hole", _description(ranges, pressure), figure)


def _face(result: Result, place: HolePlace, along: float, *, before: bool) -> FaceView | None:
    """The cells at a place along the hole, with the outline of the hole in the face of the hull there."""
    view = face_on(result, place, along)
    return None if view is None else FaceView(view, _rim(result, view, place, before=before))


def _rim(result: Result, view: PlaneCut, place: HolePlace, *, before: bool) -> Floats:
    """(n, 2, 2) edges, m, at which the walls that face the cabin, or space, meet other walls."""
    faces, others = _facing(result, place, before=before)
    ends, count = np.unique(_edges(faces), axis=0, return_counts=True)
    both = np.concatenate([ends[count == 1], np.unique(_edges(others), axis=0)])
    shared, count = np.unique(both, axis=0, return_counts=True)
    points = np.asarray(result.points, dtype=np.float64)
    return view.plane.flat(points[shared[count == 2]] - view.plane.origin)[..., :2]


def _facing(result: Result, place: HolePlace, *, before: bool) -> tuple[Indices, Indices]:
    """The faces (n, 4) of walls that face the cabin, or space, and those of all other walls."""
    faces = wall_faces(result)
    area = area_vectors(np.asarray(result.points, dtype=np.float64), faces)
    facing = area @ place.direction / np.maximum(np.linalg.norm(area, axis=1), 1e-300)
    is_face = facing > FACING if before else facing < -FACING
    return faces[is_face], faces[~is_face]


def _at_wall(view: PlaneCut, place: HolePlace) -> Bools:
    """(n_cells,) whether a cell has a face on a wall that faces the cabin."""
    faces = _facing(view.of, place, before=True)[0]
    is_wall = np.zeros(len(view.of.points), dtype=np.int64)
    is_wall[np.unique(faces[faces >= 0])] = 1
    offsets = np.asarray(view.of.cells.offsets)
    count = np.add.reduceat(is_wall[view.of.cells.points], offsets[:-1])
    return np.asarray(count[view.numbers] >= 3)


def _edges(faces: Indices) -> Indices:
    """(n, 2) points of the edges of faces (n, 4), the lower first."""
    last = np.where(faces[:, 3] < 0, faces[:, 0], faces[:, 3])
    around = np.column_stack([faces[:, :3], last])
    ends = np.stack([around, np.roll(around, -1, axis=1)], axis=2).reshape(-1, 2)
    return np.asarray(np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1))


def _is_half(points: Floats) -> bool:
    return bool(points[:, 1].min() > -1e-9 * np.ptp(points[:, 1]))


def _mass_flux(view: PlaneCut) -> Floats:
    """(n_cells,) density times the velocity across the plane, positive toward space."""
    across = np.asarray(view.field("velocity"))[:, 2] * np.sign(view.plane.normal @ _direction(view))
    return np.asarray(np.asarray(view.field("density")) * across)


def _direction(view: PlaneCut) -> Floats:
    place = hole_place(view.of.provenance)
    assert place is not None
    return np.asarray(place.direction)


def _draw_face(
    axes: Axes, face: FaceView, values: Floats, half: Floats, scale: float, colors: str
) -> tuple[PolyCollection, float, float]:
    """Draw cells and outline in a window of both half-widths, m; the colored cells and their range."""
    polygons = polygons_of(face.view)
    inside = [bool((np.abs(one) <= half).all(axis=1).any()) for one in polygons]
    shown = np.flatnonzero(np.array(inside) & np.isfinite(values))
    low, high = float(values[shown].min()), float(values[shown].max())
    looks: dict[str, Any] = {"edgecolors": f"{WHITE}40", "linewidths": 0.2, "rasterized": True}
    for signs in face.signs:
        scaled = [scale * signs * polygons[number] for number in shown]
        colored = PolyCollection(
            scaled, cmap=colors, norm=Normalize(low, high if high > low else low + 1.0), **looks
        )
        colored.set_array(values[shown])
        axes.add_collection(colored, autolim=False)
        axes.add_collection(LineCollection(list(scale * signs * face.rim), colors="black", linewidths=1.4))
    axes.set_aspect("equal")
    axes.set(xlim=(-scale * half[0], scale * half[0]), ylim=(-scale * half[1], scale * half[1]))
    axes.grid(False)
    return colored, low, high


def _description(ranges: list[tuple[float, float]], pressure: str) -> str:
    (low, high), (least, most) = ranges
    return (
        f"Seen along the hole. First: pressure in the cells at the inner face of the hull, from {low:.4g} to "
        f"{high:.4g} {pressure}; second: mass flux in the hole, from {least:.3g} to {most:.3g} kg/m²/s. "
        "Black: its outline."
    )
