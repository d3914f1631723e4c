"""Outlines from files of points (CSV) and drawings (DXF)."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from breachflow.files import read_regular
from breachflow.outlines.checks import OutlineError
from breachflow.outlines.polygon import Corner
from breachflow.words import nearest

LARGEST_FILE: Final = 20_000_000
"""Bytes of a file of an outline."""

SUFFIXES: Final = (".csv", ".dxf")


def read_loops(path: Path) -> list[list[Corner]]:
    """The points of each loop in a file, in its coordinates.

    Raises OutlineError, whose text begins with the file, where it cannot be read or has no points.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise OutlineError(f"{path.name}: the file of an outline ends in {' or '.join(SUFFIXES)}")
    try:
        content = read_regular(path, LARGEST_FILE)
    except FileNotFoundError:
        raise OutlineError(f"{path.name}: no such file{_near(path)}") from None
    except OSError as error:
        raise OutlineError(f"{path.name}: cannot be read: {error.strerror or error}") from None
    if len(content) > LARGEST_FILE:
        raise OutlineError(f"{path.name}: is larger than {LARGEST_FILE // 10**6} MB")
    try:
        if suffix == ".csv":
            return csv_loops(content)
        from breachflow.outlines.drawing import dxf_loops

        return dxf_loops(content)
    except OutlineError as error:
        raise OutlineError(f"{path.name}: {error}") from None


def _near(path: Path) -> str:
    """A question for the file that may be meant; empty where none is alike."""
    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.suffix.lower() in SUFFIXES]
    except OSError:
        return ""
    found = nearest(path.name, names)
    return f'; did you mean "{found}"?' if found else ""


def csv_loops(content: bytes) -> list[list[Corner]]:
    """The points in a text of two columns, a point a line; an empty line ends a loop.

    Columns are separated by a comma, a semicolon, a tab or spaces. Lines that begin with # and one line of
    headings are left out. Raises OutlineError, which names the line.

    >>> csv_loops(b"x, y\\n0, 0\\n2, 0\\n1, 1\\n\\n5, 0\\n6, 0\\n5, 1")
    [[(0.0, 0.0), (2.0, 0.0), (1.0, 1.0)], [(5.0, 0.0), (6.0, 0.0), (5.0, 1.0)]]
    """
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise OutlineError(f"is no text: byte {error.start} is not UTF-8") from None
    loops: list[list[Corner]] = [[]]
    may_be_headings = True
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if text.startswith("#"):
            continue
        if not text.strip(",; \t"):
            loops.append([])
            continue
        point = _point(_cells(text), number, may_be_headings)
        may_be_headings = False
        if point is not None:
            loops[-1].append(point)
    found = [loop for loop in loops if loop]
    if not found:
        raise OutlineError("has no points: write two numbers a line, x and y")
    return found


def _cells(text: str) -> list[str]:
    separator = next((one for one in (";", "\t", ",") if one in text), None)
    if separator is None:
        return text.split()
    (row,) = csv.reader([text], delimiter=separator)
    return [cell.strip() for cell in row]


def _point(cells: Sequence[str], number: int, may_be_headings: bool) -> Corner | None:
    """The point in a line; None of headings. Raises OutlineError where there is none."""
    numbers = [_number(cell) for cell in cells]
    if may_be_headings and all(one is None for one in numbers):
        return None
    if len(cells) != 2:
        raise OutlineError(f"line {number} has {len(cells)} columns; a point has two, x and y")
    for cell, one in zip(cells, numbers, strict=True):
        if one is None:
            comma = " (write 1.5, not 1,5)" if "," in cell else ""
            raise OutlineError(f"line {number}: {cell[:40]!r} is not a number{comma}")
    x, y = (float(one) for one in numbers if one is not None)
    return x, y


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
