"""Measured data of a test stand: a CSV file whose columns have names and units."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from breachflow.constants import SPECIES
from breachflow.errors import ResultError
from breachflow.files import read_regular
from breachflow.results.quantities import UNCERTAINTY
from breachflow.units import Dimension, UnitError, one_of, read_leak_rate, read_quantity
from breachflow.words import allowed, nearest, single_line, suggested

if TYPE_CHECKING:
    from breachflow.arrays import Floats


class MeasurableColumn(NamedTuple):
    """A quantity that a file of measured data may have, under the name of a column of a sweep's table."""

    name: str
    dimension: Dimension | None = None
    """None of a pure number."""
    others: tuple[str, ...] = ()
    """Other names that a heading may give it."""
    most: float = math.inf
    """Largest value, in SI; the least of all is 0."""


MEASURED: Final = ("discharge_coefficient", "mass_flow")
"""The columns of which a file needs one, and which may have an uncertainty."""

GAS: Final = "gas"
"""The only column of words."""

COLUMNS: Final = (
    MeasurableColumn("discharge_coefficient", None, ("cd", "flow_coefficient")),
    MeasurableColumn("mass_flow", Dimension.MASS_FLOW, ("mass_flow_rate", "leak_rate")),
    MeasurableColumn("pressure_ratio", None, ("outside_/_cabin_pressure",), most=1.0),
    MeasurableColumn("thickness_ratio", None, ("t/d", "t/w")),
    MeasurableColumn("heat_capacity_ratio", None, ("gamma",)),
    MeasurableColumn("diameter", Dimension.LENGTH),
    MeasurableColumn("width", Dimension.LENGTH),
    MeasurableColumn("wall_thickness", Dimension.LENGTH, ("wall", "thickness")),
    MeasurableColumn("cabin_pressure", Dimension.PRESSURE, ("pressure", "inside_pressure")),
    MeasurableColumn("outside_pressure", Dimension.PRESSURE, ("outside", "back_pressure")),
    MeasurableColumn("cabin_temperature", Dimension.TEMPERATURE, ("temperature",)),
)
"""The columns of numbers."""

LARGEST: Final = 10_000_000
"""Bytes of a file that is read."""

_BY_NAME: Final = {name: column for column in COLUMNS for name in (column.name, *column.others)}
_HEADING: Final = re.compile(r"\s*(.*?)\s*(?:\[([^]]*)\]|\(([^)]*)\))?\s*")
_PLAIN: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,2})?")
_PURE: Final = ("", "1", "-", "%")
"""Units of a pure number."""
_SEPARATORS: Final = "\t;,"

_EXAMPLE: Final = "write a line of headings such as: pressure ratio [1], discharge coefficient [1]"


@dataclass(frozen=True)
class MeasuredData:
    """The rows of a file of measured data, in SI units."""

    path: Path
    lines: tuple[int, ...]
    """The line of the file in which each row stands."""
    numbers: Mapping[str, Floats]
    """(n_rows,) by column, and `NAME_uncertainty` of the measured ones; NaN where a cell is empty."""
    gases: tuple[str, ...]
    """The gas of each row; empty where the file names none."""
    left_out: tuple[str, ...]
    """Headings of columns that say nothing about a flow through a hole, such as a date."""

    def __len__(self) -> int:
        return len(self.lines)

    def column(self, name: str) -> Floats:
        """(n_rows,) a column of numbers; NaN where the file has no such column."""
        return self.numbers.get(name, np.full(len(self), np.nan))


class _Heading(NamedTuple):
    """What the heading of a column says."""

    text: str
    name: str
    """Name of the column; empty if it is left out."""
    unit: str = ""
    column: MeasurableColumn | None = None
    """None of the gas and of a column that is left out."""


