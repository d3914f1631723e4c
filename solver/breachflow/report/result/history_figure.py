"""The picture of how a run went, from the history in its result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from breachflow.report.style import (
    COLORS,
    GREY,
    Picture,
    drawable,
    new_figure,
    picture,
    plain_numbers,
)
from breachflow.results import Column, Result

TIMES: Final = ((1e-3, 1e6, "us"), (1.0, 1e3, "ms"), (np.inf, 1.0, "s"))
"""Times below which they are told in that many of the unit to a second."""

LEAST_DEVIATION: Final = 1e-9
"""Relative: what the mass flow differs from its last value by is drawn down to here."""


def history_picture(result: Result) -> Picture | None:
    """How residual and mass flow came to rest, or how they went in time."""
    history = result.history
    along = "time" if "time" in history else "iteration"
    shown = [name for name in ("residual", "mass_flow") if name in history]
    if along not in history or not shown or len(history[along].values) < 2:
        return None
    figure = new_figure(7.4, 1.2 + 2.1 * len(shown), str(result.provenance.get("title", "")))
    panels = figure.subplots(len(shown), sharex=True, squeeze=False)[:, 0]
    x, label = _along(history[along].values, along)
    for axes, name in zip(panels, shown, strict=True):
        _HISTORIES[name](axes, x, history)
    for axes in panels:
        _mark_meshes(axes, history, named=axes is panels[0])
    plain_numbers(*panels)
    panels[-1].set_xlabel(label)
    return picture("history", "History of the run", _history_words(history, shown), figure)


def _along(values: NDArray[Any], name: str) -> tuple[NDArray[Any], str]:
    """What the history goes along, and what that is called."""
    if name == "iteration":
        return values, name
    _, scale, unit = next(entry for entry in TIMES if values[-1] < entry[0])
    return scale * values, f"time ({unit})"


def _draw_residual(axes: Axes, x: NDArray[Any], history: Mapping[str, Column]) -> None:
    axes.semilogy(x, _positive(history["residual"].values), color=COLORS[0], linewidth=1.3)
    axes.set_ylabel("residual over\nits first value")


def _draw_mass_flow(axes: Axes, x: NDArray[Any], history: Mapping[str, Column]) -> None:
    """Steady: how far it is from its last value; in time: over its last value."""
    flow = np.asarray(history["mass_flow"].values, dtype=np.float64)
    if not flow[-1]:
        axes.plot(x, flow, color=COLORS[1], linewidth=1.3)
        axes.set_ylabel(f"mass flow ({_unit(history)})")
    elif "time" in history:
        axes.plot(x, flow / flow[-1], color=COLORS[1], linewidth=1.3)
        axes.set_ylabel("mass flow\nover its last value")
    else:
        deviation = np.abs(flow / flow[-1] - 1.0)[:-1]
        axes.semilogy(x[:-1], _positive(deviation, LEAST_DEVIATION), color=COLORS[1], linewidth=1.3)
        axes.set_ylabel("mass flow: distance\nfrom its last value")
        axes.set_ylim(bottom=LEAST_DEVIATION if deviation.min() < LEAST_DEVIATION else None)


_HISTORIES: Final = {"residual": _draw_residual, "mass_flow": _draw_mass_flow}


def _positive(values: NDArray[Any], least: float = 0.0) -> NDArray[np.float64]:
    """What a logarithmic axis can show."""
    return np.where(values > least, values, max(least, 0.0) or np.nan)


def _unit(history: Mapping[str, Column]) -> str:
    return drawable(history["mass_flow"].unit)


def _mark_meshes(axes: Axes, history: Mapping[str, Column], *, named: bool) -> None:
    """Where the run went on to a finer mesh."""
    if "time" in history or "level" not in history:
        return
    for level, start, end in _stretches(history["level"].values):
        x = history["iteration"].values
        if start:
            axes.axvline(0.5 * (x[start - 1] + x[start]), color=GREY, linewidth=0.8, linestyle=(0, (4, 2)))
        if named:
            place = 0.5 * (x[start] + x[end])
            axes.annotate(
                f"mesh {level}", (place, 1.0), (0, 3), xycoords=axes.get_xaxis_transform(),
                textcoords="offset points", ha="center", va="bottom", fontsize=8, color=GREY,
            )  # fmt: skip


def _stretches(levels: NDArray[Any]) -> Iterator[tuple[int, int, int]]:
    """Each mesh with its first and last row."""
    starts = [0, *(np.flatnonzero(np.diff(levels)) + 1).tolist(), len(levels)]
    for start, after in pairwise(starts):
        yield int(levels[start]), start, after - 1


def _history_words(history: Mapping[str, Column], shown: list[str]) -> str:
    said = []
    if "residual" in shown:
        said.append(f"residual at the end {history['residual'].values[-1]:.1e} of its first value")
    if "mass_flow" in shown:
        said.append(f"mass flow at the end {history['mass_flow'].values[-1]:.6g} {_unit(history)}")
    meshes = int(history["level"].values.max()) if "level" in history else 1
    words = "; ".join([*said, f"on {meshes} meshes in turn"] if meshes > 1 else said)
    return f"{words[:1].upper()}{words[1:]}."
