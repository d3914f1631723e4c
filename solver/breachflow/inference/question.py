"""What is asked of a record: the record, how it is fitted, and what is known of the cabin."""

from __future__ import annotations

from dataclasses import dataclass

from breachflow.constants import Species
from breachflow.inference.answer.answer import Assumed
from breachflow.inference.fit.setup import FitOptions
from breachflow.inference.record.record import PressureRecord


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
