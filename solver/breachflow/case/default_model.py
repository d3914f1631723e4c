"""The model of the flow where a case does not state one, and what laminar flow must know of the gas.

Laminar is the default of steady flow through a hole, where the viscosity of the gas is known. Verification
has the equations of its exact solution. Streams without a hole have no friction by default, and flows in
time neither: friction in the thin gas outside makes their steps too short. A wall of kind "slip" or "no_slip"
says that a flow has friction.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from breachflow.case.boundaries import FrictionWall
from breachflow.case.flow import FlowModelName
from breachflow.case.schema import Case
from breachflow.document.faults import DottedKey
from breachflow.theory.gases.viscosity import viscosity_range

LEAST_MARGIN: Final = 1.05
"""Least temperature of laminar flow over the lower end of the law of viscosity: in the hole it is less."""


def with_model(case: Case) -> Case:
    """The case with the model of its flow: the one that it states, or the default."""
    if case.flow.model is not None:
        return case
    return case.model_copy(update={"flow": case.flow.model_copy(update={"model": default_model(case)})})


def default_model(case: Case) -> FlowModelName:
    """The model of the flow where a case does not state one."""
    if case.exact is not None:
        return case.exact.models[0]
    if any(entry.needs_friction for entry in case.boundary.values()):
        return "laminar"
    is_steady_hole = case.mesh.has_hole and case.run.mode == "steady"
    return "laminar" if is_steady_hole and not any(unknown_viscosity(case)) else "inviscid"


def unknown_viscosity(case: Case) -> Iterator[tuple[DottedKey, str]]:
    """Keys of a case at whose values the viscosity of its gas is not known, each with the reason."""
    law, name = case.species.viscosity, case.species.name
    if law is None:
        yield ("gas",), 'the viscosity of the gas is not known; give viscosity, e.g. "1.8e-5 Pa s"'
        return
    low, high = viscosity_range(law)
    known = f"the viscosity of {name} is known from {low:g} to {high:g} K"
    if any(entry.feeds for entry in case.boundary.values()) or case.exact is not None:
        temperature = case.driving_gas[1]
        if not LEAST_MARGIN * low <= temperature <= high:
            yield ("gas",), f"{known}, and the gas has {temperature:g} K"
    for wall, entry in case.boundary.items():
        warmth = entry.temperature if isinstance(entry, FrictionWall) else None
        if warmth is not None and not low <= warmth <= high:
            yield ("boundary", wall, "temperature"), known


def friction_advice(case: Case) -> str:
    """What to write in a case so that its flow has friction."""
    return "give the gas a viscosity" if case.species.viscosity is None else 'write [flow] model = "laminar"'
