"""The discharge coefficient against one of the groups: pressure ratio or wall thickness."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes

from breachflow.arrays import Floats
from breachflow.constants import SECONDS_PER_DAY
from breachflow.report.picture import Drawing
from breachflow.report.style import GREY, new_figure, plain_numbers, short
from breachflow.report.sweep.drawing import (
    FEW,
    MOST_LINES,
    add_legend_and_notes,
    color_cloud,
    draw_computed,
    draw_laws,
    draw_measured,
    legend_entry,
    line_names,
    styles_of,
)
from breachflow.report.sweep.labels import COEFFICIENT, COEFFICIENT_LABEL
from breachflow.report.sweep.lines import PointLines, law_curve, lines_along, series_of
from breachflow.report.sweep.points import RAREFACTION, Points

WIDE: Final = 30.0
"""Largest over smallest thickness above which the axis is logarithmic."""

SAME_FLOW: Final = 1e-9
"""Relative difference of ideal mass flows that rounding makes."""

CURVE: Final = 81
"""Points of the curve of the fitted law."""


def coefficient_drawing(points: Points, along: str, spoken: str) -> Drawing | None:
    """The coefficient against the group `along`; None where the group has one value."""
    if not points.varies(along):
        return None
    chosen = lines_along(points, along, points.distinguishing(along), MOST_LINES)
    figure = new_figure(9.0, 4.6, points.title, legend=True)
    axes = figure.subplots()
    fitted = _draw_fitted_law(axes, points, along, chosen)
    marked = _joined_by_law(chosen, fitted)
    for line, style in styles_of(marked.shown):
        draw_computed(axes, series_of(points, along, COEFFICIENT, line), style, joined=line.joined)
    color_cloud(figure, axes, points, along, chosen)
    entries = draw_laws(axes, points, along, chosen, points.laws)
    if any(fitted):
        band = ", with its error band" if len(fitted) <= FEW else ""
        entries.append(legend_entry(f"law fitted to the table{band}", GREY, "-"))
    entries += draw_measured(axes, points, along, COEFFICIENT)
    axes.set_xlabel(points.unit(along).label)
    axes.set_ylabel(COEFFICIENT_LABEL)
    _scale(axes, points, along)
    _add_swept_axis(axes, points, along)
    _add_flow_axis(axes, points)
    add_legend_and_notes(figure, points, marked, entries)
    return Drawing(f"Discharge coefficient against {spoken}", _description(points, along, chosen), figure)


def _scale(axes: Axes, points: Points, along: str) -> None:
    """Make the axis logarithmic along the rarefaction, and where thin and thick walls are in one picture."""
    above = _above_zero(points, along)
    if _is_logarithmic(points, along):
        axes.set_xscale("log")
        plain_numbers(axes)
    elif _is_wide(points, along):
        axes.set_xscale("symlog", linthresh=float(above.min()))
        plain_numbers(axes)
        axes.set_xticks([tick for tick in axes.get_xticks() if tick == 0.0 or tick > above.min()])


def _above_zero(points: Points, along: str) -> Floats:
    """(n,) the values of the group above zero."""
    values = points.numbers(along)[points.computed]
    return np.asarray(values[values > 0.0])


def _is_wide(points: Points, along: str) -> bool:
    """Whether thin and thick walls are in one picture."""
    above = _above_zero(points, along)
    return along == "thickness_ratio" and len(above) > 0 and bool(above.max() > WIDE * above.min())


def _is_logarithmic(points: Points, along: str) -> bool:
    """Whether the axis is logarithmic; with a knife edge it is linear near zero."""
    has_zero = len(_above_zero(points, along)) < points.computed.sum()
    return along == RAREFACTION or (_is_wide(points, along) and not has_zero)


def _add_swept_axis(axes: Axes, points: Points, along: str) -> None:
    """Add the swept quantity in the unit of the case, where the group is this quantity over a fixed one."""
    behind = points.behind(along)
    if behind is None or axes.get_xscale() != "linear":
        return
    unit, divisor = points.unit(behind.column), behind.divisor
    functions = (lambda x: unit.shown(x * divisor), lambda x: (x / unit.factor + unit.zero) / divisor)
    axes.secondary_xaxis("top", functions=functions).set_xlabel(unit.label)


def _add_flow_axis(axes: Axes, points: Points) -> None:
    """Add the mass flow of a day, where all points have one ideal mass flow."""
    ideal = points.numbers("ideal_mass_flow")[points.computed]
    if not len(ideal) or np.ptp(ideal) > SAME_FLOW * ideal[0]:
        return
    daily = SECONDS_PER_DAY * float(ideal[0])

    def in_kilograms(coefficient: Any) -> Any:
        return daily * coefficient

    def as_coefficient(kilograms: Any) -> Any:
        return kilograms / daily

    right = axes.secondary_yaxis("right", functions=(in_kilograms, as_coefficient))
    right.set_ylabel(f"mass flow (kg/day{points.per})")


def _draw_fitted_law(axes: Axes, points: Points, along: str, chosen: PointLines) -> list[bool]:
    """Draw the fitted law along each line, with its uncertainty on few lines; return where it was drawn."""
    drawn = []
    for line, style in styles_of(chosen.shown):
        x = points.numbers(along)[line.rows]
        spaced = np.geomspace if _is_logarithmic(points, along) else np.linspace
        inner = spaced(x.min(), x.max(), CURVE) if line.joined else x[:0]
        curve = law_curve(points, along, int(line.rows[0]), inner)
        drawn.append(curve is not None)
        if curve is not None:
            axes.plot(curve.x, curve.value, color=style.color, linewidth=1.2)
        if curve is not None and len(chosen.shown) <= FEW:
            low, high = curve.value - curve.uncertainty, curve.value + curve.uncertainty
            axes.fill_between(curve.x, low, high, facecolor=style.color, alpha=0.15, linewidth=0.0)
            axes.plot(curve.x, low, curve.x, high, color=style.color, linestyle=(0, (1, 2)), linewidth=0.7)
    return drawn


def _joined_by_law(chosen: PointLines, fitted: list[bool]) -> PointLines:
    """The lines, of which those along which the fitted law is drawn are not joined otherwise."""
    shown = zip(chosen.shown, fitted, strict=True)
    return chosen._replace(shown=[line._replace(joined=line.joined and not law) for line, law in shown])


def _description(points: Points, along: str, chosen: PointLines) -> str:
    x, y = points.numbers(along)[chosen.rows], points.numbers(COEFFICIENT)[chosen.rows]
    return (
        f"Over {points.unit(along).name} from {short(x.min())} to {short(x.max())}, it lies between "
        f"{y.min():.3f} and {y.max():.3f}. {line_names(chosen)}"
    ).rstrip()
