"""The leak of a liquid: its arguments, its bounds, and the record of them in SI units."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.leak.arguments.values import ArgumentError, Quantified, read_value
from breachflow.leak.liquid.liquids import LIQUIDS, TEMPERATURE, Liquid
from breachflow.theory.holes import liquid as bounds
from breachflow.units import Dimension
from breachflow.words import allowed, suggested

CREEPING: Final = 100.0
"""Reynolds number below which friction rules and no flow is expected by the contraction."""

SHARP: Final = 1e4
"""Reynolds number above which the contraction is 0.61; it rises to some 0.75 on the way down to 200."""

TWO_PHASES: Final = 0.1
"""Least flow of a liquid that boils before the hole, over the upper bound: none is known better."""


class LiquidArguments(NamedTuple):
    """The arguments as they were given; None where one was not."""

    diameter: Quantified | None = None
    pressure: Quantified | None = None
    liquid: str | None = None
    density: Quantified | None = None
    vapor_pressure: Quantified | None = None
    viscosity: Quantified | None = None
    inventory: Quantified | None = None
    gas_volume: Quantified | None = None


@dataclass(frozen=True)
class LiquidLeak:
    """Bounds of the leak of a liquid into vacuum, in SI units."""

    liquid: str
    """Name of the liquid."""
    density: float
    """kg/m3."""
    vapor_pressure: float
    """Pa."""
    pressure: float
    """Pressure of the loop, Pa."""
    diameter: float
    """Diameter of the hole, m."""
    most: float
    """Upper bound of the mass flow, kg/s."""
    expected: float | None
    """Mass flow of a jet that stays liquid, kg/s; None where friction rules."""
    least: float | None
    """Mass flow if the liquid boils in the hole, kg/s; None where friction rules."""
    speed: float
    """Speed of the jet, m/s."""
    reynolds: float | None
    """Reynolds number of the ideal speed and the diameter; None without a viscosity."""
    inventory: float | None
    """Mass of the liquid, kg."""
    gas_volume: float | None
    """Volume of the gas that presses on the liquid, m3."""
    least_drain_time: float | None
    """Time before which the inventory cannot have leaked, s: at most flow and constant pressure."""
    drain_time: float | None
    """Time in which it leaks by the expected flow, s; with a gas volume by its falling pressure."""
    boils_after: float | None
    """Mass, kg, after whose loss the loop is at its vapor pressure, where that comes before the end."""
    evaporated_share: float | None
    """Share that evaporates before the rest is at its triple point; None where it is not known."""
    frozen_share: float | None
    """Share that evaporates before the rest is frozen; None where it is not known."""
    cautions: tuple[str, ...]
    """What the numbers do not hold."""


def liquid_leak(given: LiquidArguments) -> LiquidLeak:
    """The bounds of the leak of a liquid through a thin round hole into vacuum.

    Raises ArgumentError where an argument is missing, cannot be read or contradicts another, and OutOfRange
    where the liquid boils before the hole.

    The drilled radiator of a vehicle, 0.8 mm, if its loop were at 1 bar:

    >>> found = liquid_leak(LiquidArguments("0.8 mm", "1 bar", density="692 kg/m3", vapor_pressure="5 kPa"))
    >>> [round(flow * 3600, 1) for flow in (found.least, found.expected, found.most)]
    [12.7, 13.0, 21.3]
    """
    liquid = _liquid(given)
    diameter = _required("diameter", given, Dimension.LENGTH)
    pressure = _required("pressure", given, Dimension.PRESSURE)
    area = 0.25 * math.pi * diameter**2
    most = bounds.most_flow(area, liquid.density, pressure)
    if pressure <= liquid.vapor_pressure:
        raise OutOfRange(_two_phases(liquid, pressure, most))
    speed = math.sqrt(2.0 * pressure / liquid.density)
    reynolds = None if liquid.viscosity is None else liquid.density * speed * diameter / liquid.viscosity
    rules = reynolds is not None and reynolds < CREEPING
    expected = None if rules else bounds.jet_flow(area, liquid.density, pressure)
    least = None if rules else bounds.cavitating_flow(area, liquid.density, pressure, liquid.vapor_pressure)
    inventory, gas_volume = _stock(given)
    boils = _boils_after(liquid, pressure, inventory, gas_volume)
    return LiquidLeak(
        liquid=liquid.name,
        density=liquid.density,
        vapor_pressure=liquid.vapor_pressure,
        pressure=pressure,
        diameter=diameter,
        most=most,
        expected=expected,
        least=least,
        speed=speed,
        reynolds=reynolds,
        inventory=inventory,
        gas_volume=gas_volume,
        least_drain_time=None if inventory is None else inventory / most,
        drain_time=_drain_time(liquid, expected, boils or inventory, gas_volume),
        boils_after=boils,
        evaporated_share=_evaporated(liquid),
        frozen_share=_frozen(liquid),
        cautions=tuple(_cautions(liquid, reynolds)),
    )


def _required(name: str, given: LiquidArguments, dimension: Dimension) -> float:
    """The value of an argument. Raises ArgumentError where it was not given or cannot be read."""
    value = getattr(given, name)
    if value is None:
        raise ArgumentError(f"say {{{name}}} too", {name: None})
    return read_value(name, value, dimension)


def _liquid(given: LiquidArguments) -> Liquid:
    """A liquid of the table, or one by its numbers. Raises ArgumentError where it is neither."""
    if given.liquid is not None:
        if given.liquid not in LIQUIDS:
            near = suggested(given.liquid, LIQUIDS)
            message = f"{{liquid}}: {allowed(LIQUIDS)}, or none and {{density}} with {{vapor_pressure}}{near}"
            names = {"liquid": given.liquid, "density": None, "vapor_pressure": None}
            raise ArgumentError(message, names)
        for name in ("density", "vapor_pressure", "viscosity"):
            if getattr(given, name) is not None:
                message = f"{{{name}}} contradicts {{liquid}}, which has its own: give one of them"
                raise ArgumentError(message, {name: None, "liquid": given.liquid})
        return LIQUIDS[given.liquid]
    if given.density is None and given.vapor_pressure is None:
        raise ArgumentError(
            f"say which liquid: {{liquid}} ({allowed(LIQUIDS)}), or {{density}} and {{vapor_pressure}}",
            dict.fromkeys(("liquid", "density", "vapor_pressure")),
        )
    viscosity = None
    if given.viscosity is not None:
        viscosity = read_value("viscosity", given.viscosity, Dimension.VISCOSITY)
    density = _required("density", given, Dimension.DENSITY)
    return Liquid("liquid", density, _required("vapor_pressure", given, Dimension.PRESSURE), viscosity)


def _stock(given: LiquidArguments) -> tuple[float | None, float | None]:
    """Inventory, kg, and gas volume, m3. Raises ArgumentError where one cannot be read, or has no use."""
    if given.inventory is None:
        if given.gas_volume is not None:
            message = "{gas_volume} needs {inventory}: how much liquid there is to lose"
            raise ArgumentError(message, dict.fromkeys(("gas_volume", "inventory")))
        return None, None
    inventory = read_value("inventory", given.inventory, Dimension.MASS)
    if given.gas_volume is None:
        return inventory, None
    return inventory, read_value("gas_volume", given.gas_volume, Dimension.VOLUME)


def _two_phases(liquid: Liquid, pressure: float, most: float) -> str:
    """Why there is no answer, and what is known all the same."""
    return (
        f"at {pressure / 1e3:.4g} kPa, not above its vapor pressure of {liquid.vapor_pressure / 1e3:.4g} kPa,"
        f" {liquid.name} boils before the hole: two phases are not covered. They flow with"
        f" {100 * TWO_PHASES:g} to 100 % of {most * 3600:.3g} kg/h"
    )


def _boils_after(
    liquid: Liquid, pressure: float, inventory: float | None, gas_volume: float | None
) -> float | None:
    """Mass, kg, after whose loss the gas has expanded to the vapor pressure; None after the end."""
    if inventory is None or gas_volume is None:
        return None
    mass = liquid.density * bounds.volume_until(liquid.vapor_pressure / pressure, gas_volume, 1.0)
    return mass if mass < inventory else None


def _drain_time(
    liquid: Liquid, flow: float | None, mass: float | None, gas_volume: float | None
) -> float | None:
    """Time in which a mass leaks by the expected flow, s; None where neither is known."""
    if flow is None or mass is None:
        return None
    if gas_volume is None:
        return mass / flow
    return bounds.drain_time(mass / liquid.density, flow / liquid.density, gas_volume, 1.0)


def _evaporated(liquid: Liquid) -> float | None:
    """Share that evaporates down to the triple point."""
    data = liquid.freezing
    if data is None:
        return None
    return bounds.cooled_share(data.heat_capacity, TEMPERATURE - data.triple_temperature, data.latent_heat)


def _frozen(liquid: Liquid) -> float | None:
    """Share that evaporates until all is frozen."""
    data, first = liquid.freezing, _evaporated(liquid)
    if data is None or first is None:
        return None
    return first + (1.0 - first) * bounds.frozen_share(data.fusion_heat, data.latent_heat)


def _cautions(liquid: Liquid, reynolds: float | None) -> Iterator[str]:
    """What the bounds do not hold."""
    if reynolds is None:
        yield "without a viscosity, whether friction counts is not known: then the flow is less"
    elif reynolds < CREEPING:
        yield f"Reynolds number {reynolds:.2g}: friction rules, and only the upper bound holds"
    elif reynolds < SHARP:
        yield f"Reynolds number {reynolds:.2g} is below {SHARP:g}: the expected flow may be a fifth more"
    if liquid.freezing is not None:
        yield "the plume boils and freezes, and ice may plug the hole: not modeled"
