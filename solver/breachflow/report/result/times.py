"""Units in which the times of a transient run are shown."""

from __future__ import annotations

from math import inf
from typing import Final

TIMES: Final = ((1e-3, 1e6, "us"), (1.0, 1e3, "ms"), (inf, 1.0, "s"))
"""Last times, s, below which time is shown in a unit: time, units per second, name."""


def time_unit(last: float) -> tuple[float, str]:
    """Units per second, and the unit, in which times up to the last one, s, are shown.

    >>> time_unit(6e-5)
    (1000000.0, 'us')
    """
    return next((factor, unit) for end, factor, unit in TIMES if last < end)
