"""The value of every quantity of a summary, from what a run found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import acos, degrees, hypot, inf, log2, nan
from typing import NamedTuple, TypeAlias

from breachflow.case.orifice import OutlineOrifice
from breachflow.case.similarity import has_friction
from breachflow.constants import SECONDS_PER_DAY
from breachflow.outlines.polygon import SIZES
from breachflow.runs.measure.flow_rate import FlowRate, has_thrust
from breachflow.runs.measure.time_mean import TimeMean
from breachflow.runs.setup.bore import other_flux
from breachflow.runs.setup.reference import is_spatial, reference_of
from breachflow.runs.summary.case_facts import OUTSIDE_UNKNOWN
from breachflow.runs.summary.cautions import cautions, perfect_gas_uncertainty
from breachflow.runs.summary.model import slip_uncertainty
from breachflow.runs.summary.regime import model_words, regime_words
from breachflow.runs.summary.solved_run import UNSETTLED, SolvedRun
from breachflow.theory.streams import nozzle
from breachflow.units import STANDARD_TEMPERATURE, leak_rate
from breachflow.words import percent

QuantityValue: TypeAlias = float | int | bool | str


class WithMeaning(NamedTuple):
    """A value with a text that replaces the meaning of its quantity."""

    value: QuantityValue
    meaning: str


ValueOf: TypeAlias = Callable[[SolvedRun], QuantityValue | WithMeaning | None]
"""The value of a quantity; None where it does not apply."""


ROUNDING = 1e-13
"""Relative error below which rounding, some hundred times the machine's, decides: it has no order."""


def _of_hole(value: Callable[[SolvedRun], QuantityValue | WithMeaning]) -> ValueOf:
    """A quantity that only flow through a hole has."""
    return lambda solved: None if solved.case.orifice is None else value(solved)


def _of_outline(size: str) -> ValueOf:
    """A size that only a hole of shape "outline" has, m."""

    def of_outline(solved: SolvedRun) -> QuantityValue | None:
        hole = solved.case.orifice
        return float(getattr(hole.form, size)) if isinstance(hole, OutlineOrifice) else None

    return of_outline


def _of_walls(value: Callable[[FlowRate], float]) -> ValueOf:
    """A quantity that only laminar flow through a hole has."""

    def of_walls(solved: SolvedRun) -> QuantityValue | None:
        is_there = solved.case.orifice is not None and has_friction(solved.case)
        return value(solved.ending.flow_rate) if is_there else None

    return of_walls


def _mass_flow(solved: SolvedRun) -> QuantityValue | WithMeaning:
    mass_flow = solved.ending.flow_rate.mass_flow
    if solved.case.orifice is None:
        return WithMeaning(mass_flow, "all that leaves through the open boundaries")
    return mass_flow


def _inlet_mass_flow(solved: SolvedRun) -> QuantityValue | WithMeaning:
    mass_flow = solved.ending.flow_rate.inlet_mass_flow
    return (
        WithMeaning(mass_flow, "all that enters through them") if solved.case.orifice is None else mass_flow
    )


def _coefficient(solved: SolvedRun) -> QuantityValue | WithMeaning:
    if solved.unsettled:
        return WithMeaning(nan, f"not known: {_imbalance_words(solved)}")
    return solved.coefficient


def _imbalance_words(solved: SolvedRun) -> str:
    if solved.ending.flow_rate.imbalance <= UNSETTLED:
        return f"the mass flow still moves by {percent(solved.ending.fluctuation)} of itself"
    return f"inlet and hole still differ by {percent(solved.ending.flow_rate.imbalance)} of the flow"


def _mass_flow_uncertainty(solved: SolvedRun) -> QuantityValue:
    """That of the meshes, that of a gas which is not perfect, and that of slip in a rarefied gas."""
    of_meshes = solved.spread / max(abs(solved.coefficient), 1e-300)
    of_gas, of_slip = perfect_gas_uncertainty(solved.case), slip_uncertainty(solved.case)
    return abs(solved.ending.flow_rate.mass_flow) * hypot(of_meshes, of_gas, of_slip)


