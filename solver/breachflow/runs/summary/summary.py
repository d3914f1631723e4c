"""The numbers that a run reports, each with its unit and what it means."""

from __future__ import annotations

from math import log2, nan

from breachflow.arrays import Floats
from breachflow.case.schema import Case
from breachflow.leak.throat import ideal_throat, low_reynolds_caution
from breachflow.results import Quantity
from breachflow.runs.measure.flow_rate import FlowRate, ideal_mass_flow_of
from breachflow.runs.measure.mach_disk import mach_disk
from breachflow.runs.measure.mesh_uncertainty import MeshUncertainty, mesh_uncertainty
from breachflow.runs.setup.problem import Problem
from breachflow.runs.setup.reference import is_axisymmetric, reference_of
from breachflow.runs.solve.iteration import Ending, Iteration
from breachflow.runs.summary.comparison import comparison_summary, disagreements
from breachflow.theory.rarefied.rarefaction import regime
from breachflow.theory.streams import nozzle
from breachflow.theory.streams.jet import MACH_DISK_RANGE

THIN = 0.02
"""Wall thickness over diameter below which the formulas for a thin plate are printed beside the result."""

FREE_OF_BACK_PRESSURE = 0.05
"""Outside over cabin pressure below which a stream expands to the wall of the bore at once."""

SLENDER = 2.0
"""Wall thickness over diameter from which friction takes 2 % of a choked flow (Fanno, 4 f = 0.024)."""


SETTLED_ENOUGH = 1e-4
"""Relative fluctuation of the mass flow on a mesh that may serve to estimate the mesh uncertainty."""

VARIABLES = ("density", "velocity", "pressure")


def run_summary(problem: Problem, iteration: Iteration, n_meshes: int) -> dict[str, Quantity]:
    """The summary of a run that was to use so many meshes and has come to this state."""
    case, endings = problem.case, iteration.endings
    last, complete = endings[-1], len(endings) == n_meshes
    if case.exact is not None:
        whole = last._replace(
            converged=complete and all(ending.converged for ending in endings),
            iterations=sum(ending.iterations for ending in endings),
        )
        return verification_summary(endings) | stream_summary(case, whole)
    if case.run.mode == "transient":
        return summarize(case, last, mesh_uncertainty([])) | _transient_numbers(last)
    values = [ending.flow_rate.discharge_coefficient for ending in endings]
    settled = last.converged and all(ending.fluctuation <= SETTLED_ENOUGH for ending in endings[-3:])
    uncertainty = mesh_uncertainty(values if settled else [])
    summary = summarize(case, last._replace(converged=last.converged and complete), uncertainty)
    return summary | plume_summary(problem, iteration.state)


def verification_summary(endings: list[Ending]) -> dict[str, Quantity]:
    """Errors on the finest mesh, and the orders seen between the last two."""
    last, summary = endings[-1], {}
    for index, name in enumerate(VARIABLES):
        fine = last.errors[index]
        coarse = endings[-2].errors[index] if len(endings) > 1 else nan
        order = log2(coarse / fine) if coarse > 0.0 and fine > 0.0 else nan
        summary[f"{name}_error"] = Quantity(fine, "1", f"mean error of {name} over its mean, finest mesh")
        summary[f"{name}_order"] = Quantity(order, "1", f"order at which the error of {name} falls")
    if last.time > 0.0:
        summary["time"] = Quantity(last.time, "s", "physical time at the end of the run")
        for name, change in zip(("mass", "energy"), last.changes, strict=True):
            summary[f"{name}_change"] = Quantity(
                change, "1", f"relative change of all {name} since the start"
            )
    return summary


def _transient_numbers(ending: Ending) -> dict[str, Quantity]:
    return {
        "converged": Quantity(ending.converged, "", "the end time was reached"),
        "time": Quantity(ending.time, "s", "physical time at the end of the run"),
        "floored_cells": Quantity(ending.floored, "1", "most cells held at the background at once"),
    }


