"""Whether a computed coefficient and an expected one agree within what both leave open."""

from __future__ import annotations

from math import isnan
from typing import Final, NamedTuple

from breachflow.words import percent

ASSUMED_SPREAD: Final = 0.05
"""Relative mesh error that is taken where it is not known: coarse single meshes are off by up to 4 %."""

CONTRADICTION: Final = "the closed forms expect a discharge coefficient of"
"""Beginning of the caution that the best estimate contradicts the computed coefficient."""


class Agreement(NamedTuple):
    """A computed discharge coefficient beside one that a law expects; uncertainties are absolute."""

    computed: float
    spread: float
    """Uncertainty of the computed one, nan where it is not known."""
    expected: float
    uncertainty: float

    @property
    def deviation(self) -> float:
        """Computed less expected, relative to the expected one."""
        return self.computed / self.expected - 1.0

    @property
    def holds(self) -> bool:
        """Whether both uncertainties together explain the difference; 5 % stand in for an unknown one."""
        own = ASSUMED_SPREAD * abs(self.computed) if isnan(self.spread) else self.spread
        return abs(self.computed - self.expected) <= own + self.uncertainty

    @property
    def words(self) -> str:
        """How far the computed one is off, and whether that is explained.

        >>> Agreement(0.8186, 0.0089, 0.8337, 0.019).words
        '1.8 % lower, within both'
        >>> Agreement(0.91, float("nan"), 0.83, 0.001).words
        '9.6 % higher, more than both explain'
        """
        return f"{_percent(self.deviation)}, {'within both' if self.holds else 'more than both explain'}"

    @property
    def assumption(self) -> str:
        """What was assumed for the judgment, in brackets; empty where nothing was."""
        return f" ({percent(ASSUMED_SPREAD)} assumed for the mesh)" if isnan(self.spread) else ""


def _percent(deviation: float) -> str:
    """A relative deviation in words.

    >>> _percent(-0.0181), _percent(0.0002), _percent(26.0)
    ('1.8 % lower', '0.02 % higher', '27 times as much')
    """
    if deviation > 1.0:
        return f"{1.0 + deviation:.3g} times as much"
    return f"{percent(abs(deviation))} {'higher' if deviation > 0.0 else 'lower'}"
