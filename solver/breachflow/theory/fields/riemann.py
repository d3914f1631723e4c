"""Exact solution of the Riemann problem of the Euler equations, with vacuum.

E. F. Toro, "Riemann Solvers and Numerical Methods for Fluid Dynamics", 3rd ed. 2009, chapter 4; equation
numbers are Toro's. Calorically perfect gas, any consistent units, 1 < gamma <= 5/3; densities
and pressures are positive, or both are zero: a vacuum. Two gases that move apart faster than they can expand
leave a vacuum between them: then the star pressure is 0, and the star velocities are those of the two fronts.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_gamma


class RiemannState(NamedTuple):
    """One side of the initial jump."""

    density: float
    velocity: float
    pressure: float


class RiemannProfile(NamedTuple):
    """The solution along rays x/t, arrays of one shape."""

    density: Floats
    velocity: Floats
    pressure: Floats


class Star(NamedTuple):
    """The state between the two outer waves; left and right of the contact."""

    pressure: float
    velocity_left: float
    """Velocity of the contact, or of the front of the left gas where there is a vacuum."""
    velocity_right: float
    density_left: float
    density_right: float


def escape_speed(state: RiemannState, gamma: float) -> float:
    """2 a/(gamma-1), the speed that a gas gains by expanding into vacuum (section 4.6); 0 for a vacuum.

    >>> round(escape_speed(RiemannState(1.0, 0.0, 1.0), 1.4), 7)
    5.9160798
    """
    return 2.0 / (gamma - 1.0) * _sound_speed(state, gamma)


def star_state(left: RiemannState, right: RiemannState, gamma: float) -> Star:
    """Pressure, velocity and densities between the outer waves (section 4.3), to 1e-12.

    Raises OutOfRange where a side is neither a gas nor a vacuum, and unless 1 < gamma <= 5/3. Published:
    Sod's problem p* = 0.30313, u* = 0.92745 (Toro, test 1).

    >>> star = star_state(RiemannState(1.0, 0.0, 1.0), RiemannState(0.125, 0.0, 0.1), 1.4)
    >>> round(star.pressure, 8), round(star.velocity_left, 8)
    (0.30313018, 0.92745262)
    """
    require_gamma(gamma)
    for side in (left, right):
        _require_state(side)
    front_left = left.velocity + escape_speed(left, gamma)
    front_right = right.velocity - escape_speed(right, gamma)
    # Equation (4.40): the pressure positivity condition.
    if left.density == 0.0 or right.density == 0.0 or front_left <= front_right:
        return Star(0.0, front_left, front_right, 0.0, 0.0)
    pressure = _star_pressure(left, right, gamma)
    rise = _pressure_function(pressure, right, gamma)[0] - _pressure_function(pressure, left, gamma)[0]
    velocity = 0.5 * (left.velocity + right.velocity + rise)
    densities = [_star_density(pressure, side, gamma) for side in (left, right)]
    return Star(pressure, velocity, velocity, densities[0], densities[1])


def sample(left: RiemannState, right: RiemannState, gamma: float, speed: Floats) -> RiemannProfile:
    """The solution along x/t = `speed`, any shape (section 4.5; vacuum: section 4.6).

    Raises OutOfRange as `star_state` does. Published: at x/t = 0 in the sudden opening of a tube to vacuum
    the mass flux is rho0 a0 (2/(gamma+1))^((gamma+1)/(gamma-1)), 0.396257 in units of p0/sqrt(R T0) at
    gamma = 1.4.

    >>> opened = sample(RiemannState(1.0, 0.0, 1.0), RiemannState(0.0, 0.0, 0.0), 1.4, np.zeros(1))
    >>> round(float(opened.density[0] * opened.velocity[0]), 6)
    0.396257
    """
    star = star_state(left, right, gamma)
    from_left = _sample_side(left, star.pressure, star.velocity_left, star.density_left, gamma, speed)
    mirrored = RiemannState(right.density, -right.velocity, right.pressure)
    from_right = _sample_side(
        mirrored, star.pressure, -star.velocity_right, star.density_right, gamma, -speed
    )
    on_left = (speed <= star.velocity_left) & (left.density > 0.0)
    on_right = (speed >= star.velocity_right) & (right.density > 0.0)
    empty = np.zeros_like(speed)
    density, velocity, pressure = (
        np.where(on_left, a, np.where(on_right, sign * b, empty))
        for a, b, sign in zip(from_left, from_right, (1.0, -1.0, 1.0), strict=True)
    )
    return RiemannProfile(density, velocity, pressure)


def _require_state(state: RiemannState) -> None:
    """Raises OutOfRange unless the side is a gas or a vacuum."""
    finite = all(math.isfinite(value) for value in state)
    vacuum = state.density == 0.0 and state.pressure == 0.0
    if not (finite and (vacuum or (state.density > 0.0 and state.pressure > 0.0))):
        raise OutOfRange(f"{state} is neither a gas (density and pressure above 0) nor a vacuum (both 0)")


def _sound_speed(state: RiemannState, gamma: float) -> float:
    """a, 0 for a vacuum."""
    return math.sqrt(gamma * state.pressure / state.density) if state.density > 0.0 else 0.0


def _pressure_function(pressure: float, side: RiemannState, gamma: float) -> tuple[float, float]:
    """f_K and its derivative, equations (4.6), (4.7) and (4.37)."""
    if pressure > side.pressure:
        a = 2.0 / ((gamma + 1.0) * side.density)
        b = (gamma - 1.0) / (gamma + 1.0) * side.pressure
        root = math.sqrt(a / (pressure + b))
        rise = pressure - side.pressure
        return rise * root, root * (1.0 - 0.5 * rise / (pressure + b))
    sound, ratio = _sound_speed(side, gamma), pressure / side.pressure
    value = 2.0 * sound / (gamma - 1.0) * (ratio ** ((gamma - 1.0) / (2.0 * gamma)) - 1.0)
    return value, ratio ** (-(gamma + 1.0) / (2.0 * gamma)) / (side.density * sound)


def _star_pressure(left: RiemannState, right: RiemannState, gamma: float) -> float:
    """Newton's iteration from the two-rarefaction pressure (4.46); converges, as f rises and is concave."""
    power = (gamma - 1.0) / (2.0 * gamma)
    sound_left, sound_right = _sound_speed(left, gamma), _sound_speed(right, gamma)
    gap = sound_left + sound_right - 0.5 * (gamma - 1.0) * (right.velocity - left.velocity)
    scale = sound_left / left.pressure**power + sound_right / right.pressure**power
    pressure = (gap / scale) ** (1.0 / power)
    for _ in range(50):
        f_left, slope_left = _pressure_function(pressure, left, gamma)
        f_right, slope_right = _pressure_function(pressure, right, gamma)
        step = (f_left + f_right + right.velocity - left.velocity) / (slope_left + slope_right)
        step = min(step, 0.9 * pressure)
        pressure -= step
        if abs(step) <= 1e-14 * pressure:
            break
    return float(pressure)


