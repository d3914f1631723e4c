"""Vectors as tuples of two or three floats: one source serves planar, axisymmetric and 3-D flow.

The compiler knows the length of a tuple and drops the branch of the other dimension.
"""

from __future__ import annotations

from typing import TypeAlias

from breachflow.arrays import StateRows
from breachflow.compiled import pointwise

Vector: TypeAlias = tuple[float, ...]

Matrix: TypeAlias = tuple[Vector, ...]
"""Rows of a square matrix; row i of a velocity gradient is the gradient of component i."""


@pointwise
def dot(a: Vector, b: Vector) -> float:
    """Scalar product."""
    if len(a) == 2:
        return a[0] * b[0] + a[1] * b[1]
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@pointwise
def combine(alpha: float, a: Vector, beta: float, b: Vector) -> Vector:
    """alpha a + beta b."""
    if len(a) == 2:
        return (alpha * a[0] + beta * b[0], alpha * a[1] + beta * b[1])
    return (alpha * a[0] + beta * b[0], alpha * a[1] + beta * b[1], alpha * a[2] + beta * b[2])


@pointwise
def square(row: Vector) -> Matrix:
    """The square matrix whose rows are all this one."""
    if len(row) == 2:
        return (row, row)
    return (row, row, row)


@pointwise
def times(matrix: Matrix, vector: Vector) -> Vector:
    """The matrix times a vector."""
    if len(vector) == 2:
        return (dot(matrix[0], vector), dot(matrix[1], vector))
    return (dot(matrix[0], vector), dot(matrix[1], vector), dot(matrix[2], vector))


@pointwise
def transposed_times(matrix: Matrix, vector: Vector) -> Vector:
    """The transposed matrix times a vector."""
    plane = combine(vector[0], matrix[0], vector[1], matrix[1])
    if len(vector) == 2:
        return plane
    return combine(1.0, plane, vector[2], matrix[2])


@pointwise
def trace(matrix: Matrix) -> float:
    """Sum of the diagonal; of a velocity gradient, the divergence."""
    if len(matrix) == 2:
        return matrix[0][0] + matrix[1][1]
    return matrix[0][0] + matrix[1][1] + matrix[2][2]


@pointwise
def mean(a: Matrix, b: Matrix) -> Matrix:
    """Half the sum of two matrices."""
    plane = (combine(0.5, a[0], 0.5, b[0]), combine(0.5, a[1], 0.5, b[1]))
    if len(a) == 2:
        return plane
    return (plane[0], plane[1], combine(0.5, a[2], 0.5, b[2]))


@pointwise
def add_outer(matrix: Matrix, a: Vector, b: Vector) -> Matrix:
    """The matrix plus the outer product a b^T."""
    plane = (combine(1.0, matrix[0], a[0], b), combine(1.0, matrix[1], a[1], b))
    if len(a) == 2:
        return plane
    return (plane[0], plane[1], combine(1.0, matrix[2], a[2], b))


@pointwise
def select(first: bool, a: Vector, b: Vector) -> Vector:
    """One of two vectors, chosen component by component, without a branch: so loops vectorize."""
    if len(a) == 2:
        return (a[0] if first else b[0], a[1] if first else b[1])
    return (a[0] if first else b[0], a[1] if first else b[1], a[2] if first else b[2])


@pointwise
def shifted(a: Vector, index: int, step: float) -> Vector:
    """The vector with one component moved by a step."""
    if len(a) == 2:
        return (a[0] + step if index == 0 else a[0], a[1] + step if index == 1 else a[1])
    return (
        a[0] + step if index == 0 else a[0],
        a[1] + step if index == 1 else a[1],
        a[2] + step if index == 2 else a[2],
    )


@pointwise
def load(array: StateRows, row: int, first: int, axes: tuple[int, ...]) -> Vector:
    """The vector stored in `array[row, first:]`; `axes` carries the dimension as its length."""
    if len(axes) == 2:
        return (array[row, first], array[row, first + 1])
    return (array[row, first], array[row, first + 1], array[row, first + 2])


@pointwise
def store(vector: Vector, array: StateRows, row: int, first: int) -> None:
    """Write the vector to `array[row, first:]`."""
    array[row, first] = vector[0]
    array[row, first + 1] = vector[1]
    if len(vector) == 3:
        array[row, first + 2] = vector[2]
