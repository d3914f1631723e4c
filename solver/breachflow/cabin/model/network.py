"""The rates of all masses and energies between two events: the right-hand side of the equations.

    dm_s/dt = sum of the flows, each with the composition of the gas where it comes from
    dU/dt   = sum of mdot c_p T of the gas where it comes from, plus hA (T_wall - T)

The vector of unknowns has, for each volume, the mass of every gas and the energy, then the books.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.cabin.model.cabin import SPACE, Cabin
from breachflow.cabin.model.gas import Gases, RoomGas
from breachflow.cabin.model.groups import Group, groups_of
from breachflow.cabin.model.situation import Books, Reading, Situation
from breachflow.cabin.paths.estimated import LawEnds
from breachflow.cabin.paths.law import FlowLaw
from breachflow.errors import OutOfRange

BREATHING_FROM: Final = 1000.0
"""Partial pressure of oxygen, Pa, below which people take in less, so that none is left below nothing.

Nobody lives there: it only ends the consumption smoothly.
"""


THIN_GAS: Final = 1.0
"""Pressure, Pa, at which gas carries half of the heat that dense gas does.

Where molecules meet walls before each other, heat conduction is proportional to the pressure (Knudsen 1911).
The mean free path is a centimeter at 1 Pa, the thickness of a boundary layer of free convection. It also
makes the rates finite in a volume that begins to fill.
"""


class _Line(NamedTuple):
    """A leak or an open orifice in this situation."""

    name: str
    rooms: tuple[int, int]
    law: FlowLaw
    leak: int
    """Number of the leak; -1 of a hatch."""


class Network:
    """The cabin in one situation."""

    def __init__(self, cabin: Cabin, situation: Situation, with_rates: bool = False) -> None:
        """
        Args:
            cabin: What does not change.
            situation: What holds until the next event.
            with_rates: Whether readings have the rates of pressures, which cost as much again.
        """
        self._with_rates = with_rates
        self.cabin, self.situation = cabin, situation
        self.gases = cabin.gases
        self.groups = groups_of(cabin, situation)
        self._group_of = {room: i for i, group in enumerate(self.groups) for room in group.rooms}
        self._width = len(self.gases.species) + 1
        self._books_at = len(self.groups) * self._width
        self._lines = self._open_lines()
        self._oxygen, self._carbon_dioxide = (
            self.gases.place_of("oxygen"),
            self.gases.place_of("carbon_dioxide"),
        )

    @property
    def joins_groups(self) -> bool:
        """Whether gas may reach equal pressures on both sides of a path, where the equations are stiff."""
        return any(
            self.cabin.outside.pressure > 0.0
            if SPACE in line.rooms
            else self._group_of[line.rooms[0]] != self._group_of[line.rooms[1]]
            for line in self._lines
        )

    def start(self) -> Floats:
        """The unknowns at the start of the segment, shape (n,)."""
        situation = self.situation
        values: list[float] = []
        heat = situation.books.heat
        for group in self.groups:
            masses = [sum(column) for column in zip(*(situation.masses[i] for i in group.rooms), strict=True)]
            energy = sum(situation.energies[i] for i in group.rooms)
            if group.isothermal:  # gas that moved between rooms of several temperatures took heat
                settled = sum(map(float.__mul__, masses, self.gases.heats)) * group.temperature
                heat, energy = heat + settled - energy, settled
            values += [*masses, energy]
        return np.array([*values, *situation.books._replace(heat=heat)])

    def scales(self) -> Floats:
        """Sizes of the unknowns, shape (n,), below a fraction of which errors do not count."""
        highest = max([room.pressure for room in self.cabin.rooms] + [self.cabin.outside.pressure, 1.0])
        values: list[float] = []
        for group in self.groups:
            gas = self.gases.state(group.fallback, highest, group.temperature)
            mass = highest * group.volume / (gas.constant * gas.temperature)
            values += [mass] * (self._width - 1) + [mass * (gas.heat - gas.constant) * gas.temperature]
        mass = sum(values[:: self._width])
        energy = sum(values[self._width - 1 :: self._width])
        return np.array([*values, *(mass,) * 4, *(energy,) * 5])

    def rates(self, time: float, unknowns: Floats) -> list[float]:
        """Rate of each unknown, (n,) numbers in their order. Raises OutOfRange where a law does not hold."""
        values = unknowns.tolist()
        states = self._states(values)
        rates = [0.0] * len(values)
        for line, flow in zip(self._lines, self._flows(time, states), strict=True):
            if flow != 0.0:
                self._move(rates, line.rooms, flow, states)
        self._feed(rates)
        self._breathe(rates, states)
        self._exchange_heat(rates, states)
        return rates

    def reading(self, time: float, unknowns: Floats) -> Reading:
        """What is known of all rooms at a time."""
        values = unknowns.tolist()
        states = self._states(values)
        rates = self.rates(time, unknowns) if self._with_rates else None
        flows = self._flows(time, states)
        by_leak = {line.leak: flow for line, flow in zip(self._lines, flows, strict=True) if line.leak >= 0}
        masses = [0.0] * len(states)
        pressure_rates = [0.0] * len(states)
        for i, group in enumerate(self.groups):
            at = i * self._width
            part_of = slice(at, at + self._width)
            rate = self._pressure_rate(group, values[part_of], rates[part_of]) if rates else math.nan
            for room, part in zip(group.rooms, group.parts, strict=True):
                masses[room] = part * max(sum(values[at : at + self._width - 1]), 0.0)
                pressure_rates[room] = rate
        return Reading(
            time=time,
            gases=tuple(states),
            masses=tuple(masses),
            pressure_rates=tuple(pressure_rates),
            leak_flows=tuple(by_leak.get(i, 0.0) for i in range(len(self.cabin.leaks))),
            feed_flows=tuple(self._feed_flow(i, time) for i in range(len(self.cabin.feeds))),
            hatch_open=tuple(self.situation.hatch_open),
            groups=tuple(self.groups[self._group_of[i]].rooms[0] for i in range(len(states))),
        )

    def fastest_room(self, time: float, unknowns: Floats) -> str:
        """Name of the room, the first of its volume, whose gas changes most for its size."""
        changes = np.abs(self.rates(time, unknowns)) / self.scales()
        at = int(np.argmax(changes[: self._books_at])) // self._width
        return self.cabin.rooms[self.groups[at].rooms[0]].name

    def finish(self, time: float, unknowns: Floats) -> None:
        """Write the state at the end of the segment into the situation, divided among the rooms."""
        values, situation = unknowns.tolist(), self.situation
        elapsed = time - situation.time
        for i, group in enumerate(self.groups):
            *masses, energy = values[i * self._width : (i + 1) * self._width]
            for room, part in zip(group.rooms, group.parts, strict=True):
                situation.masses[room] = [part * mass for mass in masses]
                situation.energies[room] = part * energy
            self._settle(group)
        for i in range(len(self.cabin.feeds)):
            situation.left[i] = max(situation.left[i] - elapsed * self._feed_flow(i, situation.time), 0.0)
        situation.books = Books(*values[self._books_at :])
        situation.time = time

    def _settle(self, group: Group) -> None:
        """Energy of each room of an isothermal group, which has its own temperature."""
        if group.isothermal:
            for room in group.rooms:
                heat = sum(map(float.__mul__, self.situation.masses[room], self.gases.heats))
                self.situation.energies[room] = heat * self.cabin.rooms[room].temperature

    def _open_lines(self) -> list[_Line]:
        leaks = [
            _Line(leak.name, leak.rooms, leak.law, i)
            for i, leak in enumerate(self.cabin.leaks)
            if leak.start <= self.situation.time < leak.end and self.situation.patched[i] > 0.0
        ]
        hatches = [
            _Line(hatch.name, hatch.rooms, hatch.law, -1)
            for hatch, is_open in zip(self.cabin.hatches, self.situation.hatch_open, strict=True)
            if is_open and hatch.law is not None
        ]
        lines = [*leaks, *hatches]
        return [
            line
            for line in lines
            if SPACE in line.rooms or self._group_of[line.rooms[0]] != self._group_of[line.rooms[1]]
        ]

    def _states(self, values: Sequence[float]) -> list[RoomGas]:
        """The gas of each room."""
        states: list[RoomGas] = [self.cabin.outside] * len(self.cabin.rooms)
        for i, group in enumerate(self.groups):
            *masses, energy = values[i * self._width : (i + 1) * self._width]
            gas = group.state(masses, energy, self.gases)
            for room in group.rooms:
                states[room] = (
                    gas._replace(temperature=self.cabin.rooms[room].temperature) if group.isothermal else gas
                )
        return states

    def _flows(self, time: float, states: Sequence[RoomGas]) -> list[float]:
        """kg/s of each line, from its first room to its second."""
        return [self._flow(line, time, states) for line in self._lines]

    def _flow(self, line: _Line, time: float, states: Sequence[RoomGas]) -> float:
        factor = (
            self.cabin.leaks[line.leak].factor_at(time) * self.situation.patched[line.leak]
            if line.leak >= 0
            else 1.0
        )
        if factor == 0.0:
            return 0.0
        near, far = (self.cabin.outside if room == SPACE else states[room] for room in line.rooms)
        try:
            if near.pressure >= far.pressure:
                return factor * line.law.flow(time, near, far.pressure)
            return -factor * line.law.flow(time, far, near.pressure)
        except OutOfRange as error:
            raise LawEnds(line.name, time, error) from error

    def _move(
        self, rates: list[float], rooms: tuple[int, int], flow: float, states: Sequence[RoomGas]
    ) -> None:
        """Let gas flow between two rooms, or a room and what is outside."""
        source, target = rooms if flow > 0.0 else rooms[::-1]
        gas = self.cabin.outside if source == SPACE else states[source]
        self._add(rates, source, -abs(flow), gas)
        self._add(rates, target, abs(flow), gas)

    def _add(self, rates: list[float], room: int, flow: float, gas: RoomGas) -> None:
        """Add a flow to a room, or to the books of what is outside."""
        energy = flow * gas.enthalpy
        if room == SPACE:
            lost = flow > 0.0
            self._book(rates, "lost" if lost else "entered", abs(flow), abs(energy))
            return
        at = self._group_of[room] * self._width
        for i, share in enumerate(gas.shares):
            rates[at + i] += flow * share
        rates[at + self._width - 1] += energy

    def _book(self, rates: list[float], name: str, mass: float, energy: float) -> None:
        rates[self._books_at + _BOOK[name]] += mass
        rates[self._books_at + _BOOK[f"energy_{name}"]] += energy

    def _feed_flow(self, i: int, time: float) -> float:
        feed, situation = self.cabin.feeds[i], self.situation
        is_on = situation.feeding[i] and situation.enabled[i] and situation.left[i] > 0.0
        return feed.mass_flow if is_on and feed.start <= time < feed.end else 0.0

    def _feed(self, rates: list[float]) -> None:
        for i, feed in enumerate(self.cabin.feeds):
            flow = self._feed_flow(i, self.situation.time)  # constant in a segment: its ends are corners
            if flow > 0.0:
                gas = feed.gas
                self._add(rates, feed.room, flow, gas)
                self._book(rates, "fed", flow, flow * gas.enthalpy)

    def _breathe(self, rates: list[float], states: Sequence[RoomGas]) -> None:
        for people, room in zip(self.cabin.people, self.situation.crew_rooms, strict=True):
            gas = states[room]
            part = min(partial_pressure(self.gases, gas, self._oxygen) / BREATHING_FROM, 1.0)
            for index, flow in (
                (self._oxygen, -part * people.oxygen),
                (self._carbon_dioxide, part * people.carbon_dioxide),
            ):
                if index is not None and flow != 0.0:
                    shares = tuple(float(i == index) for i in range(self._width - 1))
                    pure = self.gases.state(shares, gas.pressure, gas.temperature)
                    self._add(rates, room, flow, pure)
                    self._book(rates, "breathed", flow, flow * pure.enthalpy)

    def _exchange_heat(self, rates: list[float], states: Sequence[RoomGas]) -> None:
        heat_at = self._books_at + _BOOK["heat"]
        for i, group in enumerate(self.groups):
            at = i * self._width
            energy_at = at + self._width - 1
            heats = sum(map(float.__mul__, rates[at:energy_at], self.gases.heats))
            if group.isothermal:
                heat = heats * group.temperature - rates[energy_at]
            elif group.heat_conductance == 0.0:
                continue
            else:
                gas = states[group.rooms[0]]
                part = gas.pressure / (gas.pressure + THIN_GAS)
                heat = part * (group.wall_heat - group.heat_conductance * gas.temperature)
            rates[energy_at] += heat
            rates[heat_at] += heat

    def _pressure_rate(self, group: Group, values: Sequence[float], rates: Sequence[float]) -> float:
        """dp/dt, Pa/s, with p = (sum m R) T/V and T = U/sum m c_v."""
        gases = self.gases
        product, heat = (sum(map(float.__mul__, values, by)) for by in (gases.constants, gases.heats))
        product_rate, heat_rate = (
            sum(map(float.__mul__, rates, by)) for by in (gases.constants, gases.heats)
        )
        temperature = group.temperature_of(values[:-1], values[-1], gases)
        if group.isothermal or heat <= 0.0:
            return product_rate * temperature / group.volume
        return (
            product_rate * temperature + product * (rates[-1] - temperature * heat_rate) / heat
        ) / group.volume


def partial_pressure(gases: Gases, gas: RoomGas, index: int | None) -> float:
    """Partial pressure of one of the gases, Pa; 0 of a gas that the case does not have."""
    if index is None:
        return 0.0
    return gas.pressure * gas.shares[index] * gases.constants[index] / gas.constant


_BOOK: Final = {name: i for i, name in enumerate(Books._fields)}