def summarize(case: Case, ending: Ending, mesh: MeshUncertainty) -> dict[str, Quantity]:
    """The summary of a run."""
    if case.orifice is None:
        return stream_summary(case, ending)
    flow_rate = ending.flow_rate
    throat, theory = _throat(case, flow_rate), comparison_summary(case)
    numbers = _flow_numbers(case, mesh, ending)
    spread = float(numbers["discharge_coefficient_uncertainty"].value)
    cautions = [
        *disagreements(flow_rate.discharge_coefficient, spread, theory),
        _thick_wall_caution(case),
        low_reynolds_caution(float(throat["reynolds"].value)),
        _plume_caution(case, ending),
    ]
    return {
        **numbers,
        **theory,
        **_ideal(case),
        **throat,
        "caution": Quantity(
            "; ".join(filter(None, cautions)),
            "",
            "where the answer or the inviscid model is in doubt; empty if not",
        ),
        **_ending(ending),
    }


def stream_summary(case: Case, ending: Ending) -> dict[str, Quantity]:
    """The summary of a run on a mesh without a hole."""
    unit = "kg/s" if is_axisymmetric(case) else "kg/s per m"
    flow_rate = ending.flow_rate
    return {
        "mass_flow": Quantity(flow_rate.mass_flow, unit, "all that leaves through the open boundaries"),
        "inlet_mass_flow": Quantity(flow_rate.inlet_mass_flow, unit, "all that enters through them"),
        **_ending(ending),
    }


def plume_summary(problem: Problem, conserved: Floats) -> dict[str, Quantity]:
    """Where the plume ends in a shock, if the gas outside is thin enough for the rule of Mach disks."""
    outside = problem.case.outside_pressure or 0.0
    if problem.case.orifice is None or not 0.0 < outside < problem.reference.pressure / MACH_DISK_RANGE[0]:
        return {}
    disk = mach_disk(problem, conserved)
    if disk.distance != disk.distance:
        return {}
    return {
        "mach_disk_distance": Quantity(disk.distance, "m", "from the hole to the plume's normal shock"),
        "mach_disk_distance_uncertainty": Quantity(disk.uncertainty, "m", "spacing of the cells there"),
    }


def _flow_numbers(case: Case, mesh: MeshUncertainty, ending: Ending) -> dict[str, Quantity]:
    flow_rate = ending.flow_rate
    unit, force = "kg/s" + case.hole.per, "N" + case.hole.per
    area, coefficient = case.hole.area, flow_rate.discharge_coefficient
    spread = max(mesh.uncertainty, ending.fluctuation * coefficient) if mesh.uncertainty >= 0.0 else nan
    return {
        "mass_flow": Quantity(flow_rate.mass_flow, unit, "mass flow through the hole"),
        "mass_flow_uncertainty": Quantity(
            abs(flow_rate.mass_flow) * spread / max(abs(coefficient), 1e-300),
            unit,
            "of the mass flow, from the mesh",
        ),
        "discharge_coefficient": Quantity(coefficient, "1", "mass flow over the ideal isentropic mass flow"),
        "discharge_coefficient_uncertainty": Quantity(
            spread, "1", "mesh uncertainty with the observed order; nan if not estimated"
        ),
        "discharge_coefficient_extrapolated": Quantity(
            mesh.extrapolated, "1", "estimate on an infinitely fine mesh; nan if not estimated"
        ),
        "observed_order": Quantity(mesh.observed_order, "1", "order seen on the last three meshes"),
        "thrust": Quantity(flow_rate.thrust, force, "force of the escaping gas on the hull"),
        "thrust_coefficient": Quantity(
            flow_rate.thrust / (reference_of(case).pressure * area),
            "1",
            "thrust over cabin pressure times hole area",
        ),
        "inlet_mass_flow": Quantity(flow_rate.inlet_mass_flow, unit, "mass flow out of the cabin"),
        "mass_imbalance": Quantity(flow_rate.imbalance, "1", "|inlet - hole| over the mass flow"),
    }


