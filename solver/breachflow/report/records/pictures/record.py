"""The record with the fitted law, its 90 % band and the limit; steps, gaps, excluded parts and changes."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from breachflow.inference.answer import phrases
from breachflow.inference.answer.values import Interval90
from breachflow.report.picture import Drawing
from breachflow.report.records.data import InferPicture
from breachflow.report.records.panel import WIDTH, mark_spans, mark_times
from breachflow.report.style import COLORS, GREY, INK, new_figure, note

PLACE: Final = 1

MOST_POINTS: Final = 3000
"""Readings that an SVG file has as shapes; more are drawn in dots."""


def draw(data: InferPicture) -> Drawing:
    """Readings as points, the law as a line in its band."""
    figure = new_figure(WIDTH, 4.6, data.name, legend=True)
    axes = figure.add_subplot()
    _draw_readings(axes, data)
    _draw_law(axes, data)
    axes.set_xlim(*_ends(data))
    lines = [*_limit(axes, data), *mark_times(axes, data)]
    mark_spans(axes, data)
    axes.set_xlabel(data.time_label)
    axes.set_ylabel(f"pressure ({data.found.pressure_unit})")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), handlelength=3.0)
    if data.curves and data.more_of_law:
        lines.append(f"fitted law: without {data.more_of_law}")
    if data.what_was_left_out:
        lines.append(data.what_was_left_out)
    note(figure, lines)
    told = (
        "the readings with the fitted law and its 90 % band"
        if data.curves
        else "the readings; no law is fitted"
    )
    return Drawing("The record", f"Pressure over time: {told}. {_sentence(lines)}".strip(), figure)


def _draw_readings(axes: Axes, data: InferPicture) -> None:
    record = data.record
    axes.plot(
        data.since(record.times), data.pressure(record.pressures), "o", color=GREY, markersize=2.6,
        markerfacecolor="none", markeredgewidth=0.6, label="reading", rasterized=len(record) > MOST_POINTS,
        zorder=2,
    )  # fmt: skip
    times, pressures = data.left_out
    if len(times):
        axes.plot(
            data.since(times), data.pressure(pressures), "x", color=INK, markersize=4.5, label="left out",
            zorder=2, rasterized=len(times) > MOST_POINTS,
        )  # fmt: skip


def _draw_law(axes: Axes, data: InferPicture) -> None:
    curves = data.curves
    if curves is None:
        return
    times, law = data.shown(curves.law_times), curves.law
    if data.more_of_law:
        ends = np.searchsorted(data.shown(curves.times), [mark.time for mark in data.marks])
        axes.plot(
            np.insert(data.shown(curves.times), ends, np.nan),
            np.insert(data.pressure(curves.fitted), ends, np.nan), color=COLORS[1], linewidth=1.0,
            linestyle=(0, (3, 1.5)), label=f"law with\n{data.more_of_law}", zorder=3,
        )  # fmt: skip
    axes.fill_between(
        times, data.pressure(law.low), data.pressure(law.high), facecolor=COLORS[0], alpha=0.25,
        linewidth=0.0, label="90 % of the law", zorder=3,
    )  # fmt: skip
    axes.plot(times, data.pressure(law.middle), color=COLORS[0], linewidth=1.6, label="fitted law", zorder=4)


def _ends(data: InferPicture) -> tuple[float, float]:
    """Of the axis of time, which the readings that were left out are on too."""
    times = data.since(data.basis.question.whole.times)
    room = 0.015 * float(times[-1] - times[0])
    return float(times[0]) - room, float(times[-1]) + room


def _limit(axes: Axes, data: InferPicture) -> list[str]:
    """The limit as a line, where it is near the readings; in words how long it is until then."""
    found = data.found
    level = float(data.pressure(found.assumed.limit))
    values = data.pressure(data.basis.question.whole.pressures)
    room = max(float(np.ptp(values)), 0.01 * float(values.max()))
    is_near = float(values.min()) - 0.6 * room <= level <= float(values.max()) + 0.6 * room
    if is_near:
        axes.axhline(level, color=INK, linewidth=1.2, linestyle=(0, (8, 2, 2, 2)), label="limit")
    name = f"limit {phrases.pressure(found, found.assumed.limit)}"
    place = "" if is_near else f", {'below' if level < values.min() else 'above'} the picture"
    return [f"{name}{place}{_until(found.time_to_limit)}"]


def _until(time: Interval90 | None) -> str:
    """How long it is until the limit; empty where no leak is told, or it is reached already."""
    if time is None:
        return ""
    if time.median is None:
        return ": may never be reached"
    unit = phrases.time_unit(time.median)
    return f": reached {phrases.with_interval(time, unit)} from the first reading"


def _sentence(lines: list[str]) -> str:
    text = "; ".join(line.replace("  ", " ") for line in lines)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
