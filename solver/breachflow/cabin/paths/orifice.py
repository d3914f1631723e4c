"""A hole with a given discharge coefficient: mdot = C_d A p1/sqrt(R T1) phi(p2/p1)."""

from __future__ import annotations

import math
from typing import NamedTuple

from breachflow.cabin.model.gas import RoomGas
from breachflow.cabin.paths.flux import ideal_flux


class GivenCoefficient(NamedTuple):
    """A hole, or an open hatch, of constant coefficient."""

    coefficient: float
    area: float
    """m2, at the start."""
    growth: float = 0.0
    """Growth of the diameter, m/s."""
    since: float = 0.0
    """Time from which it grows, s."""

    def area_at(self, time: float) -> float:
        """Area at a time, m2."""
        if not self.growth:
            return self.area
        diameter = math.sqrt(4.0 * self.area / math.pi) + self.growth * max(time - self.since, 0.0)
        return 0.25 * math.pi * diameter**2

    def flow(self, time: float, gas: RoomGas, beyond: float) -> float:
        """kg/s."""
        return self.coefficient * self.area_at(time) * ideal_flux(gas, beyond)
