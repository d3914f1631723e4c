"""Mass flow against the size of the hole, with the ideal nozzle, and the discharge coefficient below."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.report.picture import Drawing
from breachflow.report.style import (
    DASHES,
    GREY,
    decades_of,
    new_figure,
    plain_axis,
    plain_numbers,
    short,
)
from breachflow.report.sweep.drawing import (
    MOST_LINES,
    Style,
    add_legend_and_notes,
    color_cloud,
    draw_computed,
    draw_laws,
    draw_measured,
    legend_entry,
    line_names,
    styles_of,
)
from breachflow.report.sweep.labels import COEFFICIENT, COEFFICIENT_LABEL, EXPECTED
from breachflow.report.sweep.lines import PointLine, PointLines, lines_along, series_of
from breachflow.report.sweep.points import Points

PLACE: Final = 1


def draw(points: Points) -> Drawing | None:
    """The picture; None where the holes have one size."""
    size = points.size
    if not points.varies(size):
        return None
    chosen = lines_along(points, size, [name for name in points.swept if name != size], MOST_LINES)
    figure = new_figure(9.0, 6.8, points.title, legend=True)
    upper, lower = figure.subplots(2, sharex=True, height_ratios=[1.6, 1.0])
    for line, style in styles_of(chosen.shown):
        _draw_flow(upper, points, line, style)
        draw_computed(lower, series_of(points, size, COEFFICIENT, line), style, joined=line.joined)
    color_cloud(figure, lower, points, size, chosen)
    entries = _draw_ideal_flows(upper, points, chosen)
    entries += draw_laws(lower, points, size, chosen, [EXPECTED])
    entries += draw_measured(upper, points, size, "mass_flow", SECONDS_PER_DAY)
    draw_measured(lower, points, size, COEFFICIENT)
    _label_axes(upper, lower, points)
    add_legend_and_notes(figure, points, chosen, entries)
    return Drawing(f"Mass flow against {points.unit(size).name}", _description(points, chosen), figure)


def _draw_flow(axes: Axes, points: Points, line: PointLine, style: Style) -> None:
    series = series_of(points, points.size, "mass_flow", line)
    daily = series._replace(y=SECONDS_PER_DAY * series.y, uncertainty=np.zeros_like(series.y))
    draw_computed(axes, daily, style, joined=line.joined)


def _draw_ideal_flows(axes: Axes, points: Points, chosen: PointLines) -> list[Line2D]:
    """Draw the flow of the ideal nozzle, once for all lines that share it; return the legend's entry."""
    drawn: set[tuple[float, ...]] = set()
    for line in chosen.shown if points.has("ideal_mass_flow") else ():
        series = series_of(points, points.size, "ideal_mass_flow", line)
        flow = SECONDS_PER_DAY * series.y
        key = tuple(float(f"{value:.6g}") for value in flow)
        if line.joined and key not in drawn:
            axes.plot(series.x, flow, color=GREY, linestyle=DASHES[2], linewidth=1.2, zorder=1.5)
            drawn.add(key)
    return [legend_entry("ideal nozzle through the full area", GREY, DASHES[2])] if drawn else []


def _label_axes(upper: Axes, lower: Axes, points: Points) -> None:
    upper.set_xscale("log")
    upper.set_yscale("log")
    upper.set_ylabel(f"mass flow (kg/day{points.per})")
    pounds = upper.secondary_yaxis("right", functions=(_in_pounds, _in_kilograms))
    pounds.set_ylabel(f"mass flow (lb/day{points.per})")
    lower.set_xlabel(points.unit(points.size).label)
    lower.set_ylabel(COEFFICIENT_LABEL)
    plain_numbers(upper, lower)
    plain_axis(pounds.yaxis, decades_of(upper.yaxis))


def _in_pounds(kilograms: Any) -> Any:
    return kilograms / KILOGRAMS_PER_POUND


def _in_kilograms(pounds: Any) -> Any:
    return pounds * KILOGRAMS_PER_POUND


def _description(points: Points, chosen: PointLines) -> str:
    unit, size = points.unit(points.size), points.numbers(points.size)[chosen.rows]
    flow = SECONDS_PER_DAY * points.numbers("mass_flow")[chosen.rows]
    sizes = f"From {short(unit.shown(size.min()))} to {short(unit.shown(size.max()))} {unit.unit}"
    flows = f"from {short(flow.min())} to {short(flow.max())} kg/day{points.per}"
    text = f"{sizes}, the flow goes {flows}. Below, the discharge coefficient. {line_names(chosen)}"
    return text.rstrip()
