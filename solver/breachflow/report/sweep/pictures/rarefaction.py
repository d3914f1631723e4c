"""Discharge coefficient of laminar flow against the rarefaction parameter, with laws and fitted law."""

from __future__ import annotations

from typing import Final

from breachflow.report.picture import Drawing
from breachflow.report.sweep.coefficient import coefficient_drawing
from breachflow.report.sweep.points import RAREFACTION, Points

PLACE: Final = 4


def draw(points: Points) -> Drawing | None:
    """The picture; None where friction does not act, or all points have one rarefaction parameter."""
    return coefficient_drawing(points, RAREFACTION, "rarefaction") if points.is_laminar else None
