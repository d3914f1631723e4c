"""Discharge coefficient on each mesh of a run, with the extrapolation and the closed forms."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from breachflow.arrays import Floats
from breachflow.errors import ResultError
from breachflow.report.picture import Drawing
from breachflow.report.result.facts import facts_of, is_done
from breachflow.report.style import BAND, COLORS, DASHES, GREY, new_figure, note
from breachflow.results import Result
from breachflow.results.quantities import EXPECTED, UNCERTAINTY
from breachflow.words import plus_minus

PLACE: Final = 3

NAME: Final = "discharge_coefficient"

CURVE: Final = 61
"""Points of the curve of the extrapolation."""


class MeshSeries(NamedTuple):
    """The coefficients of a run on its meshes."""

    values: Floats
    """(n_meshes,) from the coarsest mesh to the finest."""
    spacings: Floats
    """(n_meshes,) over that of the finest mesh."""
    uncertainty: float
    """Of the last value; nan where it is not estimated."""
    extrapolated: float
    """On an infinitely fine mesh; nan where it is not estimated."""
    order: float
    """Observed order of accuracy; nan where it is not estimated."""

    def curve(self) -> tuple[Floats, Floats]:
        """Spacings and coefficients, (CURVE,) each, along a power of the spacing: the observed order."""
        x = np.linspace(0.0, self.spacings[-3], CURVE)
        return x, self.extrapolated + (self.values[-1] - self.extrapolated) * x**self.order


def draw(result: Result) -> Drawing | None:
    """The picture; None where the run had one mesh, or where nothing tells the spacings of its own meshes."""
    series = mesh_series(result)
    if series is None:
        return None
    figure = new_figure(9.0, 4.0, str(result.provenance.get("title", "")), facts_of(result), legend=True)
    axes = figure.subplots()
    _draw_expected(axes, result)
    _draw_series(axes, series)
    axes.set_xlabel("spacing of the mesh over that of the finest; 0: infinitely fine")
    axes.set_ylabel("discharge coefficient")
    axes.set_xticks([0.0, *series.spacings], ["0", *(f"{spacing:.3g}" for spacing in series.spacings)])
    figure.legend(loc="outside right upper", labelspacing=0.7)
    note(figure, [_explanation(series)])
    return Drawing("Discharge coefficient and mesh", _description(series), figure)


def mesh_series(result: Result) -> MeshSeries | None:
    """The last coefficient on each mesh; None for fewer than two, or for a run that is not done."""
    history = result.history
    if not {"level", NAME} <= set(history) or not is_done(result):
        return None
    levels, values = history["level"].values, np.asarray(history[NAME].values, dtype=np.float64)
    values = values[[*np.flatnonzero(np.diff(levels)), len(levels) - 1]]
    told = [
        _number(result, key) for key in (f"{NAME}{UNCERTAINTY}", f"{NAME}_extrapolated", "observed_order")
    ]
    extrapolated, order = told[1:]
    if _are_halved(result):
        spacings = 2.0 ** np.arange(len(values))[::-1]
    else:
        values = values[-3:]
        spacings = ((values - extrapolated) / (values[-1] - extrapolated)) ** (1.0 / order)
    if len(values) < 2 or not np.isfinite(spacings).all():
        return None
    return MeshSeries(values, np.asarray(spacings), *told)


def _are_halved(result: Result) -> bool:
    """Whether the meshes come from a template, each with half the spacing of the one before.

    The spacings of meshes of the user follow from the extrapolation, which rests on them.
    """
    try:
        return result.case.mesh.mesh_file is None
    except ResultError:
        return False


def _number(result: Result, name: str) -> float:
    return float(result.summary[name].value) if name in result.summary else float("nan")


def _draw_expected(axes: Axes, result: Result) -> None:
    """The best estimate of the closed forms as a line, its uncertainty as a band."""
    value, spread = _number(result, EXPECTED), _number(result, f"{EXPECTED}{UNCERTAINTY}")
    if np.isfinite(value):
        axes.axhspan(value - spread, value + spread, color=BAND, linewidth=0.0, zorder=0.5, alpha=0.6)
        axes.axhline(
            value,
            color=GREY,
            linestyle=DASHES[1],
            linewidth=1.1,
            label="closed forms, with their\nuncertainty",
        )


def _draw_series(axes: Axes, series: MeshSeries) -> None:
    """Points joined by the extrapolation, or by thin lines where there is none."""
    x, y, color = series.spacings, series.values, COLORS[0]
    if np.isfinite(series.extrapolated) and len(y) > 2:
        axes.plot(*series.curve(), color=color, linewidth=1.1, label=f"order {series.order:.2g}")
        looks: dict[str, Any] = {"color": color, "markerfacecolor": "none", "linestyle": "", "markersize": 7}
        axes.plot(0.0, series.extrapolated, marker="D", label="extrapolated", clip_on=False, **looks)
    else:
        axes.plot(x, y, color=color, linewidth=0.8, linestyle=DASHES[2])
    axes.plot(x, y, "o", color=color, label="computed")
    if np.isfinite(series.uncertainty):
        axes.errorbar(1.0, y[-1], series.uncertainty, color=color, capsize=4, label="uncertainty")
    axes.set_xlim(left=0.0)


def _explanation(series: MeshSeries) -> str:
    if np.isfinite(series.extrapolated):
        return ""
    if np.isfinite(series.uncertainty):
        return "No order can be told from these meshes: the uncertainty is from the changes between them."
    return "Two meshes tell no uncertainty."


def _description(series: MeshSeries) -> str:
    values = ", ".join(f"{value:.5f}" for value in series.values)
    parts = [f"{values} from the coarsest mesh to the finest"]
    if np.isfinite(series.extrapolated):
        parts.append(
            f"{series.extrapolated:.5f} on an infinitely fine mesh, with the order {series.order:.2g}"
        )
    parts.append(f"the answer is {plus_minus(float(series.values[-1]), series.uncertainty)}")
    return f"{'; '.join(parts)}."
