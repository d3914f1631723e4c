"""Pressure of each compartment over time, with limits and events."""

from __future__ import annotations

from typing import Final

from breachflow.report.cabin.data import CabinPicture
from breachflow.report.cabin.panel import draw_curves, draw_limits, figure_of, left_out
from breachflow.report.picture import Drawing

PLACE: Final = 1


def draw(data: CabinPicture) -> Drawing | None:
    """The picture."""
    curves = data.curves("pressure", "compartment", data.pascals)
    figure, (axes,) = figure_of(data, 1)
    draw_curves(axes, data, curves, f"pressure ({data.unit})")
    draw_limits(axes, data.limits("pressure"), curves, data.unit)
    ends = ", ".join(f"{curve.label} {curve.values[-1]:.4g} {data.unit}" for curve in curves[:4])
    return Drawing("Pressure", f"At the end: {ends}.{left_out(curves)}", figure)
