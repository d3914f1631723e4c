"""The noise of a quiet record, as the smallest leak that another record shows takes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from breachflow.inference.fit.quiet import wander_of
from breachflow.inference.record.arrays import record_of
from breachflow.inference.record.gate import passed
from breachflow.inference.record.read import read_record
from breachflow.leak.arguments.values import ArgumentError, escaped_braces
from breachflow.theory.emptying.slope import SlopeNoise


def quiet_noise(noise_from: Any) -> SlopeNoise:
    """Wander, step of the gauge and time between readings of a record without a leak.

    It is a path, or a pair of times, s, and pressures, Pa. Raises ArgumentError where it is frozen, steps or
    is too short, and RecordError where it cannot be read.
    """
    record = record_of(*noise_from) if isinstance(noise_from, tuple) else read_record(Path(noise_from))
    gate = passed(record)
    if gate.verdict is not None:
        message = f"{{noise_from}}: {gate.verdict.replace('_', ' ')}: {escaped_braces(gate.reason)}"
        raise ArgumentError(message, {"noise_from": None})
    quiet = gate.record
    every = float(np.median(np.diff(quiet.times)))
    return SlopeNoise(wander=wander_of(quiet), step=gate.resolution, every=every)
