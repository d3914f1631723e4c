"""A number in two files, with the uncertainties of both."""

from __future__ import annotations

from math import hypot, nan
from typing import NamedTuple


class NumberChange(NamedTuple):
    """A number in two files."""

    name: str
    unit: str
    before: float
    after: float
    """nan where a file does not have it, as above."""
    band_before: float
    """Uncertainty; nan where none is known."""
    band_after: float

    @property
    def relative(self) -> float:
        """Change over the number before; nan where there is none."""
        return (self.after - self.before) / abs(self.before) if self.before else nan

    @property
    def is_same(self) -> bool:
        """Whether both are the same to the last bit."""
        return self.before == self.after or (self.before != self.before and self.after != self.after)

    @property
    def bands(self) -> float:
        """Change over the uncertainty of both together, independent of each other; nan where not known."""
        together = hypot(self.band_before, self.band_after)
        return abs(self.after - self.before) / together if together > 0.0 else nan
