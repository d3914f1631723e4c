"""By how much a real gas departs from the calorically perfect one of the laws and of the solver; no numpy.

Two departures change the mass flow. Molecules of a dense gas attract and repel each other: the equation of
state of Peng and Robinson tells how much. The heat capacity depends on the temperature, and gamma belongs to
300 K.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from breachflow.constants import HEAT_TEMPERATURES, SPECIES, CriticalPoint, Species
from breachflow.errors import OutOfRange
from breachflow.leak.breach import Leak, LeakState
from breachflow.leak.conditions import viscosity_caution
from breachflow.theory.gases.peng_robinson import (
    COVOLUME,
    RealGas,
    compressibility,
    flow_over_perfect,
    vapor_pressure,
)
from breachflow.theory.streams.nozzle import mass_flux
from breachflow.words import percent

NAMED_FROM: Final = 0.02
"""Relative error of the mass flow from which a caution names it."""

OF_DEPARTURE: Final = 1.35
OF_COVOLUME: Final = 0.07
"""Uncertainty of the perfect gas's flow: 1.35 |departure| + 0.07 b p/(R T), b the covolume.

Within 0.3 % it covers the difference to reference equations of state at 1400 states of the named gases, 77
to 900 K and 1 to 700 bar, into vacuum and at r = 0.8, but for ammonia that condenses in equilibrium (2 %).
"""

UNBOUNDED: Final = 1.0
"""Relative uncertainty where the gas is so dense that its expansion meets the liquid."""

UNCHECKED_UP_TO: Final = 1e6
"""Pa; a gas without a known critical point is taken as perfect up to here, without a caution."""

RAREFACTION: Final = 0.4
"""Relative fall of the flow through a thin hole from a jet to effusion."""

LIQUID_FROM: Final = 1.15
"""Pressure over the estimated vapor pressure from which a liquid is inside; the estimate is +- 10 %."""


class Departure(NamedTuple):
    """The real gas against the perfect one."""

    compressibility: float
    """Z = p/(rho R T) at rest; 1 is a perfect gas."""
    flow_ratio: float
    """Real over perfect mass flow of an ideal nozzle."""
    uncertainty: float
    """Relative uncertainty of the perfect gas's mass flow: the departure and its own error."""


ATOMS_FROM: Final = 1.6
"""gamma above which a gas is of single atoms: 5/3."""

IONIZED_FROM: Final = 8000.0
"""K at which two thousandths of argon at 100 kPa are ionized (M. N. Saha 1920, with 15.76 eV)."""


class GasCaution(NamedTuple):
    """What a user must know of the gas of a leak."""

    text: str
    effect: float
    """Relative change of the mass flow that it may mean."""


PERFECT: Final = Departure(1.0, 1.0, 0.0)


def departure(state: LeakState) -> Departure:
    """The departure of a gas at rest; `PERFECT` where nothing is known of the gas.

    Hydrogen at 700 bar and 288.15 K passes 7.9 % less than a perfect gas (reference equation of state).

    >>> from breachflow.constants import SPECIES
    >>> found = departure(LeakState(SPECIES["hydrogen"], 700e5, 288.15))
    >>> round(found.flow_ratio, 2), round(found.uncertainty, 2)
    (0.93, 0.12)
    """
    gas, ratio = state.gas, min(state.outside_pressure / state.pressure, 0.999)
    gamma = gamma_at(gas, state.temperature)
    if gas.critical is None:
        flow = mass_flux(ratio, gamma) / mass_flux(ratio, gas.heat_capacity_ratio)
        return Departure(1.0, flow, abs(flow - 1.0))
    real = RealGas(gas.critical.acentric_factor, gamma)
    pressure, temperature = _reduced(state, gas.critical)
    dense = compressibility(real, pressure, temperature)
    try:
        flow = flow_over_perfect(real, pressure, temperature, ratio, gas.heat_capacity_ratio)
    except OutOfRange:
        return Departure(dense, math.nan, UNBOUNDED)
    covolume = COVOLUME * pressure / temperature
    return Departure(dense, flow, OF_DEPARTURE * abs(flow - 1.0) + OF_COVOLUME * covolume)


def gamma_at(gas: Species, temperature: float) -> float:
    """gamma at low pressure and a temperature in K, linear in its logarithm; constant beyond the table.

    >>> from breachflow.constants import SPECIES
    >>> [round(gamma_at(SPECIES["carbon_dioxide"], T), 3) for T in (50.0, 300.0, 500.0)]
    [1.398, 1.289, 1.231]
    """
    ratios = gas.heat_capacity_ratios
    if not ratios:
        return gas.heat_capacity_ratio
    held = min(max(temperature, HEAT_TEMPERATURES[0]), HEAT_TEMPERATURES[-1])
    k = min(max(sum(place <= held for place in HEAT_TEMPERATURES) - 1, 0), len(ratios) - 2)
    low, high = HEAT_TEMPERATURES[k : k + 2]
    part = math.log(held / low) / math.log(high / low)
    return (1.0 - part) * ratios[k] + part * ratios[k + 1]


