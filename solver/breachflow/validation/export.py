"""A validation report as JSON."""

from __future__ import annotations

from typing import Any

from breachflow.validation.judge import Finding, Status
from breachflow.validation.validate import ValidationReport
from breachflow.version import __version__


def report_json(report: ValidationReport) -> dict[str, Any]:
    """The report as an object that JSON can hold, all numbers in SI units."""
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
