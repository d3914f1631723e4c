"""A finding in words and numbers for people, as the terminal and the page show it."""

from __future__ import annotations

from typing import NamedTuple

from breachflow.validation.judge import Finding


class FindingText(NamedTuple):
    """The texts of a finding; empty where there is nothing to say."""

    quantity: str
    computed: str
    """The computed number, without its unit."""
    reference: str
    error: str
    tolerance: str
    mesh: str
    """Mesh uncertainty of the computed number, or else the observed order of accuracy."""


def finding_text(finding: Finding) -> FindingText:
    """The texts of a finding."""
    return FindingText(
        quantity=finding.label,
        computed=number_text(finding.computed),
        reference=reference_text(finding),
        error=relative_text(finding.error, finding.reference, signed=True),
        tolerance=relative_text(finding.tolerance, finding.reference),
        mesh=_mesh_text(finding),
    )


def number_text(value: float | None) -> str:
    """A number in six digits; a dash for None."""
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
    """An error or a tolerance in percent of the reference; as it is where the reference is zero.

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


def _mesh_text(finding: Finding) -> str:
    if finding.uncertainty is not None:
        return f"±{relative_text(finding.uncertainty, finding.computed)}"
    return "" if finding.observed_order is None else f"order {finding.observed_order:.2f}"
