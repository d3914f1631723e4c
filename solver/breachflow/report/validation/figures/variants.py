"""Computed numbers and references of a case's variants over the value that they vary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from breachflow.report.validation.style import SHADES, assigned, label_text
from breachflow.validation.judge import Finding
from breachflow.validation.validate import ValidationReport

PER_GROUP: Final = False
PLACE: Final = 1
SUFFIX: Final = ""


def draw(report: ValidationReport, findings: Sequence[Finding]) -> Figure | None:
    """A panel for each quantity; None where no quantity has two variants with different x."""
    del report
    shown = [finding for finding in findings if finding.error is not None and _x(finding) is not None]
    quantities = [
        name
        for name in dict.fromkeys(finding.expected.quantity for finding in shown)
        if len({_x(finding) for finding in shown if finding.expected.quantity == name}) > 1
    ]
    if not quantities:
        return None
    figure = Figure(figsize=(8.0, 3.9 * len(quantities)), layout="constrained")
    panels = figure.subplots(len(quantities), squeeze=False)[:, 0]
    for axes, quantity in zip(panels, quantities, strict=True):
        _draw_quantity(axes, [finding for finding in shown if finding.expected.quantity == quantity])
    return figure


def _x(finding: Finding) -> float | None:
    """The value that the variant varies, where it states one."""
    return finding.trial.variant.x if finding.trial.variant is not None else None


def _draw_quantity(axes: Axes, findings: Sequence[Finding]) -> None:
    """Draw the computed line, and the references of each source with tolerances as bars."""
    computed = sorted({(_x(finding), finding.computed) for finding in findings})
    axes.plot(*zip(*computed, strict=True), "o-", color="black", markersize=5, label="computed", zorder=3)
    for source, color in assigned([finding.expected.source for finding in findings], SHADES).items():
        cited = [finding for finding in findings if finding.expected.source == source]
        x = [_x(finding) or 0.0 for finding in cited]
        y = [finding.reference or 0.0 for finding in cited]
        tolerances = [finding.tolerance or 0.0 for finding in cited]
        style: dict[str, Any] = {"fmt": "s", "markersize": 5, "capsize": 4, "alpha": 0.85}
        axes.errorbar(x, y, yerr=tolerances, color=color, label=label_text(source, 90), **style)
    first = findings[0]
    axes.set_xlabel(label_text(first.trial.case.expectations.x_label or "x", 80))
    axes.set_ylabel(label_text(f"{first.label} ({first.unit})" if first.unit else first.label))
    axes.set_title(label_text(first.trial.case.name, 80), fontsize=10)
    axes.grid(color="#eeeeee")
    axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(0.0, -0.16), frameon=False)
