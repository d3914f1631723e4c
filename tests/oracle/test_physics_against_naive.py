"""Every flux, limiter and boundary kind against its textbook reference (naive_physics.py)."""

from __future__ import annotations

import naive_physics
import numpy as np
import pytest

from breachflow.compiled import kernel
from breachflow.constants import SPECIES
from breachflow.physics import flux, limiter
from breachflow.physics.boundary import BehaviorCode
from breachflow.physics.face import Face, Side, boundary_face_flux
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Gas, Primitive
from breachflow.physics.limiters import Limiter

GAMMAS = sorted({species.heat_capacity_ratio for species in SPECIES.values()} | {1.05})
SAMPLES = 60
ROUNDING = 1e-11
"""Relative to the largest flux; textbook forms lose digits in differences that the program avoids."""
NEWTON = 1e-6
"""Gas that enters near the speed of sound, where three steps of Newton's method are least accurate."""


@kernel
def numerical_flux(scheme, left, right, normal, gas):
    return flux.numerical_flux(scheme, left, right, normal, gas)


@kernel
def boundary_flux(kind, scheme, inside, normal, outside, gas):
    return boundary_face_flux(kind, Side(inside), outside, Face(1.0, normal, 0.0), scheme, gas)


@kernel
def limiter_factor(code, product, upwind_square, central_square, noise):
    return limiter.limiter_factor(code, product, upwind_square, central_square, noise)


def random_states(seed: int) -> np.ndarray:
    """(2, SAMPLES, 4): densities and temperatures over decades, Mach numbers of a few."""
    rng = np.random.default_rng(seed)
    density, temperature = 10.0 ** rng.uniform(-2.0, 2.0, (2, 2, SAMPLES))
    velocity = rng.normal(size=(2, 2, SAMPLES)) * np.sqrt(temperature)
    return np.stack([density, *velocity, density * temperature], axis=-1)


def record(w: np.ndarray) -> Primitive:
    density, u, v, pressure = w.tolist()
    return Primitive(density, (u, v), pressure)


def normals() -> np.ndarray:
    angle = np.random.default_rng(3).uniform(0.0, 2.0 * np.pi, SAMPLES)
    return np.column_stack([np.cos(angle), np.sin(angle)])


def assert_close(found, expected: np.ndarray, gamma: float, share: float, *sides: np.ndarray) -> None:
    numbers = np.array([found.density, *found.momentum, found.energy])
    density = max(w[0] for w in sides)
    speed = max(np.hypot(*w[1:3]) + np.sqrt(gamma * w[3] / w[0]) for w in sides)
    momentum = max(density * speed**2, float(np.abs(expected[1:3]).max()))
    size = np.array([density * speed, momentum, momentum, momentum * speed / (gamma - 1.0)])
    assert np.all(np.abs(numbers - expected) <= share * size), (numbers, expected)


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize("scheme", list(NumericalFlux))
def test_fluxes(scheme, gamma):
    twin = naive_physics.FLUXES[scheme.name.lower()]
    for left, right, n in zip(*random_states(1), normals(), strict=True):
        found = numerical_flux(int(scheme), record(left), record(right), tuple(n.tolist()), Gas(gamma))
        assert_close(found, twin(left, right, n, gamma), gamma, ROUNDING, left, right)


@pytest.mark.parametrize("gamma", GAMMAS)
@pytest.mark.parametrize("kind", list(BehaviorCode))
def test_boundaries(kind, gamma):
    share = NEWTON if kind in (BehaviorCode.OPENING,) else ROUNDING
    name, hllc = kind.name.lower(), naive_physics.hllc
    for inside, outside, n in zip(*random_states(2), normals(), strict=True):
        expected = naive_physics.boundary(name, hllc, inside, n, outside, gamma)
        normal = tuple(n.tolist())
        found = boundary_flux(int(kind), 0, record(inside), normal, record(outside), Gas(gamma))
        assert_close(found, expected, gamma, share, inside, outside)


@pytest.mark.parametrize("code", list(Limiter))
def test_limiters(code):
    rng = np.random.default_rng(4)
    twin = naive_physics.LIMITERS[code.name.lower()]
    for length in (1, 2):
        for a, b in rng.normal(size=(SAMPLES, 2, length)):
            noise = 10.0 ** rng.uniform(-6.0, 0.0)
            found = limiter_factor(int(code), float(a @ b), float(a @ a), float(b @ b), noise)
            assert found == pytest.approx(twin(a, b, noise), rel=1e-13, abs=1e-14)
