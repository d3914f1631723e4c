"""Discharge coefficient against a swept number that is in no group, such as the gap before a plate."""

from __future__ import annotations

from typing import Final

from breachflow.report.picture import Drawing
from breachflow.report.sweep.coefficient import coefficient_drawing
from breachflow.report.sweep.points import Points

PLACE: Final = 5


def draw(points: Points) -> Drawing | None:
    """The picture of the first such column; None where none differs between points."""
    found = None if points.table.is_of_cabins else next(iter(points.other_numbers), None)
    return None if found is None else coefficient_drawing(points, found, points.unit(found).name)
