"""The picture of the Mach number about the hole, from the field of a result."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import Normalize, PowerNorm
from matplotlib.patches import Polygon, Rectangle
from matplotlib.tri import Triangulation
from numpy.typing import NDArray

from breachflow.report.result.plane import (
    Hole,
    corners_of,
    hole_of,
    is_half,
    outline_of,
    triangles_of,
    values_at_corners,
    walls_of,
)
from breachflow.report.style import GREY, WALL, Picture, new_figure, picture
from breachflow.results import Result

UPSTREAM: Final = 1.4
DOWNSTREAM: Final = 4.0
BESIDE: Final = 1.6
LIP: Final = 0.22
"""What is shown about the hole, in openings: at most so much of the cabin, of the plume, to either side; and
about the edge."""

TICKS: Final = (0.0, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 15.0, 20.0)
"""Of Mach number: the colors spread what is slow."""

TICKED: Final = 1.5
"""Largest Mach number from which on these are the ticks."""

MOST_EDGES: Final = 6000
"""Cells in the picture of the edge up to which their outlines are drawn."""

SCALES: Final = ((1e-4, 1e6, "um"), (1.0, 1e3, "mm"), (np.inf, 1.0, "m"))
"""Sizes below which lengths are told in that many of the unit to a meter."""


class Window(NamedTuple):
    """The part of the plane that is shown, m."""

    x: tuple[float, float]
    y: tuple[float, float]

    def holds(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which points lie in it or little beyond."""
        x, y = points[:, 0], points[:, 1]
        more_x, more_y = 0.1 * np.ptp(self.x), 0.1 * np.ptp(self.y)
        inside_x = (x > self.x[0] - more_x) & (x < self.x[1] + more_x)
        return np.asarray(inside_x & (y > self.y[0] - more_y) & (y < self.y[1] + more_y))


class Scene(NamedTuple):
    """What is drawn in every panel."""

    result: Result
    hole: Hole | None
    """None where there is none, or where it cannot be found in the mesh."""
    walls: list[NDArray[np.float64]]
    mach: NDArray[np.float64]
    colors: Normalize
    highest: float
    """The largest Mach number that is shown."""
    scale: float
    """Units of the axes to a meter."""
    unit: str
    mirrored: bool

    @property
    def sides(self) -> tuple[float, ...]:
        """What y is multiplied with to draw all there is."""
        return (1.0, -1.0) if self.mirrored else (1.0,)


def mach_picture(result: Result) -> Picture | None:
    """The field about the hole and at its edge; of a mesh without a hole, all of it."""
    if "mach" not in result.fields or not result.n_cells:
        return None
    stated = hole_of(result)
    walls = walls_of(result, stated) if stated else []
    hole = stated if walls else None
    whole = _about(result, hole)
    scene = _scene(result, hole, walls, whole)
    width = 6.2 if hole else 7.4
    ratio = float(np.ptp(whole.y) / np.ptp(whole.x))
    height = min(max(0.86 * width * ratio + 0.9, 2.8), 8.0)
    figure = new_figure(width + (4.2 if hole else 0.0), height, str(result.provenance.get("title", "")))
    panels = figure.subplots(1, 2 if hole else 1, squeeze=False, width_ratios=[1.3, 1.0] if hole else None)[0]
    colored = _draw(panels[0], scene, whole)
    if hole:
        _draw_lip(panels[1], scene, hole)
        _mark_part(panels[0], panels[1])
    ticks = [tick for tick in TICKS if tick <= scene.highest] if hole and scene.highest > TICKED else None
    figure.colorbar(colored, ax=panels, label="Mach number", ticks=ticks, format="%g", pad=0.02, aspect=30)
    return picture("mach", "Mach number", _mach_words(scene, whole), figure)


def _about(result: Result, hole: Hole | None) -> Window:
    """The hole and its surroundings, as far as the mesh goes."""
    low, high = result.points[:, :2].min(axis=0), result.points[:, :2].max(axis=0)
    if hole is None:
        return Window((low[0], high[0]), (low[1], high[1]))
    back = hole.plane + hole.wall_thickness
    left = max(low[0], hole.plane - UPSTREAM * hole.size)
    right = min(high[0], back + DOWNSTREAM * hole.size)
    top = min(high[1], BESIDE * hole.size)
    return Window((float(left), float(right)), (-float(top), float(top)))


