"""Pores and seals in free-molecular flow: mdot = C (p1 - p2)/(R T1), C the conductance in m3/s."""

from __future__ import annotations

from typing import NamedTuple

from breachflow.cabin.model.gas import RoomGas


class FreeMolecular(NamedTuple):
    """A leak of constant conductance."""

    conductance: float
    """m3/s."""

    def flow(self, time: float, gas: RoomGas, beyond: float) -> float:  # noqa: ARG002
        """kg/s."""
        return self.conductance * (gas.pressure - beyond) / (gas.constant * gas.temperature)
