"""The headings of a record: which column is the time, the pressure, the temperature, in which unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from breachflow.inference.record.record import RecordError
from breachflow.units import Dimension, UnitError, one_of, read_quantity
from breachflow.words import nearest, single_line

TIME, PRESSURE, TEMPERATURE = "time", "pressure", "temperature"
EXAMPLE: Final = "time [s],pressure [mmHg]"
"""The first line of a record, for messages."""

NAMES: Final = {
    TIME: (
        "time", "t", "date", "datetime", "date time", "timestamp", "time stamp", "utc", "gmt", "time utc",
        "time gmt", "utc time", "elapsed", "elapsed time", "met",
    ),
    PRESSURE: (
        "pressure", "p", "cabin pressure", "total pressure", "absolute pressure", "pressure abs", "press",
    ),
    TEMPERATURE: ("temperature", "temp", "cabin temperature", "air temperature"),
}  # fmt: skip
"""What each column may be called."""

DIMENSIONS: Final = {TIME: Dimension.TIME, PRESSURE: Dimension.PRESSURE, TEMPERATURE: Dimension.TEMPERATURE}

DATES: Final = ("iso", "iso 8601", "iso8601", "utc", "gmt", "z", "hh:mm", "hh:mm:ss")
"""Units of a time that is a date or a clock."""

OTHER_NAMES: Final = {
    "sec": "s", "second": "s", "seconds": "s", "minute": "min", "minutes": "min", "mins": "min", "hr": "h",
    "hrs": "h", "hour": "h", "hours": "h", "days": "day", "d": "day", "°C": "degC", "C": "degC", "°F": "degF",
    "F": "degF", "Torr": "torr", "mm Hg": "mmHg", "millibar": "mbar",
}  # fmt: skip
"""Units as files of other programs spell them; none of them means anything else."""

_HEADING: Final = re.compile(r"\s*(.*?)\s*(?:\[([^]]*)\]|\(([^)]*)\))?\s*")


class RecordColumn(NamedTuple):
    """A column that counts."""

    place: int
    """Among the cells of a line."""
    text: str
    """Its heading."""
    factor: float
    """SI units in one of its own; of a temperature from one degree to the next."""
    zero: float
    """SI value of 0 in its unit."""
    unit: str
    """Empty of a time that is a date or a clock."""


def columns_of(place: str, cells: Sequence[str], extra: Mapping[str, Dimension]) -> dict[str, RecordColumn]:
    """The columns by what they are; `extra` are names that count too, with what they measure.

    Raises RecordError where two are alike, one has no unit or a wrong one, or the time is missing.
    """
    known = {name: kind for kind, names in NAMES.items() for name in names} | {name: name for name in extra}
    dimensions = DIMENSIONS | dict(extra)
    found: dict[str, RecordColumn] = {}
    for index, cell in enumerate(cells):
        match = _HEADING.fullmatch(cell)
        assert match is not None
        kind = known.get(re.sub(r"[\s_-]+", " ", match[1].strip().lower()))
        if kind is None:
            continue
        if kind in found:
            raise RecordError(
                f'{place}: two columns are a {kind}: "{found[kind].text}" and "{single_line(cell)}";'
                " leave one"
            )
        unit = match[2] if match[2] is not None else match[3]
        found[kind] = _column(place, index, cell, (unit or "").strip(), kind, dimensions[kind])
    return found


def require(place: str, kind: str, found: Mapping[str, RecordColumn], cells: Sequence[str]) -> None:
    """Raise RecordError where a column is missing."""
    if kind in found:
        return
    if not any(re.search("[A-Za-z]", cell) for cell in cells):
        raise RecordError(f"{place}: has no headings; write a first line such as: {EXAMPLE}")
    names = [_HEADING.fullmatch(cell)[1] for cell in cells]  # type: ignore[index]  # matches any text
    near = nearest(kind, names)
    meant = f'; "{single_line(near)}" is not known' if near else ""
    given = ", ".join(f'"{single_line(cell)}"' for cell in cells[:6])
    raise RecordError(f"{place}: no column is a {kind}, among {given}; write e.g. {EXAMPLE}{meant}")


def _column(place: str, index: int, cell: str, unit: str, kind: str, dimension: Dimension) -> RecordColumn:
    shown = single_line(cell)
    if kind == TIME and (not unit or unit.lower() in DATES):
        return RecordColumn(index, shown, 1.0, 0.0, "")
    if not unit:
        example = f"{cell.strip()} [{'kg' if kind not in DIMENSIONS else _usual(dimension)}]"
        raise RecordError(
            f'{place}: "{shown}" has no unit; write e.g. "{single_line(example)}"; {one_of(dimension)}'
        )
    unit = OTHER_NAMES.get(" ".join(unit.split()), " ".join(unit.split()))
    try:
        zero, thousand = (read_quantity(f"{number} {unit}", dimension) for number in (0, 1000))
    except UnitError as error:
        raise RecordError(f'{place}: "{shown}": {error}') from None
    return RecordColumn(index, shown, (thousand - zero) / 1000.0, zero, unit)


def _usual(dimension: Dimension) -> str:
    return {Dimension.PRESSURE: "mmHg", Dimension.TEMPERATURE: "degC"}.get(dimension, "s")
