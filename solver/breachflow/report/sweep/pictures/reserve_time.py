"""Time until the limit of a cabin against a swept number, such as the size of a hole, with its interval."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from breachflow.arrays import Floats
from breachflow.report.picture import Drawing
from breachflow.report.style import new_figure, plain_numbers, short
from breachflow.report.sweep.cabins import HIGH, LOW, RESERVE, abscissa, reserve_unit
from breachflow.report.sweep.drawing import (
    MOST_LINES,
    Style,
    add_legend_and_notes,
    line_names,
    scale_axis,
    styles_of,
)
from breachflow.report.sweep.lines import PointLine, PointLines, lines_along
from breachflow.report.sweep.points import Points
from breachflow.units.display import DisplayUnit
from breachflow.words import counted

PLACE: Final = 1


def draw(points: Points) -> Drawing | None:
    """The picture; None of flows, where no number was swept, and where no point passes its limit."""
    along = abscissa(points) if points.table.is_of_cabins else None
    if along is None or not np.isfinite(points.numbers(RESERVE)).any():
        return None
    chosen = lines_along(points, along, [name for name in points.swept if name != along], MOST_LINES)
    unit = reserve_unit(points)
    figure = new_figure(9.0, 5.2, points.title, legend=True)
    axes = figure.subplots()
    for line, style in styles_of(chosen.shown):
        _draw_line(axes, points, along, (line, style), unit)
    axes.set_xlabel(points.unit(along).label)
    axes.set_ylabel(unit.label)
    scale_axis(axes, "x", points.unit(along).shown(points.numbers(along)))
    scale_axis(axes, "y", unit.shown(points.numbers(RESERVE)))
    plain_numbers(axes)
    add_legend_and_notes(figure, points, chosen, [], _notes(points, chosen))
    return Drawing(
        f"{unit.name[0].upper()}{unit.name[1:]} against {points.unit(along).name}",
        _description(points, along, chosen, unit),
        figure,
    )


def _draw_line(
    axes: Axes, points: Points, along: str, styled: tuple[PointLine, Style], unit: DisplayUnit
) -> None:
    """Draw one line of points with bars for their 90 % intervals; gaps where the limit is not passed."""
    line, style = styled
    x = points.unit(along).shown(points.numbers(along)[line.rows])
    y = unit.shown(points.numbers(RESERVE)[line.rows])
    axes.plot(
        x, y, color=style.color, linestyle=style.dash if line.joined else "", linewidth=style.width,
        marker=style.marker, markersize=style.size, markeredgecolor=style.color,
    )  # fmt: skip
    bars = _bars(unit.shown(points.numbers(LOW)[line.rows]), y, unit.shown(points.numbers(HIGH)[line.rows]))
    if bars.any():
        axes.errorbar(x, y, yerr=bars, fmt="none", ecolor=style.color, elinewidth=0.9, capsize=2.5)


def _bars(low: Floats, middle: Floats, high: Floats) -> Floats:
    """(2, n) lengths of the bars below and above; 0 where an end is not known."""
    return np.nan_to_num(np.maximum(np.stack([middle - low, high - middle]), 0.0))


def _notes(points: Points, chosen: PointLines) -> list[str]:
    times = points.numbers(RESERVE)[chosen.rows]
    notes = []
    if np.isfinite(points.numbers(LOW)[chosen.rows]).any():
        notes.append("Bars: 90 % interval of the stated uncertainties.")
    if never := int(np.isnan(times).sum()):
        verb = "does" if never == 1 else "do"
        notes.append(
            f"{counted(never, 'point')} {verb} not pass the limit before the end and {_are(never)} not shown."
        )
    return notes


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _description(points: Points, along: str, chosen: PointLines, unit: DisplayUnit) -> str:
    x = points.unit(along).shown(points.numbers(along)[chosen.rows])
    times = unit.shown(points.numbers(RESERVE)[chosen.rows])
    sizes = f"From {short(x.min())} to {short(x.max())} {points.unit(along).unit}".rstrip()
    low, high = short(float(np.nanmin(times))), short(float(np.nanmax(times)))
    return f"{sizes}, it is between {low} and {high} {unit.unit}. {line_names(chosen)}".rstrip()
