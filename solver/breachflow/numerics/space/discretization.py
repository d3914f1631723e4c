"""The choices of the discretization."""

from __future__ import annotations

from typing import NamedTuple

from breachflow.physics.limiters import Limiter

UNLIMITED = int(Limiter["NONE"])


class Scheme(NamedTuple):
    """Choices of the discretization, as codes."""

    flux: int
    limiter: int
    order: int
    noise: float = 0.1
    """Jumps below this share of the local value are not limited: keeps steady runs from stalling."""
