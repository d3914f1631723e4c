"""The range of a fitted law: the convex hull of its points in their dimensionless groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.errors import OutOfRange

LISTED: Final = 2
"""A group with at most this many values is listed: the law holds at these values alone.

The curvature of the flow between two values is not known.
"""

ROUNDING: Final = 1e-9
"""Fraction of the range of a group by which a value may lie outside."""


class HullGroup(NamedTuple):
    """A dimensionless group of a hull."""

    name: str
    tolerance: float
    """Largest difference from a listed value; relative above 1, absolute below."""
    is_logarithm: bool = False
    """Whether the group holds a decimal logarithm, which messages undo."""
    may_be_0: bool = False
    """Whether 0 is the ordinary value, of which the description says nothing."""

    def shown(self, value: float) -> str:
        """A value as messages print it.

        >>> HullGroup("delta", 0.01, is_logarithm=True).shown(3.0), HullGroup("r", 0.01).shown(0.5)
        ('1000', '0.5')
        """
        return f"{10.0**value if self.is_logarithm else value:.6g}"


class Hull(NamedTuple):
    """A convex hull over the groups that vary freely, for each combination of listed values."""

    groups: Sequence[HullGroup]
    values: tuple[Floats, ...]
    """Different values of each group in ascending order, (n_values,) each."""
    faces: dict[tuple[float, ...], Floats]
    """Faces (n_faces, n_free + 1) for each combination of listed values: rows (a, b), a.x + b <= 0 inside.

    x (n_free,) are the free groups, each from 0 to 1.
    """

    @property
    def varied(self) -> list[int]:
        """Indices of the groups with more than one value."""
        return [column for column, values in enumerate(self.values) if len(values) > 1]

    @property
    def description(self) -> str:
        """The range of each group, in words.

        >>> groups = HullGroup("p_outside/p0", 1e-6), HullGroup("heat-capacity ratio", 1e-3)
        >>> hull(groups, np.array([[0.0, 1.4], [0.5, 1.4], [0.9, 1.4]])).description
        'p_outside/p0 0 to 0.9, heat-capacity ratio 1.4'
        """
        ranges = zip(self.groups, self.values, strict=True)
        named = [(group, values) for group, values in ranges if not group.may_be_0 or np.any(values)]
        return ", ".join(f"{group.name} {_range(group, values)}" for group, values in named)

    def held(self, place: Sequence[float]) -> Floats:
        """The values of all groups (n_groups,), where listed values replace values within the tolerance.

        Raises OutOfRange where a group or the combination of groups lies outside.
        """
        held = np.array([self._held(column, value) for column, value in enumerate(place)])
        listed, free = split(self.values)
        faces = self.faces.get(tuple(held[listed].tolist()))
        inside = scaled(held, self.values)[free]
        if faces is None or not np.all(faces[:, :-1] @ inside + faces[:, -1] <= ROUNDING):
            names = ", ".join(f"{self.groups[k].name} = {self.groups[k].shown(held[k])}" for k in self.varied)
            raise OutOfRange(f"{names}: outside the hull of the sweep's points")
        return held

    def _held(self, column: int, value: float) -> float:
        group, values = self.groups[column], self.values[column]
        if len(values) > LISTED:
            room = ROUNDING * (values[-1] - values[0])
            if values[0] - room <= value <= values[-1] + room:
                return value
        else:
            nearest = float(values[np.argmin(np.abs(values - value))])
            if abs(value - nearest) <= group.tolerance * max(abs(nearest), 1.0):
                return nearest
        raise OutOfRange(
            f"{group.name} = {group.shown(value)} is outside the sweep's {_range(group, values)}"
        )


def hull(groups: Sequence[HullGroup], points: Floats) -> Hull:
    """The hull of `points` (n_points, n_groups). Raises OutOfRange where its volume is zero."""
    values = tuple(np.unique(column) for column in points.T)
    listed, free = split(values)
    keys = [tuple(row) for row in points[:, listed].tolist()]
    places, names = scaled(points, values)[:, free], " and ".join(groups[k].name for k in free)
    faces = {key: _faces(places[[other == key for other in keys]], names) for key in sorted(set(keys))}
    return Hull(groups, values, faces)


def scaled(places: Floats, values: tuple[Floats, ...]) -> Floats:
    """`places` (n, n_groups) with each group from 0 at its smallest to 1 at its largest of `values`."""
    low, high = (np.array([column[end] for column in values]) for end in (0, -1))
    result: Floats = (places - low) / np.where(high > low, high - low, 1.0)
    return result


def split(values: tuple[Floats, ...]) -> tuple[list[int], list[int]]:
    """Indices of the groups whose values are listed, and of the groups that are free."""
    columns = range(len(values))
    listed = [column for column in columns if len(values[column]) <= LISTED]
    return listed, [column for column in columns if column not in listed]


def _faces(points: Floats, names: str) -> Floats:
    """Faces (n_faces, n_free + 1) of the hull of `points` (n_points, n_free)."""
    from scipy.spatial import ConvexHull, QhullError

    if points.shape[1] == 1:
        return np.array([[-1.0, points.min()], [1.0, -points.max()]])
    try:
        faces: Floats = ConvexHull(points).equations
    except QhullError as error:
        raise OutOfRange(f"{names} vary together: the points leave no room between them") from error
    return faces


def _range(group: HullGroup, values: Floats) -> str:
    listed = len(values) <= LISTED
    joint, shown = (" or ", values) if listed else (" to ", values[[0, -1]])
    return joint.join(group.shown(value) for value in shown.tolist())
