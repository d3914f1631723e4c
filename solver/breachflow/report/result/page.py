"""The page of a result: its text and its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.report.html import Headline, Page, Remark
from breachflow.report.picture import draw_pictures
from breachflow.report.provenance import provenance_rows
from breachflow.report.result import pictures
from breachflow.report.result.facts import untrusted
from breachflow.results import Result
from breachflow.results.cautions import listed
from breachflow.results.text import number, snapshot_rows, summary_rows
from breachflow.words import printable

DIGITS: Final = 5
"""Significant digits of the headlines."""


def result_page(result: Result) -> Page:
    """The page of a result."""
    rows = [*summary_rows(result.summary), *snapshot_rows(result.times)]
    status = next((text for label, text in rows if label == "status"), "")
    return Page(
        title=str(result.provenance.get("title", "")) or result.path.name,
        subtitle=f"Result of a run, {result.path.name}" + (f": {status}" if status else ""),
        alarms=list(filter(None, [untrusted(result)])),
        headlines=list(_headlines(result)),
        numbers=rows,
        pictures=draw_pictures(pictures.__name__, pictures.NAMES, result),
        law=[],
        remarks=[Remark(caution, "") for caution in listed(result.summary)],
        measured=None,
        rows=None,
        provenance=provenance_rows(result.provenance),
        case=result.case_completed,
    )


def _headlines(result: Result) -> Iterator[Headline]:
    """Mass flow, discharge coefficient, thrust and regime, where the summary has them."""
    summary = result.summary
    if "mass_flow" in summary:
        yield _mass_flow(result)
    for name in ("discharge_coefficient", "thrust"):
        if name in summary:
            yield Headline(name.replace("_", " "), _with_unit(result, name), _uncertainty(result, name))
    if "regime" in summary:
        yield Headline("regime", printable(summary["regime"].value), summary["regime"].description)


def _mass_flow(result: Result) -> Headline:
    """The mass flow in kg/day, with its uncertainty, in lb/day and in kg/s."""
    quantity, uncertainty = result.summary["mass_flow"], result.summary.get("mass_flow_uncertainty")
    flow, per = float(quantity.value), quantity.unit.removeprefix("kg/s")
    daily = flow * SECONDS_PER_DAY
    details = [
        f"{number(daily / KILOGRAMS_PER_POUND, DIGITS)} lb/day{per}",
        f"{number(flow, DIGITS)} {quantity.unit}",
    ]
    if uncertainty is not None and uncertainty.value == uncertainty.value:
        details.insert(0, f"± {number(float(uncertainty.value) * SECONDS_PER_DAY, 2)}")
    return Headline("mass flow", f"{number(daily, DIGITS)} kg/day{per}", ", ".join(details))


def _with_unit(result: Result, name: str) -> str:
    quantity = result.summary[name]
    return f"{number(quantity.value, DIGITS)} {'' if quantity.unit == '1' else quantity.unit}".strip()


def _uncertainty(result: Result, name: str) -> str:
    """The uncertainty of a quantity, and the best estimate of the laws."""
    uncertainty, expected = (result.summary.get(key) for key in (f"{name}_uncertainty", f"expected_{name}"))
    parts = []
    if uncertainty is not None:
        known = uncertainty.value == uncertainty.value
        parts.append(f"± {number(uncertainty.value, 2)}" if known else "uncertainty not estimated")
    if expected is not None:
        parts.append(f"best estimate of all laws {number(expected.value, DIGITS)}")
    return ", ".join(parts)
