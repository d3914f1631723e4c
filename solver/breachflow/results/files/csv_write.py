"""Columns as CSV: the heading of each names its unit, numbers have all their digits, nan is an empty cell."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

from numpy.typing import NDArray

from breachflow.results.data import Column


def csv_bytes(columns: Mapping[str, Column]) -> bytes:
    """The columns, (n_rows,) each, under headings such as `mass_flow [kg/s]`."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(
        name if column.unit in ("", "1") else f"{name} [{column.unit}]" for name, column in columns.items()
    )
    writer.writerows(zip(*(_cells(column.values) for column in columns.values()), strict=True))
    return text.getvalue().encode("utf-8", "backslashreplace")


def _cells(values: NDArray[Any]) -> Iterable[str]:
    return [_cell(value) for value in values.ravel().tolist()]


def _cell(value: float | int | bool | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")  # a lone carriage return is not quoted
    return repr(value) if value == value else ""
