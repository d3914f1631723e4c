"""What several pictures of a sweep draw: computed points, laws along lines, legend and notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from textwrap import fill
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from breachflow.arrays import Floats
from breachflow.report.style import COLORS, DASHES, GREY, GROUND, INK, MARKERS, drawable, note
from breachflow.report.sweep.labels import COEFFICIENT, EXPECTED, law_label
from breachflow.report.sweep.lines import PointLine, PointLines, PointSeries, series_of
from breachflow.report.sweep.measured import measured_beside
from breachflow.report.sweep.points import GROUPS, Points
from breachflow.results.quantities import UNCERTAINTY
from breachflow.words import counted

MOST_NAMED: Final = 3
"""Failed points that the note below a picture names."""

FEW: Final = 3
"""Lines up to which every law is drawn beside each line; with more, the best estimate alone is."""

MEASURED: Final = ("law_perry", "law_ward_smith", "law_mcgreehan_schotsch")
"""Laws fitted to measurements, which are drawn with their uncertainty."""

LAW_DASHES: Final = (
    (0, (5, 2)), (0, (1, 1)), (0, (7, 2, 1, 2)), (0, (2, 2)), (0, (9, 2)), (0, (4, 1, 1, 1, 1, 1)),
    (0, (9, 2, 3, 2)), (0, (1, 3)), (0, (3, 4)),
)  # fmt: skip
LAW_MARKERS: Final = "x+1234|_."
"""A law is drawn as marks instead of a line where its value at one point does not lead to the next."""

SMALLEST: Final = 6.0
THINNEST: Final = 1.3
"""Size of markers and width of lines of the last series drawn, points."""
LARGER: Final = 6.0
THICKER: Final = 3.0
"""How much larger and thicker those of the first of many series are."""

UNCROWDED: Final = 15
"""Points of a line above which markers are smaller, and have bars at every second point or fewer."""

LEGEND_WIDTH: Final = 34
"""Characters of a line of the legend."""


class Style(NamedTuple):
    """The look of one line."""

    color: str
    marker: str
    dash: Any
    size: float = SMALLEST
    """Of the markers, points."""
    width: float = THINNEST
    """Of the line, points."""


MOST_LINES: Final = len(COLORS)
"""Lines that a picture shows."""


def styles_of(lines: Sequence[PointLine]) -> list[tuple[PointLine, Style]]:
    """The lines with looks that all differ, in color and in grey; `lines` has at most `MOST_LINES`.

    Markers and lines are the larger the earlier they are drawn: of series that coincide all remain visible.
    """
    looks = zip(COLORS, MARKERS, DASHES, strict=True)
    above = np.arange(len(lines))[::-1] / max(len(lines) - 1, 2)
    crowd = min(1.0, (UNCROWDED / max((len(line.rows) for line in lines), default=1)) ** 0.5)
    sizes, widths = crowd * (SMALLEST + LARGER * above), THINNEST + crowd * THICKER * above
    return [
        (line, Style(*look, size, width))
        for line, look, size, width in zip(lines, looks, sizes.tolist(), widths.tolist(), strict=False)
    ]


class ClosedFormCurve(NamedTuple):
    """A law along a line of points, each array of shape (n,)."""

    column: str
    x: Floats
    y: Floats
    uncertainty: Floats
    is_marks: bool
    """Whether it is drawn as marks instead of a line."""


def draw_computed(axes: Axes, series: PointSeries, style: Style, *, joined: bool) -> None:
    """Draw points with their mesh uncertainty, hollow where the run did not converge.

    Of many points some have a bar, and none a light edge: edges would cover what lies below.
    """
    if joined:
        axes.plot(series.x, series.y, color=style.color, linestyle=style.dash, linewidth=style.width)
    every = max(-(-len(series.x) // UNCROWDED), 1)
    uncertainty = series.uncertainty if series.uncertainty.any() else None
    bars: dict[str, Any] = {"ecolor": style.color, "elinewidth": 0.8, "capsize": 0.45 * style.size}
    axes.errorbar(series.x, series.y, yerr=uncertainty, fmt="none", errorevery=every, **bars)
    for converged, face in ((True, style.color), (False, GROUND)):
        chosen = series.converged == converged
        edge = GROUND if converged and every == 1 else style.color
        looks: dict[str, Any] = {"color": style.color, "markerfacecolor": face, "markeredgecolor": edge}
        axes.plot(series.x[chosen], series.y[chosen], style.marker, markersize=style.size, zorder=3, **looks)


def color_cloud(figure: Figure, axes: Axes, points: Points, along: str, chosen: PointLines) -> None:
    """Color a cloud of points by the first group that differs, other than the abscissa."""
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
    """Draw the laws beside each line of points; return their entries of the legend."""
    columns = [name for name in columns if points.has(name)]
    columns = columns if len(chosen.shown) <= FEW else [name for name in columns if name == EXPECTED]
    looks = dict(zip(columns, cycle(zip(LAW_DASHES, LAW_MARKERS, strict=True)), strict=False))
    entries = {}
    for line, style in styles_of(chosen.shown):
        for number, curve in enumerate(_curves(points, along, line, list(looks))):
            color = style.color if len(chosen.shown) > 1 else COLORS[1 + number % (len(COLORS) - 1)]
            dash, marker = ("", looks[curve.column][1]) if curve.is_marks else (looks[curve.column][0], "")
            _draw_curve(axes, curve, Style(color, marker, dash))
            shown = GREY if len(chosen.shown) > 1 else color
            entries[curve.column] = legend_entry(law_label(curve.column), shown, dash, marker)
    return [entries[column] for column in looks if column in entries]


def _curves(points: Points, along: str, line: PointLine, columns: list[str]) -> list[ClosedFormCurve]:
    """The laws that hold along a line; the best estimate only where it differs from all of them."""
    if not line.joined:
        return []
    found = []
    for name in columns:
        series = series_of(points, along, name, line)
        known = np.isfinite(series.y)
        is_line = along == points.size or points.share_size_and_cabin(line.rows[known])
        if known.any():
            is_marks = known.sum() == 1 or not is_line
            values = series.x[known], series.y[known], series.uncertainty[known]
            found.append(ClosedFormCurve(name, *values, is_marks))
    return [curve for curve in found if curve.column != EXPECTED or not _is_repeated(curve, found)]


def _is_repeated(curve: ClosedFormCurve, others: list[ClosedFormCurve]) -> bool:
    same = (other for other in others if other is not curve and len(other.y) == len(curve.y))
    return any(np.allclose(other.y, curve.y, rtol=1e-6) for other in same)


def _draw_curve(axes: Axes, curve: ClosedFormCurve, style: Style) -> None:
    shown: dict[str, Any] = {"color": style.color, "linestyle": style.dash, "marker": style.marker}
    shown["markersize"] = SMALLEST * min(1.0, (UNCROWDED / len(curve.x)) ** 0.5)
    axes.plot(curve.x, curve.y, linewidth=0.9, zorder=1.8, **shown)
    if curve.column in MEASURED and not curve.is_marks:
        low, high = curve.y - curve.uncertainty, curve.y + curve.uncertainty
        axes.fill_between(curve.x, low, high, color=style.color, alpha=0.12, linewidth=0.0)


BESIDE: Final = 0.2
"""Distance of a measurement from the computed points of its gas; gases are 1 apart."""

MEASURED_LOOKS: Final[dict[str, Any]] = {
    "fmt": "p", "markersize": 7.0, "zorder": 3.5, "color": INK, "markerfacecolor": "none",
    "elinewidth": 0.8, "capsize": 3.0,
}  # fmt: skip
"""Looks of measured data: hollow pentagons with their uncertainties."""


def draw_measured(axes: Axes, points: Points, along: str, column: str, factor: float = 1.0) -> list[Line2D]:
    """Draw measured data with their uncertainties; return their entry of the legend, if there are any.

    `factor` turns the column from SI into the unit of the axis.
    """
    measured = measured_beside(points)
    if measured is None:
        return []
    x, y = points.unit(along).shown(measured.numbers(along)), factor * measured.numbers(column)
    if not np.isfinite(x + y).any():
        return []
    spread = factor * np.nan_to_num(measured.numbers(f"{column}{UNCERTAINTY}"))
    axes.errorbar(x, y, spread, **MEASURED_LOOKS)
    return [_measured_entry()]


def draw_measured_by_gas(axes: Axes, points: Points, places: Mapping[str, float]) -> list[Line2D]:
    """Draw measured coefficients from left to right at the place of their gas; return their legend entry."""
    measured = measured_beside(points)
    if measured is None or not measured.data.gases:
        return []
    x = measured.numbers(COEFFICIENT)
    y = np.array([places.get(gas, np.nan) + BESIDE for gas in measured.data.gases])
    if not np.isfinite(x + y).any():
        return []
    axes.errorbar(x, y, xerr=np.nan_to_num(measured.numbers(f"{COEFFICIENT}{UNCERTAINTY}")), **MEASURED_LOOKS)
    return [_measured_entry()]


def _measured_entry() -> Line2D:
    entry = legend_entry("measured", INK, "", "p")
    entry.set_markerfacecolor("none")
    return entry


WIDE: Final = 4.0
"""Largest over smallest number above which an axis is logarithmic."""


def scale_axis(axes: Axes, which: Literal["x", "y"], values: Floats) -> None:
    """Make an axis logarithmic where its numbers, which are above 0, differ much; else let it begin at 0."""
    known = values[np.isfinite(values)]
    if len(known) and known.min() > 0.0 and known.max() > WIDE * known.min():
        axes.set(**{f"{which}scale": "log"})
    elif which == "y":
        axes.set_ylim(bottom=0.0)


def add_legend_and_notes(
    figure: Figure, points: Points, chosen: PointLines, entries: list[Line2D], notes: Sequence[str] = ()
) -> None:
    """Add the legend: lines of points, then `entries`; and notes, also on lines and points not shown."""
    computed = [
        legend_entry(line.label, style.color, style.dash if line.joined else "", style.marker)
        for line, style in styles_of(chosen.shown)
    ]
    handles = [*computed, *entries, *_hollow_entry(points, chosen)]
    if len(handles) > 1:
        figure.legend(handles=handles, loc="outside right upper", labelspacing=0.7)
    left_out = f"{chosen.left_out} more lines are left out: see the table." if chosen.left_out else ""
    note(figure, [*notes, *filter(None, [left_out]), *failure_notes(points)])


def _hollow_entry(points: Points, chosen: PointLines) -> list[Line2D]:
    """The legend's entry for points that did not converge, where there are any."""
    if points.converged[chosen.rows].all():
        return []
    entry = legend_entry("not converged", GREY, "", "o")
    entry.set_markerfacecolor(GROUND)
    return [entry]


def legend_entry(label: str, color: str, dash: Any, marker: str = "") -> Line2D:
    """An entry of the legend."""
    text = fill(drawable(label), LEGEND_WIDTH)
    return Line2D([], [], color=color, linestyle=dash, marker=marker, linewidth=1.1, label=text)


def failure_notes(points: Points) -> list[str]:
    """A sentence on the points that failed, if any did."""
    failed = points.failed
    if not failed:
        return []
    named = "; ".join(points.described(row, points.swept) for row in failed[:MOST_NAMED])
    more = f"; and {len(failed) - MOST_NAMED} more" if len(failed) > MOST_NAMED else ""
    verb = "is" if len(failed) == 1 else "are"
    return [drawable(f"{counted(len(failed), 'point')} failed and {verb} not shown: {named}{more}.", 160)]


def line_names(chosen: PointLines) -> str:
    """A sentence that names the lines, where there are several."""
    labels = "; ".join(drawable(line.label) for line in chosen.shown)
    return f"Lines: {labels}." if len(chosen.shown) > 1 else ""
