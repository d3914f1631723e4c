"""Mach number around the hole and at its upstream edge, with the sonic line."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import Normalize, PowerNorm
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.tri import Triangulation

from breachflow.arrays import Bools, Floats
from breachflow.report.picture import Drawing
from breachflow.report.result.geometry import (
    Hole,
    has_edge,
    hole_of,
    is_half,
    outline_of,
    polygons_of,
    solids_behind,
    triangles_of,
    values_at_points,
    walls_of,
)
from breachflow.report.style import GREY, WALL, new_figure
from breachflow.results import Result

PLACE: Final = 1

UPSTREAM: Final = 1.4
"""Openings upstream of the hole that the first panel shows."""

DOWNSTREAM: Final = 4.0
"""Openings downstream of the wall that the first panel shows."""

BESIDE: Final = 1.6
"""Openings on each side of the axis that the first panel shows."""

EDGE: Final = 0.22
"""Openings around the upstream edge that the second panel shows."""

MARGIN: Final = 0.1
"""Width of the border around a window, over the window, in which cells are drawn too."""

TICKS: Final = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0)
"""Mach numbers that the color bar labels; its colors spread slow flow."""

TICKED: Final = 1.5
"""Largest Mach number shown above which the color bar has `TICKS`."""

MOST_EDGES: Final = 6000
"""Cells up to which the second panel draws the edges of cells."""

SCALES: Final = ((1e-4, 1e6, "um"), (1.0, 1e3, "mm"), (np.inf, 1.0, "m"))
"""Sizes of a window, m, below which lengths are shown in a unit: size, units per meter, name."""


class Window(NamedTuple):
    """The part of the plane that a panel shows, m."""

    x: tuple[float, float]
    y: tuple[float, float]

    def contains(self, points: Floats) -> Bools:
        """(n_points,) whether each of the points, (n_points, 2 or 3), lies in the window or its margin."""
        x, y = points[:, 0], points[:, 1]
        border_x, border_y = MARGIN * np.ptp(self.x), MARGIN * np.ptp(self.y)
        inside_x = (x > self.x[0] - border_x) & (x < self.x[1] + border_x)
        return np.asarray(inside_x & (y > self.y[0] - border_y) & (y < self.y[1] + border_y))


class Scene(NamedTuple):
    """What all panels of a picture share."""

    result: Result
    hole: Hole | None
    """None where the case has no hole, or where the mesh has it elsewhere."""
    walls: Floats
    """(n_faces, 2, 2) end points of the wall faces, m."""
    mach: Floats
    """(n_cells,)"""
    colors: Normalize
    highest: float
    """Largest Mach number shown."""
    scale: float
    """Units of the axes per meter."""
    unit: str
    mirrored: bool
    """Whether the mesh is drawn on both sides of y = 0."""

    @property
    def sides(self) -> tuple[float, ...]:
        """Factors of y with which the mesh is drawn."""
        return (1.0, -1.0) if self.mirrored else (1.0,)

    def scaled(self, points: Floats, side: float) -> Floats:
        """The points (..., 2), m, in units of the axes, mirrored where `side` is -1."""
        return np.asarray(points * np.array([self.scale, side * self.scale]))


def draw(result: Result) -> Drawing | None:
    """The picture; None for a result without a Mach number."""
    if "mach" not in result.fields or not result.n_cells:
        return None
    scene, window = _scene(result)
    hole = scene.hole
    width = 6.2 if hole else 7.4
    ratio = float(np.ptp(window.y) / np.ptp(window.x))
    height = min(max(0.86 * width * ratio + 0.9, 2.8), 8.0)
    figure = new_figure(width + (4.2 if hole else 0.0), height, str(result.provenance.get("title", "")))
    panels = figure.subplots(1, 2 if hole else 1, squeeze=False, width_ratios=[1.3, 1.0] if hole else None)[0]
    colored = _draw_panel(panels[0], scene, window)
    if hole:
        _draw_panel(panels[1], scene, _window_at_edge(scene, hole), edges=True)
        panels[1].set_title("upstream edge, with the cells", fontsize=9)
        _frame(panels[0], panels[1])
    ticks = [tick for tick in TICKS if tick <= scene.highest] if hole and scene.highest > TICKED else None
    figure.colorbar(colored, ax=panels, label="Mach number", ticks=ticks, format="%g", pad=0.02, aspect=30)
    return Drawing("Mach number", _description(scene, window), figure)


def _scene(result: Result) -> tuple[Scene, Window]:
    """The scene, and the window of the first panel."""
    walls, stated = walls_of(result), hole_of(result)
    hole = stated if stated is not None and has_edge(walls, stated) else None
    window = _window(result, hole)
    mach = np.asarray(result.field("mach"), dtype=np.float64)
    _, scale, unit = next(entry for entry in SCALES if max(np.ptp(window.x), np.ptp(window.y)) < entry[0])
    shown = mach[_shown(result, window)]
    lowest, highest = float(np.nanmin(shown)), float(np.nanmax(shown))
    colors = _colors(lowest, highest, with_hole=hole is not None)
    mirrored = hole is not None and is_half(result)
    return Scene(result, hole, walls, mach, colors, highest, scale, unit, mirrored), window


def _window(result: Result, hole: Hole | None) -> Window:
    """The hole and its surroundings as far as the mesh reaches; the whole mesh without a hole."""
    low, high = result.points[:, :2].min(axis=0), result.points[:, :2].max(axis=0)
    if hole is None:
        return Window((low[0], high[0]), (low[1], high[1]))
    back = hole.plane + hole.wall_thickness
    left = max(low[0], hole.plane - UPSTREAM * hole.size)
    right = min(high[0], back + DOWNSTREAM * hole.size)
    top = min(high[1], BESIDE * hole.size)
    return Window((float(left), float(right)), (-float(top), float(top)))


def _window_at_edge(scene: Scene, hole: Hole) -> Window:
    half, radius = EDGE * hole.size + 0.5 * hole.edge, 0.5 * hole.size
    left = max(hole.plane - 0.8 * half, float(scene.result.points[:, 0].min()))
    return Window((left, hole.plane + hole.edge + 1.2 * half), (radius - half, radius + half))


def _colors(lowest: float, highest: float, *, with_hole: bool) -> Normalize:
    """With a hole, where gas comes from rest, the colors begin at 0 and spread slow flow."""
    highest = highest if highest > lowest else lowest + 1.0
    return PowerNorm(0.5, vmin=0.0, vmax=highest) if with_hole else Normalize(lowest, highest)


def _shown(result: Result, window: Window) -> Bools:
    """(n_cells,) whether a cell has a corner in the window; all cells if none has."""
    inside = window.contains(result.points)[result.cells.points]
    shown = np.logical_or.reduceat(inside, result.cells.offsets[:-1])
    return shown if shown.any() else np.ones_like(shown)


def _draw_panel(axes: Axes, scene: Scene, window: Window, *, edges: bool = False) -> PolyCollection:
    """Draw cells, outline, sonic line and walls; return the colored cells."""
    for side in scene.sides:
        colored = _draw_cells(axes, scene, window, side, edges)
        _draw_outline(axes, scene, side)
        _draw_sonic_line(axes, scene, window, side)
        _draw_walls(axes, scene, side)
    if scene.hole:
        _mark_bore(axes, scene, scene.hole)
    axes.set_aspect("equal")
    axes.set_xlim(scene.scale * window.x[0], scene.scale * window.x[1])
    axes.set_ylim(scene.scale * window.y[0], scene.scale * window.y[1])
    axes.set_xlabel(f"x ({scene.unit})")
    axes.set_ylabel(f"{'r' if scene.hole and scene.hole.is_round else 'y'} ({scene.unit})")
    axes.grid(False)
    return colored


def _draw_cells(axes: Axes, scene: Scene, window: Window, side: float, edges: bool) -> PolyCollection:
    shown = np.flatnonzero(_shown(scene.result, window))
    polygons = polygons_of(scene.result)
    lines: dict[str, Any] = {"edgecolors": "face", "linewidths": 0.3, "antialiaseds": False}
    if edges and len(shown) <= MOST_EDGES:
        lines = {"edgecolors": "#ffffff60", "linewidths": 0.3}
    scaled = [scene.scaled(polygons[cell], side) for cell in shown]
    collection = PolyCollection(scaled, norm=scene.colors, cmap="viridis", rasterized=True, **lines)
    collection.set_array(scene.mach[shown])
    axes.add_collection(collection, autolim=False)
    return collection


def _draw_outline(axes: Axes, scene: Scene, side: float) -> None:
    """A thin line along the boundary; the axis of a mirrored mesh has none."""
    faces = outline_of(scene.result)
    if scene.mirrored:
        faces = faces[(faces[:, :, 1] != 0.0).any(axis=1)]
    lines = list(scene.scaled(faces, side))
    axes.add_collection(LineCollection(lines, colors=GREY, linewidths=0.6), autolim=False)


def _draw_sonic_line(axes: Axes, scene: Scene, window: Window, side: float) -> None:
    triangles = triangles_of(scene.result)
    points = scene.result.points[:, :2]
    triangles = triangles[window.contains(points)[triangles].any(axis=1)]
    values = values_at_points(scene.result, scene.mach)
    if not len(triangles) or not values[triangles].min() < 1.0 < values[triangles].max():
        return
    x, y = scene.scaled(points, side).T
    mesh = Triangulation(x, y, triangles)
    line = axes.tricontour(mesh, values, levels=[1.0], colors="white", linewidths=1.3)
    line.set_path_effects(_bordered(2.8))
    if side > 0.0:
        _label_sonic_line(axes, scene, window, np.asarray(line.get_paths()[0].vertices))


def _bordered(width: float) -> list[patheffects.AbstractPathEffect]:
    """A line with a black border that is so wide in all."""
    return [patheffects.Stroke(linewidth=width, foreground="black"), patheffects.Normal()]


def _label_sonic_line(axes: Axes, scene: Scene, window: Window, line: Floats) -> None:
    """Write M = 1 beside the part of the line that lies in the jet, where there is room."""
    anchor = scene.scale * np.array([np.mean(window.x), window.y[0] + np.ptp(window.y) / 3.0])
    place = line[np.argmin(np.linalg.norm(line - anchor, axis=1))]
    offset = (14, 12) if place[0] < anchor[0] + 0.25 * scene.scale * np.ptp(window.x) else (-44, 12)
    box = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    arrow = {"arrowstyle": "-", "color": "black", "linewidth": 0.7}
    style: dict[str, Any] = {"textcoords": "offset points", "bbox": box, "arrowprops": arrow, "fontsize": 8}
    axes.annotate("M = 1", place, offset, **style)


def _draw_walls(axes: Axes, scene: Scene, side: float) -> None:
    """Black lines; with a hole, grey from the wall outward, and a narrow bar for a knife edge."""
    _draw_lines(axes, scene.scaled(scene.walls, side), "black", 1.2, 2.55)
    if scene.hole is None:
        return
    solids = Path.make_compound_path_from_polys(scene.scaled(solids_behind(scene.walls), side))
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
    ends = {hole.plane + hole.edge, hole.plane + hole.wall_thickness}
    places = [
        (scene.scale * x, side * scene.scale * 0.5 * hole.size) for x in sorted(ends) for side in (1, -1)
    ]
    style: dict[str, Any] = {"color": "white", "markeredgecolor": "black", "markersize": 4.5}
    axes.plot(*zip(*places, strict=True), "o", zorder=4, markeredgewidth=0.8, **style)


def _frame(axes: Axes, part: Axes) -> None:
    """Draw a frame around the part of a panel that another panel shows."""
    (left, right), (low, high) = part.get_xlim(), part.get_ylim()
    frame = Rectangle(
        (left, low), right - left, high - low, fill=False, edgecolor="white", linewidth=1.0, zorder=3
    )
    frame.set_path_effects(_bordered(2.0))
    axes.add_patch(frame)


def _description(scene: Scene, window: Window) -> str:
    mach = scene.mach[_shown(scene.result, window)]
    range_ = f"Mach number of each cell, from {np.nanmin(mach):.2g} to {np.nanmax(mach):.3g}"
    if scene.hole is None:
        return f"{range_}, on the whole mesh."
    kind, per = ("diameter", "round hole") if scene.hole.is_round else ("width", "slit")
    size = f"{scene.hole.size * scene.scale:.4g} {scene.unit}"
    wall = scene.hole.wall_thickness * scene.scale
    thick = f"in a wall of {wall:.4g} {scene.unit}" if wall else "in a wall without thickness"
    return (
        f"{range_}, around the {per} of {size} {kind} {thick}; the gas flows from left to right. "
        "Grey: the wall; white line: the sonic line; the second panel shows the frame in the first."
    )
