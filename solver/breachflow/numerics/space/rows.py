"""States, fluxes and faces in rows of arrays: the only place that knows which column holds what."""

from __future__ import annotations

from typing import NamedTuple

from breachflow.arrays import StateRows
from breachflow.compiled import pointwise
from breachflow.numerics.space.layout import Boundary, Faces
from breachflow.physics.face import Face
from breachflow.physics.gas import Conserved, Primitive
from breachflow.physics.viscous import CellSide
from breachflow.physics.wall import WallState
from breachflow.vectors import Matrix, Vector, combine, load, store


@pointwise
def variable_columns(axes: tuple[int, ...]) -> int:
    """Columns of `GradientRows` with derivatives of variables."""
    return (len(axes) + 2) * len(axes)


@pointwise
def thermal_columns(axes: tuple[int, ...]) -> int:
    """Columns that follow these in laminar flow: the temperature gradient, temperature and viscosity."""
    return len(axes) + 2


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
def load_conserved(array: StateRows, row: int, axes: tuple[int, ...], first: int = 0) -> Conserved:
    """Conserved state in a row of an array (rows, columns), from column `first` on."""
    return Conserved(array[row, first], load(array, row, first + 1, axes), array[row, first + len(axes) + 1])


@pointwise
def store_conserved(state: Conserved, factor: float, array: StateRows, row: int) -> None:
    """Write a conserved state or a flux, times a factor, to a row of an array (rows, nvar)."""
    array[row, 0] = factor * state.density
    store(combine(factor, state.momentum, 0.0, state.momentum), array, row, 1)
    array[row, len(state.momentum) + 1] = factor * state.energy


@pointwise
def load_face(faces: Faces, face: int, axes: tuple[int, ...]) -> Face:
    """Geometry of a face."""
    return Face(faces.area[face], load(faces.normal, face, 0, axes), faces.inverse_radius[face])


@pointwise
def load_wall(boundary: Boundary, number: int, axes: tuple[int, ...]) -> WallState:
    """What the patch of a boundary face prescribes to gas with friction."""
    state = load_primitive(boundary.state, number, axes)
    return WallState(
        state.velocity, state.pressure / state.density, boundary.slip[number, 0], boundary.slip[number, 1]
    )


class CellArrays(NamedTuple):
    """Arrays that hold cells and their gradients in rows, with the first column of each."""

    primitive: StateRows
    gradient: StateRows
    first: tuple[int, int]


@pointwise
def load_side(cells: CellArrays, row: int, to_face: Vector, axes: tuple[int, ...]) -> CellSide:
    """A cell with its gradients, as friction needs it at one of its faces."""
    state, gradient = cells.first
    thermal = gradient + variable_columns(axes)
    return CellSide(
        load_primitive(cells.primitive, row, axes, state),
        load_velocity_gradient(cells.gradient, row, gradient, axes),
        cells.gradient[row, thermal + len(axes)],
        load(cells.gradient, row, thermal, axes),
        cells.gradient[row, thermal + len(axes) + 1],
        to_face,
    )


@pointwise
def load_velocity_gradient(gradient: StateRows, row: int, first: int, axes: tuple[int, ...]) -> Matrix:
    """Velocity gradient in a row of an array of gradients, from column `first` on."""
    n = len(axes)
    u, v = load(gradient, row, first + n, axes), load(gradient, row, first + 2 * n, axes)
    if n == 2:
        return (u, v)
    return (u, v, load(gradient, row, first + 3 * n, axes))
