"""Time until the limit of a cabin by a swept name, such as the compartment that leaks, with its interval."""

from __future__ import annotations

from typing import Final

import numpy as np

from breachflow.report.picture import Drawing
from breachflow.report.style import drawable, new_figure, plain_numbers
from breachflow.report.sweep.cabins import HIGH, LOW, RESERVE, abscissa, reserve_unit
from breachflow.report.sweep.drawing import (
    MOST_LINES,
    add_legend_and_notes,
    line_names,
    scale_axis,
    styles_of,
)
from breachflow.report.sweep.lines import PointLines, lines_along
from breachflow.report.sweep.points import Points

PLACE: Final = 1

APART: Final = 0.6
"""Height over which the points of one name are spread; the distance between names is 1."""


def draw(points: Points) -> Drawing | None:
    """The picture, a row for each name; None of flows, and where a number was swept or no name."""
    if not points.table.is_of_cabins or abscissa(points) is not None or not points.swept:
        return None
    if not np.isfinite(points.numbers(RESERVE)).any():
        return None
    column = max(points.swept, key=lambda name: len(set(points.texts(name))))
    names = list(dict.fromkeys(points.texts(column)))
    places = np.array([float(names.index(name)) for name in points.texts(column)])
    others = [name for name in points.swept if name != column]
    chosen = lines_along(points, column, others, MOST_LINES, places.tolist())
    chosen = chosen._replace(shown=[line._replace(joined=False) for line in chosen.shown])
    unit, count = reserve_unit(points), len(chosen.shown)
    figure = new_figure(9.0, min(1.6 + 0.3 * len(names) * (1 + 0.4 * count), 14.0), points.title, legend=True)
    axes = figure.subplots()
    times, low, high = (unit.shown(points.numbers(name)) for name in (RESERVE, LOW, HIGH))
    for number, (line, style) in enumerate(styles_of(chosen.shown)):
        rows, offset = line.rows, APART * (number - 0.5 * (count - 1)) / count
        bars = np.nan_to_num(np.stack([times - low, high - times]))[:, rows]
        axes.errorbar(
            times[rows], places[rows] + offset, xerr=bars, fmt=style.marker, color=style.color,
            markersize=6.0, capsize=2.5, elinewidth=0.9,
        )  # fmt: skip
    axes.set_yticks(range(len(names)), [drawable(name, 40) for name in names])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlabel(unit.label)
    scale_axis(axes, "x", times)
    plain_numbers(axes)
    add_legend_and_notes(figure, points, chosen, [], _notes(points, chosen))
    by = points.table.label_of(column)
    return Drawing(f"{unit.name[0].upper()}{unit.name[1:]} by {by}", line_names(chosen), figure)


def _notes(points: Points, chosen: PointLines) -> list[str]:
    """A sentence on the points whose limit is not passed."""
    rows = [int(row) for row in chosen.rows if not np.isfinite(points.numbers(RESERVE)[row])]
    never = "; ".join(points.described(row, points.swept) for row in rows)
    return [drawable(f"Not passed before the end: {never}.", 160)] if never else []
