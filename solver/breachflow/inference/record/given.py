"""A record as callers give it: a file, or sequences."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from breachflow.inference.record.arrays import record_of
from breachflow.inference.record.headings import BY_NAME, ColumnChoice
from breachflow.inference.record.read import read_record
from breachflow.inference.record.record import PressureRecord
from breachflow.leak.arguments.values import ArgumentError


def record_given(
    times: Any,
    pressures: Any,
    temperatures: Any,
    units: tuple[str, str, str],
    choice: ColumnChoice = BY_NAME,
) -> PressureRecord:
    """The record in a file, whose path stands for the times, or of sequences.

    Raises ArgumentError where it is neither, and RecordError where it cannot be read.
    """
    if isinstance(times, PressureRecord):
        return times
    if isinstance(times, (str, os.PathLike)):
        if pressures is not None:
            raise ArgumentError("{pressures} stand in the file already", {"pressures": None})
        return read_record(Path(times), choice)
    for kind, heading in choice._asdict().items():
        if heading is not None:
            name = f"{kind}_column"
            raise ArgumentError(f"{{{name}}} is for a file: arrays have no headings", {name: None})
    if pressures is None:
        raise ArgumentError(
            "{times} needs {pressures}, unless it is the path of a record",
            dict.fromkeys(("times", "pressures")),
        )
    return record_of(times, pressures, temperatures, units)
