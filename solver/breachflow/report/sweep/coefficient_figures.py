"""The pictures of the coefficient: against the pressure outside, the thickness of the wall, by gas."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from breachflow.report.style import GREY, Picture, drawable, new_figure, picture, plain_numbers, short
from breachflow.report.sweep.lines import (
    COEFFICIENT,
    COEFFICIENT_LABEL,
    FEW,
    STYLES,
    color_cloud,
    draw_computed,
    draw_laws,
    dress,
    hollow,
    line_words,
    named_line,
    series_of,
)
from breachflow.report.sweep.points import (
    EXPECTED,
    GAMMA,
    PointLines,
    Points,
    law_curve,
    law_title,
    lines_along,
)

WIDE: Final = 30.0
"""Largest thickness over the smallest beyond which the axis is logarithmic."""

BESIDE: Final = 0.08
"""Distance between points of one gas; gases are 1 apart."""

CURVE: Final = 81
"""Points of the curve of the fitted law."""


def pressure_picture(points: Points) -> Picture | None:
    """The coefficient against the pressure outside, beside the closed forms and the fitted law."""
    return _coefficient_picture(points, "pressure_ratio", "pressure")


def thickness_picture(points: Points) -> Picture | None:
    """The same against the thickness of the wall."""
    return _coefficient_picture(points, "thickness_ratio", "thickness")


def _coefficient_picture(points: Points, along: str, name: str) -> Picture | None:
    if not points.varies(along):
        return None
    chosen = lines_along(points, along, points.beside_groups(along), len(STYLES))
    figure = new_figure(9.0, 4.6, points.title)
    axes = figure.subplots()
    fitted = _draw_fitted(axes, points, along, chosen)
    marked = _without_lines(chosen, fitted)
    for line, style in zip(marked.shown, STYLES, strict=False):
        draw_computed(axes, series_of(points, along, COEFFICIENT, line), style, joined=line.joined)
    color_cloud(figure, axes, points, along, chosen)
    named = draw_laws(axes, points, along, chosen, points.laws)
    if any(fitted):
        band = ", with its error band" if len(fitted) <= FEW else ""
        named.append(named_line(f"law fitted to the table{band}", GREY, "-"))
    axes.set_xlabel(points.unit(along).label)
    axes.set_ylabel(COEFFICIENT_LABEL)
    _scale_thickness(axes, points, along)
    dress(figure, points, marked, [*named, *hollow(points, chosen)])
    title = f"Discharge coefficient against {_SPOKEN[along]}"
    return picture(name, title, _coefficient_words(points, along, chosen), figure)


_SPOKEN: Final = {"pressure_ratio": "pressure ratio", "thickness_ratio": "wall thickness"}


def _scale_thickness(axes: Axes, points: Points, along: str) -> None:
    """Thin walls and thick ones in one picture."""
    values = points.numbers(along)[points.computed]
    above = values[values > 0.0]
    if along == "thickness_ratio" and len(above) and above.max() > WIDE * above.min():
        axes.set_xscale("symlog", linthresh=float(above.min()))
        plain_numbers(axes)


def _draw_fitted(axes: Axes, points: Points, along: str, chosen: PointLines) -> list[bool]:
    """The fitted law along each line, where it holds, with its band unless there are too many."""
    drawn = []
    for line, style in zip(chosen.shown, STYLES, strict=False):
        x = points.numbers(along)[line.rows]
        inner = np.linspace(x.min(), x.max(), CURVE) if line.joined else x[:0]
        curve = law_curve(points, along, int(line.rows[0]), inner)
        drawn.append(curve is not None)
        if curve is not None:
            axes.plot(curve.x, curve.value, color=style.color, linewidth=1.2)
        if curve is not None and len(chosen.shown) <= FEW:
            low, high = curve.value - curve.uncertainty, curve.value + curve.uncertainty
            axes.fill_between(curve.x, low, high, facecolor=style.color, alpha=0.15, linewidth=0.0)
            axes.plot(curve.x, low, curve.x, high, color=style.color, linestyle=(0, (1, 2)), linewidth=0.7)
    return drawn


def _without_lines(chosen: PointLines, fitted: list[bool]) -> PointLines:
    """The points of lines that follow the fitted law are not joined otherwise."""
    shown = zip(chosen.shown, fitted, strict=True)
    return chosen._replace(shown=[line._replace(joined=line.joined and not law) for line, law in shown])


def _coefficient_words(points: Points, along: str, chosen: PointLines) -> str:
    rows = np.concatenate([line.rows for line in chosen.shown])
    x, y = points.numbers(along)[rows], points.numbers(COEFFICIENT)[rows]
    unit = points.unit(along)
    return (
        f"Over {unit.name} from {short(x.min())} to {short(x.max())}, it lies between {y.min():.3f} and "
        f"{y.max():.3f}. {line_words(chosen)}"
    ).rstrip()


def gas_picture(points: Points) -> Picture | None:
    """The coefficient by gas, in the order of gamma."""
    if not (points.varies("gas") or points.varies("heat_capacity_ratio")):
        return None
    gases, places = _gases(points)
    by = [name for name in points.beside_groups("heat_capacity_ratio") if not _is_of_gas(points, name)]
    chosen = lines_along(points, "gas", by, len(STYLES), places.tolist())
    chosen = chosen._replace(shown=[line._replace(joined=False) for line in chosen.shown])
    figure = new_figure(9.0, 4.4, points.title)
    axes = figure.subplots()
    for number, (line, style) in enumerate(zip(chosen.shown, STYLES, strict=False)):
        x = places[line.rows] + BESIDE * (number - 0.5 * (len(chosen.shown) - 1))
        series = series_of(points, COEFFICIENT, COEFFICIENT, line)
        draw_computed(axes, series._replace(x=x), style, joined=False)
        axes.plot(x, points.numbers(EXPECTED)[line.rows], "_", color=style.color, markersize=12)
    axes.set_xticks(range(len(gases)), gases)
    axes.set_xlim(-0.5, len(gases) - 0.5)
    axes.set_ylabel(COEFFICIENT_LABEL)
    dash = Line2D([], [], color=GREY, marker="_", linestyle="", markersize=12, label=law_title(EXPECTED))
    dress(figure, points, chosen, [dash, *hollow(points, chosen)])
    words = f"{', '.join(gas.replace(chr(10), ' ') for gas in gases)}. {line_words(chosen)}".rstrip()
    return picture("gas", "Discharge coefficient by gas", words, figure)


def _gases(points: Points) -> tuple[list[str], NDArray[np.float64]]:
    """Each gas of the points in the order of gamma, as it is written, and the place of each point's."""
    gammas = points.values("heat_capacity_ratio")
    known = list(zip(gammas, points.texts("gas"), strict=True))
    gases = sorted({gas for gas, computed in zip(known, points.computed, strict=True) if computed})
    places = [float(gases.index(gas)) if gas in gases else np.nan for gas in known]
    names = [
        f"{drawable(name.replace('_', ' '), 24)}\n{GAMMA} = {gamma:.4g}".strip() for gamma, name in gases
    ]
    return names, np.array(places)


def _is_of_gas(points: Points, name: str) -> bool:
    """Whether a column tells no more than which gas it is."""
    return points.keys.get(name, "").startswith("gas")
