"""States and fluxes in rows of arrays: the only place that knows which column is what."""

from __future__ import annotations

from typing import Any

from breachflow.compiled import pointwise
from breachflow.physics.gas import Conserved, Primitive
from breachflow.vectors import combine, load, store


@pointwise
def load_primitive(array: Any, row: int, axes: tuple[int, ...]) -> Primitive:
    """Primitive state in a row of an array."""
    return Primitive(array[row, 0], load(array, row, 1, axes), array[row, len(axes) + 1])


@pointwise
def store_primitive(state: Primitive, array: Any, row: int) -> None:
    """Write a primitive state to a row of an array."""
    array[row, 0] = state.density
    store(state.velocity, array, row, 1)
    array[row, array.shape[1] - 1] = state.pressure


@pointwise
def load_conserved(array: Any, row: int, axes: tuple[int, ...]) -> Conserved:
    """Conserved state in a row of an array."""
    return Conserved(array[row, 0], load(array, row, 1, axes), array[row, len(axes) + 1])


@pointwise
def store_conserved(state: Conserved, scale: float, array: Any, row: int) -> None:
    """Write a conserved state or a flux, times a scale, to a row of an array."""
    array[row, 0] = scale * state.density
    store(combine(scale, state.momentum, 0.0, state.momentum), array, row, 1)
    array[row, array.shape[1] - 1] = scale * state.energy
