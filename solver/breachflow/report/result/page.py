"""The page of a result: its text and its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from breachflow.report.html import Headline, Page, Remark
from breachflow.report.picture import draw_pictures
from breachflow.report.provenance import provenance_rows
from breachflow.report.result import pictures
from breachflow.report.result.facts import untrusted
from breachflow.report.result.space.scene import is_drawn
from breachflow.report.result.views import first_plane
from breachflow.results import Result
from breachflow.results.answer_text import answer_rows
from breachflow.results.cautions import listed
from breachflow.results.text import snapshot_rows, summary_rows

HEADLINES: Final = {"leak rate": " (", "discharge coefficient": " (", "thrust": " (", "regime": ": "}
"""Rows of the answer at the top of the page, and what separates the value from its details."""


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
        remarks=[Remark(caution, "") for caution in [*listed(result.summary), *_undrawn(result)]],
        measured=None,
        rows=None,
        provenance=provenance_rows(result.provenance),
        case=result.case_completed,
    )


def _undrawn(result: Result) -> Iterator[str]:
    """What the page of a result in space lacks, and why."""
    if first_plane(result) is None:
        yield "No pictures of fields: the file does not say where its hole is. ParaView opens it."
    elif result.is_in_space and not is_drawn():
        yield 'No picture of the sonic surface and of streamlines: they need pip install "breachflow[viz]".'


def _headlines(result: Result) -> Iterator[Headline]:
    """The answer of a run: leak rate, coefficient beside the closed forms, thrust, regime."""
    rows = dict(answer_rows(result.summary))
    expected = rows.get("closed forms expect", "")
    beside = {"discharge coefficient": f"closed forms expect {expected}" if expected else ""}
    for label, separator in HEADLINES.items():
        if label in rows:
            value, _, detail = rows[label].partition(separator)
            told = [detail.removesuffix(")"), beside.get(label, "")]
            yield Headline(label, value, "; ".join(filter(None, told)))
