"""A pressure record in SI units."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np

from breachflow.arrays import Bools, Floats, Ints
from breachflow.errors import CaseError
from breachflow.units import UNITS, Dimension

DEFAULT_UNIT: Final = "mmHg"
"""Unit in which pressures are shown of a record that has none of its own, or is in Pa."""


class RecordError(CaseError):
    """A pressure record cannot be read; a line for each fault: file, line, column and value."""


@dataclass(frozen=True)
class PressureRecord:
    """Readings in the order of time, which rises from one to the next."""

    name: str
    """Of the file, or "record"."""
    times: Floats
    """(n,) s from `origin`."""
    pressures: Floats
    """(n,) Pa."""
    temperatures: Floats | None = None
    """(n,) K, NaN where the sensor gave none; None without a sensor."""
    lines: Ints | None = None
    """(n,) lines of the file in which the readings stand."""
    origin: datetime | None = None
    """The instant from which times count; None where the record has no date."""
    unit: str = DEFAULT_UNIT
    """Of pressures, as the record has them."""
    factor: float = 1.0
    """Pa in one unit of the record's own: what the gauge resolves is found in these."""
    notes: tuple[str, ...] = field(default=())
    """What was left out while reading, as people may want to know it."""

    def __len__(self) -> int:
        return len(self.times)

    @property
    def length(self) -> float:
        """Time from the first reading to the last, s."""
        return float(self.times[-1] - self.times[0]) if len(self) else 0.0

    @property
    def unit_factor(self) -> float:
        """Pa in one of the units in which pressures are shown."""
        return float(UNITS[Dimension.PRESSURE][DEFAULT_UNIT]) if self.unit == DEFAULT_UNIT else self.factor

    def of(self, kept: Bools, *notes: str) -> PressureRecord:
        """The readings that are marked in (n,), and what to say of the others."""
        return PressureRecord(
            self.name,
            self.times[kept],
            self.pressures[kept],
            None if self.temperatures is None else self.temperatures[kept],
            None if self.lines is None else self.lines[kept],
            self.origin,
            self.unit,
            self.factor,
            (*self.notes, *notes),
        )

    def at(self, index: int) -> str:
        """Where a reading stands, for messages."""
        return f"reading {index + 1}" if self.lines is None else f"line {self.lines[index]}"


def filled(times: Floats, values: Floats) -> Floats:
    """(n,) values of a sensor, linear between those that are there, constant beyond."""
    there = np.isfinite(values)
    return values if there.all() else np.interp(times, times[there], values[there])
