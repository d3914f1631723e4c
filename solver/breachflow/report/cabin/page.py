"""The page of the result of a cabin: its answer and its pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from breachflow.errors import ResultError
from breachflow.report.cabin import pictures
from breachflow.report.cabin.data import CabinPicture
from breachflow.report.html import Headline, Page, PointRows, Remark
from breachflow.report.picture import draw_pictures
from breachflow.report.provenance import provenance_rows
from breachflow.results.files.cabin.series import CabinSeries
from breachflow.words import Row

KEPT = ("program", "command", "versions")
"""Attributes that say where the result comes from."""


def cabin_page(path: Path, series: CabinSeries) -> Page:
    """The page of a result. Raises ResultError where its summary is not what `breachflow cabin` writes."""
    try:
        return _page(path, series)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise ResultError(f"{path}: its summary is not that of a cabin: {error!r}") from error


def _page(path: Path, series: CabinSeries) -> Page:
    data = CabinPicture(series)
    stopped = data.summary["stopped"]
    return Page(
        title=data.title,
        subtitle=f"Result of a cabin, {path.name}",
        alarms=[f"STOPPED before its end: {stopped}"] if stopped else [],
        headlines=list(_headlines(data)),
        numbers=_numbers(data),
        pictures=draw_pictures(pictures.__name__, pictures.NAMES, data),
        law=[],
        remarks=[Remark(caution, "") for caution in data.summary["caution"]],
        measured=None,
        rows=_happenings(data),
        provenance=provenance_rows({name: series.attributes[name] for name in KEPT}),
        case=str(series.attributes["case"]),
    )


def _headlines(data: CabinPicture) -> Iterator[Headline]:
    """Each limit with the time of its first crossing, then the mass that was lost."""
    rows = dict(_numbers(data))
    for name, time in data.summary["crossings"].items():
        counts = name == data.summary["reserve_limit"]
        detail = rows.get(f"time to {name}", "").partition(" (")[2].removesuffix(")") if counts else ""
        yield Headline(
            f"time to {name}",
            "never" if time is None else f"{time / data.clock[0]:.4g} {data.clock[1]}",
            detail,
        )
    yield Headline("lost", f"{data.summary['lost_mass']:.4g} kg")


def _numbers(data: CabinPicture) -> list[Row]:
    """The answer as it was printed, but for the happenings, which are a table."""
    text = str(data.series.attributes["text"]).split("\n\n")
    rows: list[Row] = []
    for line in text[-1].splitlines():
        label, _, rest = line.strip().partition("  ")
        if line.startswith("   ") and rows:
            rows[-1] = (rows[-1][0], f"{rows[-1][1]}; {line.strip()}")
        else:
            rows.append((label, rest.strip()))
    return rows


def _happenings(data: CabinPicture) -> PointRows:
    """What happened when."""
    variables = data.series.variables
    times = variables["event_time"].values / data.clock[0]
    lines = [
        [f"{time:.4g}", str(text)] for time, text in zip(times, variables["event_text"].values, strict=True)
    ]
    return PointRows([data.time_label, "what happened"], lines, "")
