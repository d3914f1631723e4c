"""Panels over the time of a record that its pictures share: gaps, excluded stretches, steps, changes."""

from __future__ import annotations

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from breachflow.report.records.data import InferPicture
from breachflow.report.style import GREY, INK, drawable

WIDTH: Final = 8.6
"""Inches."""

STEP: Final = (0, (2, 2))
CHANGE: Final = (0, (8, 2, 2, 2))
"""Dashes of a step that was given, and of a change that was found."""


def mark_spans(axes: Axes, data: InferPicture) -> None:
    """Hatch gaps and excluded stretches; the hatches differ, and the legend names them."""
    kinds = (
        ("gap", "..", data.gaps),
        ("excluded", "////", list(data.basis.question.excluded)),
    )
    low, high = axes.get_xlim()
    for label, hatch, spans in kinds:
        for number, span in enumerate(spans):
            begin, end = np.clip(data.since(np.array(span)), low, high)
            axes.axvspan(
                float(begin), float(end), facecolor="none", edgecolor=GREY, alpha=0.45, hatch=hatch,
                linewidth=0.0, zorder=0, label=label if number == 0 else None,
            )  # fmt: skip


def mark_times(axes: Axes, data: InferPicture) -> list[str]:
    """Number steps and changes above the panel; what they are, one a line."""
    lines = []
    for number, mark in enumerate(data.marks, start=1):
        axes.axvline(
            mark.time, color=INK if mark.is_change else GREY, linewidth=1.1,
            linestyle=CHANGE if mark.is_change else STEP, zorder=1,
        )  # fmt: skip
        axes.annotate(
            str(number), (mark.time, 1.0), (0, 2), xycoords=axes.get_xaxis_transform(),
            textcoords="offset points", ha="center", va="bottom", fontsize=8.0, color=INK,
        )  # fmt: skip
        lines.append(f"{number}  at {mark.time:.3g} {data.clock.name}: {drawable(mark.text)}")
    return lines
