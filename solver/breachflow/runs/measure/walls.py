"""What walls with friction do to the gas, and how fine the mesh is at them."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats, Indices

if TYPE_CHECKING:
    from breachflow.runs.setup.problem import Problem

AT_THE_HOLE: Final = 0.25
"""Distance from the bore, in radii or half-widths, within which a wall belongs to the hole."""


class WallExchange(NamedTuple):
    """Force and heat between the gas and all walls; per m of a slit without length."""

    friction: float
    """N along a direction: the shear stress of the gas on the walls."""
    heat: float
    """W from the walls to the gas."""
    behind: float
    """The part of the friction, N, behind the surface at which the flow is measured."""


NO_FRICTION: Final = WallExchange(nan, nan, 0.0)


def wall_exchange(problem: Problem, flux: Floats, direction: Floats) -> WallExchange:
    """Sums over the walls of fluxes times face areas (n_faces, nvar), in units of the reference.

    The pressure acts along the normal: what is left of the momentum is shear, here along a direction
    (dimension,). nan in flow without friction.
    """
    if not problem.case.flow.is_viscous:
        return NO_FRICTION
    reference, area = problem.reference, problem.area_scale()
    faces, shear = wall_shear(problem, flux)
    force = shear @ direction * (reference.pressure * area)
    power = reference.pressure * reference.velocity * area
    behind = ~problem.before_hole[problem.layout.faces.left[faces]]
    return WallExchange(
        float(np.sum(force)), -float(np.sum(flux[faces, -1])) * power, float(np.sum(force[behind]))
    )


def wall_shear(problem: Problem, flux: Floats) -> tuple[Indices, Floats]:
    """Numbers of the faces of all walls with friction (n,), and the shear of the gas on them (n, dimension).

    It is in units of the reference, times face areas; no faces in flow without friction.
    """
    if not problem.case.flow.is_viscous:
        return np.zeros(0, dtype=np.int64), np.zeros((0, problem.mesh.dimension))
    faces = _walls(problem)
    normal, momentum = problem.layout.faces.normal[faces], flux[faces, 1:-1]
    return faces, momentum - np.sum(momentum * normal, axis=1)[:, None] * normal


def wall_cell_thickness(problem: Problem) -> float:
    """Median thickness of the cells at the walls of the hole over its size; nan without such cells."""
    faces = _walls(problem)
    layout, passage, length = problem.layout, problem.passage, problem.reference.length
    place = problem.metric.face_center[faces] - passage.center / length
    begin, end = (one - float(passage.center @ passage.direction) / length for one in problem.bore)
    along = place @ passage.direction
    across = np.linalg.norm(place - along[:, None] * passage.direction, axis=1)
    near = (along >= begin - AT_THE_HOLE) & (along <= end + AT_THE_HOLE) & (across <= 1.0 + AT_THE_HOLE)
    if not near.any():
        return nan
    chosen = faces[near]
    height = np.sum(layout.faces.left_to_face[chosen] * layout.faces.normal[chosen], axis=1)
    return float(np.median(height))


def _walls(problem: Problem) -> Indices:
    """Numbers of the faces (n,) of all walls with friction."""
    from breachflow.physics.boundary import BEHAVIORS  # it loads the compiler, which `check` does not need

    behavior = problem.layout.boundary.behavior
    shears = np.array([one.shears and not one.passes_mass for one in BEHAVIORS.values()])
    first = len(problem.layout.faces.area) - len(behavior)
    return np.asarray(first + np.flatnonzero(shears[behavior]))
