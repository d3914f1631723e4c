"""The HLLC flux: two waves and the contact between them; the default."""

from __future__ import annotations

from breachflow.compiled import pointwise
from breachflow.physics.euler import flux_euler, wave_speeds
from breachflow.physics.gas import Conserved, Gas, Primitive, total_energy
from breachflow.vectors import Vector, combine, dot, select


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
