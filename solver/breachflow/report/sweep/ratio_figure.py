"""The picture of how far the computed coefficient is from every closed form."""

from __future__ import annotations

from textwrap import fill
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from breachflow.report.style import COLORS, Picture, new_figure, note, picture
from breachflow.report.sweep.lines import COEFFICIENT, failures
from breachflow.report.sweep.points import Points, law_title

EXPLANATION: Final = "A dot for each point, hollow if not converged. Band: what the closed form is known to."


def ratio_picture(points: Points) -> Picture | None:
    """How far the computed coefficient is from every closed form that holds."""
    shown = [name for name in points.laws if np.isfinite(_ratio(points, name)).any()]
    if not shown:
        return None
    figure = new_figure(9.0, 1.5 + 0.42 * len(shown), points.title)
    axes = figure.subplots()
    axes.axvline(0.0, color="black", linewidth=0.8)
    for place, name in enumerate(shown):
        _draw_ratios(axes, points, name, place)
    axes.set_yticks(range(len(shown)), [fill(_ratio_label(points, name), 60) for name in shown])
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlabel("computed / closed form - 1 (%)")
    axes.grid(axis="y", visible=False)
    axes.use_sticky_edges = False
    axes.margins(x=0.06)
    note(figure, [EXPLANATION, *failures(points)])
    return picture("ratios", "Computed over closed forms", _ratio_words(points, shown), figure)


def _ratio(points: Points, name: str) -> NDArray[np.float64]:
    return points.numbers(COEFFICIENT) / points.numbers(name)


def _draw_ratios(axes: Axes, points: Points, name: str, place: int) -> None:
    ratio = _ratio(points, name)
    known = np.isfinite(ratio)
    relative = (points.numbers(f"{name}_uncertainty") / points.numbers(name))[known]
    spread = 100.0 * float(np.nanmax(relative, initial=0.0))
    axes.barh(place, 2.0 * spread, left=-spread, height=0.6, color="#cfd8e6", linewidth=0.0)
    deviation, good = 100.0 * (ratio[known] - 1.0), points.converged[known]
    heights = place + 0.36 * (np.arange(len(deviation)) % 5 - 2.0) / 2.0 if len(deviation) > 1 else [place]
    faces = np.where(good, COLORS[0], "white")
    axes.scatter(deviation, heights, s=14, facecolors=faces, edgecolors=COLORS[0], linewidths=0.8, zorder=3)


def _ratio_label(points: Points, name: str) -> str:
    count = int(np.isfinite(_ratio(points, name)).sum())
    return f"{law_title(name)}, {count} point{'s' if count != 1 else ''}"


def _ratio_words(points: Points, shown: list[str]) -> str:
    said = []
    for name in shown:
        ratio = _ratio(points, name)
        deviation = 100.0 * (ratio[np.isfinite(ratio)] - 1.0)
        said.append(f"{law_title(name)}: {deviation.min():+.1f} to {deviation.max():+.1f} %")
    return f"Distance of the computed discharge coefficient from each. {'; '.join(said)}."
