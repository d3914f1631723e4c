"""The numerical flux of the given code."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from breachflow.compiled import chosen_by_code
from breachflow.physics import fluxes
from breachflow.physics.gas import Conserved, Gas, Primitive
from breachflow.vectors import Vector

numerical_flux: Callable[[int, Primitive, Primitive, Vector, Gas], Conserved] = chosen_by_code(
    [getattr(import_module(f"{fluxes.__name__}.{name}"), f"flux_{name}") for name in fluxes.NAMES]
)
"""Flux per unit area along the normal: (code of `NumericalFlux`, left, right, normal, gas)."""