class _Cell(NamedTuple):
    """A cell of the file."""

    place: str
    """File and line."""
    heading: _Heading
    text: str

    def number(self, gas: str) -> float:
        """The value in SI, of a row with this gas; NaN of an empty cell.

        Raises ResultError where it is none of its column.
        """
        column = self.heading.column
        if not self.text or column is None:
            return math.nan
        try:
            value = _number(self.text, self.heading.unit, column.dimension, gas)
        except UnitError as error:
            raise self.fault(str(error)) from None
        if value < 0.0:
            raise self.fault("must not be negative")
        if value > column.most:
            raise self.fault(f"must be at most {column.most:g}: it is the pressure outside over that inside")
        return value

    def gas(self) -> str:
        """The gas. Raises ResultError where no such gas is known."""
        if self.text and self.text not in SPECIES:
            raise self.fault(f"unknown gas; {allowed(SPECIES)}{suggested(self.text, SPECIES)}")
        return self.text

    def fault(self, why: str) -> ResultError:
        """An error that names file, line, column and value."""
        return ResultError(f'{self.place}: {self.heading.text}: "{single_line(self.text)}" {why}')


def read_measured(path: Path) -> MeasuredData:
    """Read measured data: a line of headings such as `diameter [mm]`, then a row a line.

    Commas, semicolons or tabs stand between the cells; empty lines and lines that begin with # are skipped.
    Raises ResultError where the file cannot be read, has no measured column, or a cell is no such quantity.
    """
    (line, first), *rows = _rows(path, _text(path))
    place = f"{single_line(str(path))}, line {line}"
    headings = [_heading(place, text) for text in first]
    _require_columns(place, [heading.name for heading in headings])
    cells = [_cells(path, number, headings, row) for number, row in rows]
    if not cells:
        raise ResultError(f"{place}: has headings but no row of values below them")
    gases = tuple(next((cell.gas() for cell in row if cell.heading.name == GAS), "") for row in cells)
    named = {heading.name: i for i, heading in enumerate(headings) if heading.column}
    data = MeasuredData(
        path=path,
        lines=tuple(number for number, _ in rows),
        numbers={
            name: np.array([row[i].number(gas) for row, gas in zip(cells, gases, strict=True)])
            for name, i in named.items()
        },
        gases=gases,
        left_out=tuple(heading.text for heading in headings if heading.text and not heading.name),
    )
    return replace(data, numbers=dict(_absolute(data, headings)))


def _text(path: Path) -> str:
    name = single_line(str(path))
    try:
        content = read_regular(path, LARGEST)
        if len(content) > LARGEST:
            raise ResultError(f"{name}: is larger than {LARGEST // 1_000_000} MB: no table of measured data")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ResultError(
            f"{name}, byte {error.start}: is no text in UTF-8; save it as CSV (UTF-8)"
        ) from None
    except OSError as error:
        raise ResultError(f"{name}: cannot be read: {error.strerror}") from None


def _rows(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """The lines that have cells, with their numbers, the headings first."""
    given = text.splitlines()
    first = next((line for line in given if line.strip() and not line.lstrip().startswith("#")), "")
    separator = next((sign for sign in _SEPARATORS if sign in first), ",")
    reader = csv.reader(given, delimiter=separator, strict=True, skipinitialspace=True)
    rows = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells) and not cells[0].startswith("#"):
                rows.append((reader.line_num, cells))
    except csv.Error as error:
        raise ResultError(f"{single_line(str(path))}, line {reader.line_num}: {error}") from None
    if not rows:
        raise ResultError(
            f"{single_line(str(path))}, line {len(given) or 1}: ends without headings; {_EXAMPLE}"
        )
    return rows


