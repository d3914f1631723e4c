"""Readings less the fit over time, and the correlation of what is left against that of the fitted noise."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from breachflow.inference.answer import phrases
from breachflow.inference.scatter import Scatter
from breachflow.report.picture import Drawing
from breachflow.report.records.data import InferPicture
from breachflow.report.records.panel import WIDTH, mark_spans, mark_times
from breachflow.report.style import COLORS, GREY, INK, new_figure, note
from breachflow.words import counted

PLACE: Final = 2


def draw(data: InferPicture) -> Drawing | None:
    """Two panels with 90 % bands of what the fitted noise would leave; None where nothing was fitted."""
    scatter = data.scatter
    if scatter is None:
        return None
    figure = new_figure(WIDTH, 5.6, f"{data.name}: what the fit leaves", legend=True)
    above, below = figure.subplots(2)
    lines = _draw_residuals(above, data, scatter)
    outside = _draw_correlation(below, data, scatter)
    note(figure, [*lines, outside])
    return Drawing("Residuals", f"Readings less the fit, and their correlation: {outside}.", figure)


def _draw_residuals(axes: Axes, data: InferPicture, scatter: Scatter) -> list[str]:
    times = data.shown(scatter.times)
    axes.fill_between(
        times, data.pressure(scatter.expected.low), data.pressure(scatter.expected.high), facecolor=COLORS[0],
        alpha=0.2, linewidth=0.0, label="90 % of the fitted noise",
    )  # fmt: skip
    values = data.pressure(scatter.residuals)
    axes.vlines(times, 0.0, values, color=GREY, linewidth=0.7)
    axes.plot(times, values, "o", color=INK, markersize=3.4, label="mean of readings\nless the fit")
    axes.axhline(0.0, color=INK, linewidth=0.8)
    axes.margins(x=0.02)
    axes.set_xlim(*axes.get_xlim())
    axes.margins(y=0.1)
    lines = mark_times(axes, data)
    mark_spans(axes, data)
    axes.set_xlabel(data.time_label)
    axes.set_ylabel(f"residual ({data.found.pressure_unit})")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0))
    return lines


def _draw_correlation(axes: Axes, data: InferPicture, scatter: Scatter) -> str:
    """The correlation by the time between two means; how often it is outside of its band."""
    clock = phrases.time_unit(float(scatter.lags[-1])) if len(scatter.lags) else data.clock
    lags, expected = scatter.lags / clock.factor, scatter.expected_correlation
    axes.fill_between(
        lags, expected.low, expected.high, facecolor=COLORS[0], alpha=0.2, linewidth=0.0,
        label="90 % of the fitted noise",
    )  # fmt: skip
    axes.plot(
        lags, expected.middle, color=COLORS[0], linewidth=1.2, linestyle=(0, (6, 2)), label="its median"
    )
    axes.plot(lags, scatter.correlation, "-o", color=INK, linewidth=0.8, markersize=3.4, label="residuals")
    axes.axhline(0.0, color=INK, linewidth=0.8)
    axes.set_xlabel(f"time between two means ({clock.name})")
    axes.set_ylabel("correlation")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0))
    outside = int(np.sum((scatter.correlation < expected.low) | (scatter.correlation > expected.high)))
    return f"{outside} of {counted(len(lags), 'correlation')} outside of the 90 % band; one in ten is usual"
