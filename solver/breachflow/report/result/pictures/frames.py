"""Mach number at the times of the snapshots of a transient run, with the mass flow up to then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from breachflow.arrays import Floats
from breachflow.constants import SECONDS_PER_DAY
from breachflow.report.picture import Drawing, FrameDrawing
from breachflow.report.result.panel import add_color_bar, draw_panel, draw_sonic_line, mark_probes
from breachflow.report.result.probes import probe_places
from breachflow.report.result.scene import Scene, scene_of
from breachflow.report.result.shading import Shading, mach_shading
from breachflow.report.result.times import time_unit
from breachflow.report.result.views import first_plane
from breachflow.report.style import COLORS, GREY, new_figure
from breachflow.results import Result

PLACE: Final = 5

MOST_FRAMES: Final = 16
"""Snapshots that the page can step through, evenly spaced; a page of more would be too large."""

MOST_PANELS: Final = 9
"""Snapshots that the picture without steps shows, evenly spaced."""

PER_ROW: Final = 3


class Instant(NamedTuple):
    """The flow at the time of a snapshot."""

    time: float
    """s."""
    mach: Floats
    """(n_cells,)"""


def draw(result: Result) -> Drawing | None:
    """The picture and its frames; None for a result with fewer than two snapshots."""
    shown = first_plane(result)
    if shown is None or len(shown.times) < 2 or "mach" not in shown.fields:
        return None
    scene = scene_of(shown)
    instants = list(_instants(shown))
    highest = max(float(np.nanmax(instant.mach[scene.shown(scene.window)])) for instant in instants)
    shadings = [mach_shading(scene, instant.mach, highest) for instant in instants]
    factor, unit = time_unit(float(result.times[-1]))
    labels = [f"{factor * instant.time:.4g} {unit}" for instant in instants]
    frames = [
        FrameDrawing(label, _frame(scene, instant, shading, label))
        for instant, shading, label in zip(instants, shadings, labels, strict=True)
    ]
    figure = _sheet(scene, shadings, labels)
    return Drawing("Mach number over time", _description(result, labels), figure, tuple(frames))


def _instants(result: Result) -> Iterator[Instant]:
    """Snapshots spread evenly from the first to the last."""
    for number in spread(len(result.times), MOST_FRAMES):
        snapshot = result.snapshots[number]
        yield Instant(snapshot.time, np.asarray(snapshot.fields["mach"].values, dtype=np.float64))


def spread(count: int, most: int) -> list[int]:
    """At most `most` of the numbers below `count`, the first and the last among them.

    >>> spread(7, 4)
    [0, 2, 4, 6]
    """
    return sorted(set(np.linspace(0, count - 1, min(count, most)).round().astype(int).tolist()))


def _sheet(scene: Scene, shadings: list[Shading], labels: list[str]) -> Figure:
    """Panels of some times side by side."""
    chosen = spread(len(shadings), MOST_PANELS)
    rows = -(-len(chosen) // PER_ROW)
    title = str(scene.result.provenance.get("title", ""))
    figure = new_figure(11.4, min(1.0 + rows * (scene.window.height(3.0) + 0.4), 14.0), title)
    panels = list(figure.subplots(rows, PER_ROW, squeeze=False).flat)
    for place, (axes, number) in enumerate(zip(panels, chosen, strict=False)):
        colored = _draw_instant(axes, scene, shadings[number])
        axes.set_title(labels[number], fontsize=9)
        if place % PER_ROW:
            axes.set(ylabel="", yticklabels=[])
        if place + PER_ROW < len(chosen):
            axes.set(xlabel="", xticklabels=[])
    for axes in panels[len(chosen) :]:
        axes.set_visible(False)
    add_color_bar(figure, colored, panels, shadings[0])
    return figure


def _frame(scene: Scene, instant: Instant, shading: Shading, label: str) -> Figure:
    """One time in a figure of its own, with the mass flow up to then."""
    history = scene.result.history
    has_flow = {"time", "mass_flow"} <= set(history)
    figure = new_figure(10.4 if has_flow else 6.6, 4.6, "")
    panels = figure.subplots(
        1, 2 if has_flow else 1, squeeze=False, width_ratios=[1.5, 1.0] if has_flow else None
    )[0]
    add_color_bar(figure, _draw_instant(panels[0], scene, shading), panels[0], shading)
    mark_probes(panels[0], scene, probe_places(scene.result))
    panels[0].set_title(f"t = {label}", fontsize=10)
    if has_flow:
        _draw_flow(panels[1], scene.result, instant.time)
    return figure


def _draw_instant(axes: Axes, scene: Scene, shading: Shading) -> Any:
    colored = draw_panel(axes, scene, shading)
    draw_sonic_line(axes, scene, shading.values, labeled=False)
    return colored


def _draw_flow(axes: Axes, result: Result, time: float) -> None:
    """The mass flow over time, and a point where it stands."""
    times, flow = (
        np.asarray(result.history[name].values, dtype=np.float64) for name in ("time", "mass_flow")
    )
    factor, unit = time_unit(float(result.times[-1]))
    per = result.history["mass_flow"].unit.removeprefix("kg/s")
    x, y = factor * np.append(0.0, times), SECONDS_PER_DAY * np.append(0.0, flow)
    now = x <= factor * time * (1.0 + 1e-9)
    axes.plot(x, y, color=GREY, linewidth=0.8)
    axes.plot(x[now], y[now], color=COLORS[1], linewidth=1.8)
    axes.plot(x[now][-1:], y[now][-1:], "o", color=COLORS[1])
    axes.set_xlabel(f"time ({unit})")
    axes.set_ylabel(f"mass flow (kg/day{per})")


def _description(result: Result, labels: list[str]) -> str:
    count = len(result.times)
    told = f"{len(labels)} of {count} snapshots" if len(labels) < count else f"{count} snapshots"
    return (
        f"{told}, from {labels[0]} to {labels[-1]}; one scale of colors for all; white line: the sonic line."
    )
