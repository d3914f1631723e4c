"""Discharge coefficient by gas, in the order of the ratio of heat capacities, with the best estimate."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.lines import Line2D

from breachflow.arrays import Floats
from breachflow.report.picture import Drawing
from breachflow.report.style import GREY, drawable, new_figure
from breachflow.report.sweep.drawing import STYLES, add_legend_and_notes, draw_computed, line_names
from breachflow.report.sweep.labels import COEFFICIENT, COEFFICIENT_LABEL, EXPECTED, GAMMA, law_label
from breachflow.report.sweep.lines import lines_along, series_of
from breachflow.report.sweep.points import Points

PLACE: Final = 4

OFFSET: Final = 0.08
"""Distance between the lines of one gas; the distance between gases is 1."""


def draw(points: Points) -> Drawing | None:
    """The picture; None where all points have one gas."""
    if not (points.varies("gas") or points.varies("heat_capacity_ratio")):
        return None
    gases, places = _gases(points)
    by = [name for name in points.distinguishing("heat_capacity_ratio") if not _is_of_gas(points, name)]
    chosen = lines_along(points, "gas", by, len(STYLES), places.tolist())
    chosen = chosen._replace(shown=[line._replace(joined=False) for line in chosen.shown])
    figure = new_figure(9.0, 4.4, points.title)
    axes = figure.subplots()
    for number, (line, style) in enumerate(zip(chosen.shown, STYLES, strict=False)):
        x = places[line.rows] + OFFSET * (number - 0.5 * (len(chosen.shown) - 1))
        series = series_of(points, COEFFICIENT, COEFFICIENT, line)
        draw_computed(axes, series._replace(x=x), style, joined=False)
        axes.plot(x, points.numbers(EXPECTED)[line.rows], "_", color=style.color, markersize=12)
    axes.set_xticks(range(len(gases)), gases)
    axes.set_xlim(-0.5, len(gases) - 0.5)
    axes.set_ylabel(COEFFICIENT_LABEL)
    dash = Line2D([], [], color=GREY, marker="_", linestyle="", markersize=12, label=law_label(EXPECTED))
    add_legend_and_notes(figure, points, chosen, [dash])
    names = ", ".join(gas.replace("\n", " ") for gas in gases)
    return Drawing("Discharge coefficient by gas", f"{names}. {line_names(chosen)}".rstrip(), figure)


def _gases(points: Points) -> tuple[list[str], Floats]:
    """Labels of the gases in the order of gamma, and (n_points,) the place of each point among them."""
    gammas = points.values("heat_capacity_ratio")
    known = list(zip(gammas, points.texts("gas"), strict=True))
    gases = sorted({gas for gas, computed in zip(known, points.computed, strict=True) if computed})
    places = [float(gases.index(gas)) if gas in gases else np.nan for gas in known]
    labels = [
        f"{drawable(name.replace('_', ' '), 24)}\n{GAMMA} = {gamma:.4g}".strip() for gamma, name in gases
    ]
    return labels, np.array(places)


def _is_of_gas(points: Points, column: str) -> bool:
    """Whether a column is a key of the gas, which the place along the axis tells already."""
    return points.keys.get(column, "").startswith("gas")
