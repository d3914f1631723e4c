"""What an answer rests on: the question, and the posterior where there is one."""

from __future__ import annotations

from dataclasses import dataclass

from breachflow.inference.fit.change import Changes
from breachflow.inference.question import InferQuestion


@dataclass(frozen=True)
class InferBasis:
    """The question as it was fitted, without spikes, and what was found."""

    question: InferQuestion
    changes: Changes | None = None
    """None where nothing was fitted."""
