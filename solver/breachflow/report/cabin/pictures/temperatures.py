"""Temperature of each compartment over time, where it changes."""

from __future__ import annotations

from typing import Final

import numpy as np

from breachflow.report.cabin.data import CabinPicture
from breachflow.report.cabin.panel import draw_curves, figure_of, left_out
from breachflow.report.picture import Drawing

PLACE: Final = 4

LEAST_CHANGE: Final = 0.01
"""K; a smaller change is not drawn."""


def draw(data: CabinPicture) -> Drawing | None:
    """The picture; None where the walls keep all temperatures."""
    curves = data.curves("temperature", "compartment", 1.0)
    if not any(float(np.ptp(curve.values)) > LEAST_CHANGE for curve in curves):
        return None
    figure, (axes,) = figure_of(data, 1)
    draw_curves(axes, data, curves, "temperature (K)")
    ends = ", ".join(f"{curve.label} {curve.values[-1]:.2f} K" for curve in curves[:4])
    return Drawing("Temperature", f"At the end: {ends}.{left_out(curves)}", figure)