def _ideal(case: Case) -> dict[str, Quantity]:
    gas, reference = case.species, reference_of(case)
    gamma = gas.heat_capacity_ratio
    unit = "kg/s" + case.hole.per
    ratio = (case.outside_pressure or 0.0) / reference.pressure
    choked = ratio <= nozzle.critical_pressure_ratio(gamma)
    words = "choked" if choked else "subsonic"
    ideal = f"isentropic flow, full area, {words}"
    if case.outside is None:
        ratio, ideal = nan, "isentropic flow, full area, as into a vacuum: no boundary tells what is outside"
    return {
        "ideal_mass_flow": Quantity(ideal_mass_flow_of(case), unit, ideal),
        "pressure_ratio": Quantity(ratio, "1", "outside over cabin pressure"),
    }


def _throat(case: Case, flow_rate: FlowRate) -> dict[str, Quantity]:
    """Reynolds and Knudsen number at the throat, and what they mean for an inviscid continuum answer."""
    gas, reference, diameter = case.species, reference_of(case), case.hole.diameter
    throat = ideal_throat(gas, reference.pressure, reference.temperature, case.outside_pressure or 0.0)
    reason = throat.viscosity_unknown
    if reason:
        reason = reason if gas.sutherland else "the gas has no viscosity: give one in [gas]"
        return {
            "reynolds": Quantity(nan, "1", f"not known: {reason}"),
            "knudsen": Quantity(nan, "1", f"not known: {reason}"),
            "regime": Quantity("unknown", "", f"the continuum assumption was not checked: {reason}"),
        }
    knudsen = throat.knudsen(diameter)
    reynolds = throat.reynolds(flow_rate.mass_flow / case.hole.area, diameter)
    found = regime(knudsen)
    return {
        "reynolds": Quantity(reynolds, "1", "mean mass flux times diameter over viscosity at the throat"),
        "knudsen": Quantity(knudsen, "1", "mean free path at the throat over diameter"),
        "regime": Quantity(str(found), "", found.sentence),
    }


def _thick_wall_caution(case: Case) -> str:
    """Thick walls: whether the stream that leaves the edge meets the bore again is a matter of viscosity."""
    hole = case.hole
    slender = hole.wall_thickness / hole.diameter
    subsonic = (case.outside_pressure or 0.0) / reference_of(case).pressure
    if slender > THIN and subsonic > FREE_OF_BACK_PRESSURE and not hole.rounding:
        return (
            f"wall thickness {slender:.2g} diameters against a back pressure: the stream separates at the "
            "edge, and without viscosity the mesh decides whether it meets the bore again; a real hole may "
            "pass as much as an attached stream"
        )
    if slender > SLENDER:
        return (
            f"wall thickness {slender:.2g} diameters: friction, which this inviscid flow lacks, reduces the "
            "flow of a real hole"
        )
    return ""


def _plume_caution(case: Case, ending: Ending) -> str:
    """Whether only what acts on the hole has settled."""
    if not ending.converged or ending.plume_drop <= case.run.residual_drop or case.run.mode == "transient":
        return ""
    return (
        "the far plume, about its Mach disk, still moves (its residual fell to "
        f"{ending.plume_drop:.0e}): it cannot act on the hole, but do not use its fields"
    )


def _ending(ending: Ending) -> dict[str, Quantity]:
    return {
        "converged": Quantity(ending.converged, "", "residual down, mass flow settled, mass balance closed"),
        "stopped": Quantity(ending.stopped or "", "", "why the run was stopped on request, if it was"),
        "residual_drop": Quantity(
            ending.residual_drop, "1", "residual over its first value on the last mesh"
        ),
        "plume_residual_drop": Quantity(
            ending.plume_drop, "1", "the same, with the plume that cannot act on the hole"
        ),
        "mass_flow_fluctuation": Quantity(ending.fluctuation, "1", "relative, over the last iterations"),
        "iterations": Quantity(ending.iterations, "1", "iterations or time steps in total"),
        "cells": Quantity(ending.cells, "1", "cells of the finest mesh"),
        "wall_time": Quantity(ending.wall_time, "s", "time that the run took"),
    }
