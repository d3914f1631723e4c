"""Points of a sweep sorted into lines: points that differ along one column alone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Bools, Floats
from breachflow.errors import OutOfRange
from breachflow.report.sweep.points import Points


class PointLine(NamedTuple):
    """Points that differ along one column alone, in ascending order."""

    label: str
    rows: NDArray[np.int64]
    """(n,) rows of the points."""
    joined: bool = True
    """Whether a line is drawn from point to point; a cloud of points has none."""


class PointLines(NamedTuple):
    """The lines of a picture."""

    shown: list[PointLine]
    left_out: int
    """Number of lines for which there are not enough styles."""

    @property
    def rows(self) -> NDArray[np.int64]:
        """(n,) rows of the points of all lines shown."""
        return np.concatenate([line.rows for line in self.shown])


class PointSeries(NamedTuple):
    """A column along a line, each of shape (n,)."""

    x: Floats
    """The abscissa in its display unit."""
    y: Floats
    uncertainty: Floats
    converged: Bools


class FittedCurve(NamedTuple):
    """The law fitted to a table along one of the groups, each of shape (n,)."""

    x: Floats
    value: Floats
    uncertainty: Floats


def lines_along(
    points: Points, along: str, by: Sequence[str], most: int, places: Sequence[float] | None = None
) -> PointLines:
    """The points with an answer as at most `most` lines along a column, one for each set of values of `by`.

    Of points at the same place on a line the first one is shown: they have the same solution. Where hardly
    two points make a line, as in a random sample, all points are one cloud. `places`, (n_points,), replaces
    the values along a column that is no number.
    """
    groups = [_in_order(found) for found in _grouped(points, along, by, places).values()]
    if len(groups) > 1 and sum(map(len, groups)) < 2 * len(groups):
        return PointLines([PointLine("points", np.sort(np.concatenate(groups)), joined=False)], 0)
    chosen = np.unique(np.linspace(0, len(groups) - 1, min(most, len(groups))).round().astype(int))
    shown = [PointLine(points.described(int(groups[i][0]), by) or "computed", groups[i]) for i in chosen]
    return PointLines(shown, len(groups) - len(shown))


def _grouped(
    points: Points, along: str, by: Sequence[str], places: Sequence[float] | None
) -> dict[Any, dict[float, int]]:
    """First row of each place, by the values of `by` in ascending order."""
    x = points.values(along) if places is None else places
    keys = list(zip(*(points.values(name) for name in by), strict=True)) if by else [()] * len(points)
    found: dict[Any, dict[float, int]] = {}
    for row in np.flatnonzero(points.computed).tolist():
        if x[row] == x[row]:
            found.setdefault(keys[row], {}).setdefault(x[row], row)
    return dict(sorted(found.items(), key=lambda item: _sortable(item[0])))


def _sortable(key: tuple[Any, ...]) -> tuple[tuple[bool, Any], ...]:
    """A key in which numbers and words can be compared: numbers come first."""
    return tuple((isinstance(part, str), part) for part in key)


def _in_order(places: dict[float, int]) -> NDArray[np.int64]:
    return np.array([places[x] for x in sorted(places)], dtype=np.int64)


def series_of(points: Points, along: str, column: str, line: PointLine) -> PointSeries:
    """A column along a line, with its uncertainty where the table has one and 0 otherwise."""
    x = points.unit(along).shown(points.numbers(along)[line.rows])
    uncertainty = np.nan_to_num(points.numbers(f"{column}_uncertainty")[line.rows])
    return PointSeries(x, points.numbers(column)[line.rows], uncertainty, points.converged[line.rows])


def law_curve(points: Points, along: str, row: int, x: Floats) -> FittedCurve | None:
    """The fitted law at the values `x`, (n,), of one group and the other groups of a point.

    Values out of the law's range are left out; None where fewer than two are left, or without a law.
    """
    if points.usable_law is None:
        return None
    place = {name: float(points.numbers(name)[row]) for name in points.groups}
    found = []
    for value in x.tolist():
        place[along] = value
        with suppress(OutOfRange):
            found.append((value, *points.usable_law.discharge_coefficient(*place.values())))
    return FittedCurve(*np.array(found).T) if len(found) > 1 else None
