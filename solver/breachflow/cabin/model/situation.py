"""The cabin at one moment: gas of each compartment, what is open and on, and the books so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from breachflow.cabin.model.cabin import Cabin
from breachflow.cabin.model.gas import RoomGas


class Books(NamedTuple):
    """Mass, kg, and energy, J, that passed the walls since the start, each as a sum of its own."""

    lost: float = 0.0
    entered: float = 0.0
    """From outside."""
    fed: float = 0.0
    breathed: float = 0.0
    """By the crew, net: carbon dioxide given off less oxygen taken in."""
    energy_lost: float = 0.0
    energy_entered: float = 0.0
    energy_fed: float = 0.0
    energy_breathed: float = 0.0
    heat: float = 0.0
    """From the walls."""


@dataclass
class Situation:
    """The state of a march between two segments."""

    time: float
    masses: list[list[float]]
    """kg of each gas in each room."""
    energies: list[float]
    """Internal energy of each room, J."""
    hatch_open: list[bool]
    patched: list[float]
    """Factor left of each leak."""
    feeding: list[bool]
    enabled: list[bool]
    """Whether each supply is not stopped."""
    left: list[float]
    """Contents of each supply, kg."""
    crew_rooms: list[int]
    books: Books = field(default_factory=Books)

    @property
    def mass(self) -> float:
        """kg in all rooms."""
        return sum(map(sum, self.masses))

    @property
    def energy(self) -> float:
        """Internal energy of all rooms, J."""
        return sum(self.energies)


def first_situation(cabin: Cabin) -> Situation:
    """The situation at the start, before any event."""
    masses, energies = [], []
    for room in cabin.rooms:
        gas = cabin.gases.state(room.shares, room.pressure, room.temperature)
        mass = room.pressure * room.volume / (gas.constant * room.temperature)
        masses.append([mass * share for share in room.shares])
        energies.append(mass * (gas.heat - gas.constant) * room.temperature)
    return Situation(
        time=0.0,
        masses=masses,
        energies=energies,
        hatch_open=[hatch.is_open for hatch in cabin.hatches],
        patched=[1.0 for _ in cabin.leaks],
        feeding=[False for _ in cabin.feeds],
        enabled=[True for _ in cabin.feeds],
        left=[feed.contents for feed in cabin.feeds],
        crew_rooms=[people.room for people in cabin.people],
    )


class Reading(NamedTuple):
    """What is known of all rooms and flows at one time."""

    time: float
    """s."""
    gases: tuple[RoomGas, ...]
    """Of each room."""
    masses: tuple[float, ...]
    """kg in each room."""
    pressure_rates: tuple[float, ...]
    """dp/dt of each room, Pa/s; nan where no limit asks for it."""
    leak_flows: tuple[float, ...]
    """kg/s of each leak; negative where gas flows in."""
    feed_flows: tuple[float, ...]
    """kg/s of each supply."""
    hatch_open: tuple[bool, ...]
    groups: tuple[int, ...]
    """Number of the volume that each room belongs to: that of its first room."""
