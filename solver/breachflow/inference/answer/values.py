"""Verdicts, laws and intervals: the words and numbers of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class InferVerdict(StrEnum):
    """What a record says, in the order in which it is asked."""

    FROZEN = "frozen"
    UNMARKED_STEP = "unmarked_step"
    TOO_SHORT = "too_short"
    INCONSISTENT = "inconsistent"
    CHANGED = "changed"
    NO_LEAK_SHOWN = "no_leak_shown"
    LEAK = "leak"


class LeakLawName(StrEnum):
    """Which law the flow follows."""

    HOLE = "hole-like"
    """Flow as the pressure: a hole, and pores and seals in free-molecular flow."""
    CRACK = "crack-like"
    """Flow as the square of the pressure, or nearly so."""
    UNKNOWN = "not identifiable"


@dataclass(frozen=True)
class Interval90:
    """A number with its 90 % interval."""

    median: float | None
    """None where it has no bound: a limit that may never be reached."""
    low: float | None
    high: float | None
