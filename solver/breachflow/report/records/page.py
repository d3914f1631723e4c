"""The page of an answer: as it is printed, its pictures, and what was given and taken by default."""

from __future__ import annotations

from collections.abc import Iterator

from breachflow.inference.answer import phrases
from breachflow.inference.answer.answer import Inference
from breachflow.inference.answer.text import NO_FIT, WORDS, inference_rows
from breachflow.inference.answer.values import InferVerdict, LeakLawName
from breachflow.report.html import Headline, Page, Remark
from breachflow.report.picture import draw_pictures
from breachflow.report.provenance import provenance_rows
from breachflow.report.records import pictures
from breachflow.report.records.data import InferPicture
from breachflow.report.records.inputs import input_rows
from breachflow.version import PROGRAM
from breachflow.words import Row

LEAST_SQUARES = "least squares"
"""Label of the row that is a warning."""


def infer_page(found: Inference) -> Page:
    """The page of an answer."""
    data = InferPicture(found)
    rows = _joined(found)
    return Page(
        title=data.name,
        subtitle="What a pressure record says of a leak",
        alarms=_alarms(found),
        headlines=list(_headlines(found, dict(rows))),
        numbers=[row for row in rows if row[0] != LEAST_SQUARES],
        pictures=draw_pictures(pictures.__name__, pictures.NAMES, data),
        law=[],
        remarks=list(_remarks(found, dict(rows))),
        measured=None,
        rows=None,
        provenance=provenance_rows({"program": PROGRAM, "command": "breachflow infer"}),
        case="",
        inputs=input_rows(data),
    )


def _alarms(found: Inference) -> list[str]:
    """Why there is no size."""
    verdict = InferVerdict(found.verdict)
    if verdict not in (*NO_FIT, InferVerdict.INCONSISTENT):
        return []
    return [f"{WORDS[verdict]}. {found.reason}".rstrip(". ") + "."]


def _headlines(found: Inference, rows: dict[str, str]) -> Iterator[Headline]:
    """The verdict, the leak or what it is at most, and the time to the limit."""
    verdict = InferVerdict(found.verdict)
    law = "hole or crack: not identifiable" if found.law == LeakLawName.UNKNOWN else found.law or ""
    yield Headline("verdict", found.verdict.replace("_", " "), law)
    if found.law is not None and found.mass_flow is not None:
        middle = phrases.number(
            found.mass_flow.median or 0.0,
            phrases.KILOGRAMS.factor,
            phrases.decimals_of(found.mass_flow, phrases.KILOGRAMS.factor),
        )
        ends = phrases.ends(found.mass_flow, phrases.KILOGRAMS.factor)
        yield Headline("leak at the start", f"{middle} kg/day", f"90 %: {ends}")
    if verdict is InferVerdict.NO_LEAK_SHOWN:
        yield Headline("at most", rows["at most"].partition(" = ")[0], rows["at most"])
    label = f"time to {phrases.pressure(found, found.assumed.limit)}"
    if label in rows:
        value, _, rest = rows[label].partition(" (90 %: ")
        yield Headline(label, value.partition("; ")[0], f"90 %: {rest.partition(')')[0]}" if rest else "")


def _remarks(found: Inference, rows: dict[str, str]) -> Iterator[Remark]:
    for caution in found.caution:
        yield Remark(f"{caution}.", "")
    if LEAST_SQUARES in rows:
        yield Remark(f"Do not use least squares: it {rows[LEAST_SQUARES]}.", "")


def _joined(found: Inference) -> list[Row]:
    """The answer as it is printed, with the second lines behind the first."""
    rows: list[Row] = []
    for label, text in inference_rows(found):
        if label:
            rows.append((label, text))
        else:
            rows[-1] = (rows[-1][0], f"{rows[-1][1]}; {text}")
    return rows
