"""Chart of the smallest leak that a record shows against its length, with a line for each volume."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.inference.detect.answer import Detection
from breachflow.inference.sensor import short_time
from breachflow.report.chart import write_chart
from breachflow.report.picture import Drawing
from breachflow.report.style import (
    COLORS,
    DASHES,
    INK,
    MARKERS,
    decades_of,
    new_figure,
    note,
    plain_axis,
    plain_numbers,
)
from breachflow.words import percent

WIDTH: Final = 7.6
HEIGHT: Final = 5.2
"""Inches."""

TICKS: Final = (
    60.0,
    600.0,
    3600.0,
    10800.0,
    21600.0,
    43200.0,
    86400.0,
    259200.0,
    604800.0,
    2592000.0,
    3.1536e7,
)
"""Lengths of a record, s, that an axis may name."""


def write_detection_chart(found: Detection, path: Path) -> None:
    """Write the chart as a picture.

    Raises UsageError where a package is missing or the name is not that of a picture, and ResultError where
    the file cannot be written or is another one.
    """
    write_chart(lambda: draw_detection(found), path)


def draw_detection(found: Detection) -> Drawing:
    """The chart; lines differ in dashes and markers as well as in color, and bear their volume."""
    figure = new_figure(WIDTH, HEIGHT, "Smallest leak that a pressure record shows")
    axes = figure.add_subplot()
    hours = [length / 3600.0 for length in found.lengths]
    for i, (volume, row) in enumerate(zip(found.volumes, found.smallest_kg_per_day, strict=True)):
        (line,) = axes.plot(hours, row, color=COLORS[i % len(COLORS)], marker=MARKERS[i % len(MARKERS)])
        line.set(linestyle=DASHES[i % len(DASHES)])
        axes.annotate(
            f"{volume:.6g} m3", (hours[-1], row[-1]), (7, 0), textcoords="offset points", va="center",
            fontsize=8.0, color=INK, annotation_clip=False,
        )  # fmt: skip
    _label(axes, found)
    note(figure, list(_notes(found)))
    return Drawing("Smallest leak", "Smallest leak that a record shows against its length.", figure)


def _label(axes: Axes, found: Detection) -> None:
    """Axes of kg/day on the left, lb/day on the right, and lengths as people say them below."""
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("length of the record")
    axes.set_ylabel("smallest leak (kg/day)")
    pounds = axes.secondary_yaxis("right", functions=(_in_pounds, _in_kilograms))
    pounds.set_ylabel("lb/day")
    plain_numbers(axes)
    plain_axis(pounds.yaxis, decades_of(axes.yaxis))
    low, high = found.lengths[0], found.lengths[-1]
    axes.set_xlim(low / 4500.0, high / 3600.0 * (high / low) ** 0.16 * 1.25)  # room for the names of lines
    ticks = [tick for tick in TICKS if low / 1.5 <= tick <= high * 1.5] or [low]
    axes.set_xticks([tick / 3600.0 for tick in ticks], [short_time(tick) for tick in ticks])
    if found.leak is not None:
        _mark_leak(axes, found)


def _in_pounds(kilograms: Any) -> Any:
    return kilograms / KILOGRAMS_PER_POUND


def _in_kilograms(pounds: Any) -> Any:
    return pounds * KILOGRAMS_PER_POUND


def _mark_leak(axes: Axes, found: Detection) -> None:
    """The leak that was asked about, as a line across, where all volumes have the same."""
    assert found.leak is not None
    if not math.isclose(min(found.leak), max(found.leak), rel_tol=1e-9):
        return
    level = found.leak[0] * SECONDS_PER_DAY
    axes.axhline(level, color=INK, linewidth=1.0, linestyle=(0, (8, 2, 2, 2)))
    axes.annotate(
        f"{level:.3g} kg/day", (0.01, level), (0, 3), xycoords=axes.get_yaxis_transform(),
        textcoords="offset points", fontsize=8.0, color=INK,
    )  # fmt: skip


def _notes(found: Detection) -> Iterator[str]:
    from breachflow.inference.detect.text import noise_text

    yield f"noise: {noise_text(found)}"
    yield (
        f"missed in {percent(found.miss)} of records; {percent(found.false_alarm)} of records without a leak"
        f" show one; {found.gas} at {found.temperature:.6g} K"
    )
