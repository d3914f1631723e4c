"""States and fluxes in rows of arrays: the only place that knows which column is what."""

from __future__ import annotations

from typing import Any

from breachflow.compiled import pointwise
from breachflow.physics.gas import Conserved, Primitive
from breachflow.vectors import combine, load, store


@pointwise
def load_primitive(array: Any, row: int, axes: tuple[int, ...], first: int = 0) -> Primitive:
    """Primitive state in a row of an array, from column `first` on."""
    return Primitive(array[row, first], load(array, row, first + 1, axes), array[row, first + len(axes) + 1])


@pointwise
def store_primitive(state: Primitive, array: Any, row: int, first: int = 0) -> None:
    """Write a primitive state to a row of an array, from column `first` on."""
    array[row, first] = state.density
    store(state.velocity, array, row, first + 1)
    array[row, first + len(state.velocity) + 1] = state.pressure


@pointwise
def load_conserved(array: Any, row: int, axes: tuple[int, ...]) -> Conserved:
    """Conserved state in a row of an array."""
    return Conserved(array[row, 0], load(array, row, 1, axes), array[row, len(axes) + 1])


@pointwise
def store_conserved(state: Conserved, scale: float, array: Any, row: int) -> None:
    """Write a conserved state or a flux, times a scale, to a row of an array."""
    array[row, 0] = scale * state.density
    store(combine(scale, state.momentum, 0.0, state.momentum), array, row, 1)
    array[row, len(state.momentum) + 1] = scale * state.energy
