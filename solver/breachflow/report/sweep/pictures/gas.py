"""Discharge coefficient by gas, in the order of the ratio of heat capacities, with the best estimate."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from breachflow.arrays import Floats
from breachflow.report.picture import Drawing
from breachflow.report.style import GREY, GROUND, drawable, new_figure
from breachflow.report.sweep.drawing import (
    MOST_LINES,
    Style,
    add_legend_and_notes,
    draw_measured_by_gas,
    line_names,
    styles_of,
)
from breachflow.report.sweep.labels import COEFFICIENT, COEFFICIENT_LABEL, EXPECTED, GAMMA, law_label
from breachflow.report.sweep.lines import PointLine, lines_along, series_of
from breachflow.report.sweep.points import Points

PLACE: Final = 4

APART: Final = 0.7
"""Height over which the lines of one gas are spread; the distance between gases is 1."""


def draw(points: Points) -> Drawing | None:
    """The picture, a row for each gas; None where all points have one gas."""
    if points.table.is_of_cabins or not (points.varies("gas") or points.varies("heat_capacity_ratio")):
        return None
    gases, places = _gases(points)
    by = [name for name in points.distinguishing("heat_capacity_ratio") if not _is_of_gas(points, name)]
    chosen = lines_along(points, "gas", by, MOST_LINES, places.tolist())
    chosen = chosen._replace(shown=[line._replace(joined=False) for line in chosen.shown])
    count = len(chosen.shown)
    row = 0.34 if count == 1 else 0.18 + 0.16 * count
    figure = new_figure(9.0, min(1.3 + row * len(gases), 14.0), points.title, legend=True)
    axes = figure.subplots()
    for number, (line, style) in enumerate(styles_of(chosen.shown)):
        offset = APART * (number - 0.5 * (count - 1)) / count
        _draw_line(axes, points, line, places[line.rows] + offset, style._replace(size=5.0))
    axes.set_yticks(range(len(gases)), gases)
    axes.set_ylim(len(gases) - 0.4, -0.6)
    axes.set_xlabel(COEFFICIENT_LABEL)
    dash = Line2D([], [], color=GREY, marker="|", linestyle="", markersize=12, label=law_label(EXPECTED))
    known = zip(points.texts("gas"), places.tolist(), strict=True)
    named = {gas: place for gas, place in known if place == place}
    add_legend_and_notes(figure, points, chosen, [dash, *draw_measured_by_gas(axes, points, named)])
    return Drawing(
        "Discharge coefficient by gas", f"{'; '.join(gases)}. {line_names(chosen)}".rstrip(), figure
    )


def _draw_line(axes: Axes, points: Points, line: PointLine, places: Floats, style: Style) -> None:
    """Points with their mesh uncertainty from left to right, and the best estimate of each."""
    series = series_of(points, COEFFICIENT, COEFFICIENT, line)
    bars: dict[str, Any] = {"fmt": "none", "ecolor": style.color, "elinewidth": 0.8, "capsize": 2.0}
    axes.errorbar(series.y, places, xerr=series.uncertainty if series.uncertainty.any() else None, **bars)
    for converged, face in ((True, style.color), (False, GROUND)):
        rows = series.converged == converged
        looks: dict[str, Any] = {"color": style.color, "markerfacecolor": face, "markersize": style.size}
        axes.plot(series.y[rows], places[rows], style.marker, zorder=3, **looks)
    axes.plot(points.numbers(EXPECTED)[line.rows], places, "|", color=style.color, markersize=12)


def _gases(points: Points) -> tuple[list[str], Floats]:
    """Labels of the gases in the order of gamma, and (n_points,) the place of each point among them."""
    gammas = points.values("heat_capacity_ratio")
    known = list(zip(gammas, points.texts("gas"), strict=True))
    gases = sorted({gas for gas, computed in zip(known, points.computed, strict=True) if computed})
    places = [float(gases.index(gas)) if gas in gases else np.nan for gas in known]
    labels = [_label(name, gamma) for gamma, name in gases]
    return labels, np.array(places)


def _label(name: str, gamma: float) -> str:
    """Name and gamma of a gas; the name of one given by its numbers has gamma already.

    >>> _label("carbon_dioxide", 1.289)
    'carbon dioxide, γ = 1.289'
    """
    text = drawable(name.replace("_", " "), 40)
    return text if text.startswith("gamma") else f"{text}, {GAMMA} = {gamma:.4g}".removeprefix(", ")


def _is_of_gas(points: Points, column: str) -> bool:
    """Whether a column is a key of the gas, which the place along the axis tells already."""
    return points.keys.get(column, "").startswith("gas")
