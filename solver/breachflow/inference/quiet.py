"""The noise of a quiet record: that of another one of the same air."""

from __future__ import annotations

from typing import Any

import numpy as np

from breachflow.inference.fit.quiet import wander_of
from breachflow.inference.record.arrays import SI_UNITS
from breachflow.inference.record.gate import passed
from breachflow.inference.record.given import record_given
from breachflow.leak.arguments.values import ArgumentError, escaped_braces
from breachflow.theory.emptying.slope import SlopeNoise


def quiet_noise(noise_from: Any, units: tuple[str, str, str] = SI_UNITS) -> SlopeNoise:
    """Wander, step of the gauge and time between readings of a record without a leak.

    It is a path, or a pair of times and pressures in `units`. Raises ArgumentError where it is frozen, steps
    or is too short, and RecordError where it cannot be read.
    """
    times, pressures = noise_from if isinstance(noise_from, tuple) else (noise_from, None)
    gate = passed(record_given(times, pressures, None, units))
    if gate.verdict is not None:
        raise ArgumentError(f"{{noise_from}}: {escaped_braces(gate.refusal)}", {"noise_from": None})
    quiet = gate.record
    every = float(np.median(np.diff(quiet.times)))
    return SlopeNoise(wander=wander_of(quiet), step=gate.resolution, every=every)
