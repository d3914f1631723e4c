"""Numerical fluxes of the Euler equations through a face, from the states on its two sides.

Adding one: a name in `NumericalFlux`, a function here, a line in `numerical_flux`. Write it without branches
(selections only): the vector unit works on eight faces at once.
"""

from __future__ import annotations

from enum import IntEnum
from math import sqrt

from breachflow.compiled import pointwise
from breachflow.physics.gas import Conserved, Gas, Primitive, conserved_of, total_energy
from breachflow.vectors import Vector, combine, dot, select


class NumericalFlux(IntEnum):
    """The numerical fluxes on offer."""

    HLLC = 0
    HLLE = 1
    RUSANOV = 2


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


@pointwise
def flux_rusanov(left: Primitive, right: Primitive, normal: Vector, gas: Gas) -> Conserved:
    """Central flux with the largest wave speed as dissipation (Rusanov 1961)."""
    slowest, fastest = wave_speeds(left, right, normal, gas)
    largest = max(-slowest, fastest)
    central = mix(0.5, flux_euler(left, normal, gas), 0.5, flux_euler(right, normal, gas))
    jump = mix(1.0, conserved_of(right, gas), -1.0, conserved_of(left, gas))
    return mix(1.0, central, -0.5 * largest, jump)


@pointwise
def flux_hlle(left: Primitive, right: Primitive, normal: Vector, gas: Gas) -> Conserved:
    """Two waves with Einfeldt's speeds (Harten, Lax and van Leer 1983; Einfeldt 1988)."""
    slowest, fastest = wave_speeds(left, right, normal, gas)
    slowest, fastest = min(slowest, 0.0), max(fastest, 0.0)
    scale = 1.0 / (fastest - slowest)
    outer = mix(
        scale * fastest, flux_euler(left, normal, gas), -scale * slowest, flux_euler(right, normal, gas)
    )
    jump = mix(1.0, conserved_of(right, gas), -1.0, conserved_of(left, gas))
    return mix(1.0, outer, scale * slowest * fastest, jump)


@pointwise
def flux_hllc(left: Primitive, right: Primitive, normal: Vector, gas: Gas) -> Conserved:
    """Two waves and the contact between them (Toro, Spruce and Speares 1994; Batten et al. 1997).

    Only the upwind side of the contact is worked out: the flux is that side's Euler flux plus the
    jump across its own wave, which vanishes in supersonic flow.
    """
    slowest, fastest = wave_speeds(left, right, normal, gas)
    left_speed, right_speed = dot(left.velocity, normal), dot(right.velocity, normal)
    left_push = left.density * (slowest - left_speed)
    right_push = right.density * (fastest - right_speed)
    contact = (right.pressure - left.pressure + left_push * left_speed - right_push * right_speed) / (
        left_push - right_push
    )
    from_left = contact >= 0.0
    wave = min(slowest, 0.0) if from_left else max(fastest, 0.0)
    upwind = Primitive(
        left.density if from_left else right.density,
        select(from_left, left.velocity, right.velocity),
        left.pressure if from_left else right.pressure,
    )
    return flux_behind_wave(upwind, wave, contact, normal, gas)


@pointwise
def flux_behind_wave(state: Primitive, wave: float, contact: float, normal: Vector, gas: Gas) -> Conserved:
    """F + S (U* - U), with the star state U* of the HLLC fan behind the wave of speed S (0: no wave)."""
    flux = flux_euler(state, normal, gas)
    slip = contact - dot(state.velocity, normal)
    inverse = 1.0 / (wave - contact)
    change = state.density * slip * inverse
    density = state.density + change
    momentum = combine(change, state.velocity, density * slip, normal)
    energy = slip * (total_energy(state, gas) * inverse + density * contact + state.pressure * inverse)
    return Conserved(
        flux.density + wave * change,
        combine(1.0, flux.momentum, wave, momentum),
        flux.energy + wave * energy,
    )


@pointwise
def numerical_flux(scheme: int, left: Primitive, right: Primitive, normal: Vector, gas: Gas) -> Conserved:
    """Flux through a face by the scheme of the given `NumericalFlux` code."""
    if scheme == NumericalFlux.HLLC:
        return flux_hllc(left, right, normal, gas)
    if scheme == NumericalFlux.HLLE:
        return flux_hlle(left, right, normal, gas)
    return flux_rusanov(left, right, normal, gas)