def _star_density(pressure: float, side: RiemannState, gamma: float) -> float:
    """Equations (4.50) behind a shock and (4.53) behind a rarefaction."""
    ratio, k = pressure / side.pressure, (gamma - 1.0) / (gamma + 1.0)
    if ratio > 1.0:
        return side.density * (ratio + k) / (k * ratio + 1.0)
    return float(side.density * ratio ** (1.0 / gamma))


def _sample_side(
    side: RiemannState, pressure: float, velocity: float, density: float, gamma: float, speed: Floats
) -> RiemannProfile:
    """The left wave along x/t = `speed`: undisturbed state, shock or fan, star state (4.52 and 4.56)."""
    sound = _sound_speed(side, gamma)
    if pressure > side.pressure:
        ratio = pressure / side.pressure
        strength = math.sqrt((gamma + 1.0) / (2.0 * gamma) * ratio + (gamma - 1.0) / (2.0 * gamma))
        head = tail = side.velocity - sound * strength
    else:
        head = side.velocity - sound
        tail = velocity - (math.sqrt(gamma * pressure / density) if density > 0.0 else 0.0)
    place = np.clip(speed, min(head, tail), tail)
    local = 2.0 / (gamma + 1.0) * sound + (gamma - 1.0) / (gamma + 1.0) * (side.velocity - place)
    ratio_in_fan = np.maximum(local / sound, 0.0) if sound > 0.0 else np.zeros_like(speed)
    fan = (
        side.density * ratio_in_fan ** (2.0 / (gamma - 1.0)),
        place + local,
        side.pressure * ratio_in_fan ** (2.0 * gamma / (gamma - 1.0)),
    )
    parts = zip(side, fan, (density, velocity, pressure), strict=True)
    return RiemannProfile(
        *(
            np.where(speed <= head, before, np.where(speed >= tail, after, inside))
            for before, inside, after in parts
        )
    )
