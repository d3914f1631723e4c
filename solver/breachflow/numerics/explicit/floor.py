"""The floor of density and pressure: the thin background that stands for a vacuum."""

from __future__ import annotations

from typing import NamedTuple

from breachflow.arrays import CellRows
from breachflow.compiled import kernel, pointwise
from breachflow.numerics.space.rows import load_conserved, store_conserved
from breachflow.physics.gas import Gas, Primitive, conserved_of, primitive_of
from breachflow.vectors import combine


class Floor(NamedTuple):
    """Least density and pressure, in units of the reference state."""

    density: float
    pressure: float


@pointwise
def is_finite(state: Primitive) -> bool:
    """Whether density and pressure are finite; a velocity that is not leaves no finite pressure."""
    return abs(state.density) < float("inf") and abs(state.pressure) < float("inf")


@pointwise
def is_below(state: Primitive, floor: Floor) -> bool:
    """Whether density or pressure is below the floor."""
    return state.density < floor.density or state.pressure < floor.pressure


@pointwise
def raised_to_floor(state: Primitive, floor: Floor) -> Primitive:
    """Gas below the floor's density becomes the floor's gas at rest; gas below its pressure is warmed."""
    kept = 0.0 if state.density < floor.density else 1.0
    velocity = combine(kept, state.velocity, 0.0, state.velocity)
    return Primitive(max(state.density, floor.density), velocity, max(state.pressure, floor.pressure))


@kernel
def enforce_floor(conserved: CellRows, floor: Floor, axes: tuple[int, ...], gas: Gas) -> tuple[int, int]:
    """Raise density and pressure to the floor.

    Returns the first cell whose state is not finite (or -1), and the number of raised cells.
    """
    floored = 0
    for cell in range(conserved.shape[0]):
        state = primitive_of(load_conserved(conserved, cell, axes), gas)
        if not is_finite(state):
            return cell, floored
        if is_below(state, floor):
            floored += 1
            store_conserved(conserved_of(raised_to_floor(state, floor), gas), 1.0, conserved, cell)
    return -1, floored
