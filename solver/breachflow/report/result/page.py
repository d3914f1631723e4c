"""What the page of one result says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.report.html import Headline, Page, Remark, Row
from breachflow.report.result.history_figure import history_picture
from breachflow.report.result.mach_figure import mach_picture
from breachflow.report.style import Picture, look
from breachflow.results import Result
from breachflow.results.text import number, snapshot_rows, summary_rows
from breachflow.words import printable

DIGITS: Final = 5
"""Of the headlines."""


def result_page(result: Result) -> Page:
    """The page of a run."""
    rows = [*summary_rows(result.summary), *snapshot_rows(result.times)]
    status = next((text for label, text in rows if label == "status"), "")
    caution = str(result.summary["caution"].value) if "caution" in result.summary else ""
    return Page(
        title=str(result.provenance.get("title", "")) or result.path.name,
        subtitle=f"Result of a run, {result.path.name}" + (f": {status}" if status else ""),
        alarms=[status] if status.startswith(("NOT CONVERGED", "STOPPED")) else [],
        headlines=list(_headlines(result)),
        numbers=rows,
        pictures=result_pictures(result),
        law=[],
        remarks=[Remark(caution, "")] if caution else [],
        rows=None,
        provenance=provenance_rows(dict(result.provenance)),
        case=result.case_completed,
    )


def result_pictures(result: Result) -> list[Picture]:
    """The pictures that the result has the data for."""
    with look():
        drawn = (mach_picture(result), history_picture(result))
    return [picture for picture in drawn if picture is not None]


def _headlines(result: Result) -> Iterator[Headline]:
    """Mass flow, coefficient, thrust, regime; as far as the result has them."""
    summary = result.summary
    if "mass_flow" in summary:
        yield _mass_flow(result)
    for name in ("discharge_coefficient", "thrust"):
        if name in summary:
            yield Headline(name.replace("_", " "), _with_unit(result, name), _spread(result, name))
    if "regime" in summary:
        yield Headline("regime", printable(summary["regime"].value), summary["regime"].description)


def _mass_flow(result: Result) -> Headline:
    quantity, spread = result.summary["mass_flow"], result.summary.get("mass_flow_uncertainty")
    flow, per = float(quantity.value), quantity.unit.removeprefix("kg/s")
    daily = flow * SECONDS_PER_DAY
    others = [
        f"{number(daily / KILOGRAMS_PER_POUND, DIGITS)} lb/day{per}",
        f"{number(flow, DIGITS)} {quantity.unit}",
    ]
    if spread is not None and spread.value == spread.value:
        others.insert(0, f"± {number(float(spread.value) * SECONDS_PER_DAY, 2)}")
    return Headline("mass flow", f"{number(daily, DIGITS)} kg/day{per}", ", ".join(others))


def _with_unit(result: Result, name: str) -> str:
    quantity = result.summary[name]
    return f"{number(quantity.value, DIGITS)} {'' if quantity.unit == '1' else quantity.unit}".strip()


def _spread(result: Result, name: str) -> str:
    """The uncertainty, and what the closed forms expect."""
    spread, expected = (result.summary.get(key) for key in (f"{name}_uncertainty", f"expected_{name}"))
    parts = []
    if spread is not None:
        known = spread.value == spread.value
        parts.append(f"± {number(spread.value, 2)}" if known else "uncertainty not estimated")
    if expected is not None:
        parts.append(f"best estimate of all laws {number(expected.value, DIGITS)}")
    return ", ".join(parts)


FIRST: Final = ("program", "source_digest", "command", "date")
"""What is told first of where the data come from."""


def provenance_rows(attributes: dict[str, str | int | float | bool]) -> list[Row]:
    """Where the data come from: the program, its sources, the command, when; then the rest."""
    names = [*(name for name in FIRST if name in attributes), *sorted(set(attributes) - {*FIRST, "title"})]
    return [(name.replace("_", " "), number(attributes[name])) for name in names if attributes[name] != ""]
