"""The value of every quantity of a summary, from what a run found."""

from __future__ import annotations

from collections.abc import Callable
from math import log2, nan
from typing import NamedTuple, TypeAlias

from breachflow.runs.setup.reference import reference_of
from breachflow.runs.summary.answer import OUTSIDE_UNKNOWN, Answer
from breachflow.runs.summary.cautions import cautions
from breachflow.theory.rarefied.rarefaction import regime
from breachflow.theory.streams import nozzle

QuantityValue: TypeAlias = float | int | bool | str


class Said(NamedTuple):
    """A value with a text that replaces the meaning of its quantity."""

    value: QuantityValue
    meaning: str


ValueOf: TypeAlias = Callable[[Answer], QuantityValue | Said | None]
"""The value of a quantity; None where it does not apply."""


def _of_hole(value: Callable[[Answer], QuantityValue | Said]) -> ValueOf:
    """A quantity that only flow through a hole has."""
    return lambda answer: None if answer.case.orifice is None else value(answer)


def _mass_flow(answer: Answer) -> QuantityValue | Said:
    mass_flow = answer.ending.flow_rate.mass_flow
    if answer.case.orifice is None:
        return Said(mass_flow, "all that leaves through the open boundaries")
    return mass_flow


def _inlet_mass_flow(answer: Answer) -> QuantityValue | Said:
    mass_flow = answer.ending.flow_rate.inlet_mass_flow
    return Said(mass_flow, "all that enters through them") if answer.case.orifice is None else mass_flow


def _mass_flow_uncertainty(answer: Answer) -> QuantityValue:
    mass_flow = answer.ending.flow_rate.mass_flow
    return abs(mass_flow) * answer.spread / max(abs(answer.coefficient), 1e-300)


def _ideal_mass_flow(answer: Answer) -> Said:
    ratio = answer.case.pressure_ratio
    if ratio is None:
        return Said(answer.ideal, f"isentropic flow, full area, as into a vacuum: {OUTSIDE_UNKNOWN}")
    choked = ratio <= nozzle.critical_pressure_ratio(answer.case.species.heat_capacity_ratio)
    return Said(answer.ideal, f"isentropic flow, full area, {'choked' if choked else 'subsonic'}")


def _thrust(answer: Answer) -> QuantityValue | Said:
    if answer.case.outside_pressure is None:
        return Said(nan, f"not known: {OUTSIDE_UNKNOWN}")
    return answer.ending.flow_rate.thrust


def _thrust_coefficient(answer: Answer) -> QuantityValue:
    return answer.ending.flow_rate.thrust / (reference_of(answer.case).pressure * answer.case.hole.area)


def _regime(answer: Answer) -> Said:
    if answer.throat is None or answer.throat_unknown:
        return Said("unknown", f"the continuum assumption was not checked: {answer.throat_unknown}")
    found = regime(answer.throat.knudsen(answer.case.hole.diameter))
    return Said(str(found), found.sentence)


def _reynolds(answer: Answer) -> QuantityValue | Said:
    if answer.throat is None or answer.throat_unknown:
        return Said(nan, f"not known: {answer.throat_unknown}")
    hole = answer.case.hole
    return answer.throat.reynolds(answer.ending.flow_rate.mass_flow / hole.area, hole.diameter)


def _knudsen(answer: Answer) -> QuantityValue | Said:
    if answer.throat is None or answer.throat_unknown:
        return Said(nan, f"not known: {answer.throat_unknown}")
    return answer.throat.knudsen(answer.case.hole.diameter)


def _caution(answer: Answer) -> QuantityValue:
    reynolds = _reynolds(answer)
    return cautions(answer, nan if isinstance(reynolds, Said) else float(reynolds))


def _pressure_ratio(answer: Answer) -> QuantityValue:
    ratio = answer.case.pressure_ratio
    return nan if ratio is None else ratio


def _converged(answer: Answer) -> QuantityValue | Said:
    converged = answer.ending.converged
    if answer.case.run.mode == "transient" and answer.case.exact is None:
        return Said(converged, "the end time was reached")
    return converged


def _error(variable: int) -> ValueOf:
    """Error of density, velocity or pressure on the last mesh."""
    return lambda answer: answer.ending.errors[variable] if answer.ending.errors else None


def _order(variable: int) -> ValueOf:
    """Order at which an error falls from the mesh before the last one to the last; nan where it is 0."""

    def order(answer: Answer) -> QuantityValue | None:
        if not answer.ending.errors:
            return None
        fine = answer.ending.errors[variable]
        coarse = answer.coarser.errors[variable] if answer.coarser is not None else nan
        return log2(coarse / fine) if coarse > 0.0 and fine > 0.0 else nan

    return order


def _change(conserved: int) -> ValueOf:
    """Relative change of the total mass or energy, of transient verification."""
    return lambda answer: answer.ending.changes[conserved] if answer.ending.changes else None


def _time(answer: Answer) -> QuantityValue | None:
    return answer.ending.time if answer.case.run.mode == "transient" else None


def _floored_cells(answer: Answer) -> QuantityValue | None:
    transient = answer.case.run.mode == "transient" and answer.case.exact is None
    return answer.ending.floored if transient else None


def _of_disk(value: float) -> QuantityValue | None:
    """The value; None for nan, which stands for no Mach disk."""
    return value if value == value else None


VALUES: dict[str, ValueOf] = {
    "mass_flow": _mass_flow,
    "mass_flow_uncertainty": _of_hole(_mass_flow_uncertainty),
    "discharge_coefficient": _of_hole(lambda answer: answer.coefficient),
    "discharge_coefficient_uncertainty": _of_hole(lambda answer: answer.spread),
    "ideal_mass_flow": _of_hole(_ideal_mass_flow),
    "thrust": _of_hole(_thrust),
    "thrust_coefficient": _of_hole(_thrust_coefficient),
    "regime": _of_hole(_regime),
    "caution": _of_hole(_caution),
    "reynolds": _of_hole(_reynolds),
    "knudsen": _of_hole(_knudsen),
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
    "mach_disk_distance": lambda answer: _of_disk(answer.disk.distance),
    "mach_disk_distance_uncertainty": lambda answer: _of_disk(answer.disk.uncertainty),
    "converged": _converged,
    "stopped": lambda answer: answer.ending.stopped or "",
    "inlet_mass_flow": _inlet_mass_flow,
    "mass_imbalance": _of_hole(lambda answer: answer.ending.flow_rate.imbalance),
    "mass_flow_fluctuation": lambda answer: answer.ending.fluctuation,
    "residual_drop": lambda answer: answer.ending.residual_drop,
    "plume_residual_drop": lambda answer: answer.ending.plume_drop,
    "discharge_coefficient_extrapolated": _of_hole(lambda answer: answer.mesh.extrapolated),
    "observed_order": _of_hole(lambda answer: answer.mesh.observed_order),
    "iterations": lambda answer: answer.ending.iterations,
    "cells": lambda answer: answer.ending.cells,
    "wall_time": lambda answer: answer.ending.wall_time,
}
"""Functions by name, for all of `QUANTITIES` but the best estimate, which comes with the laws."""
