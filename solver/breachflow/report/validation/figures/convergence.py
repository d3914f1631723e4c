"""Errors of a case's runs over the mesh spacing, with slopes of first and second order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from breachflow.report.validation.style import SHADES, assigned, label_text, variant_name
from breachflow.validation.judge import Finding
from breachflow.validation.plan import Trial
from breachflow.validation.validate import ValidationReport

PER_GROUP: Final = False
PLACE: Final = 2
SUFFIX: Final = "-convergence"

SHARP: Final = 0.01
"""Tolerance over reference below which the reference is good enough to show the errors of coarser meshes."""

QUANTITY_MARKERS: Final = "os^Dv*"

ORDERS: Final = {1: ":", 2: "--"}
"""Orders of accuracy whose slopes are drawn, with their line styles."""


class ErrorCurve(NamedTuple):
    """Relative errors of one quantity on the meshes of a run, each of half the spacing of the one before."""

    trial: str
    quantity: str
    errors: list[float]


def draw(report: ValidationReport, findings: Sequence[Finding]) -> Figure | None:
    """The figure, a color a variant, a marker a quantity; None where errors are known on one mesh alone."""
    curves = error_curves(report, findings)
    if not curves:
        return None
    figure = Figure(figsize=(9.0, 4.2), layout="constrained")
    axes = figure.subplots()
    colors = assigned([curve.trial for curve in curves], SHADES)
    markers = assigned([curve.quantity for curve in curves], QUANTITY_MARKERS)
    for curve in curves:
        style = {"color": colors[curve.trial], "marker": markers[curve.quantity]}
        axes.loglog(_spacings(len(curve.errors)), curve.errors, markersize=5, linewidth=1.2, **style)
    _draw_slopes(axes, curves)
    _add_legend(axes, colors, markers)
    _label_axes(axes, _spacings(max(len(curve.errors) for curve in curves)))
    axes.set_title(label_text(findings[0].trial.case.name, 60), fontsize=10)
    return figure


def _spacings(count: int) -> list[float]:
    """Mesh spacings over that of the finest mesh."""
    return [2.0**power for power in reversed(range(count))]


def _draw_slopes(axes: Axes, curves: Sequence[ErrorCurve]) -> None:
    """Draw lines of first and second order below the curves."""
    widest = _spacings(max(len(curve.errors) for curve in curves))[0]
    finest = 0.6 * min(curve.errors[-1] for curve in curves)
    for order, style in ORDERS.items():
        ends = (finest, finest * widest**order)
        axes.loglog((1.0, widest), ends, style, color="#999999", linewidth=1.0, label=f"order {order}")


def _add_legend(axes: Axes, colors: dict[str, str], markers: dict[str, str]) -> None:
    for trial, color in colors.items() if len(colors) > 1 else ():
        axes.plot([], [], color=color, label=label_text(trial))
    for quantity, marker in markers.items():
        axes.plot([], [], marker, color="#333333", markersize=5, label=label_text(quantity))
    axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False)


def _label_axes(axes: Axes, spacings: Sequence[float]) -> None:
    axes.set_xticks(spacings, [f"{spacing:g}" for spacing in spacings], minor=False)
    axes.set_xticks([], minor=True)
    axes.set_xlabel("mesh spacing over that of the finest mesh")
    axes.set_ylabel("relative error")
    axes.grid(which="major", color="#e5e5e5")


def error_curves(report: ValidationReport, findings: Sequence[Finding]) -> list[ErrorCurve]:
    """Errors on the meshes of each run: by the order that its summary states, and by its history."""
    curves = []
    for trial, found in _by_trial(findings):
        summary = report.results[trial.key].summary
        stems = [name.removesuffix("_error") for name in summary if name.endswith("_error")]
        curves += [curve for stem in stems if (curve := _from_order(report, trial, stem))]
        if curve := _from_history(report, found):
            curves.append(curve)
    return curves


def _by_trial(findings: Sequence[Finding]) -> Iterator[tuple[Trial, list[Finding]]]:
    for _, group in groupby(findings, key=lambda finding: finding.trial.name):
        found = list(group)
        yield found[0].trial, found


def _from_order(report: ValidationReport, trial: Trial, stem: str) -> ErrorCurve | None:
    """The stated error of the finest mesh, and that of the next coarser mesh by the observed order."""
    summary = report.results[trial.key].summary
    if f"{stem}_order" not in summary:
        return None
    error, order = float(summary[f"{stem}_error"].value), float(summary[f"{stem}_order"].value)
    if not error > 0.0 or order != order:
        return None
    return ErrorCurve(variant_name(trial), stem.replace("_", " "), [error * 2.0**order, error])


def _from_history(report: ValidationReport, findings: Sequence[Finding]) -> ErrorCurve | None:
    """Relative errors at the end of each mesh, of the quantity whose reference has the smallest tolerance."""
    history = report.results[findings[0].trial.key].history
    known = [f for f in findings if _is_sharp(f) and f.expected.quantity in history and "level" in history]
    if not known:
        return None
    best = min(known, key=lambda f: (f.tolerance or 0.0) / abs(f.reference or 1.0))
    values, levels = history[best.expected.quantity].values, history["level"].values
    reference = best.reference or 1.0
    ends = [float(values[levels == level][-1]) for level in range(1, int(levels.max()) + 1)]
    errors = [abs(value - reference) / abs(reference) for value in ends]
    if len(errors) < 2 or min(errors) == 0.0:
        return None
    return ErrorCurve(variant_name(best.trial), best.label, errors)


def _is_sharp(finding: Finding) -> bool:
    reference, tolerance = finding.reference, finding.tolerance
    return bool(reference and tolerance and tolerance < SHARP * abs(reference))
