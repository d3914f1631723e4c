"""Discharge coefficient against pressure ratio, with the laws and the law fitted to the table."""

from __future__ import annotations

from typing import Final

from breachflow.report.picture import Drawing
from breachflow.report.sweep.coefficient import coefficient_drawing
from breachflow.report.sweep.points import Points

PLACE: Final = 2


def draw(points: Points) -> Drawing | None:
    """The picture; None where all points have one pressure ratio."""
    return coefficient_drawing(points, "pressure_ratio", "pressure ratio")
