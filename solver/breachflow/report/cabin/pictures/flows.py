"""Mass flow of each leak, and of the supplies where there are any, over time."""

from __future__ import annotations

from typing import Final

from breachflow.constants import SECONDS_PER_DAY
from breachflow.report.cabin.data import CabinPicture
from breachflow.report.cabin.panel import draw_curves, figure_of, left_out
from breachflow.report.picture import Drawing

PLACE: Final = 3

_LABELS: Final = {"leak_flow": "leaks (kg/day)", "supply_flow": "supplies (kg/day)"}
_AXES: Final = {"leak_flow": "leak", "supply_flow": "supply"}


def draw(data: CabinPicture) -> Drawing | None:
    """The picture; None of a cabin without leaks and supplies."""
    found = {name: data.curves(name, axis, 1.0 / SECONDS_PER_DAY) for name, axis in _AXES.items()}
    shown = {name: curves for name, curves in found.items() if curves}
    if not shown:
        return None
    figure, panels = figure_of(data, len(shown))
    for axes, (name, curves) in zip(panels, shown.items(), strict=True):
        draw_curves(axes, data, curves, _LABELS[name])
    curves = shown.get("leak_flow", [])
    ends = ", ".join(
        f"{one.label} {one.values[0]:.3g} then {one.values[-1]:.3g} kg/day" for one in curves[:4]
    )
    return Drawing("Flows", f"Leaks at the start and at the end: {ends or 'none'}.{left_out(curves)}", figure)
