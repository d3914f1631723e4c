"""The page of a leak to be located: where it may be, and which hatch to shut next."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from breachflow.inference.locate.answer import LeakLocation
from breachflow.inference.locate.compute import location_of
from breachflow.inference.locate.grammar.read import load_locate
from breachflow.inference.locate.text import location_rows, percent
from breachflow.inference.sensor import short_time
from breachflow.report.html import Headline, Page, PointRows, Remark
from breachflow.report.leaks import pictures
from breachflow.report.leaks.data import LocatePicture
from breachflow.report.picture import draw_pictures
from breachflow.report.provenance import provenance_rows
from breachflow.version import PROGRAM
from breachflow.words import Row

MOST_PLACES: Final = 20
"""Places that the page lists."""


def locate_page(path: Path) -> Page:
    """The page of a case. Raises CaseError where it cannot be read or is not valid."""
    case = load_locate(path)
    found = location_of(case)
    data = LocatePicture(case, found)
    return Page(
        title=data.title,
        subtitle=f"A leak to be located, {path.name}",
        alarms=[],
        headlines=list(_headlines(found)),
        numbers=_numbers(found),
        pictures=draw_pictures(pictures.__name__, pictures.NAMES, data),
        law=[],
        remarks=[Remark(warning, "") for warning in found.warnings],
        measured=None,
        rows=_places(found),
        provenance=provenance_rows({"program": PROGRAM, "command": "breachflow report"}),
        case=case.completed_text,
    )


def _headlines(found: LeakLocation) -> Iterator[Headline]:
    likely = max(found.probability, key=lambda name: found.probability[name])
    yield Headline("likeliest", likely, percent(found.probability[likely]))
    yield Headline("two leaks", percent(found.two_leaks))
    if found.next:
        best = found.next[0]
        yield Headline("shut next", best.hatch, f"for {short_time(best.wait)}, {best.gain:.2f} bit")
        if best.rule_limit is not None:
            yield Headline("keep shut at most", short_time(best.rule_limit))


def _numbers(found: LeakLocation) -> list[Row]:
    """The answer as it is printed, with the second lines behind the first."""
    rows: list[Row] = []
    for label, text in location_rows(found):
        if label:
            rows.append((label, text))
        else:
            rows[-1] = (rows[-1][0], f"{rows[-1][1]}; {text}")
    return rows


def _places(found: LeakLocation) -> PointRows:
    """The likeliest places."""
    lines = [
        [
            percent(place.probability),
            ", ".join(f"{100 * share:g} % {name}" for name, share in place.share.items()),
        ]
        for place in found.hypotheses[:MOST_PLACES]
    ]
    left = len(found.hypotheses) - len(lines)
    return PointRows(
        ["probability", "where the leak is"], lines, f"{left} places are less likely." if left else ""
    )