def liquid_inside(state: LeakState) -> str:
    """Why there is a liquid inside, in words; empty where there is a gas, or where nothing is known.

    A gas of a mixture is judged by its partial pressure.

    >>> from breachflow.constants import SPECIES
    >>> liquid_inside(LeakState(SPECIES["steam"], 101325.0, 295.0))
    'steam at 101.3 kPa and 295 K is a liquid: it boils at about 4 kPa'
    """
    for name, share in state.gas.parts or ((state.gas.name, 1.0),):
        gas = SPECIES.get(name, state.gas)
        if gas.critical is None:
            continue
        partial = state._replace(gas=gas, pressure=share * state.pressure)
        pressure, temperature = _reduced(partial, gas.critical)
        boils = vapor_pressure(gas.critical.acentric_factor, temperature)
        if pressure > LIQUID_FROM * boils:
            there, least = (1e-3 * value * partial.pressure for value in (1.0, boils / pressure))
            return (
                f"{name} at {there:.4g} kPa and {state.temperature:g} K is a liquid: "
                f"it boils at about {least:.2g} kPa"
            )
    return ""


def require_gas(state: LeakState) -> None:
    """Raises OutOfRange where a liquid is inside: no law of a gas holds for it."""
    if liquid := liquid_inside(state):
        raise OutOfRange(f"{liquid}; the laws are for gases (`breachflow liquid` bounds liquids)")


def real_gas_caution(state: LeakState) -> str:
    """By how much the flow of the real gas may differ, in words; empty where it hardly does.

    >>> from breachflow.constants import SPECIES
    >>> real_gas_caution(LeakState(SPECIES["air"], 101325.0, 295.0))
    ''
    """
    if liquid := liquid_inside(state):
        return f"{liquid}, and a flow of gas is no answer"
    gas = state.gas
    if hot := too_hot(state):
        return hot
    if gas.critical is None and not gas.heat_capacity_ratios and state.pressure > UNCHECKED_UP_TO:
        return (
            f"whether {gas.name} is a perfect gas at {state.pressure:.4g} Pa was not checked: "
            "its critical point is not known"
        )
    found = departure(state)
    if found.uncertainty < NAMED_FROM:
        return ""
    if math.isnan(found.flow_ratio):
        return (
            f"{gas.name} is no perfect gas here (Z = {found.compressibility:.3g}) and condenses as it "
            "expands: the mass flow may be several times as large"
        )
    change = found.flow_ratio - 1.0
    much = f"{percent(abs(change))} {'more' if change > 0.0 else 'less'}"
    if change >= 1.0:
        much = f"{found.flow_ratio:.2g} times as large"
    return (
        f"{gas.name} is no perfect gas here (Z = {found.compressibility:.3g}, gamma = "
        f"{gamma_at(gas, state.temperature):.3f} at {state.temperature:g} K): the real mass flow is about "
        f"{much}, which ± {percent(found.uncertainty)} covers"
    )


def too_hot(state: LeakState) -> str:
    """Why no heat capacity is known at the temperature inside, in words; empty where one is.

    >>> from breachflow.constants import SPECIES
    >>> too_hot(LeakState(SPECIES["helium"], 101325.0, 20000.0))
    'helium at 20000 K is no perfect gas: its atoms lose electrons'
    """
    gas, temperature = state.gas, state.temperature
    if gas.heat_capacity_ratio > ATOMS_FROM:
        is_ionized = temperature > IONIZED_FROM
        return f"{gas.name} at {temperature:g} K is no perfect gas: its atoms lose electrons" * is_ionized
    if temperature <= HEAT_TEMPERATURES[-1]:
        return ""
    return (
        f"the heat capacity of {gas.name} at {temperature:g} K is not known (it is up to "
        f"{HEAT_TEMPERATURES[-1]:g} K): the mass flow may differ by some per cent, and by tens of per cent "
        "from about 3000 K on, where molecules come apart"
    )


def gas_cautions(leak: Leak) -> list[GasCaution]:
    """Where the gas is not perfect, or its viscosity is not known and matters.

    >>> from breachflow.constants import SPECIES
    >>> from breachflow.leak.breach import Breach, Section
    >>> gas_cautions(Leak(Breach(Section.ROUND, 1e-3), LeakState(SPECIES["air"], 101325.0, 295.0)))
    []
    """
    real, viscous = real_gas_caution(leak.state), viscosity_caution(leak)
    effects = departure(leak.state).uncertainty if real else 0.0, RAREFACTION
    return [GasCaution(*pair) for pair in zip((real, viscous), effects, strict=True) if pair[0]]


def _reduced(state: LeakState, critical: CriticalPoint) -> tuple[float, float]:
    """Pressure and temperature over those of the critical point."""
    point = critical.at(state.gas.molar_mass, state.temperature)
    return state.pressure / point.pressure, state.temperature / point.temperature
