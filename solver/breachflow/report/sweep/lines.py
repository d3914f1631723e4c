"""Lines of points and closed forms beside them, as all pictures of a sweep draw them."""

from __future__ import annotations

from itertools import cycle
from textwrap import fill
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from breachflow.report.style import COLORS, DASHES, GREY, MARKERS, drawable, note
from breachflow.report.sweep.points import EXPECTED, GROUPS, PointLine, PointLines, Points, law_title

MOST_NAMED: Final = 3
"""Failed points that are named under a picture."""

FEW: Final = 3
"""Lines up to which every closed form is drawn beside each, and not the best estimate alone."""

MEASURED: Final = ("law_perry", "law_ward_smith", "law_mcgreehan_schotsch")
"""Closed forms that stand for measurements: drawn with their uncertainty."""

LAW_DASHES: Final = (
    (0, (5, 2)), (0, (1, 1)), (0, (7, 2, 1, 2)), (0, (2, 2)), (0, (9, 2)), (0, (4, 1, 1, 1, 1, 1)),
    (0, (9, 2, 3, 2)), (0, (1, 3)), (0, (3, 4)),
)  # fmt: skip
LAW_MARKERS: Final = "x+1234|_."
"""Where the points of a line differ in more than what the axis shows, a closed form is marks, not a line."""

COEFFICIENT: Final = "discharge_coefficient"
COEFFICIENT_LABEL: Final = "discharge coefficient"


class Style(NamedTuple):
    """How one line looks: no two look alike, in color or in grey."""

    color: str
    marker: str
    dash: Any


STYLES: Final = tuple(Style(*style) for style in zip(COLORS, MARKERS, DASHES, strict=True))


class ClosedFormCurve(NamedTuple):
    """A closed form along a line of points."""

    column: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    spread: NDArray[np.float64]
    is_marks: bool
    """Whether one value does not lead to the next."""


class PointSeries(NamedTuple):
    """One line of points as numbers."""

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    spread: NDArray[np.float64]
    converged: NDArray[np.bool_]


def series_of(points: Points, along: str, name: str, line: PointLine) -> PointSeries:
    """A column along a line, with the uncertainty that the table has for it."""
    x = points.unit(along).factor * points.numbers(along)[line.rows]
    spread = np.nan_to_num(points.numbers(f"{name}_uncertainty")[line.rows])
    return PointSeries(x, points.numbers(name)[line.rows], spread, points.converged[line.rows])


def draw_computed(axes: Axes, series: PointSeries, style: Style, *, joined: bool) -> None:
    """Points with the uncertainty of the mesh, hollow where the run did not converge."""
    if joined:
        axes.plot(series.x, series.y, color=style.color, linestyle=style.dash, linewidth=1.3)
    spread = series.spread if series.spread.any() else None
    bars: dict[str, Any] = {"fmt": "none", "ecolor": style.color, "elinewidth": 0.8, "capsize": 2.0}
    axes.errorbar(series.x, series.y, yerr=spread, **bars)
    for good, face in ((True, style.color), (False, "white")):
        chosen = series.converged == good
        looks: dict[str, Any] = {"color": style.color, "markerfacecolor": face, "zorder": 3}
        axes.plot(series.x[chosen], series.y[chosen], style.marker, **looks)


def color_cloud(figure: Figure, axes: Axes, points: Points, along: str, chosen: PointLines) -> None:
    """Points that are no lines are told apart by what matters most after the axis itself."""
    other = next((name for name in GROUPS if name != along and points.varies(name)), None)
    if other is None or chosen.shown[0].joined:
        return
    rows = chosen.shown[0].rows
    line = chosen.shown[0]._replace(rows=rows[points.converged[rows]])
    series, values = series_of(points, along, COEFFICIENT, line), points.numbers(other)[line.rows]
    looks: dict[str, Any] = {"cmap": "viridis", "s": 30, "edgecolors": "black", "linewidths": 0.5}
    dots = axes.scatter(series.x, series.y, c=values, zorder=4, **looks)
    figure.colorbar(dots, ax=axes, label=points.unit(other).label, pad=0.02)


