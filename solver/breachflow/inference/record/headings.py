"""The headings of a record: which column is the time, the pressure, the temperature, in which unit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from breachflow.inference.record.record import RecordError
from breachflow.units import UNITS, Dimension, UnitError, one_of, read_quantity
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


class ColumnChoice(NamedTuple):
    """Headings that are chosen, with their unit or without; None of a column that is known by its name."""

    pressure: str | None = None
    temperature: str | None = None


BY_NAME: Final = ColumnChoice()
"""No column is chosen."""


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


def columns_of(
    place: str, cells: Sequence[str], extra: Mapping[str, Dimension], choice: ColumnChoice = BY_NAME
) -> dict[str, RecordColumn]:
    """The columns by what they are; `extra` are names that count too, with what they measure.

    Raises RecordError where two are alike, one has no unit or a wrong one, or one that is chosen is missing.
    """
    known = {name: kind for kind, names in NAMES.items() for name in names} | {name: name for name in extra}
    dimensions = DIMENSIONS | dict(extra)
    for kind, heading in choice._asdict().items():
        if heading is not None:
            known = {name: other for name, other in known.items() if other != kind}
            known[_chosen(place, cells, heading, kind)] = kind
    found: dict[str, RecordColumn] = {}
    for index, cell in enumerate(cells):
        name, unit = _name_and_unit(cell)
        kind = known.get(_plain(cell), known.get(_plain(name), ""))
        if not kind:
            continue
        if kind in found:
            both = f'"{found[kind].text}" and "{single_line(cell)}"'
            raise RecordError(f"{place}: two columns are a {kind}: {both}; {_advice(kind, cell)}")
        found[kind] = _column(place, index, cell, unit, kind, dimensions[kind])
    return found


def _name_and_unit(cell: str) -> tuple[str, str]:
    match = _HEADING.fullmatch(cell)
    assert match is not None
    unit = match[2] if match[2] is not None else match[3]
    return match[1].strip(), (unit or "").strip()


def _plain(text: str) -> str:
    """A heading without differences that do not count."""
    return re.sub(r"[\s_-]+", " ", text.strip().lower())


def _chosen(place: str, cells: Sequence[str], heading: str, kind: str) -> str:
    """A heading that is chosen, as columns are compared. Raises RecordError where no column has it."""
    wanted = _plain(heading)
    if any(wanted in (_plain(cell), _plain(_name_and_unit(cell)[0])) for cell in cells):
        return wanted
    raise RecordError(
        f'{place}: no column is "{single_line(heading)}", chosen as the {kind}, among {_listed(cells)}'
    )


def _listed(cells: Sequence[str]) -> str:
    return ", ".join(f'"{single_line(cell)}"' for cell in cells[:6])


def _advice(kind: str, cell: str) -> str:
    """How to choose one of several columns of a kind."""
    if kind not in ColumnChoice._fields:
        return "leave one"
    return f"leave one, or {_choice(kind, cell)}"


def _choice(kind: str, cell: str) -> str:
    return f"choose it: `breachflow infer --{kind}-column '{single_line(cell)}'`"


def require(place: str, kind: str, found: Mapping[str, RecordColumn], cells: Sequence[str]) -> None:
    """Raise RecordError where a column is missing."""
    if kind in found:
        return
    if not any(re.search("[A-Za-z]", cell) for cell in cells):
        raise RecordError(f"{place}: has no headings; write a first line such as: {EXAMPLE}")
    message = f"{place}: no column is a {kind}, among {_listed(cells)}; write e.g. {EXAMPLE}"
    raise RecordError(f"{message}{_likely(kind, cells)}")


def _likely(kind: str, cells: Sequence[str]) -> str:
    """The column that may be meant: the first with a unit of this kind, or one with a similar name."""
    if kind in ColumnChoice._fields:
        for cell in cells:
            unit = _name_and_unit(cell)[1]
            if OTHER_NAMES.get(unit, unit) in UNITS[DIMENSIONS[kind]]:
                return f"; or {_choice(kind, cell)}"
    near = nearest(kind, [_name_and_unit(cell)[0] for cell in cells])
    return f'; "{single_line(near)}" is not known' if near else ""


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
