"""What is asked of a record: the record, how it is fitted, and what is known of the cabin."""

from __future__ import annotations

from dataclasses import dataclass, replace

from breachflow.constants import Species
from breachflow.inference.answer.answer import Assumed
from breachflow.inference.fit.setup import FitOptions, fed_rises
from breachflow.inference.record.gate import KnownEvents, Passed, passed
from breachflow.inference.record.record import PressureRecord
from breachflow.inference.record.select import time_text


@dataclass(frozen=True)
class InferQuestion:
    """A record and what is asked of it."""

    record: PressureRecord
    """Cut to what counts."""
    whole: PressureRecord
    """With what was excluded, from the first time that counts to the last."""
    excluded: tuple[tuple[float, float], ...]
    """Stretches that were left out, s."""
    options: FitOptions
    gas: Species
    assumed: Assumed
    wander_given: bool
    """False where it is the default for this volume."""

    def through_gate(self) -> tuple[InferQuestion, Passed]:
        """The question without spikes and with the step of the gauge, and what the gate says.

        The gate knows the jumps of the pressure, and the gas that was let in.
        """
        record, options = self.record, self.options
        rises = None if options.supply is None else fed_rises(options.supply, record.times)
        gate = passed(record, KnownEvents(options.jumps, rises, lambda seconds: time_text(record, seconds)))
        fitted = replace(self, record=gate.record, options=replace(options, resolution=gate.resolution))
        return fitted, gate
