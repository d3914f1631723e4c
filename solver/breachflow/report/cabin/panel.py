"""Panels over time that all pictures of a cabin share: curves, limits, events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from breachflow.report.cabin.data import MOST_CURVES, CabinPicture, Curve
from breachflow.report.style import COLORS, DASHES, GREY, GROUND, INK, drawable, new_figure, note

WIDTH: Final = 8.6
"""Inches."""

MOST_MARKED: Final = 12
"""Events that are numbered above a panel."""


def figure_of(data: CabinPicture, panels: int) -> tuple[Figure, list[Axes]]:
    """An empty figure with panels over one axis of time; the events stand below it in words."""
    figure = new_figure(WIDTH, 1.4 + 2.5 * panels, data.title, legend=True)
    axes = list(figure.subplots(panels, sharex=True, squeeze=False)[:, 0])
    axes[-1].set_xlabel(data.time_label)
    events = data.events
    if 0 < len(events) <= MOST_MARKED:
        note(figure, [f"{i}  {drawable(text)}" for i, (_, text) in enumerate(events, start=1)])
    return figure, axes


def draw_curves(axes: Axes, data: CabinPicture, curves: Sequence[Curve], label: str) -> None:
    """Draw lines that differ in dashes as well as in color, and mark the events."""
    for i, curve in enumerate(curves[:MOST_CURVES]):
        (line,) = axes.plot(data.times, curve.values, color=COLORS[i], linewidth=1.6)
        line.set(linestyle=DASHES[i], label=drawable(curve.label, 28))
    axes.set_ylabel(label)
    axes.set_xlim(0.0, float(data.times[-1]) or 1.0)
    if curves:
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), handlelength=3.6)
    _mark_events(axes, data)


def draw_limits(axes: Axes, limits: Mapping[str, float], curves: Sequence[Curve], unit: str) -> None:
    """Draw each limit that lies near the curves as a line with its name and value."""
    low = min(float(np.nanmin(curve.values)) for curve in curves)
    high = max(float(np.nanmax(curve.values)) for curve in curves)
    room = max(high - low, 0.02 * abs(high))
    for name, level in limits.items():
        if low - 2.0 * room <= level <= high + 2.0 * room:
            axes.axhline(level, color=INK, linewidth=1.0, linestyle=(0, (8, 2, 2, 2)))
            axes.annotate(
                f"{drawable(name, 24)} {level:.4g} {unit}", (0.01, level), (0, 3),
                xycoords=axes.get_yaxis_transform(), textcoords="offset points", ha="left", va="bottom",
                fontsize=8, color=INK, bbox={"facecolor": GROUND, "edgecolor": "none", "pad": 0.5},
            )  # fmt: skip


def _mark_events(axes: Axes, data: CabinPicture) -> None:
    events = data.events
    foot = 0.0 if len(events) <= MOST_MARKED else 0.96  # many events are ticks at the top
    for i, (time, _) in enumerate(events, start=1):
        axes.axvline(time, foot, color=GREY, linewidth=0.7, linestyle=(0, (2, 2)), zorder=1)
        if len(events) <= MOST_MARKED:
            axes.annotate(
                str(i), (time, 1.0), (0, 2), xycoords=axes.get_xaxis_transform(), textcoords="offset points",
                ha="center", va="bottom", fontsize=7, color=GREY,
            )  # fmt: skip


def left_out(curves: Sequence[Curve]) -> str:
    """A sentence about curves that a panel has no room for; empty where it has."""
    return f" {len(curves) - MOST_CURVES} more curves are left out." if len(curves) > MOST_CURVES else ""
