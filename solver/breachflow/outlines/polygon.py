"""The outline of one or more holes as closed polygons, and its sizes."""

from __future__ import annotations

from itertools import chain
from math import dist, pi, sqrt
from typing import Final, NamedTuple, TypeAlias

Corner: TypeAlias = tuple[float, float]
"""A point in the plane of the wall."""

Loop: TypeAlias = tuple[Corner, ...]
"""The corners of a hole, counterclockwise; the last is joined with the first."""


SIZES: Final = ("equal_area_diameter", "hydraulic_diameter", "perimeter")
"""Lengths of an outline that are told of it."""


class HoleOutline(NamedTuple):
    """Holes that do not touch each other; sizes are in the unit of their points.

    >>> square = HoleOutline((((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)),))
    >>> square.area, square.perimeter, square.hydraulic_diameter, square.center
    (4.0, 8.0, 2.0, (1.0, 1.0))
    """

    loops: tuple[Loop, ...]

    @property
    def area(self) -> float:
        """Area of all holes."""
        return sum(map(loop_area, self.loops))

    @property
    def perimeter(self) -> float:
        """Length of all edges."""
        return sum(map(loop_perimeter, self.loops))

    @property
    def equal_area_diameter(self) -> float:
        """Diameter of the circle of equal area."""
        return sqrt(4.0 * self.area / pi)

    @property
    def hydraulic_diameter(self) -> float:
        """Four times the area over the perimeter: the diameter of a circle, twice the width of a slit."""
        return 4.0 * self.area / self.perimeter

    @property
    def center(self) -> Corner:
        """The centroid of the area of all holes."""
        first = self.loops[0][0]  # far from the origin the moments about it would cancel
        near = self.moved((-first[0], -first[1]), 1.0)
        moments = [loop_moment(loop) for loop in near.loops]
        x, y = (first[axis] + sum(one[axis] for one in moments) / near.area for axis in (0, 1))
        return x, y

    @property
    def reach(self) -> float:
        """Distance of the farthest corner from the centroid."""
        center = self.center
        return max(dist(point, center) for point in chain.from_iterable(self.loops))

    def moved(self, by: Corner, factor: float) -> HoleOutline:
        """The outline moved by a vector, and then every length multiplied by a factor."""
        return HoleOutline(
            tuple(tuple((factor * (x + by[0]), factor * (y + by[1])) for x, y in loop) for loop in self.loops)
        )


def loop_area(loop: Loop) -> float:
    """Area of a polygon; negative of one whose corners go clockwise."""
    (x, y), *_ = loop  # far from the origin the products would cancel
    near = tuple((a - x, b - y) for a, b in loop)
    return 0.5 * sum(_cross(a, b) for a, b in edges(near))


def loop_perimeter(loop: Loop) -> float:
    """Length of the edges of a polygon."""
    return sum(dist(a, b) for a, b in edges(loop))


def loop_moment(loop: Loop) -> Corner:
    """First moments of the area of a polygon: its area times its centroid."""
    x, y = (
        sum((a[axis] + b[axis]) * _cross(a, b) for a, b in edges(loop)) / 6.0 for axis in (0, 1)
    )  # fmt: skip
    return x, y


def edges(loop: Loop) -> list[tuple[Corner, Corner]]:
    """The edges of a polygon, each from corner to corner."""
    return list(zip(loop, (*loop[1:], loop[0]), strict=True))


def _cross(a: Corner, b: Corner) -> float:
    return a[0] * b[1] - a[1] * b[0]
