"""Force and moment of a leak on the hull, as vectors.

A control surface across the hole has the balance of momentum and of its moment (G. K. Batchelor, An
Introduction to Fluid Dynamics (1967), 3.2; for a rocket G. P. Sutton and O. Biblarz, Rocket Propulsion
Elements, chapter 2). The gas at rest in the cabin has neither, so that hull and gas inside get

    F = - sum f,   M = - sum (r - c) x f,   f = (rho u (u.n) + (p - p_outside) n) A

over the faces of the surface, n downstream; less the friction with which the stream drags walls behind it.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.runs.measure.walls import wall_shear
from breachflow.runs.setup.reference import is_axisymmetric
from breachflow.runs.setup.space.solid_passage import within

if TYPE_CHECKING:
    from breachflow.runs.setup.problem import Problem


UNKNOWN: Final = np.full(3, nan)


class HullLoad(NamedTuple):
    """What a leak does to the hull, components along the axes of the mesh; nan where it is not known."""

    force: Floats = UNKNOWN
    """(3,) N on the hull, against the stream. In space alone."""
    torque: Floats = UNKNOWN
    """(3,) N m: moment of that force about `[hull] center_of_mass`; nan without one, and in a plane."""


class Pulls(NamedTuple):
    """Forces on the hull at places, of the part of the hole that is meshed, times the parts of the whole."""

    places: Floats
    """(n, 3) m from the center of the hole."""
    forces: Floats
    """(n, 3) N"""


def hull_load(problem: Problem, flux: Floats, thrust: float) -> HullLoad:
    """Force and moment from fluxes times face areas (n_faces, nvar), in units of the reference.

    `thrust` is the force along the hole, N: all that is not 0 of an axisymmetric stream, whose moment about
    the center of its hole is 0.
    """
    hull, passage = problem.case.hull, problem.passage
    if problem.mesh.dimension == 2:
        if hull is None or not is_axisymmetric(problem.case):
            return HullLoad()
        force = np.array([-thrust * passage.direction[0], 0.0, 0.0])
        center = np.array([passage.center[0], 0.0, 0.0])
        return HullLoad(torque=_about(hull.center_of_mass, center, force, np.zeros(3)))
    pulls = _pulls(problem, flux)
    force = within(pulls.forces.sum(axis=0), passage.mirrors)
    if hull is None:
        return HullLoad(force)
    couple = across(np.cross(pulls.places, pulls.forces).sum(axis=0), passage.mirrors)
    return HullLoad(force, _about(hull.center_of_mass, passage.center, force, couple))


def across(moment: Floats, normals: Floats) -> Floats:
    """The part of a moment (3,) that mirror images leave, about a point in all planes with normals (n, 3).

    A moment turns over in a mirror: what lies in the plane cancels, what is normal to it adds.
    """
    for normal in normals:
        moment = (moment @ normal) * normal
    return moment


def _about(point: tuple[float, ...], center: Floats, force: Floats, couple: Floats) -> Floats:
    """The moment (3,) about a point of a force at the center of the hole with a couple."""
    return np.asarray(couple + np.cross(center - np.asarray(point), force))


def _pulls(problem: Problem, flux: Floats) -> Pulls:
    """What pulls the hull of a mesh in space: the stream through the hole, and shear on walls behind it."""
    faces, (numbers, sides) = problem.layout.faces, (problem.orifice.faces, problem.orifice.sides)
    outside = problem.case.outside_pressure
    back = nan if outside is None else outside / problem.reference.pressure
    area = faces.normal[numbers] * faces.area[numbers][:, None]
    stream = (flux[numbers, 1:-1] - back * area) * sides[:, None]
    walls, shear = wall_shear(problem, flux)
    behind = ~problem.before_hole[faces.left[walls]] if len(walls) else slice(None)
    at = np.concatenate([numbers, walls[behind]])
    forces = np.concatenate([-stream, shear[behind]]) * (problem.reference.pressure * problem.area_scale())
    return Pulls(problem.metric.face_center[at] * problem.reference.length - problem.passage.center, forces)
