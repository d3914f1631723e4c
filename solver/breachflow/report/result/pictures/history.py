"""History of the run: residual and mass flow over the iterations, or mass flow over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from breachflow.arrays import Floats
from breachflow.constants import SECONDS_PER_DAY
from breachflow.report.picture import Drawing
from breachflow.report.result.times import time_unit
from breachflow.report.style import COLORS, GREY, drawable, new_figure, plain_numbers
from breachflow.results import Column, Result
from breachflow.words import significant

PLACE: Final = 4

LEAST_DEVIATION: Final = 1e-9
"""Smallest relative distance of the mass flow from its last value that is drawn."""


def draw(result: Result) -> Drawing | None:
    """The picture; None for a result whose history has neither residual nor mass flow."""
    history = result.history
    along = "time" if "time" in history else "iteration"
    shown = [name for name in _DRAW if name in history and (name, along) != ("residual", "time")]
    if along not in history or not shown or len(history[along].values) < 2:
        return None
    figure = new_figure(7.4, 1.2 + 2.1 * len(shown), str(result.provenance.get("title", "")))
    panels = figure.subplots(len(shown), sharex=True, squeeze=False)[:, 0]
    x, label = _abscissa(history[along].values, along)
    for axes, name in zip(panels, shown, strict=True):
        _DRAW[name](axes, x, history)
        _mark_meshes(axes, history, labeled=axes is panels[0])
    plain_numbers(*panels)
    panels[-1].set_xlabel(label)
    return Drawing("History of the run", _description(history, shown), figure)


def _abscissa(values: NDArray[Any], name: str) -> tuple[NDArray[Any], str]:
    """The values along the history, (n,), and the label of the axis."""
    if name == "iteration":
        return values, name
    scale, unit = time_unit(float(values[-1]))
    return scale * values, f"time ({unit})"


def _draw_residual(axes: Axes, x: NDArray[Any], history: Mapping[str, Column]) -> None:
    axes.semilogy(x, _positive(history["residual"].values), color=COLORS[0], linewidth=1.3)
    axes.set_ylabel("residual over\nits first value")


def _draw_mass_flow(axes: Axes, x: NDArray[Any], history: Mapping[str, Column]) -> None:
    """Steady: the distance from the last value; transient, or of a flow that swings: the mass flow."""
    flow = np.asarray(history["mass_flow"].values, dtype=np.float64)
    if not flow[-1] or {"time", "march_time"} & set(history):
        axes.plot(x, SECONDS_PER_DAY * flow, color=COLORS[1], linewidth=1.3)
        axes.set_ylabel(f"mass flow ({_daily_unit(history)})")
    else:
        deviation = np.abs(flow / flow[-1] - 1.0)[:-1]
        axes.semilogy(x[:-1], _positive(deviation, LEAST_DEVIATION), color=COLORS[1], linewidth=1.3)
        axes.set_ylabel("mass flow: distance\nfrom its last value")
        axes.set_ylim(bottom=LEAST_DEVIATION if deviation.min() < LEAST_DEVIATION else None)


_DRAW: Final = {"residual": _draw_residual, "mass_flow": _draw_mass_flow}
"""Functions that draw a column of the history, by its name."""


def _positive(values: NDArray[Any], least: float = 0.0) -> Floats:
    """The values, (n,), with `least` or a gap where a logarithmic axis cannot show them."""
    return np.where(values > least, values, max(least, 0.0) or np.nan)


def _daily_unit(history: Mapping[str, Column]) -> str:
    """Unit of the mass flow in a day."""
    return f"kg/day{drawable(history['mass_flow'].unit).removeprefix('kg/s')}"


def _mark_meshes(axes: Axes, history: Mapping[str, Column], *, labeled: bool) -> None:
    """Draw a line where a steady run went on to the next mesh; write the number of each mesh."""
    if "time" in history or "level" not in history:
        return
    x = history["iteration"].values
    for level, first, last in _meshes(history["level"].values):
        if first:
            axes.axvline(0.5 * (x[first - 1] + x[first]), color=GREY, linewidth=0.8, linestyle=(0, (4, 2)))
        if labeled:
            axes.annotate(
                f"mesh {level}", (0.5 * (x[first] + x[last]), 1.0), (0, 3),
                xycoords=axes.get_xaxis_transform(), textcoords="offset points", ha="center", va="bottom",
                fontsize=8, color=GREY,
            )  # fmt: skip


def _meshes(levels: NDArray[Any]) -> Iterator[tuple[int, int, int]]:
    """Number of each mesh with its first and last row, from the column of mesh numbers, (n,)."""
    starts = [0, *(np.flatnonzero(np.diff(levels)) + 1).tolist(), len(levels)]
    for first, after in pairwise(starts):
        yield int(levels[first]), first, after - 1


def _description(history: Mapping[str, Column], shown: list[str]) -> str:
    said = []
    if "residual" in shown:
        said.append(f"residual at the end {history['residual'].values[-1]:.1e} of its first value")
    if "mass_flow" in shown:
        flow = SECONDS_PER_DAY * float(history["mass_flow"].values[-1])
        said.append(f"mass flow at the end {significant(flow, 4)} {_daily_unit(history)}")
    meshes = int(history["level"].values.max()) if "level" in history else 1
    words = "; ".join([*said, f"on {meshes} meshes in turn"] if meshes > 1 else said)
    return f"{words[:1].upper()}{words[1:]}."