def _throughput(solved: SolvedRun) -> WithMeaning:
    temperature = reference_of(solved.case).temperature
    return WithMeaning(
        _pressure_times_volume(solved, temperature), f"pressure times volume flow at {temperature:g} K"
    )


def _pressure_times_volume(solved: SolvedRun, temperature: float) -> float:
    """The mass flow as pressure times volume by time, Pa m3/s, at a temperature in K."""
    return leak_rate(
        solved.ending.flow_rate.mass_flow, "Pa m3/s", solved.case.species.molar_mass, temperature
    )


def _ideal_mass_flow(solved: SolvedRun) -> WithMeaning:
    ratio = solved.case.pressure_ratio
    if ratio is None:
        return WithMeaning(solved.ideal, f"isentropic flow, full area, as into a vacuum: {OUTSIDE_UNKNOWN}")
    choked = ratio <= nozzle.critical_pressure_ratio(solved.case.species.heat_capacity_ratio)
    return WithMeaning(solved.ideal, f"isentropic flow, full area, {'choked' if choked else 'subsonic'}")


def _thrust(solved: SolvedRun) -> QuantityValue | WithMeaning | None:
    if solved.case.orifice is None:
        return _stream_thrust(solved)
    if unknown := _thrust_unknown(solved):
        return WithMeaning(nan, f"not known: {unknown}")
    return solved.ending.flow_rate.thrust


def _stream_thrust(solved: SolvedRun) -> WithMeaning | None:
    """The force of a stream without a hole; None where there is none."""
    if not has_thrust(solved.case):
        return None
    thrust = solved.ending.flow_rate.thrust
    if thrust != thrust:
        return WithMeaning(nan, "not known: gas comes in from outside, or the openings face all ways")
    return WithMeaning(thrust, "force of the gas that leaves, along the mean normal of the openings")


def _thrust_component(axis: str) -> ValueOf:
    """A component of the force on the hull; only flow in space has it."""

    def component(solved: SolvedRun) -> QuantityValue | None:
        is_there = solved.case.orifice is not None and is_spatial(solved.case)
        return float(getattr(solved.ending.flow_rate, f"thrust_{axis}")) if is_there else None

    return component


def _torque(axis: str, duration: float = 1.0) -> ValueOf:
    """A component of the moment on the hull about its center of mass, times a duration."""

    def component(solved: SolvedRun) -> QuantityValue | WithMeaning | None:
        if solved.case.hull is None:
            return None
        if unknown := _thrust_unknown(solved):
            return WithMeaning(nan, f"not known: {unknown}")
        return duration * float(getattr(solved.ending.flow_rate, f"torque_{axis}"))

    return component


def _thrust_angle(solved: SolvedRun) -> QuantityValue | None:
    """The angle between the force on the hull and the direction of the hole, degrees."""
    if solved.case.orifice is None or not is_spatial(solved.case):
        return None
    rate = solved.ending.flow_rate
    size = hypot(rate.thrust_x, rate.thrust_y, rate.thrust_z)
    return degrees(acos(min(rate.thrust / size, 1.0))) if size > 0.0 else nan


def _thrust_unknown(solved: SolvedRun) -> str:
    """Why the force on the hull is not known; empty where it is."""
    if solved.case.mesh.plate_side == "outside":
        return "the plate outside turns the stream aside"
    return OUTSIDE_UNKNOWN if solved.case.outside_pressure is None else ""


def _thrust_coefficient(solved: SolvedRun) -> QuantityValue | WithMeaning:
    if unknown := _imbalance_words(solved) if solved.unsettled else _thrust_unknown(solved):
        return WithMeaning(nan, f"not known: {unknown}")
    return solved.ending.flow_rate.thrust / (reference_of(solved.case).pressure * solved.case.hole.area)


def _flow_model(solved: SolvedRun) -> WithMeaning:
    return WithMeaning(solved.case.flow.name, model_words(solved.case))


def _regime(solved: SolvedRun) -> WithMeaning:
    if solved.regime is None:
        return WithMeaning("unknown", f"the continuum assumption was not checked: {solved.throat_unknown}")
    return WithMeaning(str(solved.regime), regime_words(solved, _reynolds_number(solved)))


