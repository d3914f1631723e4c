"""Computed discharge coefficient over the best estimate and over each law, less 1, at every point."""

from __future__ import annotations

from textwrap import fill
from typing import Final

import numpy as np
from matplotlib.axes import Axes

from breachflow.arrays import Floats
from breachflow.report.picture import Drawing
from breachflow.report.style import BAND, COLORS, GROUND, INK, new_figure, note
from breachflow.report.sweep.drawing import failure_notes
from breachflow.report.sweep.labels import COEFFICIENT, law_label
from breachflow.report.sweep.points import Points
from breachflow.words import counted

PLACE: Final = 5

EXPLANATION: Final = "A dot for each point, hollow if not converged. Band: uncertainty of the closed form."


def draw(points: Points) -> Drawing | None:
    """The picture; None where no law holds at any point with an answer."""
    shown = [name for name in points.laws if np.isfinite(_ratio(points, name)).any()]
    if not shown:
        return None
    figure = new_figure(9.0, 1.5 + 0.42 * len(shown), points.title)
    axes = figure.subplots()
    axes.axvline(0.0, color=INK, linewidth=0.8)
    for place, name in enumerate(shown):
        _draw_ratios(axes, points, name, place)
    axes.set_yticks(range(len(shown)), [fill(_label(points, name), 60) for name in shown])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlabel("computed / closed form - 1 (%)")
    axes.grid(axis="y", visible=False)
    axes.use_sticky_edges = False
    axes.margins(x=0.06)
    note(figure, [EXPLANATION, *failure_notes(points)])
    return Drawing("Computed over closed forms", _description(points, shown), figure)


def _ratio(points: Points, law: str) -> Floats:
    """(n_points,) computed coefficient over a law's; NaN where either is missing."""
    return points.numbers(COEFFICIENT) / points.numbers(law)


def _draw_ratios(axes: Axes, points: Points, law: str, place: int) -> None:
    """Draw one row: the band of the law's uncertainty and a dot for each point, side by side in height."""
    ratio = _ratio(points, law)
    known = np.isfinite(ratio)
    relative = (points.numbers(f"{law}_uncertainty") / points.numbers(law))[known]
    band = 100.0 * float(np.nanmax(relative, initial=0.0))
    axes.barh(place, 2.0 * band, left=-band, height=0.6, color=BAND, linewidth=0.0)
    deviation, converged = 100.0 * (ratio[known] - 1.0), points.converged[known]
    heights = place + 0.36 * (np.arange(len(deviation)) % 5 - 2.0) / 2.0 if len(deviation) > 1 else [place]
    faces = np.where(converged, COLORS[0], GROUND)
    axes.scatter(deviation, heights, s=14, facecolors=faces, edgecolors=COLORS[0], linewidths=0.8, zorder=3)


def _label(points: Points, law: str) -> str:
    count = int(np.isfinite(_ratio(points, law)).sum())
    return f"{law_label(law)}, {counted(count, 'point')}"


def _description(points: Points, laws: list[str]) -> str:
    said = []
    for law in laws:
        ratio = _ratio(points, law)
        deviation = 100.0 * (ratio[np.isfinite(ratio)] - 1.0)
        said.append(f"{law_label(law)}: {deviation.min():+.1f} to {deviation.max():+.1f} %")
    return f"Relative deviation of the computed discharge coefficient from each. {'; '.join(said)}."
