"""Force and moment of given streams on the hull, against exact integrals; no flow is solved."""

from __future__ import annotations

from math import cos, pi, radians, sqrt, tan

import numpy as np
import pytest

from breachflow.case import Case, parse_case
from breachflow.errors import CaseError
from breachflow.runs.measure.flow_rate import FlowRate, flow_rate_of
from breachflow.runs.setup.meshes import case_meshes
from breachflow.runs.setup.problem import Problem, make_problem

CASE = """
gas = "air"
[orifice]
shape = "SHAPE"
HOLE
[mesh]
MESH
[boundary]
cabin = { kind = "reservoir", pressure = "100 kPa", temperature = "300 K" }
space = { kind = "outlet", pressure = "20 kPa" }
[flow]
model = "inviscid"
"""
HULL = '[hull]\ncenter_of_mass = ["-3 m", "0.5 m", "0.25 m"]'
CENTER = np.array([-3.0, 0.5, 0.25])
RADIUS, WALL = 1e-3, 2e-3
OUTSIDE = 0.2
"""Pressure outside in units of that in the cabin."""


def case_of(mesh: str, hole: str = "", shape: str = "round", hull: str = HULL) -> Case:
    size = 'diameter = "2 mm"' if shape == "round" else 'width = "2 mm"'
    text = CASE.replace("SHAPE", shape).replace("HOLE", f"{size}\n{hole}").replace("MESH", mesh)
    return parse_case(text + hull)


def in_space(part: str, angle: float = 0.0) -> Problem:
    hole = f'wall_thickness = "2 mm"\nangle = "{angle} deg"'
    mesh = f'template = "spatial"\nresolution = {{ across = 8 }}\npart = "{part}"'
    case = case_of(mesh, hole if angle else hole.split("\n")[0])
    return make_problem(case, case_meshes(case)[0])


def measured(problem: Problem, velocity: np.ndarray, pressure: np.ndarray | float) -> FlowRate:
    """What is measured of a gas of density 1 with this velocity and pressure at the middle of each face."""
    faces = problem.layout.faces
    through = (faces.normal @ velocity) * faces.area
    flux = np.zeros((len(through), problem.mesh.dimension + 2))
    push = np.broadcast_to(pressure, through.shape) * faces.area
    flux[:, 0] = through
    flux[:, 1:-1] = through[:, None] * velocity + push[:, None] * faces.normal
    return flow_rate_of(problem, flux, 1.0)


def moment(rate: FlowRate) -> np.ndarray:
    return np.array([rate.torque_x, rate.torque_y, rate.torque_z])


def test_a_uniform_stream_through_a_slanted_hole() -> None:
    """Its force is (rho u (u.n) + (p - p_outside) n) A, at the middle of the ellipse at the mouth."""
    angle = 30.0
    problem = in_space("whole", angle)
    velocity, pressure = np.array([0.9, 0.4, 0.1]), 0.6
    rate = measured(problem, velocity, pressure)
    unit = problem.reference.pressure
    area = pi * RADIUS**2 / cos(radians(angle)) * unit
    force = -area * (velocity * velocity[0] + (pressure - OUTSIDE) * np.array([1.0, 0.0, 0.0]))
    mouth = np.array([WALL, WALL * tan(radians(angle)), 0.0])
    assert [rate.thrust_x, rate.thrust_y, rate.thrust_z] == pytest.approx(force, rel=1e-11)
    assert rate.thrust == pytest.approx(-force[0], rel=1e-11)
    bent = (
        2e-3 * RADIUS * np.linalg.norm(force)
    )  # the surface bulges, and the force of a face acts at its middle
    assert moment(rate) == pytest.approx(np.cross(mouth - CENTER, force), rel=0.0, abs=bent)
    couple = moment(rate) - np.cross(-CENTER, force)
    assert couple == pytest.approx(np.cross(mouth, force), rel=0.0, abs=bent)


@pytest.mark.parametrize(("part", "odd"), [("quarter", 0.0), ("half", 0.3)])
def test_a_part_of_the_hole_has_the_moment_of_the_whole(part: str, odd: float) -> None:
    """A pressure that falls across the hole twists it; the image beyond each plane does so too."""
    rates = []
    for problem in (in_space(part), in_space("whole")):
        _, y, z = problem.metric.face_center.T
        rates.append(measured(problem, np.array([0.8, odd, 0.0]), 0.5 + odd * y + 0.1 * y**2 + 0.2 * z**2))
    ours, whole = map(moment, rates)
    assert ours == pytest.approx(whole, rel=1e-12, abs=1e-12 * np.abs(whole).max())
    assert rates[0].thrust_y == pytest.approx(rates[1].thrust_y, rel=1e-12, abs=1e-15)
    at_hole = np.cross(np.array([WALL, 0.0, 0.0]) - CENTER, [rates[1].thrust_x, rates[1].thrust_y, 0.0])
    couple = whole - at_hole
    assert (abs(couple[2]) > 1e-6 * np.abs(whole).max()) == (odd > 0.0)


def test_the_force_of_an_axisymmetric_stream_lies_on_the_axis() -> None:
    case = case_of('template = "orifice"\nresolution = { across = 8 }')
    problem = make_problem(case, case_meshes(case)[0])
    rate = measured(problem, np.array([sqrt(0.5), 0.0]), 0.5)
    assert rate.thrust == pytest.approx((0.5 + 0.5 - OUTSIDE) * pi * RADIUS**2 * 1e5, rel=1e-11)
    force = np.array([-rate.thrust, 0.0, 0.0])
    assert moment(rate) == pytest.approx(np.cross(-CENTER, force), rel=1e-12)
    assert np.isnan(rate.thrust_x)


def test_without_a_center_of_mass_there_is_no_moment() -> None:
    case = case_of('template = "orifice"\nresolution = { across = 8 }', hull="")
    rate = measured(make_problem(case, case_meshes(case)[0]), np.array([1.0, 0.0]), 0.5)
    assert np.isnan(moment(rate)).all()


@pytest.mark.parametrize(
    ("shape", "hull", "text"),
    [
        ("slit", HULL, "the force of a slit in the plane has no place along it"),
        (
            "round",
            '[hull]\ncenter_of_mass = ["1 m", "0 m"]',
            'an array of three, e.g. ["1 mm", "1 mm", "1 mm"]',
        ),
        ("round", "[hull]", "center_of_mass"),
    ],
)
def test_a_hull_that_has_no_moment_is_refused(shape: str, hull: str, text: str) -> None:
    with pytest.raises(CaseError) as caught:
        case_of('template = "orifice"', shape=shape, hull=hull)
    assert text in str(caught.value)
