"""Rusanov's flux: the most dissipative one, for starts and stubborn cases."""

from __future__ import annotations

from breachflow.compiled import pointwise
from breachflow.physics.euler import flux_euler, mix, wave_speeds
from breachflow.physics.gas import Conserved, Gas, Primitive, conserved_of
from breachflow.vectors import Vector


@pointwise
def flux_rusanov(left: Primitive, right: Primitive, normal: Vector, gas: Gas) -> Conserved:
    """Central flux with the largest wave speed as dissipation (Rusanov 1961)."""
    slowest, fastest = wave_speeds(left, right, normal, gas)
    largest = max(-slowest, fastest)
    central = mix(0.5, flux_euler(left, normal, gas), 0.5, flux_euler(right, normal, gas))
    jump = mix(1.0, conserved_of(right, gas), -1.0, conserved_of(left, gas))
    return mix(1.0, central, -0.5 * largest, jump)
