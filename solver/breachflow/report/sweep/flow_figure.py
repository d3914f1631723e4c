"""The picture of what leaks against how large the hole is."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.report.style import (
    DASHES,
    GREY,
    Picture,
    decades_of,
    new_figure,
    picture,
    plain_axis,
    plain_numbers,
    short,
)
from breachflow.report.sweep.lines import (
    COEFFICIENT,
    COEFFICIENT_LABEL,
    STYLES,
    Style,
    color_cloud,
    draw_computed,
    draw_laws,
    dress,
    hollow,
    line_words,
    named_line,
    series_of,
)
from breachflow.report.sweep.points import EXPECTED, PointLine, PointLines, Points, lines_along


def flow_picture(points: Points) -> Picture | None:
    """What leaks against how large the hole is, and the coefficient below it."""
    size = points.size
    if not points.varies(size):
        return None
    chosen = lines_along(points, size, [name for name in points.swept if name != size], len(STYLES))
    figure = new_figure(9.0, 6.8, points.title)
    upper, lower = figure.subplots(2, sharex=True, height_ratios=[1.6, 1.0])
    for line, style in zip(chosen.shown, STYLES, strict=False):
        _draw_flow(upper, points, line, style)
        draw_computed(lower, series_of(points, size, COEFFICIENT, line), style, joined=line.joined)
    color_cloud(figure, lower, points, size, chosen)
    named = _draw_ideal_flows(upper, points, chosen)
    named += draw_laws(lower, points, size, chosen, [EXPECTED])
    _dress_flows(upper, lower, points)
    dress(figure, points, chosen, [*named, *hollow(points, chosen)])
    kind = points.unit(size).name
    return picture("flow", f"Mass flow against {kind}", _flow_words(points, chosen), figure)


def _draw_flow(axes: Axes, points: Points, line: PointLine, style: Style) -> None:
    series = series_of(points, points.size, "mass_flow", line)
    flow = series._replace(y=SECONDS_PER_DAY * series.y, spread=np.zeros_like(series.y))
    draw_computed(axes, flow, style, joined=line.joined)


def _draw_ideal_flows(axes: Axes, points: Points, chosen: PointLines) -> list[Line2D]:
    """The ideal nozzle, once for all lines that share it."""
    drawn: set[tuple[float, ...]] = set()
    for line in chosen.shown if points.has("ideal_mass_flow") else ():
        series = series_of(points, points.size, "ideal_mass_flow", line)
        flow = SECONDS_PER_DAY * series.y
        key = tuple(float(f"{value:.6g}") for value in flow)
        if line.joined and key not in drawn:
            axes.plot(series.x, flow, color=GREY, linestyle=DASHES[2], linewidth=1.2, zorder=1.5)
            drawn.add(key)
    return [named_line("ideal nozzle through the full area", GREY, DASHES[2])] if drawn else []


def _dress_flows(upper: Axes, lower: Axes, points: Points) -> None:
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


def _flow_words(points: Points, chosen: PointLines) -> str:
    rows = np.concatenate([line.rows for line in chosen.shown])
    unit, size = points.unit(points.size), points.numbers(points.size)[rows]
    flow = SECONDS_PER_DAY * points.numbers("mass_flow")[rows]
    sizes = f"From {short(unit.factor * size.min())} to {short(unit.factor * size.max())} {unit.unit}"
    flows = f"from {short(flow.min())} to {short(flow.max())} kg/day{points.per}"
    words = f"{sizes}, the flow goes {flows}. Below, the discharge coefficient. {line_words(chosen)}"
    return words.rstrip()
