"""The reserve time from what is known of a leak; no numpy."""

from __future__ import annotations

from breachflow.leak.reserve.answer import Reserve
from breachflow.leak.reserve.cabin import Evidence, KnownHole, LeakingCabin
from breachflow.leak.reserve.rate import time_of_rate


def reserve_time(cabin: LeakingCabin, evidence: Evidence) -> Reserve:
    """The reserve time of a cabin.

    Raises OutOfRange where a gas, a hole or a number is outside the range of a formula.

    >>> from breachflow.constants import SPECIES
    >>> from breachflow.leak.reserve.cabin import MeasuredRate
    >>> cabin = LeakingCabin(SPECIES["air"], 295.0, True, None, 0.0, 490.0, True)
    >>> round(reserve_time(cabin, MeasuredRate(760.0, 1.0, None)).time.crack, 3)
    418.776
    """
    if isinstance(evidence, KnownHole):
        from breachflow.leak.reserve.hole import time_of_hole

        return time_of_hole(cabin, evidence)
    return time_of_rate(cabin, evidence)
