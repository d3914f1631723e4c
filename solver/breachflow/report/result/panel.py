"""One panel of a picture of a field: colored cells, outline, walls, and lines over them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.tri import Triangulation

from breachflow.arrays import Floats
from breachflow.report.result.geometry import (
    Hole,
    bore_ends,
    outline_of,
    polygons_of,
    solids_behind,
    triangles_of,
    values_at_points,
)
from breachflow.report.result.scene import Scene, Window
from breachflow.report.result.shading import Shading
from breachflow.report.result.stream import stream_function
from breachflow.report.style import GREY, WALL, WHITE, drawable

MOST_EDGES: Final = 6000
"""Cells up to which the edges of cells are drawn."""

TENTHS: Final = np.arange(1, 10) / 10.0
"""Values of the stream function that are drawn: a tenth of the gas flows between two lines."""

BOX: Final = {"boxstyle": "round,pad=0.2", "facecolor": WHITE, "edgecolor": "none", "alpha": 0.85}
"""Ground of a label over a colored field."""


def draw_panel(
    axes: Axes, scene: Scene, shading: Shading, window: Window | None = None, *, edges: bool = False
) -> PolyCollection:
    """Draw cells, outline and walls in the window of the scene or another one; return the colored cells."""
    window = window or scene.window
    for side in scene.sides:
        colored = _draw_cells(axes, scene, shading, window, side, edges)
        _draw_outline(axes, scene, side)
        _draw_walls(axes, scene, side)
    if scene.hole:
        _mark_bore(axes, scene, scene.hole)
    axes.set_aspect("equal" if window.is_to_scale else "auto")
    axes.set_xlim(scene.scale * window.x[0], scene.scale * window.x[1])
    axes.set_ylim(scene.scale * window.y[0], scene.scale * window.y[1])
    along, across = scene.labels
    axes.set_xlabel(f"{along} ({scene.unit})")
    axes.set_ylabel(f"{across} ({scene.unit}{'' if window.is_to_scale else ', not to scale'})")
    axes.grid(False)
    return colored


def add_color_bar(
    figure: Figure, colored: PolyCollection, panels: Axes | Sequence[Axes], shading: Shading
) -> None:
    """Add the scale of the colors beside one or several panels."""
    looks: dict[str, Any] = {"pad": 0.02, "aspect": 30, "extend": shading.extend}
    figure.colorbar(colored, ax=panels, label=shading.label, ticks=shading.ticks, format="%g", **looks)


def _draw_cells(
    axes: Axes, scene: Scene, shading: Shading, window: Window, side: float, edges: bool
) -> PolyCollection:
    shown = np.flatnonzero(scene.shown(window))
    polygons = polygons_of(scene.result)
    lines: dict[str, Any] = {"edgecolors": "face", "linewidths": 0.3, "antialiaseds": False}
    if edges and len(shown) <= MOST_EDGES:
        lines = {"edgecolors": f"{WHITE}60", "linewidths": 0.3}
    scaled = [scene.scaled(polygons[cell], side) for cell in shown]
    collection = PolyCollection(scaled, norm=shading.colors, cmap=shading.color_map, rasterized=True, **lines)
    collection.set_array(shading.values[shown])
    axes.add_collection(collection, autolim=False)
    return collection


def _draw_outline(axes: Axes, scene: Scene, side: float) -> None:
    """A thin line along the boundary; the axis of a mirrored mesh has none."""
    faces = outline_of(scene.result)
    if scene.mirrored:
        faces = faces[(faces[:, :, 1] != 0.0).any(axis=1)]
    _draw_lines(axes, scene.scaled(faces, side), GREY, 0.6, 2.0)


def draw_sonic_line(
    axes: Axes, scene: Scene, mach: Floats, window: Window | None = None, *, labeled: bool = True
) -> None:
    """A white line with a black border where the Mach number, (n_cells,), is 1."""
    window = window or scene.window
    triangles = triangles_of(scene.result)
    points = scene.result.points[:, :2]
    triangles = triangles[window.contains(points)[triangles].any(axis=1)]
    values = values_at_points(scene.result, mach)
    if not len(triangles) or not values[triangles].min() < 1.0 < values[triangles].max():
        return
    for side in scene.sides:
        x, y = scene.scaled(points, side).T
        mesh = Triangulation(x, y, triangles)
        line = axes.tricontour(mesh, values, levels=[1.0], colors=WHITE, linewidths=1.3)
        line.set_path_effects(_bordered(2.8))
        if side > 0.0 and labeled:
            _label_sonic_line(axes, scene, window, np.asarray(line.get_paths()[0].vertices))


def draw_streamlines(axes: Axes, scene: Scene) -> None:
    """Thin white lines with black borders, between which a tenth of the gas flows."""
    values, _ = stream_function(scene)
    triangles = triangles_of(scene.result)
    triangles = triangles[np.isfinite(values)[triangles].all(axis=1)]
    levels = TENTHS if scene.mirrored else np.concatenate([-TENTHS[::-1], TENTHS])
    for side in scene.sides:
        x, y = scene.scaled(scene.result.points[:, :2], side).T
        mesh = Triangulation(x, y, triangles)
        lines = axes.tricontour(mesh, values, levels=levels, colors=WHITE, linewidths=0.8, linestyles="solid")
        lines.set_path_effects(_bordered(1.6))


def _bordered(width: float) -> list[patheffects.AbstractPathEffect]:
    """A line with a black border that is so wide in all."""
    return [patheffects.Stroke(linewidth=width, foreground="black"), patheffects.Normal()]


def _label_sonic_line(axes: Axes, scene: Scene, window: Window, line: Floats) -> None:
    """Write M = 1 beside the part of the line that lies in the jet, where there is room."""
    anchor = scene.scale * np.array([np.mean(window.x), window.y[0] + np.ptp(window.y) / 3.0])
    place = line[np.argmin(np.linalg.norm(line - anchor, axis=1))]
    offset = (14, 12) if place[0] < anchor[0] + 0.25 * scene.scale * np.ptp(window.x) else (-44, 12)
    arrow = {"arrowstyle": "-", "color": "black", "linewidth": 0.7}
    style: dict[str, Any] = {"textcoords": "offset points", "bbox": BOX, "arrowprops": arrow, "fontsize": 8}
    axes.annotate("M = 1", place, offset, color="black", **style)


def _draw_walls(axes: Axes, scene: Scene, side: float) -> None:
    """Black lines; with a hole, grey from the wall outward, and a narrow bar for a knife edge."""
    _draw_lines(axes, scene.scaled(scene.walls, side), "black", 1.2, 2.55)
    if scene.hole is None:
        return
    solids = Path.make_compound_path_from_polys(scene.scaled(solids_behind(scene.walls, scene.hole), side))
    axes.add_patch(PathPatch(solids, facecolor=WALL, linewidth=0.0, zorder=2.5))
    if scene.hole.wall_thickness == 0.0:
        _draw_lines(axes, scene.scaled(scene.walls, side), "black", 3.2, 2.6)
        _draw_lines(axes, scene.scaled(scene.walls, side), WALL, 1.6, 2.65)


def _draw_lines(axes: Axes, faces: Floats, color: str, width: float, order: float) -> None:
    """Draw the faces, (n_faces, 2, 2) in units of the axes, as one path: the joints of faces do not show."""
    path = Path(faces.reshape(-1, 2), np.tile([Path.MOVETO, Path.LINETO], len(faces)))
    looks: dict[str, Any] = {"edgecolor": color, "linewidth": width, "capstyle": "butt"}
    axes.add_patch(PathPatch(path, fill=False, zorder=order, **looks))


def _mark_bore(axes: Axes, scene: Scene, hole: Hole) -> None:
    """Dots where the bore begins and where it ends."""
    places = [
        (scene.scale * x, side * scene.scale * 0.5 * hole.size)
        for x in bore_ends(scene.walls, hole)
        for side in (1, -1)
    ]
    if not places:
        return
    style: dict[str, Any] = {"color": WHITE, "markeredgecolor": "black", "markersize": 4.5}
    axes.plot(*zip(*places, strict=True), "o", zorder=4, markeredgewidth=0.8, **style)


def mark_probes(axes: Axes, scene: Scene, places: dict[str, tuple[float, ...]]) -> None:
    """Crosses with names at the probes, (x, y) in m, that lie in the window."""
    for name, place in places.items():
        x, y = scene.scaled(np.array(place), 1.0)
        if axes.viewLim.contains(x, y):
            axes.plot(x, y, "x", color="black", markersize=5.0, markeredgewidth=2.6, zorder=4.1)
            axes.plot(x, y, "x", color=WHITE, markersize=4.5, markeredgewidth=1.2, zorder=4.2)
            axes.annotate(
                drawable(name, 24), (x, y), (6, 5), textcoords="offset points", bbox=BOX, fontsize=7,
                color="black", zorder=4.3,
            )  # fmt: skip


def draw_frame(axes: Axes, part: Axes) -> None:
    """Draw a frame around the part of a panel that another panel shows."""
    (left, right), (low, high) = part.get_xlim(), part.get_ylim()
    frame = Rectangle(
        (left, low), right - left, high - low, fill=False, edgecolor=WHITE, linewidth=1.0, zorder=3
    )
    frame.set_path_effects(_bordered(2.0))
    axes.add_patch(frame)
