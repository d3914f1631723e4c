"""Partial pressure of oxygen and of carbon dioxide in each compartment over time, with limits."""

from __future__ import annotations

from typing import Final

import numpy as np

from breachflow.report.cabin.data import CabinPicture
from breachflow.report.cabin.panel import draw_curves, draw_limits, figure_of, left_out
from breachflow.report.picture import Drawing

PLACE: Final = 2

_GASES: Final = {"oxygen_pressure": "oxygen", "carbon_dioxide_pressure": "carbon dioxide"}


def draw(data: CabinPicture) -> Drawing | None:
    """The picture; None where no gas states its oxygen."""
    found = {name: data.curves(name, "compartment", data.pascals) for name in _GASES}
    shown = {
        name: curves for name, curves in found.items() if any(np.nanmax(one.values) > 0.0 for one in curves)
    }
    if "oxygen_pressure" not in shown:
        return None
    figure, panels = figure_of(data, len(shown))
    for axes, (name, curves) in zip(panels, shown.items(), strict=True):
        draw_curves(axes, data, curves, f"{_GASES[name]} ({data.unit})")
        draw_limits(axes, data.limits(name), curves, data.unit)
    curves = shown["oxygen_pressure"]
    ends = ", ".join(f"{curve.label} {curve.values[-1]:.4g} {data.unit}" for curve in curves[:4])
    return Drawing("Oxygen", f"Partial pressure of oxygen at the end: {ends}.{left_out(curves)}", figure)
