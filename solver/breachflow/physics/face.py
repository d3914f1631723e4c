"""The flux through one face: between two cells, or through the boundary.

The residual, the time-accurate steps and the Jacobian all call these functions, so that a term of the
equations is written once. The viscous flux takes cells with their gradients, the convective one states at the
face; a residual adds the one and subtracts the other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from breachflow.compiled import chosen_by_code, pointwise
from breachflow.physics.boundary import BEHAVIORS, CONDUCTS, IS_VISCOUS, SHEARS
from breachflow.physics.flux import numerical_flux
from breachflow.physics.gas import Conserved, Gas, Primitive
from breachflow.physics.viscous import CellSide, viscous_flux
from breachflow.physics.wall import WallFace, WallState, viscous_wall_flux
from breachflow.vectors import Vector, combine


class Face(NamedTuple):
    """Geometry of a face, as a flux needs it."""

    area: float
    normal: Vector
    """Unit normal, from the left cell to the right one, or out of the gas."""
    inverse_radius: float
    """1/r of an axisymmetric face, 0 elsewhere."""


class Side(NamedTuple):
    """The gas on one side of a face."""

    state: Primitive


@pointwise
def face_flux(left: Side, right: Side, face: Face, scheme: int, gas: Gas) -> Conserved:
    """Flux per unit area from left to right, by the numerical flux with the code `scheme`."""
    return numerical_flux(scheme, left.state, right.state, face.normal, gas)


_FLUXES: Final = list(dict.fromkeys(behavior.flux for behavior in BEHAVIORS.values()))
_FLUX_CODE: Final = tuple(_FLUXES.index(behavior.flux) for behavior in BEHAVIORS.values())

_boundary_flux: Callable[[int, Primitive, Primitive, Vector, int, Gas], Conserved] = chosen_by_code(_FLUXES)


@pointwise
def boundary_face_flux(
    behavior: int, inside: Side, outside: Primitive, face: Face, scheme: int, gas: Gas
) -> Conserved:
    """Flux per unit area out of the gas, through a face of the behavior with this code.

    `outside` is the state that the patch itself prescribes; not every behavior has a use for it.
    """
    return _boundary_flux(_FLUX_CODE[behavior], inside.state, outside, face.normal, scheme, gas)


@pointwise
def viscous_face_flux(left: CellSide, right: CellSide, face: Face, gas: Gas) -> Conserved:
    """Viscous flux per unit area between two cells."""
    return viscous_flux(left, right, face.normal, face.inverse_radius, gas)


@pointwise
def viscous_boundary_flux(
    behavior: int, inside: CellSide, wall: WallState, face: Face, weight: float, gas: Gas
) -> Conserved:
    """Viscous flux per unit area through a boundary face of the behavior with this code.

    `weight` is that of the one-sided difference at walls (`physics.wall`).
    """
    if not IS_VISCOUS[behavior]:
        return Conserved(0.0, combine(0.0, face.normal, 0.0, face.normal), 0.0)
    place = WallFace(face.normal, face.inverse_radius, SHEARS[behavior], CONDUCTS[behavior])
    return viscous_wall_flux(inside, wall, place, weight, gas)