def draw_laws(axes: Axes, points: Points, along: str, chosen: PointLines, columns: list[str]) -> list[Line2D]:
    """The closed forms beside each line of points; their names for the legend."""
    columns = [name for name in columns if points.has(name)]
    columns = columns if len(chosen.shown) <= FEW else [name for name in columns if name == EXPECTED]
    looks = dict(zip(columns, cycle(zip(LAW_DASHES, LAW_MARKERS, strict=True)), strict=False))
    named = {}
    for line, style in zip(chosen.shown, STYLES, strict=False):
        for number, curve in enumerate(_curves(points, along, line, list(looks))):
            color = style.color if len(chosen.shown) > 1 else COLORS[1 + number % (len(COLORS) - 1)]
            dash, marker = ("", looks[curve.column][1]) if curve.is_marks else (looks[curve.column][0], "")
            _draw_curve(axes, curve, Style(color, marker, dash))
            shown = GREY if len(chosen.shown) > 1 else color
            named[curve.column] = named_line(law_title(curve.column), shown, dash, marker)
    return [named[column] for column in looks if column in named]


def _curves(points: Points, along: str, line: PointLine, columns: list[str]) -> list[ClosedFormCurve]:
    """The closed forms that hold on a line; the best estimate not where it is one of the others."""
    if not line.joined:
        return []
    found = []
    for name in columns:
        series = series_of(points, along, name, line)
        known = np.isfinite(series.y)
        is_line = along == points.size or points.alike(line.rows[known])
        if known.any():
            is_marks = known.sum() == 1 or not is_line
            found.append(
                ClosedFormCurve(name, series.x[known], series.y[known], series.spread[known], is_marks)
            )
    return [curve for curve in found if curve.column != EXPECTED or not _is_repeated(curve, found)]


def _is_repeated(curve: ClosedFormCurve, others: list[ClosedFormCurve]) -> bool:
    same = (other for other in others if other is not curve and len(other.y) == len(curve.y))
    return any(np.allclose(other.y, curve.y, rtol=1e-6) for other in same)


def _draw_curve(axes: Axes, curve: ClosedFormCurve, style: Style) -> None:
    shown: dict[str, Any] = {"color": style.color, "linestyle": style.dash, "marker": style.marker}
    axes.plot(curve.x, curve.y, linewidth=0.9, zorder=1.8, **shown)
    if curve.column in MEASURED and not curve.is_marks:
        low, high = curve.y - curve.spread, curve.y + curve.spread
        axes.fill_between(curve.x, low, high, color=style.color, alpha=0.12, linewidth=0.0)


def dress(figure: Figure, points: Points, chosen: PointLines, named: list[Line2D]) -> None:
    """The legend beside the picture, and what is not in it below."""
    computed = [
        named_line(line.label, style.color, style.dash if line.joined else "", style.marker)
        for line, style in zip(chosen.shown, STYLES, strict=False)
    ]
    handles = [*computed, *named]
    if len(handles) > 1:
        figure.legend(handles=handles, loc="outside right upper", labelspacing=0.7)
    left_out = f"{chosen.left_out} more lines are left out: see the table." if chosen.left_out else ""
    note(figure, [*filter(None, [left_out]), *failures(points)])


def hollow(points: Points, chosen: PointLines) -> list[Line2D]:
    """The sign for points that are not converged, where there are any."""
    if all(points.converged[line.rows].all() for line in chosen.shown):
        return []
    sign = named_line("not converged", GREY, "", "o")
    sign.set_markerfacecolor("white")
    return [sign]


def named_line(label: str, color: str, dash: Any, marker: str = "") -> Line2D:
    """An entry of the legend."""
    return Line2D([], [], color=color, linestyle=dash, marker=marker, linewidth=1.1, label=_wrapped(label))


def _wrapped(label: str) -> str:
    return fill(drawable(label), 34)


def failures(points: Points) -> list[str]:
    """A sentence on the points that failed, if any did."""
    failed = points.failed
    if not failed:
        return []
    named = "; ".join(points.told(row, points.swept) for row in failed[:MOST_NAMED])
    more = f"; and {len(failed) - MOST_NAMED} more" if len(failed) > MOST_NAMED else ""
    points_are = "1 point failed and is" if len(failed) == 1 else f"{len(failed)} points failed and are"
    return [drawable(f"{points_are} not shown: {named}{more}.", 160)]


def line_words(chosen: PointLines) -> str:
    """What the lines are, for a reader who cannot see them."""
    labels = "; ".join(drawable(line.label) for line in chosen.shown)
    return f"Lines: {labels}." if len(chosen.shown) > 1 else ""
