"""Flow through the hole, from the fluxes that the solver has just computed."""

from __future__ import annotations

from math import nan
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.schema import Case
from breachflow.runs.setup.problem import Problem
from breachflow.runs.setup.reference import reference_of
from breachflow.theory.streams.nozzle import ideal_mass_flow


class FlowRate(NamedTuple):
    """Integrals over the hole and the inlet, SI."""

    mass_flow: float
    """kg/s through the hole (kg/s per m of a slit without length)."""
    inlet_mass_flow: float
    thrust: float
    """N: momentum and pressure of the stream through the hole, less the outside pressure on it."""
    discharge_coefficient: float

    @property
    def imbalance(self) -> float:
        """|inlet - hole| over the flow through the hole."""
        return abs(self.inlet_mass_flow - self.mass_flow) / max(abs(self.mass_flow), 1e-300)


def ideal_mass_flow_of(case: Case) -> float:
    """Isentropic flow through the whole opening, kg/s (per m of a slit without length); nan without one."""
    reference = reference_of(case)
    if case.orifice is None:
        return nan
    gas = case.species
    return ideal_mass_flow(
        case.hole.area, reference.pressure, reference.temperature, gas.heat_capacity_ratio,
        gas.specific_gas_constant, case.outside_pressure or 0.0,
    )  # fmt: skip


def flow_rate_of(problem: Problem, flux: Floats, ideal: float) -> FlowRate:
    """The reading of a flux array (n_faces, nvar), in units of the reference, as the solver leaves it."""
    reference, area = problem.reference, problem.area_scale()
    through, sides = flux[problem.orifice.faces], problem.orifice.sides
    if problem.case.orifice is None:
        return _read_stream(through[:, 0] * (reference.density * reference.velocity * area))
    mass_unit = reference.density * reference.velocity * area
    mass_flow = float(np.sum(through[:, 0] * sides)) * mass_unit
    inlet = -float(np.sum(flux[problem.inlet, 0])) * mass_unit
    push = float(np.sum(through[:, 1] * sides)) * reference.pressure * area
    faces = problem.layout.faces
    opening = faces.area[problem.orifice.faces] * faces.normal[problem.orifice.faces, 0] * sides
    back = (problem.case.outside_pressure or 0.0) * float(np.sum(opening)) * area
    return FlowRate(mass_flow, inlet, push - back, mass_flow / ideal)


def _read_stream(mass_flows: Floats) -> FlowRate:
    """Without a hole: what leaves, and what enters, through all open boundary faces."""
    leaving, entering = np.maximum(mass_flows, 0.0), np.minimum(mass_flows, 0.0)
    return FlowRate(float(np.sum(leaving)), -float(np.sum(entering)), nan, nan)


def fluctuation(mass_flows: list[float]) -> float:
    """Range of the given values over the last of them."""
    return (max(mass_flows) - min(mass_flows)) / max(abs(mass_flows[-1]), 1e-300)
