"""A coefficient that a law gives, with its uncertainty."""

from __future__ import annotations

from typing import NamedTuple


class Coefficient(NamedTuple):
    """A dimensionless coefficient, such as a discharge coefficient, and its uncertainty.

    >>> Coefficient(0.83, 0.01).value
    0.83
    """

    value: float
    uncertainty: float
    """Absolute: about one standard deviation, as far as the source tells."""