def _scene(result: Result, hole: Hole | None, walls: list[NDArray[np.float64]], window: Window) -> Scene:
    mach = np.asarray(result.field("mach"), dtype=np.float64)
    span = max(np.ptp(window.x), np.ptp(window.y))
    _, scale, unit = next(entry for entry in SCALES if span < entry[0])
    seen = mach[_shown(result, window)]
    return Scene(
        result=result,
        hole=hole,
        walls=walls,
        mach=mach,
        highest=float(np.nanmax(seen)),
        colors=_colors(float(np.nanmin(seen)), float(np.nanmax(seen)), with_hole=hole is not None),
        scale=scale,
        unit=unit,
        mirrored=hole is not None and is_half(result),
    )


def _colors(lowest: float, highest: float, *, with_hole: bool) -> Normalize:
    """From nothing on where gas comes from rest; the colors then spread what is slow."""
    highest = highest if highest > lowest else lowest + 1.0
    return PowerNorm(0.5, vmin=0.0, vmax=highest) if with_hole else Normalize(lowest, highest)


def _shown(result: Result, window: Window) -> NDArray[np.bool_]:
    """Cells with a corner in the window; all, should there be none."""
    inside = window.holds(result.points)[result.cells.points]
    shown = np.logical_or.reduceat(inside, result.cells.offsets[:-1])
    return shown if shown.any() else np.ones_like(shown)


def _draw(axes: Axes, scene: Scene, window: Window, *, edges: bool = False) -> PolyCollection:
    """The cells as they are, the line of Mach 1, the walls."""
    for side in scene.sides:
        colored = _draw_cells(axes, scene, window, side, edges)
        _draw_outline(axes, scene, side)
        _draw_sonic_line(axes, scene, window, side)
    if scene.hole:
        _draw_walls(axes, scene, scene.hole)
    axes.set_aspect("equal")
    axes.set_xlim(scene.scale * window.x[0], scene.scale * window.x[1])
    axes.set_ylim(scene.scale * window.y[0], scene.scale * window.y[1])
    axes.set_xlabel(f"x ({scene.unit})")
    axes.set_ylabel(f"{'r' if scene.hole and scene.hole.is_round else 'y'} ({scene.unit})")
    axes.grid(False)
    return colored


def _draw_cells(axes: Axes, scene: Scene, window: Window, side: float, edges: bool) -> PolyCollection:
    shown = np.flatnonzero(_shown(scene.result, window))
    corners = corners_of(scene.result)
    outlines = [corners[cell] * [scene.scale, side * scene.scale] for cell in shown]
    lines: dict[str, Any] = {"edgecolors": "face", "linewidths": 0.3, "antialiaseds": False}
    if edges and len(shown) <= MOST_EDGES:
        lines = {"edgecolors": "#ffffff60", "linewidths": 0.3}
    collection = PolyCollection(outlines, norm=scene.colors, cmap="viridis", rasterized=True, **lines)
    collection.set_array(scene.mach[shown])
    axes.add_collection(collection, autolim=False)
    return collection


def _draw_outline(axes: Axes, scene: Scene, side: float) -> None:
    """Where the mesh ends: thin, the wall is drawn over it."""
    points = scene.result.points[:, :2] * [scene.scale, side * scene.scale]
    edges = outline_of(scene.result)
    if scene.mirrored:
        edges = edges[(points[edges, 1] != 0.0).any(axis=1)]
    axes.add_collection(LineCollection(list(points[edges]), colors=GREY, linewidths=0.6), autolim=False)


def _draw_sonic_line(axes: Axes, scene: Scene, window: Window, side: float) -> None:
    triangles = triangles_of(scene.result)
    points = scene.result.points[:, :2]
    triangles = triangles[window.holds(points)[triangles].any(axis=1)]
    values = values_at_corners(scene.result, scene.mach)
    if not len(triangles) or not values[triangles].min() < 1.0 < values[triangles].max():
        return
    x, y = scene.scale * points[:, 0], side * scene.scale * points[:, 1]
    mesh = Triangulation(x, y, triangles)
    line = axes.tricontour(mesh, values, levels=[1.0], colors="white", linewidths=1.3)
    line.set_path_effects([patheffects.Stroke(linewidth=2.8, foreground="black"), patheffects.Normal()])
    if side > 0.0:
        _name_sonic_line(axes, scene, window, np.asarray(line.get_paths()[0].vertices))


