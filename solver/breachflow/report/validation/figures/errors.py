"""Errors over their tolerances, one row for each number of a group: numbers in the band pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from breachflow.report.validation.style import COLORS, MARKERS, label_text
from breachflow.validation.judge import Finding, Status
from breachflow.validation.validate import ValidationReport

PER_GROUP: Final = True
PLACE: Final = 1
SUFFIX: Final = "-errors"

FARTHEST: Final = 2.0
"""Errors over tolerance beyond which a number is drawn at the border, with its ratio as text."""


def draw(report: ValidationReport, findings: Sequence[Finding]) -> Figure | None:
    """The figure; None where no number has a reference and a tolerance."""
    del report
    compared = [finding for finding in findings if finding.tolerance and finding.error is not None]
    if not compared:
        return None
    figure = Figure(figsize=(10.0, 1.3 + 0.24 * len(compared)), layout="constrained")
    axes = figure.subplots()
    axes.axvspan(-1.0, 1.0, color="#1b7837", alpha=0.1, linewidth=0)
    axes.axvline(0.0, color="#888888", linewidth=0.8)
    for row, finding in enumerate(compared):
        _draw_error(axes, row, finding)
    axes.set_yticks(range(len(compared)), [_row_label(finding) for finding in compared], fontsize=8)
    axes.set_ylim(len(compared) - 0.4, -0.6)
    axes.set_xlim(-1.15 * FARTHEST, 1.15 * FARTHEST)
    axes.set_xlabel("(computed - reference) / tolerance")
    axes.grid(axis="y", color="#eeeeee")
    axes.set_axisbelow(True)
    _add_legend(axes, compared)
    return figure


def _draw_error(axes: Axes, row: int, finding: Finding) -> None:
    assert finding.error is not None
    assert finding.tolerance is not None
    ratio = finding.error / finding.tolerance
    place = max(-FARTHEST, min(FARTHEST, ratio))
    axes.plot(place, row, MARKERS[finding.status], color=COLORS[finding.status], markersize=6)
    if place != ratio:
        side = "right" if ratio > 0.0 else "left"
        offset = -0.08 if ratio > 0.0 else 0.08
        axes.text(place + offset, row, f"{ratio:+.3g}", ha=side, va="center", fontsize=8)


def _row_label(finding: Finding) -> str:
    """Case, variant and quantity, without the group, which all rows share."""
    name = finding.trial.name.removeprefix(f"{finding.trial.case.name.partition('/')[0]}/")
    return f"{label_text(name)}  {label_text(finding.label, 30)}"


def _add_legend(axes: Axes, findings: Sequence[Finding]) -> None:
    for status in Status:
        if any(finding.status is status for finding in findings):
            axes.plot([], [], MARKERS[status], color=COLORS[status], label=str(status))
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=len(Status), frameon=False, fontsize=8)
