"""The page of a sweep: its text and its pictures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from math import nan
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.errors import ResultError
from breachflow.report.html import Headline, Page, PointRows, Remark
from breachflow.report.picture import draw_pictures
from breachflow.report.provenance import provenance_rows
from breachflow.report.style import short
from breachflow.report.sweep import pictures
from breachflow.report.sweep.cabins import RESERVE, listed_columns, reserve_unit, rooms
from breachflow.report.sweep.labels import EXPECTED
from breachflow.report.sweep.measured import measured_beside
from breachflow.report.sweep.measured_table import measured_headline, measured_rows
from breachflow.report.sweep.points import Points
from breachflow.results.cautions import SEPARATOR
from breachflow.results.measured import MeasuredData
from breachflow.results.table import SweepTable
from breachflow.sweeps.columns import ELSEWHERE
from breachflow.units.display import DisplayUnit, in_mmhg
from breachflow.words import Row, counted

MOST_ROWS: Final = 2000
"""Points that the page lists."""

MOST_NAMED: Final = 5
"""Points that a remark names."""

COLUMNS: Final = {
    "pressure_ratio": DisplayUnit("outside / cabin pressure"),
    "thickness_ratio": DisplayUnit("wall / opening"),
    "discharge_coefficient": DisplayUnit("discharge coefficient"),
    "discharge_coefficient_uncertainty": DisplayUnit("±"),
    EXPECTED: DisplayUnit("best estimate"),
    "ratio_to_expected": DisplayUnit("computed / best estimate"),
    "mass_flow": DisplayUnit("mass flow", 1e3, "g/s"),
    "mass_flow_kg_per_day": DisplayUnit("mass flow", 1.0, "kg/day"),
    "mass_flow_lb_per_day": DisplayUnit("mass flow", 1.0, "lb/day"),
    "thrust": DisplayUnit("thrust", 1.0, "N"),
}
"""Columns that the page lists for each point, after the swept columns."""

_FLOWS: Final = ("mass_flow", "mass_flow_kg_per_day", "mass_flow_lb_per_day", "thrust")
"""Columns that are stated per meter of a slit without length."""
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")


def sweep_page(path: Path, table: SweepTable, data: MeasuredData | None = None) -> Page:
    """The page of a table that was read from `path`, with measured data where there are any."""
    points = Points(table, data)
    measured = measured_beside(points)
    return Page(
        title=points.title or path.name,
        subtitle=f"Table of a sweep, {path.name}: {counted(len(points), 'point')}{_axes(points)}",
        alarms=_alarms(points),
        headlines=list(_headlines(points)),
        numbers=[],
        pictures=draw_pictures(pictures.__name__, pictures.NAMES, points),
        law=_law_rows(points),
        remarks=[*_remarks(points, "error"), *_remarks(points, "caution")],
        measured=measured_rows(measured) if measured else None,
        rows=_rows(points),
        provenance=provenance_rows(table.attributes),
        case=str(table.attributes.get("case", "")),
    )


def _axes(points: Points) -> str:
    """The axes of a grid with their lengths, or the swept columns of loose points."""
    axes = [axis for axis in points.table.axes if axis.name != "point"]
    steps = [f"{points.table.label_of(axis.name)} ({len(axis.values)})" for axis in axes]
    return f", {' x '.join(steps)}" if steps else f", varying {', '.join(points.swept).replace('_', ' ')}"


def _alarms(points: Points) -> list[str]:
    alarms = []
    if count := int((points.computed & ~points.converged).sum()):
        whose = "its" if count == 1 else "their"
        alarms.append(f"{counted(count, 'point')} NOT CONVERGED: do not trust {whose} numbers")
    if points.failed:
        alarms.append(f"{counted(len(points.failed), 'point')} FAILED: there is no answer for them")
    return alarms


def _headlines(points: Points) -> Iterator[Headline]:
    """Number of points by origin and status; ranges of the results of those that converged."""
    if points.table.is_of_cabins:
        yield from _cabin_headlines(points)
        return
    source = points.numbers("scaled_from")
    scaled = int((points.computed & ((source >= 0.0) | (source == ELSEWHERE))).sum())
    status = Counter(points.texts("status"))
    told = [f"{int(points.computed.sum()) - scaled} solved", f"{scaled} scaled from a solved one"]
    told += [f"{status[word]} {word}" for word in ("not converged", "failed", "not computed") if status[word]]
    yield Headline("points", str(len(points)), ", ".join(told))
    if measured := measured_beside(points):
        yield measured_headline(measured)
    good = points.converged
    if not good.any():
        return
    flow = SECONDS_PER_DAY * points.numbers("mass_flow")[good]
    pounds = _range(flow / KILOGRAMS_PER_POUND)
    yield Headline("mass flow", f"{_range(flow)} kg/day{points.per}", f"{pounds} lb/day{points.per}")
    spread = points.numbers("discharge_coefficient_uncertainty")[good]
    within = f"uncertainty up to {np.nanmax(spread):.2g}" if np.isfinite(spread).any() else ""
    coefficient = points.numbers("discharge_coefficient")[good]
    yield Headline("discharge coefficient", _range(coefficient, 4), within)
    ratio = 100.0 * (coefficient / points.numbers(EXPECTED)[good] - 1.0)
    if np.isfinite(ratio).any():
        yield Headline(
            "computed / best estimate - 1", f"{np.nanmin(ratio):+.1f} to {np.nanmax(ratio):+.1f} %"
        )


def _cabin_headlines(points: Points) -> Iterator[Headline]:
    """Number of points by status; the range of the reserve time, and of what it depends on."""
    status = Counter(points.texts("status"))
    yield Headline("points", str(len(points)), ", ".join(f"{count} {word}" for word, count in status.items()))
    times, unit = points.numbers(RESERVE)[points.computed], reserve_unit(points)
    if np.isfinite(times).any():
        never = int(np.isnan(times).sum())
        detail = f"{counted(never, 'point')} not before the end" if never else ""
        yield Headline(unit.name, f"{_range(unit.shown(times))} {unit.unit}", detail)
    for column, room in list(rooms(points).items())[:MOST_NAMED]:
        shown = in_mmhg(room)
        values = shown.shown(points.numbers(column)[points.computed])
        if np.isfinite(values).any():
            yield Headline(f"{room} at the end", f"{_range(values)} {shown.unit}")


def _range(values: NDArray[np.float64], digits: int = 3) -> str:
    known = values[np.isfinite(values)]
    low, high = (short(float(end(known)) if len(known) else nan, digits) for end in (np.min, np.max))
    return low if low == high else f"{low} to {high}"


def _remarks(points: Points, column: str) -> Iterator[Remark]:
    """Cautions or errors, the most frequent first; texts that differ in numbers alone are one."""
    about: dict[str, dict[int, str]] = {}
    for row, text in enumerate(points.texts(column)):
        for part in text.split(SEPARATOR) if column == "caution" else [text]:
            about.setdefault(_NUMBER.sub("#", part), {})[row] = part
    about.pop("", None)
    for said in sorted(about.values(), key=len, reverse=True):
        named = "; ".join(_name(points, row) for row in list(said)[:MOST_NAMED])
        more = f" and {len(said) - MOST_NAMED} more" if len(said) > MOST_NAMED else ""
        yield Remark(_common(list(said.values())), f"{named}{more}")


def _common(texts: list[str]) -> str:
    """One text for texts that differ in their numbers: each number that differs becomes its range.

    >>> _common(["a wall of 0.5 diameters", "a wall of 4 diameters", "a wall of 2 diameters"])
    'a wall of 0.5 to 4 diameters'
    """
    columns = zip(*(_NUMBER.findall(text) for text in texts), strict=True)
    ranges = iter([_span(set(column)) for column in columns])
    return _NUMBER.sub(lambda _: next(ranges), texts[0])


def _span(numbers: set[str]) -> str:
    """The one number, or the least and the largest."""
    low, high = min(numbers, key=float), max(numbers, key=float)
    return low if float(low) == float(high) else f"{low} to {high}"


def _name(points: Points, row: int) -> str:
    return f"point {_numbers(points)[row]}: {points.described(row, points.swept)}"


def _numbers(points: Points) -> list[str]:
    """The number of each point."""
    if not points.has("point"):
        return [str(row) for row in range(len(points))]
    return [f"{value:.0f}" for value in points.numbers("point")]


def _rows(points: Points) -> PointRows:
    swept = {name: points.unit(name) for name in points.swept}
    listed = listed_columns(points) if points.table.is_of_cabins else COLUMNS
    columns = swept | {name: unit for name, unit in listed.items() if points.has(name)}
    heading = ["point", *(_heading(points, name, unit) for name, unit in columns.items()), "status"]
    cells = [_cells(points, name, unit) for name, unit in columns.items()]
    lines = [list(line) for line in zip(_numbers(points), *cells, _endings(points), strict=True)][:MOST_ROWS]
    note = f"The first {MOST_ROWS} of {len(points)}; the table has all." if len(points) > MOST_ROWS else ""
    return PointRows(heading, lines, note)


def _heading(points: Points, name: str, unit: DisplayUnit) -> str:
    label = unit.label or name
    return f"{label[:-1]}{points.per})" if name in _FLOWS and points.per else label


def _cells(points: Points, name: str, unit: DisplayUnit) -> list[str]:
    digits = 2 if name.endswith("_uncertainty") else 5
    return [_cell(value, unit, digits) for value in points.values(name)]


def _cell(value: float | str, unit: DisplayUnit, digits: int) -> str:
    if isinstance(value, str):
        return value
    return f"{unit.shown(value) + 0.0:.{digits}g}" if value == value else ""


def _endings(points: Points) -> list[str]:
    """Status of each point, and the point whose solution it was scaled from."""
    sources = points.numbers("scaled_from").tolist()
    return [status + _from(source) for status, source in zip(points.texts("status"), sources, strict=True)]


def _from(source: float) -> str:
    if source == ELSEWHERE:
        return ", from another sweep"
    return f", from point {source:.0f}" if source >= 0.0 else ""


def _law_rows(points: Points) -> list[Row]:
    """Range and errors of the fitted law."""
    try:
        law = points.law
    except ResultError as error:
        return [("not shown", str(error))]
    if law is None:
        return []
    return [
        ("range", law.description),
        ("fitted to", f"{law.points} different solutions"),
        ("largest error at a point left out", short(law.leave_one_out, 2)),
        ("uncertainty of the points", f"up to {short(float(law.uncertainty.max()), 2)}"),
    ]
