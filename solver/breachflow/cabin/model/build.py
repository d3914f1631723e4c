"""The cabin of a case, as written or with some numbers varied."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from breachflow.cabin.grammar.leaks import SPACE as SPACE_NAME
from breachflow.cabin.grammar.leaks import Conductance, CrackLeak, Fitted, HoleLeak, LeakTable, Power
from breachflow.cabin.grammar.rooms import Hatch, WallHeat
from breachflow.cabin.grammar.schema import CabinCase, species_of
from breachflow.cabin.model.cabin import SPACE, Cabin, Feed, HatchPath, LeakLine, People, Room
from breachflow.cabin.model.gas import Gases, RoomGas, gases_of
from breachflow.cabin.paths.estimated import EstimatedFlow
from breachflow.cabin.paths.law import Constant, FlowLaw, LawSetting
from breachflow.cabin.paths.orifice import GivenCoefficient
from breachflow.cabin.paths.pores import FreeMolecular
from breachflow.cabin.paths.power import PowerLaw
from breachflow.constants import SPECIES
from breachflow.errors import OutOfRange
from breachflow.leak.blend.best_estimate import best_estimate_of
from breachflow.leak.breach import THIN, Breach, Leak, Section
from breachflow.leak.law_flows import MassFlow

BACKGROUND_FLOOR = 0.01
"""Pressure over that at the start below which a background falls to nothing with the gas."""


@dataclass(frozen=True)
class Variation:
    """Factors on the numbers of a case, and a thermal model in place of its own."""

    leaks: Mapping[str, float] = field(default_factory=dict)
    """Factor on the flow of each leak named."""
    all_leaks: float = 1.0
    volumes: Mapping[str, float] = field(default_factory=dict)
    """Factor on the volume of each compartment named."""
    all_volumes: float = 1.0
    temperature: float = 1.0
    limit: float = 1.0
    backgrounds: Mapping[str, float] = field(default_factory=dict)
    """Added to the background of each compartment named, kg/s."""
    thermal: str | None = None

    def with_factor(self, key: str, factor: float) -> Variation:
        """The same variation with one of its plain factors changed."""
        changed: dict[str, Any] = {key: factor}
        return replace(self, **changed)


AS_WRITTEN = Variation()


class Builder:
    """Makes the cabin of a case; laws, some of which have tables, are made once for all variations."""

    def __init__(self, case: CabinCase) -> None:
        self.case = case
        self.gases = _gases(case)
        self._numbers = {name: i for i, name in enumerate(case.compartment)} | {SPACE_NAME: SPACE}
        self._highest = max(
            [room.pressure for room in case.compartment.values()]
            + [supply.off_above or 0.0 for supply in case.supply.values()]
            + [case.outside.pressure]
        )
        self.laws = {name: self._law(leak) for name, leak in case.leak.items()}

    def cabin(self, varied: Variation = AS_WRITTEN) -> Cabin:
        """The cabin with some numbers varied."""
        case = self.case
        return Cabin(
            gases=self.gases,
            rooms=[self._room(name, varied) for name in case.compartment],
            hatches=[self._hatch(name, hatch) for name, hatch in case.hatch.items()],
            leaks=[*(self._leak(name, varied) for name in case.leak), *self._backgrounds(varied)],
            feeds=[self._feed(name) for name in case.supply],
            people=[self._people(name) for name in case.crew],
            outside=self._outside(),
        )

    def uncertainty(self, name: str) -> float | None:
        """Relative standard deviation of a leak's flow: as stated, or that of the best estimate."""
        leak, law = self.case.leak[name], self.laws[name]
        if leak.uncertainty is not None:
            return leak.uncertainty
        beyond = self.case.outside if leak.to == SPACE_NAME else self.case.compartment[leak.to]
        if (
            not isinstance(law, EstimatedFlow)
            or self.case.compartment[leak.origin].pressure <= beyond.pressure
        ):
            return None
        if not isinstance(leak, Fitted):
            return law.uncertainty(0.0)
        with suppress(OutOfRange):  # a leak that opens later need not be in the range of its law before
            return law.uncertainty(beyond.pressure)
        return None

    @property
    def table_errors(self) -> dict[str, float]:
        """Largest relative error of each leak's table that was made."""
        tabulated = {name: law.error for name, law in self.laws.items() if isinstance(law, EstimatedFlow)}
        return {name: error for name, error in tabulated.items() if error > 0.0}

    def _room(self, name: str, varied: Variation) -> Room:
        given = self.case.compartment[name]
        thermal = varied.thermal or self.case.thermal_of(name)
        walls = thermal if isinstance(thermal, WallHeat) else None
        return Room(
            name=name,
            volume=given.volume * varied.volumes.get(name, 1.0) * varied.all_volumes,
            pressure=given.pressure,
            temperature=given.temperature * varied.temperature,
            shares=self.gases.shares_of(self.case.gas_of(name)),
            isothermal=thermal == "isothermal",
            heat_conductance=walls.conductance if walls else 0.0,
            wall_temperature=walls.wall_temperature * varied.temperature if walls else 0.0,
        )

    def _hatch(self, name: str, hatch: Hatch) -> HatchPath:
        law: FlowLaw | None = None
        if hatch.open_as == "orifice":
            area = hatch.area or 0.25 * math.pi * (hatch.diameter or 0.0) ** 2
            law = GivenCoefficient(hatch.discharge_coefficient, area)
        first, second = (self._numbers[room] for room in hatch.between)
        return HatchPath(name, (first, second), hatch.state == "open", law)

    def _leak(self, name: str, varied: Variation) -> LeakLine:
        leak = self.case.leak[name]
        corners = None if isinstance(leak, CrackLeak) else leak.opening
        return LeakLine(
            name=name,
            rooms=(self._numbers[leak.origin], self._numbers[leak.to]),
            law=self.laws[name],
            start=leak.start or 0.0,
            end=math.inf if leak.end is None else leak.end,
            corners=tuple(corners or ()),
            factor=varied.leaks.get(name, 1.0) * varied.all_leaks,
        )

    def _backgrounds(self, varied: Variation) -> list[LeakLine]:
        lines = []
        for name, room in self.case.compartment.items():
            flow = max((room.background or 0.0) + varied.backgrounds.get(name, 0.0), 0.0)
            if room.background is not None and room.pressure > 0.0:
                law = Constant(flow, BACKGROUND_FLOOR * room.pressure)
                ends = (self._numbers[name], SPACE)
                lines.append(
                    LeakLine(f"background of {name}", ends, law, 0.0, math.inf, (), is_background=True)
                )
        return lines

    def _feed(self, name: str) -> Feed:
        given = self.case.supply[name]
        warmth = given.temperature or self.case.compartment[given.to].temperature
        gas = self.gases.state(self.gases.shares_of(species_of(given.gas)), 0.0, warmth)
        return Feed(
            name=name,
            room=self._numbers[given.to],
            gas=gas,
            mass_flow=given.flow,
            contents=math.inf if given.contents is None else given.contents,
            on_below=given.on_below,
            off_above=given.off_above,
            start=given.start or 0.0,
            end=math.inf if given.end is None else given.end,
        )

    def _people(self, name: str) -> People:
        given = self.case.crew[name]
        made = 0.0 if given.scrubbed else given.members * given.carbon_dioxide
        return People(name, self._numbers[given.room], given.members * given.oxygen, made)

    def _outside(self) -> RoomGas:
        outside = self.case.outside
        first = next(iter(self.case.compartment))
        gas = species_of(outside.gas) if outside.gas is not None else self.case.gas_of(first)
        warmth = outside.temperature or self.case.compartment[first].temperature
        return self.gases.state(self.gases.shares_of(gas), outside.pressure, warmth)

    def _law(self, leak: LeakTable) -> FlowLaw:
        room = self.case.compartment[leak.origin]
        match leak:
            case Power():
                at = leak.at_temperature or room.temperature
                return PowerLaw(leak.flow, leak.at_pressure, leak.exponent, at)
            case Conductance():
                return FreeMolecular(leak.conductance)
            case HoleLeak() if leak.discharge_coefficient is not None:
                area = leak.area or breach_of(leak).area
                return GivenCoefficient(
                    leak.discharge_coefficient, area, leak.growth or 0.0, leak.start or 0.0
                )
            case Fitted():
                return self._fitted(leak)
            case _:
                return self._estimated(leak)

    def _setting(self, leak: LeakTable) -> LawSetting:
        room = self.case.compartment[leak.origin]
        shares = self.gases.shares_of(self.case.gas_of(leak.origin))
        gas = self.gases.state(shares, room.pressure, room.temperature)
        beyond = self.case.outside.pressure if leak.to == SPACE_NAME else None
        return LawSetting(gas, self._highest, beyond or 0.0, beyond == 0.0, self.gases)

    def _estimated(self, leak: HoleLeak | CrackLeak) -> EstimatedFlow:
        breach, setting, gas = breach_of(leak), self._setting(leak), self.case.gas_of(leak.origin)
        slow = breach.depth_ratio > THIN or bool(gas.parts)
        law = EstimatedFlow(
            breach,
            gas,
            setting,
            lambda found: best_estimate_of(found).discharge_coefficient,
            _best_flow,
            tabulated=slow or setting.into_vacuum,
        )
        if isinstance(leak, HoleLeak):
            law.growth, law.since = leak.growth or 0.0, leak.start or 0.0
        return law

    def _fitted(self, leak: Fitted) -> EstimatedFlow:
        from breachflow.leak.fitted.law_file import leak_law, read_law

        law, whole = read_law(leak.path), leak_law(leak.path)
        breach = breach_of(leak)

        def coefficient(found: Leak) -> float:
            for condition in whole.conditions:
                if reason := condition(found):
                    raise OutOfRange(reason)
            return law.discharge_coefficient(
                found.pressure_ratio, found.breach.depth_ratio, found.gamma, found.delta
            ).value

        gas, setting = self.case.gas_of(leak.origin), self._setting(leak)
        return EstimatedFlow(breach, gas, setting, coefficient, whole.flow, tabulated=False)


