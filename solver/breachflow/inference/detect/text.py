"""The smallest leaks as text: a table for each volume, then what they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.inference.sensor import Sensor, short_time
from breachflow.theory.emptying.slope import SlopeNoise
from breachflow.units import UNITS, Dimension
from breachflow.words import Row, percent, significant

if TYPE_CHECKING:
    from breachflow.inference.detect.answer import Detection

LABEL, COLUMN = 24, 11
"""Widths of the labels and of the columns of numbers."""

POUNDS: Final = SECONDS_PER_DAY / KILOGRAMS_PER_POUND
"""lb/day in a kg/s."""


def detection_text(found: Detection) -> str:
    """The answer as lines of text, its warnings last."""
    heading = [short_time(length) for length in found.lengths]
    table = [_line("record of", heading), *(_line(label, cells) for label, cells in _table(found))]
    rows = list(_rows(found))
    width = max(len(label) for label, _ in rows)
    lines = [f"  {label:<{width}}  {text}" for label, text in rows]
    return "\n".join(
        ["smallest leak that a record shows", *table, *lines, *(f"WARNING: {one}" for one in found.warnings)]
    )


def detection_html(found: Detection) -> str:
    """The answer as tables of HTML, its warnings in the last rows."""
    from breachflow.leak.answer import AnswerSection, section_html

    heading = ("record of", ", ".join(short_time(length) for length in found.lengths))
    table = [heading, *((label, ", ".join(cells)) for label, cells in _table(found))]
    warnings = [("WARNING", warning) for warning in found.warnings]
    title = "smallest leak that a record shows"
    return section_html(AnswerSection(title, table)) + section_html(
        AnswerSection("", [*_rows(found), *warnings])
    )


def _line(label: str, cells: Sequence[str]) -> str:
    return f"  {label:<{LABEL}}{''.join(f'{cell:>{COLUMN}}' for cell in cells)}".rstrip()


def _table(found: Detection) -> Iterator[tuple[str, list[str]]]:
    """Label and cells of each line: the rate of the pressure, then what it is in each volume."""
    pascals = float(UNITS[Dimension.PRESSURE][found.pressure_unit])
    rates = [_number(3600.0 * rate / pascals) for rate in found.smallest_pressure_rate]
    yield f"falling, {found.pressure_unit}/h", rates
    for volume, flows, holes in zip(found.volumes, found.smallest, found.equivalent_diameter, strict=True):
        yield f"{volume:.6g} m3, kg/day", [_number(SECONDS_PER_DAY * flow) for flow in flows]
        yield "  lb/day", [_number(POUNDS * flow) for flow in flows]
        yield "  hole, mm", ["none" if hole is None else _number(1e3 * hole) for hole in holes]


def _number(value: float) -> str:
    """A number with three digits."""
    return significant(value, 3) if value >= 999.5 else f"{value:.3g}"


def _rows(found: Detection) -> Iterator[Row]:
    """What was asked about one leak, and what the table rests on."""
    yield from _leak_rows(found)
    yield (
        "meaning",
        f"a leak of this size is missed in {percent(found.miss)} of such records;"
        f" {percent(found.false_alarm)} of records without a leak show one",
    )
    yield "noise", noise_text(found)
    if not all(found.dithered):
        yield "", f"the noise does not move the gauge: first and last reading alone count{_where(found)}"
    state, assumed = (
        "" if given else " [assumed]" for given in (found.temperature_given, found.pressure_given)
    )
    pressure = found.pressure / float(UNITS[Dimension.PRESSURE][found.pressure_unit])
    yield (
        "gas",
        f"{found.gas} at {found.temperature:.6g} K{state}, {pressure:.5g} {found.pressure_unit}{assumed};"
        " holes are thin and round, into vacuum",
    )
    drift = significant(100.0 / found.temperature, 2)
    yield "not counted", f"a temperature that drifts: 1 K is {drift} % of the pressure; compare it first"


def _where(found: Detection) -> str:
    """The lengths for which it holds; nothing where it holds for all."""
    lengths = [short_time(one) for one, moved in zip(found.lengths, found.dithered, strict=True) if not moved]
    return "" if len(lengths) == len(found.lengths) else f" ({', '.join(lengths)})"


def noise_text(found: Detection) -> str:
    """The noise of the record in words."""
    noise = found.noise
    walk = noise.wander / 60.0
    parts = SlopeNoise(noise.correlated, noise.time, 0.0, noise.every, walk, noise.resolution)
    return Sensor(parts, noise.is_default).text(found.pressure_unit)


def _leak_rows(found: Detection) -> Iterator[Row]:
    """How long a record shows the leak that was asked about, in each volume."""
    if found.leak is None or found.leak_pressure_rate is None or found.length_needed is None:
        return
    pascals = float(UNITS[Dimension.PRESSURE][found.pressure_unit])
    for volume, flow, rate, length in zip(
        found.volumes, found.leak, found.leak_pressure_rate, found.length_needed, strict=True
    ):
        leak = f"{_number(SECONDS_PER_DAY * flow)} kg/day = {_number(POUNDS * flow)} lb/day"
        falling = f"{_number(3600.0 * rate / pascals)} {found.pressure_unit}/h"
        needed = "no record shows it" if length is None else f"a record of {short_time(length)} shows it"
        yield f"in {volume:.6g} m3", f"{leak}, falling {falling}: {needed}"
