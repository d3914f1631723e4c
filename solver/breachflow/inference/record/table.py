"""The lines of a CSV file as cells: separators, quotes, comments; and one column as numbers."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from breachflow.files import read_regular
from breachflow.inference.record.headings import EXAMPLE
from breachflow.inference.record.record import RecordError
from breachflow.words import counted, single_line

LARGEST: Final = 200_000_000
"""Bytes of a file that is read."""
MOST_LINES: Final = 2_000_000
"""Of a file: their cells take some 300 bytes each."""
MOST_FAULTS: Final = 5
"""Faults of one kind that are told; the others are counted."""
MOST: Final = 1e30
"""Of a number, in any unit."""
UTF_16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
"""First bytes of text in UTF-16."""
_NO_TEXT: Final = "is no text; save the record as CSV (UTF-8)"
_SEPARATORS: Final = "\t;,"
_COMMENT: Final = "#"
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


LineFault: TypeAlias = tuple[int, str]
"""A line of a file, and what is wrong with it."""


class RecordTable(NamedTuple):
    """The cells of a file, line by line."""

    name: str
    """The path as messages have it."""
    first_line: int
    """Of the headings."""
    headings: list[str]
    lines: list[int]
    """Of the rows."""
    rows: list[list[str]]
    has_decimal_commas: bool
    """Whether commas stand in numbers: then they separate no cells."""


def read_table(path: Path) -> RecordTable:
    """The cells of a CSV file; commas, semicolons or tabs stand between them.

    Empty lines and lines that begin with # are skipped. Raises RecordError where the file cannot be read, or
    a line has more or fewer cells than there are headings.
    """
    name = single_line(str(path))
    (first_line, headings), *rest = _lines(name, _text(path, name))
    while len(headings) > 1 and not headings[-1]:
        headings.pop()
    separator = _separator(_first_line(_text(path, name)))
    count, faults = len(headings), list[LineFault]()
    for line, cells in rest:
        while len(cells) > count and not cells[-1]:
            cells.pop()
        if len(cells) != count:
            faults.append((line, _wrong_count(len(cells), count, separator)))
    raise_faults(name, faults)
    if not rest:
        raise RecordError(f"{name}:{first_line}: has headings but no readings below them")
    lines, rows = [line for line, _ in rest], [cells for _, cells in rest]
    return RecordTable(name, first_line, headings, lines, rows, separator != ",")


def raise_faults(name: str, faults: Sequence[LineFault]) -> None:
    """Raise RecordError where there are faults of a file, with the first of them."""
    if not faults:
        return
    told = [f"{name}:{line}: {why}" for line, why in faults[:MOST_FAULTS]]
    others = faults[MOST_FAULTS:]
    if others:
        told.append(f"{name}:{others[0][0]}: {counted(len(others), 'more such line')} from here on")
    raise RecordError(*told)


def numbers(table: RecordTable, place: int, heading: str) -> list[float]:
    """A column as numbers; NaN where a cell is empty. Raises RecordError where a cell is none."""
    cells = [row[place] for row in table.rows]
    if table.has_decimal_commas:
        cells = [cell.replace(",", ".", 1) for cell in cells]
    try:
        found = [float(cell) if cell else math.nan for cell in cells]
    except ValueError:
        found = []
    if found and all(abs(number) <= MOST for number in found) and not any("_" in cell for cell in cells):
        return found
    faults = [
        (line, f'{heading}: "{single_line(row[place])}" {_why_no_number(row[place])}')
        for line, row, cell in zip(table.lines, table.rows, cells, strict=True)
        if cell and not (_NUMBER.fullmatch(cell) and abs(float(cell)) <= MOST)
    ]
    raise_faults(table.name, faults)
    return [float(cell) if cell else math.nan for cell in cells]


def _why_no_number(text: str) -> str:
    if _NUMBER.fullmatch(text):
        return f"is beyond {MOST:g}: no reading is"
    if text.lower() in ("nan", "na", "n/a", "null", "none", "-", "--", "inf", "-inf"):
        return "is not a number; leave the cell empty where there is no reading"
    if re.match(r"[-+0-9.]+\s*[A-Za-z]", text):
        return "is more than a number; its unit belongs to the heading"
    return "is not a number"


def _text(path: Path, name: str) -> str:
    """The text of the file. Raises RecordError where it cannot be read or is none."""
    try:
        if path.is_dir():
            raise RecordError(f"{name}: is a folder; give the file of a record")
        if not path.exists():
            raise RecordError(f"{name}: no such file")
        content = read_regular(path, LARGEST)
        if len(content) > LARGEST:
            raise RecordError(
                f"{name}: is larger than {LARGEST // 1_000_000} MB; cut the record, or thin it out"
            )
        text = _decoded(content)
    except UnicodeDecodeError as error:
        raise RecordError(f"{name}: byte {error.start}: {_NO_TEXT}") from None
    except OSError as error:
        raise RecordError(f"{name}: cannot be read: {error.strerror}") from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise RecordError(f"{name}:{line}: {_NO_TEXT}")
    return text


def _decoded(content: bytes) -> str:
    """Text in UTF-8, in UTF-16 with its mark, or in the code page of Windows, which has the degree sign.

    Raises UnicodeDecodeError where it is none of these.
    """
    if content.startswith(UTF_16_MARKS):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _first_line(text: str) -> str:
    """The first line that is no comment."""
    return next(
        (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(_COMMENT)), ""
    )


def _separator(line: str) -> str:
    return next((sign for sign in _SEPARATORS if sign in line), ",")


def _lines(name: str, text: str) -> list[tuple[int, list[str]]]:
    """The lines that have cells, with their numbers, the headings first.

    Raises RecordError where there are none or too many, or a quote is not closed.
    """
    given = text.splitlines()
    if len(given) > MOST_LINES:
        raise RecordError(
            f"{name}: has {len(given)} lines, more than {MOST_LINES}; cut the record, or thin it out"
        )
    separator = _separator(_first_line(text))
    reader = csv.reader(given, delimiter=separator, strict=True, skipinitialspace=True)
    found = []
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells) and not cells[0].startswith(_COMMENT):
                found.append((reader.line_num, cells))
    except csv.Error:
        raise RecordError(
            f"{name}:{reader.line_num}: a quote is not closed, or stands inside a cell"
        ) from None
    if not found:
        raise RecordError(
            f"{name}:{len(given) or 1}: ends without readings; write a first line such as: {EXAMPLE}"
        )
    return found


def _wrong_count(count: int, headings: int, separator: str) -> str:
    cells = f"has {count} {'cell' if count == 1 else 'cells'} for {headings} headings"
    if separator == "," and headings < count <= 2 * headings:
        return f'{cells}; with decimal commas, separate cells by ";"'
    return cells
