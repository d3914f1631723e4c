"""The Euler equations at a face: exact flux, wave speeds, sums of fluxes."""

from __future__ import annotations

from math import sqrt

from breachflow.compiled import pointwise
from breachflow.physics.gas import Conserved, Gas, Primitive, total_energy
from breachflow.vectors import Vector, combine, dot


@pointwise
def flux_euler(state: Primitive, normal: Vector, gas: Gas) -> Conserved:
    """Exact flux of one state through a face with the given unit normal."""
    speed = dot(state.velocity, normal)
    mass = state.density * speed
    momentum = combine(mass, state.velocity, state.pressure, normal)
    return Conserved(mass, momentum, speed * (total_energy(state, gas) + state.pressure))


@pointwise
def wave_speeds(left: Primitive, right: Primitive, normal: Vector, gas: Gas) -> tuple[float, float]:
    """Slowest and fastest wave, of the outer states and of their Roe average (Einfeldt 1988, eq. 4.5b).

    Exact for an isolated shock (Roe 1981, J. Comput. Phys. 43).
    """
    left_speed, right_speed = dot(left.velocity, normal), dot(right.velocity, normal)
    scale = gas.gamma / (left.density * right.density)
    left_square, right_square = (
        scale * left.pressure * right.density,
        scale * right.pressure * left.density,
    )
    root_left, root_right = sqrt(left.density), sqrt(right.density)
    weight = 1.0 / (root_left + root_right)
    speed = weight * (root_left * left_speed + root_right * right_speed)
    jump = right_speed - left_speed
    square = weight * (root_left * left_square + root_right * right_square)
    square += 0.5 * (gas.gamma - 1.0) * (root_left * root_right * weight**2) * jump**2
    sound = sqrt(square)
    slowest = min(left_speed - sqrt(left_square), speed - sound)
    fastest = max(right_speed + sqrt(right_square), speed + sound)
    return slowest, fastest


@pointwise
def mix(alpha: float, a: Conserved, beta: float, b: Conserved) -> Conserved:
    """alpha a + beta b."""
    return Conserved(
        alpha * a.density + beta * b.density,
        combine(alpha, a.momentum, beta, b.momentum),
        alpha * a.energy + beta * b.energy,
    )
