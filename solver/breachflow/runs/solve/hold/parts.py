"""The parts of a flow that may be held. No heavy import: summaries name them."""

from __future__ import annotations

from enum import StrEnum


class HeldPart(StrEnum):
    """What may be held."""

    PLUME = "plume"
    """The cells that cannot act on the hole."""
    LIMITER = "limiter"
    """The factors of the limiter."""
    FAR = "far plume"
    """The cells of a choked plume that are far from the hole."""