def _name_sonic_line(axes: Axes, scene: Scene, window: Window, line: NDArray[np.float64]) -> None:
    """Beside a part of it in the jet: there is room."""
    anchor = scene.scale * np.array([np.mean(window.x), window.y[0] + np.ptp(window.y) / 3.0])
    place = line[np.argmin(np.linalg.norm(line - anchor, axis=1))]
    offset = (14, 12) if place[0] < anchor[0] + 0.25 * scene.scale * np.ptp(window.x) else (-44, 12)
    box = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    arrow = {"arrowstyle": "-", "color": "black", "linewidth": 0.7}
    style: dict[str, Any] = {"textcoords": "offset points", "bbox": box, "arrowprops": arrow, "fontsize": 8}
    axes.annotate("M = 1", place, offset, **style)


def _draw_walls(axes: Axes, scene: Scene, hole: Hole) -> None:
    for wall in scene.walls:
        for side in scene.sides:
            _draw_wall(axes, wall * [scene.scale, side * scene.scale])
    _mark_lips(axes, scene, hole)


def _draw_wall(axes: Axes, wall: NDArray[np.float64]) -> None:
    """Solid, as far as the picture goes; a knife edge is a narrow bar."""
    outer = np.sign(wall[:, 1].sum()) * np.abs(wall[:, 1]).max()
    closed = np.concatenate([wall, [[wall[-1, 0], outer], [wall[0, 0], outer]]])
    axes.add_patch(Polygon(closed, facecolor=WALL, edgecolor="black", linewidth=1.2, zorder=2.5))
    if np.ptp(wall[:, 0]) < 1e-6 * np.ptp(wall[:, 1]):
        (line,) = axes.plot(wall[:, 0], wall[:, 1], color=WALL, linewidth=1.6, zorder=2.6)
        line.set_path_effects([patheffects.Stroke(linewidth=3.2, foreground="black"), patheffects.Normal()])


def _mark_lips(axes: Axes, scene: Scene, hole: Hole) -> None:
    """The edges where the bore begins and where it ends."""
    ends = {hole.plane + hole.edge, hole.plane + hole.wall_thickness}
    places = [
        (scene.scale * x, side * scene.scale * 0.5 * hole.size) for x in sorted(ends) for side in (1, -1)
    ]
    style: dict[str, Any] = {"color": "white", "markeredgecolor": "black", "markersize": 4.5}
    axes.plot(*zip(*places, strict=True), "o", zorder=4, markeredgewidth=0.8, **style)


def _mark_part(axes: Axes, part: Axes) -> None:
    """What the other panel shows."""
    (left, right), (low, high) = part.get_xlim(), part.get_ylim()
    frame = Rectangle(
        (left, low), right - left, high - low, fill=False, edgecolor="white", linewidth=1.0, zorder=3
    )
    frame.set_path_effects([patheffects.Stroke(linewidth=2.0, foreground="black"), patheffects.Normal()])
    axes.add_patch(frame)


def _draw_lip(axes: Axes, scene: Scene, hole: Hole) -> None:
    """The edge at which the stream leaves the wall."""
    reach, radius = LIP * hole.size + 0.5 * hole.edge, 0.5 * hole.size
    left = max(hole.plane - 0.8 * reach, float(scene.result.points[:, 0].min()))
    window = Window((left, hole.plane + hole.edge + 1.2 * reach), (radius - reach, radius + reach))
    _draw(axes, scene, window, edges=True)
    axes.set_title("upstream edge, with the cells", fontsize=9)


def _mach_words(scene: Scene, window: Window) -> str:
    mach = scene.mach[_shown(scene.result, window)]
    range_ = f"Mach number of each cell, from {np.nanmin(mach):.2g} to {np.nanmax(mach):.3g}"
    if scene.hole is None:
        return f"{range_}, on the whole mesh."
    kind, per = ("diameter", "round hole") if scene.hole.is_round else ("width", "slit")
    size = f"{scene.hole.size * scene.scale:.4g} {scene.unit}"
    wall = scene.hole.wall_thickness * scene.scale
    thick = f"in a wall of {wall:.4g} {scene.unit}" if wall else "in a wall without thickness"
    return (
        f"{range_}, about the {per} of {size} {kind} {thick}; the gas flows from left to right. "
        "Grey: the wall; white line: where the flow is sonic; the second panel shows the frame in the first."
    )
