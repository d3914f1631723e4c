"""What the panels of a result's pictures share: the hole, the walls, the part of the plane, the unit."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Bools, Floats
from breachflow.report.result.cut import PlaneCut
from breachflow.report.result.geometry import Hole, has_edge, hole_of, is_half, walls_of
from breachflow.report.result.views import hole_in
from breachflow.results import Result

UPSTREAM: Final = 1.4
"""Openings upstream of the hole that a panel shows."""

DOWNSTREAM: Final = 4.0
"""Openings downstream of the wall that a panel shows."""

BESIDE: Final = 1.6
"""Openings on each side of the axis that a panel shows."""

EDGE: Final = 0.22
"""Openings around the upstream edge that the panel of the edge shows."""

MARGIN: Final = 0.1
"""Width of the border around a window, over the window, in which cells are drawn too."""

SCALES: Final = ((1e-4, 1e6, "um"), (1.0, 1e3, "mm"), (np.inf, 1.0, "m"))
"""Sizes of a window, m, below which lengths are shown in a unit: size, units per meter, name."""


LONGEST: Final = 12.0
"""Largest ratio of the sides of a window that is drawn true to scale."""


class Window(NamedTuple):
    """The part of the plane that a panel shows, m."""

    x: tuple[float, float]
    y: tuple[float, float]

    @property
    def ratio(self) -> float:
        """Height over width."""
        return float(np.ptp(self.y) / np.ptp(self.x))

    @property
    def is_to_scale(self) -> bool:
        """Whether lengths along x and y are drawn alike; a long tube is drawn stretched."""
        return 1.0 / LONGEST < self.ratio < LONGEST

    def height(self, width: float) -> float:
        """Height of a panel of the given width, both in inches, without its labels."""
        return min(max(width * self.ratio, 1.9), 7.1) if self.is_to_scale else 1.9

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
    window: Window
    """The hole and its surroundings as far as the mesh reaches; the whole mesh without a hole."""
    walls: Floats
    """(n_faces, 2, 2) end points of the wall faces, m."""
    scale: float
    """Units of the axes per meter."""
    unit: str
    mirrored: bool
    """Whether the mesh is drawn on both sides of y = 0."""
    labels: tuple[str, str]
    """Names of both axes."""

    @property
    def sides(self) -> tuple[float, ...]:
        """Factors of y with which the mesh is drawn."""
        return (1.0, -1.0) if self.mirrored else (1.0,)

    def scaled(self, points: Floats, side: float) -> Floats:
        """The points (..., 2), m, in units of the axes, mirrored where `side` is -1."""
        return np.asarray(points * np.array([self.scale, side * self.scale]))

    def shown(self, window: Window) -> Bools:
        """(n_cells,) whether a cell has a corner in the window; all cells if none has."""
        cells = self.result.cells
        inside = window.contains(self.result.points)[cells.points]
        shown = np.logical_or.reduceat(inside, cells.offsets[:-1])
        return shown if shown.any() else np.ones_like(shown)

    def window_at_edge(self, hole: Hole) -> Window:
        """The surroundings of the upstream edge."""
        half, radius = EDGE * hole.size + 0.5 * hole.edge, 0.5 * hole.size
        left = max(hole.plane - 0.8 * half, float(self.result.points[:, 0].min()))
        return Window((left, hole.plane + hole.edge + 1.2 * half), (radius - half, radius + half))

    @property
    def place(self) -> str:
        """What the window shows, in words."""
        if self.hole is None:
            return "on the whole mesh" if self.window.is_to_scale else "on the whole mesh, not to scale"
        kind, per = ("diameter", "round hole") if self.hole.is_round else ("width", "slit")
        size = f"{self.hole.size * self.scale:.4g} {self.unit}"
        wall = self.hole.wall_thickness * self.scale
        thick = f"in a wall of {wall:.4g} {self.unit}" if wall else "in a wall without thickness"
        if isinstance(self.result, PlaneCut):
            x, y = self.labels
            return (
                f"around the hole, {size} wide here, {thick}, in the plane of {x} and {y} through its middle"
            )
        return f"around the {per} of {size} {kind} {thick}"


def scene_of(result: Result) -> Scene:
    """The scene of a result with cells, in the plane or on one."""
    walls = walls_of(result)
    hole, labels = _hole_and_labels(result, walls)
    window = _window(result, hole)
    _, scale, unit = next(entry for entry in SCALES if max(np.ptp(window.x), np.ptp(window.y)) < entry[0])
    return Scene(result, hole, window, walls, scale, unit, hole is not None and is_half(result), labels)


def _hole_and_labels(result: Result, walls: Floats) -> tuple[Hole | None, tuple[str, str]]:
    """The hole where the walls have it, and the names of both axes."""
    if isinstance(result, PlaneCut):
        return hole_in(result), result.plane.labels
    stated = hole_of(result)
    hole = stated if stated is not None and has_edge(walls, stated) else None
    return hole, ("x", "r" if hole is not None and hole.is_round else "y")


def _window(result: Result, hole: Hole | None) -> Window:
    low, high = result.points[:, :2].min(axis=0), result.points[:, :2].max(axis=0)
    if hole is None:
        return Window((low[0], high[0]), (low[1], high[1]))
    back = hole.plane + hole.wall_thickness
    left = max(low[0], hole.plane - UPSTREAM * hole.size)
    right = min(high[0], back + DOWNSTREAM * hole.size)
    top = min(high[1], BESIDE * hole.size)
    return Window((float(left), float(right)), (-float(top), float(top)))
