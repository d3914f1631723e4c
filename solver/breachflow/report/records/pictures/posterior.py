"""How probable each rate and each exponent is: with the 90 % interval, and what hole and crack stand for."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from breachflow.inference.answer import phrases
from breachflow.inference.answer.values import Interval90
from breachflow.inference.answer.verdict import CRACK_ABOVE, HOLE_BELOW
from breachflow.inference.curves import Density, exponent_density, rate_density
from breachflow.report.picture import Drawing
from breachflow.report.records.data import InferPicture
from breachflow.report.records.panel import WIDTH
from breachflow.report.style import BAND, COLORS, GREY, INK, new_figure, note

PLACE: Final = 3


def draw(data: InferPicture) -> Drawing | None:
    """Two panels, one where the exponent was given; None where nothing was fitted."""
    rates = rate_density(data.basis)
    if rates is None:
        return None
    exponents = exponent_density(data.basis)
    figure = new_figure(WIDTH, 3.9, f"{data.name}: what is known of the leak at the start")
    panels = figure.subplots(1, 1 if exponents is None else 2, squeeze=False)[0]
    told = _draw_rate(panels[0], data, rates)
    lines = ["grey below a curve: 90 % interval; upright line: median", *_least_squares(panels[0], data)]
    if exponents is not None:
        told += "; " + _draw_exponent(panels[1], data, exponents)
    note(figure, lines)
    return Drawing("What is known of the leak", f"Probability of each rate and exponent: {told}.", figure)


def _draw_rate(axes: Axes, data: InferPicture, rates: Density) -> str:
    """The density of the rate of fall."""
    unit, interval = data.rate_unit, data.found.pressure_rate
    assert interval is not None
    values, heights = rates.values / unit.factor, rates.heights * unit.factor
    axes.plot(values, heights, color=COLORS[0], linewidth=1.6)
    low, middle, high = (
        float(end or 0.0) / unit.factor for end in (interval.low, interval.median, interval.high)
    )
    inside = (values >= low) & (values <= high)
    axes.fill_between(values[inside], heights[inside], facecolor=BAND, linewidth=0.0)
    axes.vlines(middle, 0.0, float(np.interp(middle, values, heights)), color=INK, linewidth=1.2)
    if values[0] < 0.0 < values[-1]:
        axes.axvline(0.0, color=INK, linewidth=1.0, linestyle=(0, (2, 2)))
        axes.annotate(
            "no leak", (0.0, 1.0), (3, -3), xycoords=axes.get_xaxis_transform(), textcoords="offset points",
            ha="left", va="top", fontsize=8.0, color=INK,
        )  # fmt: skip
    _foot(axes)
    axes.set_xlabel(f"rate of fall by the leak ({unit.name})")
    axes.set_ylabel("probability density")
    return f"rate {phrases.with_interval(interval, unit)}"


def _least_squares(axes: Axes, data: InferPicture) -> list[str]:
    """What least squares would say, as a bar above the axis where it is in view; and in words."""
    line, unit = data.found.least_squares, data.rate_unit
    if line is None:
        return []
    rate, error = line.rate / unit.factor, 1.645 * line.error / unit.factor
    low, high = axes.get_xlim()
    text = "square with a bar: least squares, which takes readings as independent; do not use it"
    if not low < rate < high:
        return [f"least squares would say {rate:.4g} {unit.name}, outside of the picture: do not use it"]
    axes.errorbar(
        rate, 0.06 * axes.get_ylim()[1], xerr=error, fmt="s", color=COLORS[1], ecolor=COLORS[1],
        markersize=4.5, capsize=3.5, elinewidth=1.2, zorder=5,
    )  # fmt: skip
    return [text]


def _draw_exponent(axes: Axes, data: InferPicture, exponents: Density) -> str:
    """The density of the exponent, in steps; ranges of hole and crack in words."""
    interval = data.found.exponent
    assert interval is not None
    values, heights = exponents.values, exponents.heights
    half = 0.5 * float(values[1] - values[0])
    edges = np.append(values - half, values[-1] + half)
    axes.stairs(heights, edges, color=COLORS[0], linewidth=1.6)
    _fill(axes, edges, heights, interval)
    axes.set_xlim(min(float(edges[0]), 0.7), max(float(edges[-1]), 2.3))
    _foot(axes)
    axes.set_ylim(0.0, 1.25 * float(heights.max()))
    _name_ranges(axes, data)
    axes.set_xlabel("exponent n of flow ~ pressure^n")
    axes.set_ylabel("probability density")
    return f"exponent {interval.median:.2f} (90 %: {interval.low:.2f} to {interval.high:.2f})"


def _fill(axes: Axes, edges: np.ndarray, heights: np.ndarray, interval: Interval90) -> None:
    """The 90 % interval below the steps, and the median."""
    low, middle, high = (float(end or 0.0) for end in (interval.low, interval.median, interval.high))
    grid = np.linspace(low, high, 400)
    at = heights[np.clip(np.searchsorted(edges, grid, side="right") - 1, 0, len(heights) - 1)]
    axes.fill_between(grid, at, facecolor=BAND, linewidth=0.0)
    place = int(np.clip(np.searchsorted(edges, middle, side="right") - 1, 0, len(heights) - 1))
    axes.vlines(middle, 0.0, heights[place], color=INK, linewidth=1.2)


def _name_ranges(axes: Axes, data: InferPicture) -> None:
    """Hole-like below, crack-like above, between them neither."""
    low, high = axes.get_xlim()
    ranges = (
        (low, HOLE_BELOW, "hole-like"),
        (HOLE_BELOW, CRACK_ABOVE, "neither"),
        (CRACK_ABOVE, high, "crack-like"),
    )
    weights = data.found.exponent_probability
    shares = (
        sum(weight for n, weight in weights if n < HOLE_BELOW),
        sum(weight for n, weight in weights if HOLE_BELOW <= n <= CRACK_ABOVE),
        sum(weight for n, weight in weights if n > CRACK_ABOVE),
    )
    for edge in (HOLE_BELOW, CRACK_ABOVE):
        axes.axvline(edge, color=GREY, linewidth=1.0, linestyle=(0, (2, 2)))
    for (begin, end, name), share in zip(ranges, shares, strict=True):
        axes.annotate(
            f"{name}\n{phrases.probability(share)}", (0.5 * (begin + end), 0.98),
            xycoords=axes.get_xaxis_transform(), ha="center", va="top", fontsize=8.0, color=INK,
        )  # fmt: skip


def _foot(axes: Axes) -> None:
    axes.set_ylim(bottom=0.0)
