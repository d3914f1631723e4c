"""Mach number in the second plane of symmetry of a hole in space that is longer than wide."""

from __future__ import annotations

from typing import Final

from breachflow.report.picture import Drawing
from breachflow.report.result.pictures.mach import mach_drawing
from breachflow.report.result.views import hole_in, plane_views
from breachflow.results import Result

PLACE: Final = 2

LONGER: Final = 1.05
"""Sides of a hole over each other from which both planes are shown."""


def draw(result: Result) -> Drawing | None:
    """The picture; None in the plane, and where both planes show the same."""
    views = plane_views(result) if result.is_in_space else ()
    holes = [hole for hole in map(hole_in, views) if hole is not None]
    if len(holes) < 2 or holes[1].size < LONGER * holes[0].size or "mach" not in views[1].fields:
        return None
    return mach_drawing(views[1], "Mach number, along the hole")
