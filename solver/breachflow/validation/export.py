"""Findings as JSON, and as the pieces of text that the table on a terminal and the page share."""

from __future__ import annotations

from typing import Any

from breachflow.validation.judge import Finding, Status
from breachflow.validation.validate import ValidationReport
from breachflow.version import __version__


def report_json(report: ValidationReport) -> dict[str, Any]:
    """Everything that was found, in SI units."""
    return {
        "version": __version__,
        "mode": str(report.mode),
        "passed": not report.stopped and all(f.status is Status.PASS for f in report.findings),
        "stopped": report.stopped,
        "seconds": report.seconds,
        "runs": len(report.results),
        "left_out": report.left_out,
        "numbers": [_finding_json(report, finding) for finding in report.findings],
    }


def _finding_json(report: ValidationReport, finding: Finding) -> dict[str, Any]:
    expected, variant = finding.expected, finding.trial.variant
    return {
        "case": finding.trial.case.name,
        "variant": variant.name if variant else None,
        "quantity": expected.quantity,
        "unit": finding.unit,
        "computed": finding.computed,
        "reference": finding.reference,
        "at_least": finding.least,
        "at_most": finding.most,
        "like": expected.like,
        "error": finding.error,
        "relative_error": finding.relative_error,
        "tolerance": finding.tolerance,
        "uncertainty": finding.uncertainty,
        "observed_order": finding.observed_order,
        "why": expected.why,
        "source": expected.source,
        "miss": expected.miss,
        "status": finding.status.name.lower(),
        "reason": finding.reason,
        "seconds": report.result_of(finding).seconds,
    }


def number_text(value: float | None) -> str:
    """Six digits; a dash for what is not there."""
    return "-" if value is None else f"{value:.6g}"


def reference_text(finding: Finding) -> str:
    """The reference value, or the bounds."""
    bounds = [
        f"{sign} {number_text(bound)}"
        for sign, bound in (("≥", finding.least), ("≤", finding.most))
        if bound is not None
    ]
    return ", ".join(bounds) or number_text(finding.reference)


def relative_text(value: float | None, reference: float | None, signed: bool = False) -> str:
    """An error or a tolerance in percent of the reference, or as it is where the reference is zero.

    >>> relative_text(-0.0021, 0.84, signed=True), relative_text(1e-12, 0.0), relative_text(None, 1.0)
    ('-0.25 %', '1e-12', '')
    """
    if value is None or reference is None:
        return ""
    sign = "+" if signed else ""
    if reference == 0.0:
        return f"{value:{sign}.2g}"
    percent = 100.0 * value / abs(reference)
    return f"{percent:{sign}.0f} %" if abs(percent) >= 99.5 else f"{percent:{sign}.2g} %"


def mesh_text(finding: Finding) -> str:
    """What the run says of its own mesh: the uncertainty of the number, or else the observed order."""
    if finding.uncertainty is not None:
        return f"±{relative_text(finding.uncertainty, finding.computed)}"
    return "" if finding.observed_order is None else f"order {finding.observed_order:.2f}"
