"""A flow that changes with a power of the pressure: mdot = F (p1^n - p2^n)/p_F^n (T_F/T1)^(n/2)."""

from __future__ import annotations

from typing import NamedTuple

from breachflow.cabin.model.gas import RoomGas


class PowerLaw(NamedTuple):
    """A flow known at one pressure."""

    mass_flow: float
    """F, kg/s, into a vacuum."""
    pressure: float
    """p_F, Pa."""
    exponent: float
    temperature: float
    """T_F, K."""

    def flow(self, time: float, gas: RoomGas, beyond: float) -> float:  # noqa: ARG002
        """kg/s."""
        n = self.exponent
        rise = (gas.pressure / self.pressure) ** n - (beyond / self.pressure) ** n
        return float(self.mass_flow * rise * (self.temperature / gas.temperature) ** (0.5 * n))
