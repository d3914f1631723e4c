"""Gas that was let in: a CSV file of masses or flows over time."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.record.headings import TIME, RecordColumn, columns_of, require
from breachflow.inference.record.read import times_of
from breachflow.inference.record.record import PressureRecord, RecordError
from breachflow.inference.record.table import RecordTable, numbers, raise_faults, read_table
from breachflow.inference.record.times import TimeFault, since
from breachflow.units import Dimension

MASS, FLOW = "mass", "flow"
COLUMNS: Final = {MASS: Dimension.MASS, FLOW: Dimension.MASS_FLOW}
"""What the second column may be: all that was let in until then, or what flows in from then on."""


class FedMass(NamedTuple):
    """Mass that was let in, linear between these times."""

    times: Floats
    """(n,) s, as those of the record."""
    masses: Floats
    """(n,) kg, which do not fall."""


def read_supply(path: Path, record: PressureRecord) -> FedMass:
    """The mass that was let in: columns `time` and `mass [kg]` or `flow [kg/h]`.

    Raises RecordError where the file cannot be read, the times do not rise, or the mass falls.
    """
    table = read_table(path)
    place = f"{table.name}:{table.first_line}"
    found = columns_of(place, table.headings, COLUMNS)
    require(place, TIME, found, table.headings)
    if (MASS in found) == (FLOW in found):
        raise RecordError(f'{place}: needs one column "mass [kg]" (all let in until then) or "flow [kg/h]"')
    times = _times(table, found[TIME], record)
    column = found[MASS if MASS in found else FLOW]
    values = np.array(numbers(table, column.place, column.text)) * column.factor
    raise_faults(
        table.name,
        [(table.lines[index], f"{column.text}: is empty") for index in np.flatnonzero(np.isnan(values))],
    )
    if MASS in found:
        falls = np.flatnonzero(np.diff(values) < 0.0) + 1
        why = "is less than before; write all that was let in until then"
        raise_faults(table.name, [(table.lines[index], f"{column.text}: {why}") for index in falls])
        return FedMass(times, values)
    return _summed(times, values, float(record.times[-1]))


def _summed(times: Floats, flows: Floats, end: float) -> FedMass:
    """The mass of flows that last until the next line, the last one until the end of the record."""
    edges = np.append(times, max(end, times[-1] + 1.0))
    return FedMass(edges, np.concatenate([[0.0], np.cumsum(flows * np.diff(edges))]))


def _times(table: RecordTable, column: RecordColumn, record: PressureRecord) -> Floats:
    """(n_rows,) s on the clock of the record. Raises RecordError where it has another one."""
    clock = times_of(table, column)
    place = f"{table.name}:{table.lines[0]}: {column.text}"
    times = np.array(clock.seconds)
    if (clock.origin is None) != (record.origin is None):
        what = "dates" if clock.origin is not None else "no dates"
        raise RecordError(f"{place}: its times are {what}; write them as those of the record")
    if clock.origin is not None and record.origin is not None:
        try:
            times = times + since(record.origin, clock.origin)
        except TimeFault as fault:
            raise RecordError(f"{place}: its time {fault}") from None
    wrong = np.flatnonzero(np.diff(times) <= 0.0) + 1
    raise_faults(
        table.name,
        [(table.lines[index], "the time must rise from line to line") for index in wrong],
    )
    return times
