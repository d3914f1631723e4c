"""The walls of a laminar case in words."""

from __future__ import annotations

from breachflow.case.boundaries import BoundaryTable, Frictionless, NoSlip, Slip, Wall
from breachflow.case.mesh_setting import boundary_of
from breachflow.case.schema import Case
from breachflow.units import Dimension, write_quantity


def wall_words(case: Case) -> str:
    """What the walls of a laminar case do, each kind once ("slip walls at 293.15 K").

    The case has gas that drives the flow.
    """
    walls = [
        _words(case, entry)
        for entry in _boundaries(case)
        if isinstance(entry, Wall | Slip | NoSlip | Frictionless)
    ]
    return " and ".join(dict.fromkeys(walls)) or "no walls"


def has_layers(case: Case) -> bool:
    """Whether friction acts at a wall of a laminar case: frictionless walls have no layers."""
    return any(isinstance(entry, Wall | Slip | NoSlip) for entry in _boundaries(case))


def _boundaries(case: Case) -> list[BoundaryTable]:
    """The boundary of each patch."""
    return [boundary_of(case, name) for name in dict.fromkeys((*case.mesh.patches, *case.boundary))]


def _words(case: Case, entry: BoundaryTable) -> str:
    if isinstance(entry, Frictionless):
        return "frictionless walls"
    if isinstance(entry, Wall):
        entry = Slip.model_construct(kind="slip")
    assert isinstance(entry, Slip | NoSlip)
    temperature = write_quantity(entry.temperature or case.driving_gas[1], Dimension.TEMPERATURE)
    heat = "without heat flux" if entry.heat else f"at {temperature}"
    if isinstance(entry, NoSlip):
        return f"no-slip walls {heat}"
    shares = {"accommodation": entry.accommodation, "thermal accommodation": entry.thermal_accommodation}
    return ", ".join(
        [f"slip walls {heat}", *(f"{name} {share:g}" for name, share in shares.items() if share < 1.0)]
    )
