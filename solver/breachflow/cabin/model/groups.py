"""Groups: compartments that open hatches make one volume of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from breachflow.cabin.model.cabin import Cabin, Room
from breachflow.cabin.model.gas import Gases, RoomGas, Shares
from breachflow.cabin.model.situation import Situation


class Group(NamedTuple):
    """One volume of gas.

    Isothermal rooms of a volume keep their temperatures and share the pressure. Together they behave as one
    room of temperature sum V/sum(V/T), as p sum(V/T) = m R.
    """

    rooms: tuple[int, ...]
    volume: float
    """m3."""
    isothermal: bool
    temperature: float
    """K; of an isothermal group, and of an empty one before gas flows in."""
    heat_conductance: float
    """W/K, of all its walls."""
    wall_heat: float
    """Sum of conductance times temperature of the walls, W."""
    fallback: Shares
    """Gas that an empty volume is taken to have."""
    parts: tuple[float, ...]
    """Part of the mass that each room has."""

    def temperature_of(self, masses: Sequence[float], energy: float, gases: Gases) -> float:
        """K."""
        if self.isothermal:
            return self.temperature
        heat = sum(map(float.__mul__, masses, gases.heats))
        return energy / heat if heat > 0.0 and energy > 0.0 else self.temperature

    def state(self, masses: Sequence[float], energy: float, gases: Gases) -> RoomGas:
        """The gas at rest in it."""
        temperature = self.temperature_of(masses, energy, gases)
        whole = sum(masses)
        if whole <= 0.0:
            return gases.state(self.fallback, 0.0, temperature)
        shares = tuple(mass / whole for mass in masses) if min(masses) >= 0.0 else _positive(masses)
        gas = gases.state(shares, 0.0, temperature)
        return gas._replace(pressure=whole * gas.constant * temperature / self.volume)


def groups_of(cabin: Cabin, situation: Situation) -> list[Group]:
    """The volumes of a situation, in the order of their first rooms."""
    first = list(range(len(cabin.rooms)))
    for hatch, is_open in zip(cabin.hatches, situation.hatch_open, strict=True):
        if is_open and hatch.law is None:
            low, high = sorted(first[room] for room in hatch.rooms)
            first = [low if number == high else number for number in first]
    return [
        _group(cabin, [i for i, number in enumerate(first) if number == start])
        for start in sorted(set(first))
    ]


def _group(cabin: Cabin, numbers: list[int]) -> Group:
    rooms: list[Room] = [cabin.rooms[i] for i in numbers]
    volume = sum(room.volume for room in rooms)
    isothermal = rooms[0].isothermal
    over_temperature = sum(room.volume / room.temperature for room in rooms)
    parts = [room.volume / room.temperature / over_temperature for room in rooms]
    if not isothermal:
        parts = [room.volume / volume for room in rooms]
    largest = max(rooms, key=lambda room: room.pressure * room.volume)
    return Group(
        rooms=tuple(numbers),
        volume=volume,
        isothermal=isothermal,
        temperature=volume / over_temperature,
        heat_conductance=sum(room.heat_conductance for room in rooms),
        wall_heat=sum(room.heat_conductance * room.wall_temperature for room in rooms),
        fallback=largest.shares,
        parts=tuple(parts),
    )


def _positive(masses: Sequence[float]) -> Shares:
    """Shares without the rounding of a gas that is used up."""
    kept = [max(mass, 0.0) for mass in masses]
    whole = sum(kept)
    return tuple(mass / whole for mass in kept)
