"""A record from a CSV file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from breachflow.arrays import Bools, Floats
from breachflow.inference.record.headings import (
    BY_NAME,
    PRESSURE,
    TEMPERATURE,
    TIME,
    ColumnChoice,
    RecordColumn,
    columns_of,
    require,
)
from breachflow.inference.record.record import PressureRecord, RecordError
from breachflow.inference.record.table import LineFault, RecordTable, numbers, raise_faults, read_table
from breachflow.inference.record.times import RecordClock, TimeFault, clocks, instants, is_clock
from breachflow.units import Dimension
from breachflow.words import counted, single_line

COLDEST, HOTTEST = 150.0, 500.0
"""K, of the air of a cabin: beyond them the unit of the heading is wrong."""

FEW_ALIKE: Final = 3
"""Times that are those of the line before; more of them are times that were cut to minutes."""

NO_EXTRA: Final[Mapping[str, Dimension]] = {}


def read_record(path: Path, choice: ColumnChoice = BY_NAME) -> PressureRecord:
    """The readings of a file: `time [s],pressure [mmHg]`, and a temperature if there is one.

    Readings whose pressure is empty are left out; lines that are repeated word by word too. Raises
    RecordError where the file cannot be read, a cell is no number, or the times do not rise.
    """
    table = read_table(path)
    place = f"{table.name}:{table.first_line}"
    found = columns_of(place, table.headings, NO_EXTRA, choice)
    for kind in (TIME, PRESSURE):
        require(place, kind, found, table.headings)
    clock = times_of(table, found[TIME])
    pressures = _column(table, found[PRESSURE])
    _require_positive(table, found[PRESSURE], pressures)
    record = PressureRecord(
        name=table.name,
        times=np.array(clock.seconds),
        pressures=pressures,
        temperatures=_temperatures(table, found.get(TEMPERATURE)),
        lines=np.array(table.lines, dtype=np.int32),
        origin=clock.origin,
        unit=found[PRESSURE].unit,
        factor=found[PRESSURE].factor,
        notes=_left_out(table, found),
    )
    return rising(_once(record, table))


def times_of(table: RecordTable, column: RecordColumn) -> RecordClock:
    """The times of a column, s. Raises RecordError where one is none, or is empty."""
    texts = [row[column.place] for row in table.rows]
    empty = [line for line, text in zip(table.lines, texts, strict=True) if not text]
    raise_faults(table.name, [(line, f"{column.text}: is empty") for line in empty])
    if column.unit:
        values = np.array(numbers(table, column.place, column.text)) * column.factor
        return RecordClock(values.tolist(), None, has_zone=False)
    try:
        return clocks(texts) if is_clock(texts[0]) else instants(texts)
    except TimeFault as fault:
        index = int(fault.args[1])
        text = single_line(texts[index])
        raise RecordError(
            f'{table.name}:{table.lines[index]}: {column.text}: "{text}" {fault.args[0]}'
        ) from None


def rising(record: PressureRecord) -> PressureRecord:
    """The record. Raises RecordError where its times do not rise, with the first such line."""
    wrong = np.flatnonzero(np.diff(record.times) <= 0.0)
    if len(wrong) == 0:
        return record
    before, here = int(wrong[0]), int(wrong[0]) + 1
    place = (
        f"{record.name}: {record.at(here)}" if record.lines is None else f"{record.name}:{record.lines[here]}"
    )
    if len(wrong) == len(record) - 1 > 1 and np.all(np.diff(record.times) < 0.0):
        raise RecordError(f"{place}: the last reading comes first; sort the lines by their times")
    same = record.times[here] == record.times[before]
    what = "is that of" if same else "is before that of"
    others = f"; {counted(len(wrong) - 1, 'more such place')}" if len(wrong) > 1 else ""
    finer = ": give them to the second" if same and len(wrong) > FEW_ALIKE else ""
    raise RecordError(f"{place}: the time {what} {record.at(before)}; times must rise{finer}{others}")


def _column(table: RecordTable, column: RecordColumn) -> Floats:
    """(n_rows,) values in SI; NaN where a cell is empty."""
    return np.array(numbers(table, column.place, column.text)) * column.factor + column.zero


def _require_positive(table: RecordTable, column: RecordColumn, pressures: Floats) -> None:
    """Raise RecordError where a pressure is not above 0: that of a gauge against the outside, or a fault."""
    why = "is not above 0; pressures are absolute"
    raise_faults(
        table.name, [_fault(table, column, int(index), why) for index in np.flatnonzero(pressures <= 0.0)]
    )


def _temperatures(table: RecordTable, column: RecordColumn | None) -> Floats | None:
    """(n_rows,) K; None without a column, or where it is empty.

    Raises RecordError where one is that of no cabin.
    """
    if column is None:
        return None
    kelvins = _column(table, column)
    wrong = np.flatnonzero((kelvins < COLDEST) | (kelvins > HOTTEST))
    why = "is no temperature of a cabin; leave the cell empty, or correct the unit"
    raise_faults(
        table.name, [_fault(table, column, int(index), f"= {kelvins[index]:.4g} K {why}") for index in wrong]
    )
    return kelvins if np.isfinite(kelvins).any() else None


def _fault(table: RecordTable, column: RecordColumn, row: int, why: str) -> LineFault:
    """What is wrong with a cell, with its line, column and value."""
    text = single_line(table.rows[row][column.place])
    return table.lines[row], f'{column.text}: "{text}" {why}'


def _left_out(table: RecordTable, found: Mapping[str, RecordColumn]) -> tuple[str, ...]:
    used = {column.place for column in found.values()}
    others = [
        f'"{single_line(cell)}"' for place, cell in enumerate(table.headings) if place not in used and cell
    ]
    return (f"columns left out: {', '.join(others)}",) if others else ()


def _once(record: PressureRecord, table: RecordTable) -> PressureRecord:
    """The record without readings that are empty, and without lines that repeat the one before."""
    there = np.isfinite(record.pressures)
    notes = []
    if not there.all():
        notes.append(f"{counted(int(np.sum(~there)), 'line')} without a pressure left out")
    again = _repeated(table.rows, record.times)
    if (again & there).any():
        notes.append(f"{counted(int(np.sum(again & there)), 'repeated line')} left out")
    kept = there & ~again
    if not kept.any():
        raise RecordError(f"{record.name}:{table.first_line}: no line below these headings has a pressure")
    return record.of(kept, *notes)


def _repeated(rows: Sequence[Sequence[str]], times: Floats) -> Bools:
    """(n_rows,) whether a line is word by word the one before."""
    again = np.zeros(len(rows), dtype=np.bool_)
    for index in map(int, np.flatnonzero(np.diff(times) == 0.0) + 1):
        again[index] = rows[index] == rows[index - 1]
    return again
