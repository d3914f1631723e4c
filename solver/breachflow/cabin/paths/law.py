"""What a law of a cabin's leak is: a mass flow for the gas on one side and the pressure on the other."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from breachflow.cabin.model.gas import Gases, RoomGas
from breachflow.leak.breach import Breach


class FlowLaw(Protocol):
    """The flow through one leak."""

    def flow(self, time: float, gas: RoomGas, beyond: float) -> float:
        """kg/s at a time, s, of gas of higher pressure towards a pressure `beyond`, Pa."""


class LawSetting(NamedTuple):
    """What a law is made for: the gas that it starts from."""

    gas: RoomGas
    """The gas of the leaking compartment at the start."""
    highest: float
    """Highest pressure to expect, Pa."""
    lowest: float
    """Lowest pressure of the side from which gas flows, Pa: that outside, where it does not change; or 0."""
    into_vacuum: bool
    """Whether the other side is always empty."""
    gases: Gases
    """All gases that it may consist of later."""


class Constant(NamedTuple):
    """A loss that does not depend on the pressure, but for the last hundredth of it."""

    mass_flow: float
    """kg/s."""
    floor: float
    """Pressure, Pa, below which the flow falls in proportion, so that it ends with the gas."""

    def flow(self, time: float, gas: RoomGas, beyond: float) -> float:  # noqa: ARG002
        """kg/s."""
        return self.mass_flow * min(gas.pressure / self.floor, 1.0)


def size_at(breach: Breach, growth: float, age: float) -> Breach:
    """A round hole whose diameter has grown for a time, s, by `growth`, m/s."""
    return breach._replace(size=breach.size + growth * max(age, 0.0)) if growth else breach
