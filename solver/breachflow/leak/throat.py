"""The ideal throat of a leak: the gas there, and the Reynolds and Knudsen numbers that its viscosity gives.

The throat is the narrowest section of the isentropic stream: sonic where the leak is choked, at the outside
pressure otherwise. SI units; no numpy.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from breachflow.constants import Species
from breachflow.errors import OutOfRange
from breachflow.theory.gases.viscosity import viscosity, viscosity_bounds
from breachflow.theory.rarefied import rarefaction
from breachflow.theory.streams import nozzle

LOW_REYNOLDS: Final = 10_000.0
"""Boundary layers are about d/sqrt(Re) thick: below this they fill more than 1 % of the diameter."""


ViscosityRule: TypeAlias = Callable[[Species, float], float]
"""Viscosity of a gas, Pa s, at a temperature in K; may raise OutOfRange."""


class IdealThroat(NamedTuple):
    """The gas in the ideal throat, and its viscosity."""

    state: nozzle.Throat
    viscosity: float
    """Pa s; nan where it is not known."""
    viscosity_unknown: str
    """Why the viscosity is not known; empty where it is."""
    specific_gas_constant: float
    """J/(kg K)."""

    def reynolds(self, mass_flux: float, size: float) -> float:
        """Re = (mdot/A) d/mu, dimensionless; nan where the viscosity is not known.

        Args:
            mass_flux: mdot/A, kg/(m2 s).
            size: Diameter of a hole or width of a slit, m.
        """
        if self.viscosity_unknown:
            return math.nan
        return rarefaction.reynolds_number(mass_flux, size, self.viscosity)

    def knudsen(self, size: float) -> float:
        """Mean free path over size (m), dimensionless; nan where the viscosity is not known."""
        if self.viscosity_unknown:
            return math.nan
        constant = self.specific_gas_constant
        path = rarefaction.mean_free_path(
            self.viscosity, self.state.pressure, self.state.temperature, constant
        )
        return rarefaction.knudsen_number(path, size)


def gas_viscosity(gas: Species, temperature: float) -> float:
    """Viscosity by the law of the gas, Pa s, at a temperature in K.

    Raises OutOfRange where the gas has no viscosity or the temperature is outside the law's range.

    >>> from breachflow.constants import SPECIES
    >>> round(gas_viscosity(SPECIES["air"], 300.0) * 1e5, 3)
    1.849
    """
    if gas.viscosity is None:
        raise OutOfRange("no viscosity is known for this gas")
    return viscosity(gas.viscosity, temperature)


def lowest_viscosity(gas: Species, temperature: float) -> float:
    """Lower bound of the viscosity, Pa s, of any gas at any temperature in K."""
    return viscosity_bounds(gas.viscosity, temperature).low


def highest_viscosity(gas: Species, temperature: float) -> float:
    """Upper bound of the viscosity, Pa s, of any gas at any temperature in K."""
    return viscosity_bounds(gas.viscosity, temperature).high


def ideal_throat(
    gas: Species,
    pressure: float,
    temperature: float,
    outside_pressure: float = 0.0,
    viscosity_of: ViscosityRule = gas_viscosity,
) -> IdealThroat:
    """The ideal throat of gas at rest at `pressure` (Pa) and `temperature` (K).

    Raises OutOfRange where no gas has such a state, or where `outside_pressure` (Pa) is above `pressure`. A
    viscosity that is not known raises nothing.

    Air at 1 atm and 295 K: 53.53 kPa and 245.8 K at the throat, a mean free path of 0.098 um.

    >>> from breachflow.constants import SPECIES
    >>> throat = ideal_throat(SPECIES["air"], 101325.0, 295.0)
    >>> round(throat.state.temperature, 1), round(throat.knudsen(1e-6), 4)
    (245.8, 0.0982)
    """
    state = nozzle.throat_state(
        pressure, temperature, gas.heat_capacity_ratio, gas.specific_gas_constant, outside_pressure
    )
    try:
        value, reason = viscosity_of(gas, state.temperature), ""
    except OutOfRange as error:
        value, reason = math.nan, str(error)
    return IdealThroat(state, value, reason, gas.specific_gas_constant)


def low_reynolds_caution(reynolds: float) -> str:
    """Effect of friction on an inviscid answer, in words; empty where the Reynolds number is large, or nan.

    >>> low_reynolds_caution(25000.0), low_reynolds_caution(math.nan)
    ('', '')
    >>> low_reynolds_caution(4000.0)[:33]
    'Reynolds number below 10 000: fri'
    """
    if not reynolds < LOW_REYNOLDS:
        return ""
    return (
        "Reynolds number below 10 000: friction may shift the discharge coefficient by several per cent, "
        "and by much more where the wall is not thin against the hole"
    )