def _reynolds_number(solved: SolvedRun) -> float:
    """The Reynolds number at the throat; nan where it is not known."""
    return nan if solved.throat_unknown else solved.reynolds(solved.ending.flow_rate.mass_flow)


def _reynolds(solved: SolvedRun) -> QuantityValue | WithMeaning:
    if solved.throat_unknown:
        return WithMeaning(nan, f"not known: {solved.throat_unknown}")
    return _reynolds_number(solved)


def _knudsen(solved: SolvedRun) -> QuantityValue | WithMeaning:
    if solved.throat_unknown:
        return WithMeaning(nan, f"not known: {solved.throat_unknown}")
    return solved.knudsen


def _caution(solved: SolvedRun) -> QuantityValue:
    return cautions(solved, _reynolds_number(solved))


def _rarefaction(solved: SolvedRun) -> QuantityValue | WithMeaning:
    if solved.rarefaction != solved.rarefaction:
        return WithMeaning(nan, "not known: no viscosity is known for the gas at rest")
    return solved.rarefaction


def _pressure_ratio(solved: SolvedRun) -> QuantityValue:
    ratio = solved.case.pressure_ratio
    return nan if ratio is None else ratio


def _converged(solved: SolvedRun) -> QuantityValue | WithMeaning:
    converged = solved.ending.converged
    if not converged:
        return WithMeaning(False, ", ".join(_missing_convergence(solved)) or "it was stopped")
    if solved.case.run.mode == "transient" and solved.case.exact is None:
        return WithMeaning(True, "the end time was reached")
    if solved.ending.swing is not None:
        return WithMeaning(
            True, "the flow has no steady state: its mean in time is known to the stated error"
        )
    return True


def _missing_convergence(solved: SolvedRun) -> Iterator[str]:
    """What a run lacks to have converged, the gravest first."""
    run, ending = solved.case.run, solved.ending
    if solved.impossible:
        yield solved.impossible
    if ending.stopped or run.mode == "transient":
        return
    if ending.swing is not None:
        yield "the flow has no steady state, and the march in time was too short for an error of its mean"
        return
    if solved.unsettled:
        yield _imbalance_words(solved)
    told = solved.unsettled and ending.flow_rate.imbalance <= UNSETTLED
    if solved.case.orifice is not None and not told and ending.fluctuation > run.mass_flow_tolerance:
        yield f"the mass flow still moves by {ending.fluctuation:.1e} of itself"
    if ending.held and ending.held_change == 0.0:
        yield f"its {ending.held} was held, and the iterations ended before it was held again"
    elif ending.held:
        yield f"it settles while its {ending.held} is held, to coefficients {ending.held_change:.0e} apart"
    if not ending.residual_drop <= run.residual_drop:
        yield f"the residual fell to {ending.residual_drop:.1e}, not to {run.residual_drop:.0e}"


def _flux_difference(solved: SolvedRun) -> QuantityValue | WithMeaning | None:
    """What another numerical flux changes; None where it was not tried."""
    change = solved.ending.flux_difference
    if change != change:
        return None
    return WithMeaning(change, f"coefficient with {other_flux(solved.case)} over that, less 1")


def _of_swing(value: Callable[[TimeMean], QuantityValue]) -> ValueOf:
    """A quantity that only a flow without a steady state has."""
    return lambda solved: None if solved.ending.swing is None else value(solved.ending.swing)


def _error(variable: int) -> ValueOf:
    """Error of density, velocity or pressure on the last mesh."""
    return lambda solved: solved.ending.errors[variable] if solved.ending.errors else None


def _order(variable: int) -> ValueOf:
    """Order at which an error falls from the mesh before to the last; nan where the error is rounding."""

    def order(solved: SolvedRun) -> QuantityValue | None:
        if not solved.ending.errors:
            return None
        fine = solved.ending.errors[variable]
        coarse = solved.coarser.errors[variable] if solved.coarser is not None else nan
        return log2(coarse / fine) if coarse > ROUNDING and fine > ROUNDING else nan

    return order


def _change(conserved: int) -> ValueOf:
    """Relative change of the total mass or energy, of transient verification."""
    return lambda solved: solved.ending.changes[conserved] if solved.ending.changes else None