def _heading(place: str, text: str) -> _Heading:
    match = _HEADING.fullmatch(text)
    assert match is not None
    name = re.sub(r"[\s_-]+", "_", match[1].lower())
    unit = " ".join((match[2] or match[3] or "").split())
    shown = single_line(text)
    if name == GAS:
        return _Heading(shown, GAS)
    column, suffix = _column_of(name)
    if column is None or (suffix and column.name not in MEASURED):
        _refuse_misspelled(place, shown, name)
        return _Heading(shown, "")
    _require_unit(place, shown, unit, None if suffix and unit == "%" else column.dimension)
    return _Heading(shown, column.name + suffix, unit, column._replace(most=math.inf) if suffix else column)


def _column_of(name: str) -> tuple[MeasurableColumn | None, str]:
    """The column that a name means, and `UNCERTAINTY` where it is the uncertainty of it."""
    bare = name.removesuffix(UNCERTAINTY).removeprefix("uncertainty_of_")
    return _BY_NAME.get(bare), "" if bare == name else UNCERTAINTY


def _refuse_misspelled(place: str, shown: str, name: str) -> None:
    """Raise ResultError where an unknown name is nearly that of a column."""
    known = (GAS, *_BY_NAME)
    near = nearest(name, known, likeness=0.8)
    if near is not None and name.removesuffix(UNCERTAINTY) not in _BY_NAME:
        meant = _BY_NAME[near].name if near in _BY_NAME else near
        raise ResultError(f'{place}: no column "{shown}"; did you mean "{meant.replace("_", " ")}"?')


def _require_unit(place: str, shown: str, unit: str, dimension: Dimension | None) -> None:
    """Raise ResultError where the unit of a heading is missing or of another quantity."""
    if dimension is None:
        if unit not in _PURE:
            raise ResultError(f'{place}: "{shown}" is a pure number: its unit is [1] or [%]')
        return
    if not unit:
        raise ResultError(f'{place}: "{shown}" has no unit in brackets; {one_of(dimension)}')
    try:
        _quantity(f"1 {unit}", dimension, 1.0)
    except UnitError as error:
        raise ResultError(f'{place}: "{shown}": {error}') from None


def _require_columns(place: str, names: Sequence[str]) -> None:
    given = [name for name in names if name]
    twice = next((name for name in given if given.count(name) > 1), None)
    if twice is not None:
        raise ResultError(f'{place}: two columns are "{twice.replace("_", " ")}"')
    if not set(MEASURED) & set(given):
        raise ResultError(f"{place}: no column is measured: discharge coefficient or mass flow; {_EXAMPLE}")


def _cells(path: Path, number: int, headings: Sequence[_Heading], row: Sequence[str]) -> list[_Cell]:
    place = f"{single_line(str(path))}, line {number}"
    if len(row) != len(headings):
        raise ResultError(f"{place}: has {len(row)} cells for {len(headings)} headings")
    return [_Cell(place, heading, text) for heading, text in zip(headings, row, strict=True)]


def _quantity(text: str, dimension: Dimension, molar_mass: float | None) -> float:
    """The value in SI. Raises UnitError."""
    if dimension is Dimension.MASS_FLOW:
        return read_leak_rate(text, molar_mass)
    return read_quantity(text, dimension)


def _number(text: str, unit: str, dimension: Dimension | None, gas: str) -> float:
    """A cell in SI units; a percentage as a fraction. Raises UnitError."""
    if dimension is not None and unit != "%":
        return _quantity(f"{text} {unit}", dimension, SPECIES[gas].molar_mass if gas else None)
    if not _PLAIN.fullmatch(text):
        advice = "; write a decimal point" if "," in text else ""
        raise UnitError(f"is not a number{advice}")
    return float(text) / 100.0 if unit == "%" else float(text)


def _absolute(data: MeasuredData, headings: Sequence[_Heading]) -> Iterator[tuple[str, Floats]]:
    """The columns, in which an uncertainty in percent of the value has become one in its unit."""
    relative = {heading.name for heading in headings if heading.unit == "%"}
    for name, values in data.numbers.items():
        of = name.removesuffix(UNCERTAINTY)
        yield name, values * data.column(of) if of != name and name in relative else values
