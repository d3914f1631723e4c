"""The HLLE flux: two waves; contacts and shear layers are smeared."""

from __future__ import annotations

from breachflow.compiled import pointwise
from breachflow.physics.euler import flux_euler, mix, wave_speeds
from breachflow.physics.gas import Conserved, Gas, Primitive, conserved_of
from breachflow.vectors import Vector


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
