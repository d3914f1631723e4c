"""Strategies of the property tests (gases, states, directions) and the kernels that the tests call.

The pointwise functions are called through small compiled ones whose machine code is kept on disk like that of
the solver's loops. Called directly, they would be compiled again by every process.
"""

from __future__ import annotations

from math import cos, hypot, sin, sqrt

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from breachflow.compiled import kernel
from breachflow.constants import SPECIES
from breachflow.physics import boundary, euler, flux, gas
from breachflow.physics.face import Face, Side, boundary_face_flux
from breachflow.physics.gas import Conserved, Gas, Primitive

examples = settings(derandomize=True, max_examples=25)
"""The same examples in every run."""

ROUNDING = 1e-12
"""Rounding of some ten operations on numbers whose differences are up to a thousand times smaller."""

SMALLEST_GAMMA, LARGEST_GAMMA = 1.05, 5.0 / 3.0
"""Heat-capacity ratios from large molecules to single atoms."""

gammas = st.one_of(
    st.sampled_from(sorted({species.heat_capacity_ratio for species in SPECIES.values()})),
    st.floats(SMALLEST_GAMMA, LARGEST_GAMMA),
)
angles = st.floats(0.0, 6.3)
machs = st.floats(-4.0, 4.0).map(lambda mach: mach if abs(mach) > 1e-9 else 0.0)
"""Components whose squares do not underflow, since exact comparisons need all digits."""


def powers(lowest: float, highest: float) -> st.SearchStrategy[float]:
    """Numbers distributed evenly over these decades."""
    return st.floats(lowest, highest).map(lambda power: 10.0**power)


@st.composite
def states(draw, decades=2.0, dimension=2):
    """Gas of any density and temperature within these decades, at Mach numbers up to 4 along each axis."""
    density = draw(powers(-decades, decades))
    temperature = draw(powers(-1.0, 1.0))
    velocity = tuple(draw(machs) * sqrt(temperature) for _ in range(dimension))
    return Primitive(density, velocity, density * temperature)


def direction(angle: float) -> tuple[float, float]:
    return cos(angle), sin(angle)


def boosted(state: Primitive, kick: np.ndarray) -> Primitive:
    """The state in the frame of an observer who moves with -kick."""
    velocity = np.array(state.velocity) + kick
    return Primitive(state.density, tuple(velocity.tolist()), state.pressure)


def numbers(found: Conserved) -> np.ndarray:
    """A state or a flux as an array."""
    return np.array([found.density, *found.momentum, found.energy])


def energy_of(state: Primitive, gamma: float) -> float:
    velocity = np.array(state.velocity)
    return state.pressure / (gamma - 1.0) + 0.5 * state.density * float(velocity @ velocity)


def conserved_state(state: Primitive, gamma: float) -> np.ndarray:
    momentum = state.density * np.array(state.velocity)
    return np.array([state.density, *momentum, energy_of(state, gamma)])


def exact_flux(state: Primitive, normal: tuple[float, ...], gamma: float) -> np.ndarray:
    """Flux of one state through a face, by its definition."""
    velocity, n = np.array(state.velocity), np.array(normal)
    speed = float(velocity @ n)
    momentum = state.density * speed * velocity + state.pressure * n
    return np.array([state.density * speed, *momentum, speed * (energy_of(state, gamma) + state.pressure)])


def largest_flux(gamma: float, *sides: Primitive) -> np.ndarray:
    """An upper bound of the flux of mass, momentum and energy between these states."""
    density = max(side.density for side in sides)
    fastest = max(hypot(*side.velocity) + sqrt(gamma * side.pressure / side.density) for side in sides)
    momentum = density * fastest**2
    dimension = len(sides[0].velocity)
    return np.array([density * fastest, *dimension * [momentum], momentum * fastest / (gamma - 1.0)])


def assert_equal(found: np.ndarray, expected: np.ndarray, size: np.ndarray, share: float = ROUNDING) -> None:
    """Assert equality within this fraction of `size`, which must be finite."""
    assert np.all(np.abs(found - expected) <= share * size), (found, expected)


def roe_speeds(left: Primitive, right: Primitive, normal, gamma: float) -> tuple[float, float]:
    """Speed and sound speed of the Roe average, by total enthalpy (Toro 2009, equation 11.60)."""
    a, b = sqrt(left.density), sqrt(right.density)
    velocity = (a * np.array(left.velocity) + b * np.array(right.velocity)) / (a + b)
    enthalpies = [(energy_of(side, gamma) + side.pressure) / side.density for side in (left, right)]
    total = (a * enthalpies[0] + b * enthalpies[1]) / (a + b)
    square = (gamma - 1.0) * (total - 0.5 * float(velocity @ velocity))
    return float(velocity @ np.array(normal)), sqrt(max(square, 0.0))


def fastest_wave(left: Primitive, right: Primitive, normal, gamma: float) -> float:
    """The largest wave speed of the two states and their Roe average, in either direction."""
    speed, sound = roe_speeds(left, right, normal, gamma)
    own = [
        abs(float(np.dot(side.velocity, normal))) + sqrt(gamma * side.pressure / side.density)
        for side in (left, right)
    ]
    return max(*own, abs(speed) + sound)


def numerical_flux(scheme, left: Primitive, right: Primitive, normal, gamma: float) -> np.ndarray:
    return numbers(_numerical_flux(int(scheme), left, right, normal, Gas(gamma)))


def boundary_flux(kind, inside: Primitive, normal, outside: Primitive, gamma: float, scheme=0) -> np.ndarray:
    return numbers(_boundary_flux(int(kind), int(scheme), inside, normal, outside, Gas(gamma)))


def flux_euler(state: Primitive, normal, gamma: float) -> np.ndarray:
    return numbers(_flux_euler(state, normal, Gas(gamma)))


def conserved_of(state: Primitive, gamma: float) -> Conserved:
    return _conserved_of(state, Gas(gamma))


def primitive_of(state: Conserved, gamma: float) -> Primitive:
    return _primitive_of(state, Gas(gamma))


@kernel
def _numerical_flux(scheme, left, right, normal, constants):
    return flux.numerical_flux(scheme, left, right, normal, constants)


@kernel
def _boundary_flux(kind, scheme, inside, normal, outside, constants):
    return boundary_face_flux(kind, Side(inside), outside, Face(1.0, normal, 0.0), scheme, constants)


@kernel
def _flux_euler(state, normal, constants):
    return euler.flux_euler(state, normal, constants)


@kernel
def _conserved_of(state, constants):
    return gas.conserved_of(state, constants)


@kernel
def _primitive_of(state, constants):
    return gas.primitive_of(state, constants)


@kernel
def mirror_image(inside, normal):
    return boundary.mirror_image(inside, normal)
