"""The flux through one face: between two cells, or through the boundary.

The residual, the time-accurate steps and the Jacobian all call these two functions, so that a term of the
equations is written once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from breachflow.compiled import chosen_by_code, pointwise
from breachflow.physics.boundary import BEHAVIORS
from breachflow.physics.flux import numerical_flux
from breachflow.physics.gas import Conserved, Gas, Primitive
from breachflow.vectors import Vector


class Face(NamedTuple):
    """Geometry of a face, as a flux needs it."""

    area: float
    normal: Vector
    """Unit normal, from the left cell to the right one, or out of the gas."""


class Side(NamedTuple):
    """The gas on one side of a face."""

    state: Primitive


@pointwise
def face_flux(left: Side, right: Side, face: Face, scheme: int, gas: Gas) -> Conserved:
    """Flux per unit area from left to right, by the numerical flux with the code `scheme`."""
    return numerical_flux(scheme, left.state, right.state, face.normal, gas)


_flux_of_behavior: Callable[[int, Primitive, Primitive, Vector, int, Gas], Conserved] = chosen_by_code(
    [behavior.flux for behavior in BEHAVIORS.values()]
)


@pointwise
def boundary_face_flux(
    behavior: int, inside: Side, outside: Primitive, face: Face, scheme: int, gas: Gas
) -> Conserved:
    """Flux per unit area out of the gas, through a face of the behavior with this code.

    `outside` is the state that the patch itself prescribes; not every behavior has a use for it.
    """
    return _flux_of_behavior(behavior, inside.state, outside, face.normal, scheme, gas)
