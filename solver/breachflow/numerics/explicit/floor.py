"""The floor of density and pressure: the thin background that stands for a vacuum."""

from __future__ import annotations

from typing import Any, NamedTuple

from breachflow.compiled import kernel, pointwise
from breachflow.numerics.space.rows import load_conserved, store_conserved
from breachflow.physics.gas import Gas, Primitive, conserved_of, primitive_of
from breachflow.vectors import combine


class Floor(NamedTuple):
    """Least density and pressure: the background that stands for a vacuum (as shares of the reference)."""

    density: float
    pressure: float


@pointwise
def is_finite(state: Primitive) -> bool:
    """Density and pressure are numbers (a velocity that is none leaves no pressure either)."""
    return abs(state.density) < float("inf") and abs(state.pressure) < float("inf")


@pointwise
def lies_below(state: Primitive, floor: Floor) -> bool:
    """The gas is thinner or of lower pressure than the floor."""
    return state.density < floor.density or state.pressure < floor.pressure


@pointwise
def lifted(state: Primitive, floor: Floor) -> Primitive:
    """Gas thinner than the floor is replaced by the floor's at rest; gas colder than it allows is warmed."""
    kept = 0.0 if state.density < floor.density else 1.0
    velocity = combine(kept, state.velocity, 0.0, state.velocity)
    return Primitive(max(state.density, floor.density), velocity, max(state.pressure, floor.pressure))


@kernel
def enforce_floor(conserved: Any, floor: Floor, axes: tuple[int, ...], gas: Gas) -> tuple[int, int]:
    """Hold density and pressure at the floor; returns the first cell not finite (or -1), and the cuts."""
    floored = 0
    for cell in range(conserved.shape[0]):
        state = primitive_of(load_conserved(conserved, cell, axes), gas)
        if not is_finite(state):
            return cell, floored
        if lies_below(state, floor):
            floored += 1
            store_conserved(conserved_of(lifted(state, floor), gas), 1.0, conserved, cell)
    return -1, floored
