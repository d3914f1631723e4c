"""Flow through the hole, from the fluxes that the solver has just computed."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.boundaries import Inflow
from breachflow.case.schema import Case
from breachflow.runs.measure.hull_load import hull_load
from breachflow.runs.measure.walls import wall_exchange
from breachflow.runs.setup.reference import is_axisymmetric, reference_of
from breachflow.theory.streams.nozzle import ideal_mass_flow

if TYPE_CHECKING:
    from breachflow.runs.setup.problem import Problem

CANCELED = 1e-9
"""Sum of the normals of openings over their area below which they face all ways: no direction is theirs. Of
the flow through them, in units of the reference, below which gas is at rest."""

MESH_ROOM = 0.01
"""Part by which the error of a mesh may lift a coefficient above the ideal one: smooth inlets reach 0.999."""


class FlowRate(NamedTuple):
    """Integrals over the hole and the inlet. Totals of a slit without length are per m of it."""

    mass_flow: float
    """kg/s through the hole; without a hole, all that leaves through the open boundaries."""
    inlet_mass_flow: float
    """kg/s through the boundaries that feed the hole; without a hole, all that enters."""
    thrust: float
    """N: momentum and pressure of the stream through the hole, less the pressure outside on its area and less
    the friction with which the stream drags the walls behind the surface where it is measured.

    Without a hole that of the gas that leaves, along the mean normal of the openings. nan where no boundary
    tells the pressure outside, of a stream that comes in with a speed of its own, and where gas comes in from
    outside.
    """
    discharge_coefficient: float
    """Mass flow over the ideal one; nan without a hole."""
    friction: float = nan
    """N: shear stress of the gas on all walls, along the hole; nan in flow without friction."""
    wall_heat: float = nan
    """W from the walls to the gas; nan in flow without friction."""
    thrust_x: float = nan
    """N: force on the hull along x, as `HullLoad` has it; so are the others."""
    thrust_y: float = nan
    thrust_z: float = nan
    torque_x: float = nan
    """N m"""
    torque_y: float = nan
    torque_z: float = nan

    @property
    def imbalance(self) -> float:
        """|inlet - hole| over the flow through the hole."""
        return abs(self.inlet_mass_flow - self.mass_flow) / max(abs(self.mass_flow), 1e-300)


def ideal_mass_flow_of(case: Case, outside: float | None = None) -> float:
    """Isentropic mass flow through the whole opening, kg/s (per m of a slit without length); nan without one.

    `outside` is a pressure in place of that of the case, Pa. Where no boundary tells the pressure outside it
    is the flow into a vacuum: no outside lets more through. Raises OutOfRange where the pressure outside is
    above that in the cabin.
    """
    if case.orifice is None:
        return nan
    gas, reference = case.species, reference_of(case)
    outside = case.outside_pressure if outside is None else outside
    return ideal_mass_flow(
        case.hole.area, reference.pressure, reference.temperature, gas.heat_capacity_ratio,
        gas.specific_gas_constant, outside or 0.0,
    )  # fmt: skip


def impossible(case: Case, flow_rate: FlowRate) -> str:
    """Why no gas flows through the hole of a case at this rate; empty where it can, and without a hole.

    No stream passes more than the ideal one through the whole hole at the pressure outside, and a transient
    one no more than the ideal one into a vacuum; none flows back into the cabin for good.
    """
    coefficient = flow_rate.discharge_coefficient
    most = _most_allowed(case)
    if coefficient > most * (1.0 + MESH_ROOM):
        return (
            f"the discharge coefficient {coefficient:.4g} is above {most:.4g}, the most that an ideal flow "
            "through the hole of the case has: the hole of the mesh is another one, or gas passes beside it"
        )
    if coefficient < 0.0 and case.run.mode == "steady":
        return f"the discharge coefficient {coefficient:.4g} is negative: gas flows into the cabin"
    return ""


def _most_allowed(case: Case) -> float:
    """The largest discharge coefficient of an ideal flow; nan without a hole."""
    if case.orifice is None or case.run.mode == "steady":
        return 1.0
    return ideal_mass_flow_of(case, 0.0) / ideal_mass_flow_of(case)


def flow_rate_of(problem: Problem, flux: Floats, ideal: float) -> FlowRate:
    """Integrate fluxes times face areas (n_faces, nvar), in units of the reference.

    `ideal` is the ideal mass flow, kg/s.
    """
    mass_flow, inlet = map(float, mass_rates(problem, flux))
    if problem.case.orifice is None:
        return FlowRate(mass_flow, inlet, _stream_thrust(problem, flux), nan)
    walls = wall_exchange(problem, flux, problem.passage.direction)
    thrust = _thrust_along(problem, flux, problem.passage.direction, walls.behind)
    force, torque = hull_load(problem, flux, thrust)
    return FlowRate(
        mass_flow,
        inlet,
        thrust,
        mass_flow / ideal,
        walls.friction,
        walls.heat,
        *force.tolist(),
        *torque.tolist(),
    )


def mass_rates(problem: Problem, flux: Floats) -> Floats:
    """Mass flow through the hole, and that of the boundaries that feed it, (2,) kg/s.

    Without a hole all that leaves through the open boundaries, and all that enters.
    """
    reference = problem.reference
    unit = reference.density * reference.velocity * problem.area_scale()
    through = flux[problem.orifice.faces, 0]
    if problem.case.orifice is None:
        rates = np.sum(np.maximum(through, 0.0)), np.sum(np.maximum(-through, 0.0))
    else:
        rates = np.sum(through * problem.orifice.sides), -np.sum(flux[problem.inlet, 0])
    return np.array(rates) * unit


def _thrust_along(problem: Problem, flux: Floats, direction: Floats, behind: float) -> float:
    """The force of the stream on the hull, N, along a direction (dimension,).

    Sum over the hole of momentum flux and pressure less that outside, less the friction `behind` the hole, N.
    """
    through, sides, area = flux[problem.orifice.faces], problem.orifice.sides, problem.area_scale()
    momentum = through[:, 1:-1] @ direction
    push = float(np.sum(momentum * sides)) * problem.reference.pressure * area
    back = _outside_pressure(problem.case) * problem.opening(direction) * area
    return push - back - behind


def _outside_pressure(case: Case) -> float:
    """Pressure outside, Pa; nan where no boundary tells it."""
    return nan if case.outside_pressure is None else case.outside_pressure


def has_thrust(case: Case) -> bool:
    """Whether gas that was at rest leaves to an outside whose pressure a boundary tells."""
    return case.outside_pressure is not None and not isinstance(case.source, Inflow)


def _stream_thrust(problem: Problem, flux: Floats) -> float:
    """The force of the gas that leaves without a hole, N, along the mean normal of the openings."""
    faces, layout = problem.outlet, problem.layout
    normals = layout.faces.normal[faces] * layout.faces.area[faces][:, None]
    if is_axisymmetric(problem.case):
        normals = normals * [1.0, 0.0]  # what acts across the axis cancels
    total = normals.sum(axis=0)
    size, area = float(np.linalg.norm(total)), float(np.sum(layout.faces.area[faces]))
    enters = float(np.sum(flux[faces, 0])) < -CANCELED * area
    if not has_thrust(problem.case) or enters or size <= CANCELED * area:
        return nan
    outside = _outside_pressure(problem.case) / problem.reference.pressure
    force = (flux[faces, 1:-1] - outside * normals).sum(axis=0)
    return float(force @ total) / size * problem.reference.pressure * problem.area_scale()


def fluctuation(mass_flows: list[float]) -> float:
    """Range of mass flows over the last of them."""
    return (max(mass_flows) - min(mass_flows)) / max(abs(mass_flows[-1]), 1e-300)
