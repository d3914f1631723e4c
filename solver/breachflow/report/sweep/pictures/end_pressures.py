"""Pressure in each compartment of a cabin at the end against a swept number, such as the size of a hole."""

from __future__ import annotations

from typing import Final

import numpy as np

from breachflow.report.picture import Drawing
from breachflow.report.style import drawable, new_figure, plain_numbers, short
from breachflow.report.sweep.cabins import abscissa, rooms
from breachflow.report.sweep.drawing import (
    MOST_LINES,
    add_legend_and_notes,
    line_names,
    scale_axis,
    styles_of,
)
from breachflow.report.sweep.lines import lines_along
from breachflow.report.sweep.points import Points
from breachflow.units.display import in_mmhg

PLACE: Final = 2

MOST_PANELS: Final = 4


def draw(points: Points) -> Drawing | None:
    """The picture, a panel for each compartment whose pressure differs; None of flows and of none such."""
    along = abscissa(points) if points.table.is_of_cabins else None
    changing = {column: room for column, room in rooms(points).items() if points.varies(column)}
    panels = list(changing.items())[:MOST_PANELS]
    if along is None or not panels:
        return None
    chosen = lines_along(points, along, [name for name in points.swept if name != along], MOST_LINES)
    figure = new_figure(9.0, 1.4 + 2.3 * len(panels), points.title, legend=True)
    found = figure.subplots(len(panels), sharex=True, squeeze=False)[:, 0]
    unit = points.unit(along)
    for axes, (column, room) in zip(found, panels, strict=True):
        shown = in_mmhg(drawable(room, 24))
        for line, style in styles_of(chosen.shown):
            axes.plot(
                unit.shown(points.numbers(along)[line.rows]), shown.shown(points.numbers(column)[line.rows]),
                color=style.color, linestyle=style.dash if line.joined else "", linewidth=style.width,
                marker=style.marker, markersize=style.size,
            )  # fmt: skip
        axes.set_ylabel(shown.label)
    scale_axis(found[-1], "x", unit.shown(points.numbers(along)))
    found[-1].set_xlabel(unit.label)
    plain_numbers(found[-1])
    left_out = len(changing) - len(panels)
    more = [f"{left_out} more compartments are left out: see the table."] if left_out else []
    add_legend_and_notes(figure, points, chosen, [], more)
    ends = [f"{room} {_range(points, column, room)}" for column, room in panels]
    text = f"At the end of the march: {'; '.join(ends)}. {line_names(chosen)}".rstrip()
    return Drawing(f"Pressures at the end against {unit.name}", text, figure)


def _range(points: Points, column: str, room: str) -> str:
    unit = in_mmhg(room)
    values = unit.shown(points.numbers(column)[points.computed])
    return f"{short(float(np.nanmin(values)))} to {short(float(np.nanmax(values)))} {unit.unit}"
