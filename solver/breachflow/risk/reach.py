"""What a hole empties: the compartments that open hatches join to the one that is hit."""

from __future__ import annotations

from typing import NamedTuple

from breachflow.constants import Species
from breachflow.risk.schema import RiskCase


class Reach(NamedTuple):
    """The gas that leaves through a hole in one compartment."""

    names: tuple[str, ...]
    """The compartments that empty, that of the hole first."""
    volume: float
    """m3."""
    pressure: float
    """Pa."""
    temperature: float
    """Of the compartment with the hole, K."""
    mixed_temperature: float
    """Of the whole mass at its energy, K: sum V/sum(V/T)."""
    mass: float
    """kg."""


def reach_of(case: RiskCase, compartment: str, gas: Species) -> Reach:
    """What empties through a hole in a compartment, with the hatches as the case has them."""
    names = _joined(case, compartment)
    rooms = [case.compartment[name] for name in names]
    volume, per_kelvin = (
        sum(room.volume for room in rooms),
        sum(room.volume / room.temperature for room in rooms),
    )
    pressure = rooms[0].pressure
    return Reach(
        names=names,
        volume=volume,
        pressure=pressure,
        temperature=rooms[0].temperature,
        mixed_temperature=volume / per_kelvin,
        mass=pressure * per_kelvin / gas.specific_gas_constant,
    )


def _joined(case: RiskCase, compartment: str) -> tuple[str, ...]:
    """The compartment, and all that open hatches lead to from it."""
    found, waiting = [compartment], [compartment]
    while waiting:
        here = waiting.pop()
        for hatch in case.hatch.values():
            if hatch.state == "open" and here in hatch.between:
                new = [room for room in hatch.between if room not in found]
                found += new
                waiting += new
    return tuple(found)