def _best_flow(leak: Leak) -> MassFlow:
    found = best_estimate_of(leak)
    return MassFlow(found.mass_flow, found.uncertainty)


def breach_of(leak: HoleLeak | CrackLeak | Fitted) -> Breach:
    """The opening of a hole or a crack; an area is that of a round hole."""
    if isinstance(leak, CrackLeak):
        return Breach(Section.SLIT, leak.opening, leak.depth, leak.length)
    if leak.width is not None:
        return Breach(Section.SLIT, leak.width, leak.wall_thickness, leak.length, leak.edge_radius)
    area = leak.area if isinstance(leak, HoleLeak) else None
    diameter = leak.diameter or math.sqrt(4.0 * (area or 0.0) / math.pi)
    return Breach(Section.ROUND, diameter, leak.wall_thickness, None, leak.edge_radius)


def _gases(case: CabinCase) -> Gases:
    """All gases of the case; carbon dioxide too where a crew adds it."""
    given = [case.gas_of(name) for name in case.compartment]
    given += [species_of(supply.gas) for supply in case.supply.values()]
    given += [species_of(case.outside.gas)] if case.outside.gas is not None else []
    adds = any(not crew.scrubbed and crew.carbon_dioxide > 0.0 for crew in case.crew.values())
    return gases_of([*given, *([SPECIES["carbon_dioxide"]] if adds else [])])
