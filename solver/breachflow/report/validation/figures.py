"""The figures of the validation page, drawn from the findings alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from breachflow.validation.judge import Finding, Status
from breachflow.validation.plan import Trial
from breachflow.validation.validate import ValidationReport

COLORS: Final = {Status.PASS: "#1b7837", Status.MISS: "#d98200", Status.FAIL: "#c51b1b"}
MARKERS: Final = {Status.PASS: "o", Status.MISS: "D", Status.FAIL: "X"}
SHADES: Final = ("#1f4e9c", "#b5482a", "#3a7d44", "#7b4ea3", "#8a6d1f", "#2a8a8f", "#a03070", "#555555")

FARTHEST: Final = 2.0
"""Errors over tolerance beyond this are drawn at the border, with their number."""

SHARP: Final = 0.01
"""Tolerance over reference below which the errors of a sequence of meshes are those of the meshes."""

QUANTITY_MARKERS: Final = "os^Dv*"

ORDERS: Final = {1: ":", 2: "--"}
"""Slopes that are drawn for comparison."""

LONGEST_LABEL: Final = 60


class ErrorCurve(NamedTuple):
    """Errors of one quantity on the meshes of a run, each of half the spacing of the one before."""

    trial: str
    quantity: str
    errors: list[float]


def write_overview(group: str, findings: list[Finding], folder: Path) -> list[Path]:
    """The errors of a group of cases, where there are any."""
    compared = [finding for finding in findings if finding.tolerance and finding.error is not None]
    return [_saved(errors_figure(compared), folder, f"{group}-errors")] if compared else []


def write_case_figures(report: ValidationReport, findings: list[Finding], folder: Path) -> list[Path]:
    """The figures of one case, as far as there is something to draw."""
    name, made = findings[0].trial.case.name, []
    if figure := variants_figure(findings):
        made.append(_saved(figure, folder, name))
    if lines := convergence_lines(report, findings):
        made.append(_saved(convergence_figure(name, lines), folder, f"{name}-convergence"))
    return made


def _saved(figure: Figure, folder: Path, name: str) -> Path:
    letters = (letter if letter.isalnum() or letter in "-_" else "-" for letter in name)
    path = folder / f"{''.join(letters).strip('-')}.png"
    # Without matplotlib's version in it, the file changes only where the picture does.
    figure.savefig(path, dpi=120, metadata={"Software": None})
    return path


def _label(text: str, width: int = LONGEST_LABEL) -> str:
    """Short enough, and with no sign that matplotlib would take for a formula."""
    cut = text if len(text) <= width else f"{text[: width - 3].rstrip()}..."
    return cut.replace("$", r"\$")


# ---------------------------------------------------------------- errors over tolerances


def errors_figure(findings: list[Finding]) -> Figure:
    """Every error over its tolerance: right is what lies in the band."""
    figure = Figure(figsize=(10.0, 1.3 + 0.24 * len(findings)), layout="constrained")
    axes = figure.subplots()
    axes.axvspan(-1.0, 1.0, color="#1b7837", alpha=0.1, linewidth=0)
    axes.axvline(0.0, color="#888888", linewidth=0.8)
    for row, finding in enumerate(findings):
        _draw_error(axes, row, finding)
    axes.set_yticks(range(len(findings)), [_error_label(finding) for finding in findings], fontsize=8)
    axes.set_ylim(len(findings) - 0.4, -0.6)
    axes.set_xlim(-1.15 * FARTHEST, 1.15 * FARTHEST)
    axes.set_xlabel("(computed - reference) / tolerance")
    axes.grid(axis="y", color="#eeeeee")
    axes.set_axisbelow(True)
    _name_statuses(axes, findings)
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


def _error_label(finding: Finding) -> str:
    """Without the group, which all share."""
    name = finding.trial.name.removeprefix(f"{finding.trial.case.name.partition('/')[0]}/")
    return f"{_label(name)}  {_label(finding.label, 30)}"


def _name_statuses(axes: Axes, findings: list[Finding]) -> None:
    for status in Status:
        if any(finding.status is status for finding in findings):
            axes.plot([], [], MARKERS[status], color=COLORS[status], label=str(status))
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=len(Status), frameon=False, fontsize=8)


# ---------------------------------------------------------------- a case and its variants


def variants_figure(findings: list[Finding]) -> Figure | None:
    """Computed numbers and references over x of the variants; None where there are not two with an x."""
    shown = [finding for finding in findings if finding.error is not None and _place(finding) is not None]
    quantities = [
        name
        for name in dict.fromkeys(finding.expected.quantity for finding in shown)
        if len({_place(finding) for finding in shown if finding.expected.quantity == name}) > 1
    ]
    if not quantities:
        return None
    figure = Figure(figsize=(8.0, 3.9 * len(quantities)), layout="constrained")
    panels = figure.subplots(len(quantities), squeeze=False)[:, 0]
    for axes, quantity in zip(panels, quantities, strict=True):
        _draw_variants(axes, [finding for finding in shown if finding.expected.quantity == quantity])
    return figure


def _place(finding: Finding) -> float | None:
    """The number that the variant varies, if it states one."""
    return finding.trial.variant.x if finding.trial.variant is not None else None


def _draw_variants(axes: Axes, findings: list[Finding]) -> None:
    """The computed line, and what each source says, with the tolerances as bars."""
    computed = sorted({(_place(finding), finding.computed) for finding in findings})
    axes.plot(*zip(*computed, strict=True), "o-", color="black", markersize=5, label="computed", zorder=3)
    for source, color in _assigned([finding.expected.source for finding in findings], SHADES).items():
        cited = [finding for finding in findings if finding.expected.source == source]
        x = [_place(finding) or 0.0 for finding in cited]
        y = [finding.reference or 0.0 for finding in cited]
        spread = [finding.tolerance or 0.0 for finding in cited]
        style: dict[str, Any] = {"fmt": "s", "markersize": 5, "capsize": 4, "alpha": 0.85}
        axes.errorbar(x, y, yerr=spread, color=color, label=_label(source, 90), **style)
    first = findings[0]
    axes.set_xlabel(_label(first.trial.case.expectations.x_label or "x", 80))
    axes.set_ylabel(_label(f"{first.label} ({first.unit})" if first.unit else first.label))
    axes.set_title(_label(first.trial.case.name, 80), fontsize=10)
    axes.grid(color="#eeeeee")
    axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(0.0, -0.16), frameon=False)


# ---------------------------------------------------------------- convergence


def convergence_figure(name: str, lines: list[ErrorCurve]) -> Figure:
    """Errors over the mesh spacing: a color for each variant, a marker for each quantity."""
    figure = Figure(figsize=(9.0, 4.2), layout="constrained")
    axes = figure.subplots()
    colors = _assigned([line.trial for line in lines], SHADES)
    markers = _assigned([line.quantity for line in lines], QUANTITY_MARKERS)
    for line in lines:
        style = {"color": colors[line.trial], "marker": markers[line.quantity]}
        axes.loglog(_spacings(len(line.errors)), line.errors, markersize=5, linewidth=1.2, **style)
    _draw_slopes(axes, lines)
    _name_lines(axes, colors, markers)
    spacings = _spacings(max(len(line.errors) for line in lines))
    axes.set_xticks(spacings, [f"{spacing:g}" for spacing in spacings], minor=False)
    axes.set_xticks([], minor=True)
    axes.set_xlabel("mesh spacing over that of the finest mesh")
    axes.set_ylabel("relative error")
    axes.set_title(_label(name, 60), fontsize=10)
    axes.grid(which="major", color="#e5e5e5")
    return figure


def _spacings(count: int) -> list[float]:
    return [2.0**power for power in reversed(range(count))]


def _assigned(names: list[str], choices: Sequence[str]) -> dict[str, str]:
    """Something to tell each name from the others."""
    return {name: choices[number % len(choices)] for number, name in enumerate(dict.fromkeys(names))}


def _draw_slopes(axes: Axes, lines: list[ErrorCurve]) -> None:
    """First and second order, below everything."""
    widest = _spacings(max(len(line.errors) for line in lines))[0]
    finest = 0.6 * min(line.errors[-1] for line in lines)
    for order, style in ORDERS.items():
        ends = (finest, finest * widest**order)
        axes.loglog((1.0, widest), ends, style, color="#999999", linewidth=1.0, label=f"order {order}")


def _name_lines(axes: Axes, colors: dict[str, str], markers: dict[str, str]) -> None:
    for trial, color in colors.items() if len(colors) > 1 else ():
        axes.plot([], [], color=color, label=_label(trial))
    for quantity, marker in markers.items():
        axes.plot([], [], marker, color="#333333", markersize=5, label=_label(quantity))
    axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False)


def convergence_lines(report: ValidationReport, findings: list[Finding]) -> list[ErrorCurve]:
    """What the runs tell of their coarser meshes: stated orders, and the history of the mesh sequence."""
    lines = []
    for trial, found in _by_trial(findings):
        summary = report.results[trial.key].summary
        stems = [name.removesuffix("_error") for name in summary if name.endswith("_error")]
        lines += [line for stem in stems if (line := _from_order(report, trial, stem))]
        if line := _from_history(report, found):
            lines.append(line)
    return lines


def _by_trial(findings: Sequence[Finding]) -> Iterator[tuple[Trial, list[Finding]]]:
    for _, group in groupby(findings, key=lambda finding: finding.trial.name):
        found = list(group)
        yield found[0].trial, found


def _from_order(report: ValidationReport, trial: Trial, stem: str) -> ErrorCurve | None:
    """Two meshes: the finest one's error, and the next coarser one's, which the observed order gives."""
    summary = report.results[trial.key].summary
    if f"{stem}_order" not in summary:
        return None
    error, order = float(summary[f"{stem}_error"].value), float(summary[f"{stem}_order"].value)
    if not error > 0.0 or order != order:
        return None
    return ErrorCurve(_variant_name(trial), stem.replace("_", " "), [error * 2.0**order, error])


def _from_history(report: ValidationReport, findings: list[Finding]) -> ErrorCurve | None:
    """The relative error at the end of each mesh of the sequence, by the reference known best."""
    sharp = [f for f in findings if f.reference and f.tolerance and f.tolerance < SHARP * abs(f.reference)]
    history = report.results[findings[0].trial.key].history
    known = [f for f in sharp if f.expected.quantity in history and "level" in history]
    if not known:
        return None
    best = min(known, key=lambda f: (f.tolerance or 0.0) / abs(f.reference or 1.0))
    values, levels = history[best.expected.quantity].values, history["level"].values
    reference = best.reference or 1.0
    ends = [float(values[levels == level][-1]) for level in range(1, int(levels.max()) + 1)]
    errors = [abs(value - reference) / abs(reference) for value in ends]
    if len(errors) < 2 or min(errors) == 0.0:
        return None
    return ErrorCurve(_variant_name(best.trial), best.label, errors)


def _variant_name(trial: Trial) -> str:
    return trial.variant.name if trial.variant else "as it is"