def _time(solved: SolvedRun) -> QuantityValue | None:
    return solved.ending.time if solved.case.run.mode == "transient" else None


def _floored_cells(solved: SolvedRun) -> QuantityValue | None:
    transient = solved.case.run.mode == "transient" and solved.case.exact is None
    return solved.ending.floored if transient else None


def _of_disk(value: float) -> QuantityValue | None:
    """The value; None for nan, which stands for no Mach disk."""
    return value if value == value else None


VALUES: dict[str, ValueOf] = {
    "mass_flow": _mass_flow,
    "mass_flow_uncertainty": _of_hole(_mass_flow_uncertainty),
    "throughput": _of_hole(_throughput),
    "standard_throughput": _of_hole(lambda solved: _pressure_times_volume(solved, STANDARD_TEMPERATURE)),
    "discharge_coefficient": _of_hole(_coefficient),
    "discharge_coefficient_uncertainty": _of_hole(lambda solved: nan if solved.unsettled else solved.spread),
    "ideal_mass_flow": _of_hole(_ideal_mass_flow),
    "thrust": _thrust,
    **{f"thrust_{axis}": _thrust_component(axis) for axis in "xyz"},
    "thrust_angle": _thrust_angle,
    **{f"torque_{axis}": _torque(axis) for axis in "xyz"},
    **{f"angular_impulse_{axis}": _torque(axis, SECONDS_PER_DAY) for axis in "xyz"},
    "thrust_coefficient": _of_hole(_thrust_coefficient),
    **{size: _of_outline(size) for size in SIZES},
    "flow_model": _of_hole(_flow_model),
    "regime": _of_hole(_regime),
    "caution": _of_hole(_caution),
    "reynolds": _of_hole(_reynolds),
    "knudsen": _of_hole(_knudsen),
    "rarefaction_parameter": _of_hole(_rarefaction),
    "wall_friction": _of_walls(lambda rate: rate.friction),
    "wall_heat": _of_walls(lambda rate: rate.wall_heat),
    "pressure_ratio": _of_hole(_pressure_ratio),
    "density_error": _error(0),
    "density_order": _order(0),
    "velocity_error": _error(1),
    "velocity_order": _order(1),
    "pressure_error": _error(2),
    "pressure_order": _order(2),
    "mass_change": _change(0),
    "energy_change": _change(1),
    "time": _time,
    "floored_cells": _floored_cells,
    "mach_disk_distance": lambda solved: _of_disk(solved.disk.distance),
    "mach_disk_distance_uncertainty": lambda solved: _of_disk(solved.disk.uncertainty),
    "converged": _converged,
    "unsteady": _of_swing(lambda _: True),
    "discharge_coefficient_spread": _of_swing(lambda swing: swing.spread),
    "discharge_coefficient_mean_error": _of_swing(lambda swing: swing.error),
    "periods": _of_swing(lambda swing: swing.periods),
    "longest_period": _of_swing(lambda swing: swing.longest if swing.longest < inf else nan),
    "averaging_time": _of_swing(lambda swing: swing.duration),
    "stopped": lambda solved: solved.ending.stopped or "",
    "inlet_mass_flow": _inlet_mass_flow,
    "mass_imbalance": _of_hole(lambda solved: solved.ending.flow_rate.imbalance),
    "mass_flow_fluctuation": lambda solved: solved.ending.fluctuation,
    "residual_drop": lambda solved: solved.ending.residual_drop,
    "plume_residual_drop": lambda solved: solved.ending.plume_drop,
    "flux_difference": _flux_difference,
    "held": lambda solved: solved.ending.held or None,
    "held_change": lambda solved: solved.ending.held_change if solved.ending.held else None,
    "discharge_coefficient_extrapolated": _of_hole(lambda solved: solved.mesh.extrapolated),
    "observed_order": _of_hole(lambda solved: solved.mesh.observed_order),
    "iterations": lambda solved: solved.ending.iterations,
    "cells": lambda solved: solved.ending.cells,
    "wall_time": lambda solved: solved.ending.wall_time,
}
"""Functions by name, for all of `QUANTITIES` but the best estimate, which comes with the laws."""
