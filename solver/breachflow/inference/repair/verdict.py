"""What can be said of a repair, in a word."""

from __future__ import annotations

from enum import StrEnum


class RepairVerdict(StrEnum):
    """What can be said of a repair."""

    WORKED = "worked"
    """It fell by half or more (P > 0.95), and what is left is below the planned loss if there is one."""
    PARTLY = "partly"
    """It fell (P > 0.95), but not by so much."""
    NO_CHANGE = "no change shown"
    WORSE = "worse"
    """It grew (P > 0.95)."""
    TOO_EARLY = "too early"
    """The rate after is not known well enough to show a fall by half, even if the leak has stopped."""
