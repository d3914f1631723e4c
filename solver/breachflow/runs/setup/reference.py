"""The units of the solver: those in which the gas that drives the flow has density and pressure 1."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from breachflow.case.schema import Case
from breachflow.theory.streams.nozzle import throat_state


class Reference(NamedTuple):
    """Units of the solver: the state in the cabin and half the hole's diameter make all numbers near 1."""

    length: float
    """m"""
    density: float
    """kg/m3"""
    pressure: float
    """Pa"""
    temperature: float
    """K"""

    @property
    def velocity(self) -> float:
        """sqrt(p/rho), m/s."""
        return sqrt(self.pressure / self.density)


def is_axisymmetric(case: Case) -> bool:
    """Whether the flow is axisymmetric: as the mesh states, or else for a round hole."""
    if case.mesh.plane is not None:
        return case.mesh.plane == "axisymmetric"
    return case.hole.shape != "slit"


def is_spatial(case: Case) -> bool:
    """Whether the mesh lies in space."""
    return case.mesh.plane == "spatial"


def dimension_of(case: Case) -> int:
    """Dimension of the mesh: 2 in the plane, 3 in space."""
    return 3 if is_spatial(case) else 2


def per_length(case: Case) -> str:
    """What follows the unit of a mass flow or a force: " per m" where nothing states a length."""
    if case.orifice is not None:
        return case.orifice.per
    return "" if is_axisymmetric(case) or is_spatial(case) else " per m"


def reference_of(case: Case) -> Reference:
    """Units of a case: the driving gas at rest, and half the opening (without a hole: the height)."""
    pressure, temperature = case.driving_gas
    density = pressure / (case.species.specific_gas_constant * temperature)
    return Reference(_reference_length(case), density, pressure, temperature)


def _reference_length(case: Case) -> float:
    """Half the opening's size; of a mesh without a hole, its height."""
    if case.orifice is not None:
        return 0.5 * case.orifice.diameter
    assert case.mesh.height is not None
    return case.mesh.height


def convective_time(case: Case) -> float:
    """Time in which the ideal stream passes the longer of bore and opening of a case with a hole, s."""
    reference, gas = reference_of(case), case.species
    throat = throat_state(
        reference.pressure, reference.temperature, gas.heat_capacity_ratio, gas.specific_gas_constant,
        case.outside_pressure or 0.0,
    )  # fmt: skip
    return max(case.hole.wall_thickness, case.hole.diameter) / throat.speed


def driving_difference(case: Case) -> float:
    """Pressure difference between cabin and outside over the pressure in the cabin.

    Where no boundary tells the pressure outside it is 1: the gas may expand as far as into a vacuum.
    """
    ratio = case.pressure_ratio
    return 1.0 if ratio is None else 1.0 - ratio
