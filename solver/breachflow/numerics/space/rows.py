"""States, fluxes and faces in rows of arrays: the only place that knows which column holds what."""

from __future__ import annotations

from breachflow.arrays import StateRows
from breachflow.compiled import pointwise
from breachflow.numerics.space.layout import Faces
from breachflow.physics.face import Face
from breachflow.physics.gas import Conserved, Primitive
from breachflow.vectors import combine, load, store


@pointwise
def load_primitive(array: StateRows, row: int, axes: tuple[int, ...], first: int = 0) -> Primitive:
    """Primitive state in a row of an array (rows, columns), from column `first` on."""
    return Primitive(array[row, first], load(array, row, first + 1, axes), array[row, first + len(axes) + 1])


@pointwise
def store_primitive(state: Primitive, array: StateRows, row: int, first: int = 0) -> None:
    """Write a primitive state to a row of an array (rows, columns), from column `first` on."""
    array[row, first] = state.density
    store(state.velocity, array, row, first + 1)
    array[row, first + len(state.velocity) + 1] = state.pressure


@pointwise
def load_conserved(array: StateRows, row: int, axes: tuple[int, ...]) -> Conserved:
    """Conserved state in a row of an array (rows, nvar)."""
    return Conserved(array[row, 0], load(array, row, 1, axes), array[row, len(axes) + 1])


@pointwise
def store_conserved(state: Conserved, factor: float, array: StateRows, row: int) -> None:
    """Write a conserved state or a flux, times a factor, to a row of an array (rows, nvar)."""
    array[row, 0] = factor * state.density
    store(combine(factor, state.momentum, 0.0, state.momentum), array, row, 1)
    array[row, len(state.momentum) + 1] = factor * state.energy


@pointwise
def load_face(faces: Faces, face: int, axes: tuple[int, ...]) -> Face:
    """Area and normal of a face."""
    return Face(faces.area[face], load(faces.normal, face, 0, axes))
