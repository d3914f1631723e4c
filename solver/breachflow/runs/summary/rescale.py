"""The summary of a run from that of another one with the same dimensionless flow: nothing is solved again.

`case.similarity.flow_model` says on which ratios the flow depends. Numbers without dimensions stay as they
are; flows, forces, Reynolds and Knudsen numbers are those of the case itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import nan

from breachflow.case.schema import Case
from breachflow.results import Quantity
from breachflow.results.quantities import UnitScaling, quantity_named
from breachflow.runs.measure.flow_rate import FlowRate, ideal_mass_flow_of
from breachflow.runs.measure.mesh_uncertainty import MeshUncertainty
from breachflow.runs.setup.reference import reference_of
from breachflow.runs.solve.iteration import Ending
from breachflow.runs.summary.solved_run import SolvedRun
from breachflow.runs.summary.summary import summarize


def scaled_summary(case: Case, solved: Mapping[str, Quantity]) -> dict[str, Quantity]:
    """The summary of a steady run through a hole, from one of the same flow in other units."""
    own = summarize(SolvedRun(case, _ending(case, solved), _uncertainty(solved)))
    return _of_scaling(UnitScaling.COMPUTED, own) | _of_scaling(UnitScaling.SAME, solved)


def _of_scaling(scaling: UnitScaling, summary: Mapping[str, Quantity]) -> dict[str, Quantity]:
    return {name: one for name, one in summary.items() if quantity_named(name).scaling is scaling}


def _flow_rate(case: Case, solved: Mapping[str, Quantity]) -> FlowRate:
    coefficient = _number(solved, "mass_flow") / _number(solved, "ideal_mass_flow")
    mass_flow = coefficient * ideal_mass_flow_of(case)
    mass_scale = mass_flow / _number(solved, "mass_flow")
    thrust = _number(solved, "thrust_coefficient") * reference_of(case).pressure * case.hole.area
    force_scale = thrust / _number(solved, "thrust")
    return FlowRate(
        mass_flow=mass_flow,
        inlet_mass_flow=mass_scale * _number(solved, "inlet_mass_flow"),
        thrust=thrust,
        discharge_coefficient=coefficient,
        friction=force_scale * _number(solved, "wall_friction"),
        wall_heat=force_scale**2 / mass_scale * _number(solved, "wall_heat"),
        **{f"thrust_{axis}": force_scale * _number(solved, f"thrust_{axis}") for axis in "xyz"},
    )


def _uncertainty(solved: Mapping[str, Quantity]) -> MeshUncertainty:
    return MeshUncertainty(
        _number(solved, "observed_order"),
        _number(solved, "discharge_coefficient_extrapolated"),
        _number(solved, "discharge_coefficient_uncertainty"),
    )


def _ending(case: Case, solved: Mapping[str, Quantity]) -> Ending:
    return Ending(
        cells=int(solved["cells"].value),
        converged=bool(solved["converged"].value),
        flow_rate=_flow_rate(case, solved),
        residual_drop=_number(solved, "residual_drop"),
        plume_drop=_number(solved, "plume_residual_drop"),
        fluctuation=_number(solved, "mass_flow_fluctuation"),
        iterations=int(solved["iterations"].value),
        wall_time=_number(solved, "wall_time"),
        held=str(solved["held"].value) if "held" in solved else "",
        held_change=_number(solved, "held_change"),
        flux_difference=_number(solved, "flux_difference"),
    )


def _number(solved: Mapping[str, Quantity], name: str) -> float:
    """A number of a summary; nan where it has none."""
    return float(solved[name].value) if name in solved else nan
