"""Array types, by what one row stands for and how many numbers it has.

`n_cells` cells, `n_ghosts` ghost cells (one for each boundary face), `n_faces` faces, `nvar` variables:
density, the velocity's or momentum's components, pressure or energy; `dimension` is 2 or 3. The checker sees
the kind of number alone; the shape is for readers.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
"""Numbers in double precision, of any shape."""

Ints: TypeAlias = NDArray[np.int32]
"""Numbers of points, cells, faces or rows, and codes."""

Indices: TypeAlias = NDArray[np.int64]
"""Positions in arrays, and numbers that index others while a mesh is made."""

AnyInts: TypeAlias = NDArray[np.integer[Any]]
"""Integers of any size."""

Bools: TypeAlias = NDArray[np.bool_]
"""True or false values, of any shape."""

CellScalars: TypeAlias = Floats
"""(n_cells,)"""

CellRows: TypeAlias = Floats
"""(n_cells, nvar) states, residuals, scales or updates."""

GhostedRows: TypeAlias = Floats
"""(n_cells + n_ghosts, nvar) states; ghost cells have the last rows."""

GradientRows: TypeAlias = Floats
"""(n_cells, nvar * dimension); the derivatives of one variable stand side by side.

In laminar flow the gradient of the temperature, the temperature and the viscosity follow.
"""

GhostedScalars: TypeAlias = Floats
"""(n_cells + n_ghosts,); ghost cells come last."""

FaceRows: TypeAlias = Floats
"""(n_faces, nvar) fluxes."""

FactorRows: TypeAlias = NDArray[np.float32]
"""(n_interior, 6) factors of the limiter: of density, velocity and pressure, from both sides of a face."""

StateRows: TypeAlias = NDArray[Any]
"""(rows, at least nvar) anything that holds states in rows, a block of faces among them."""

FlatRows: TypeAlias = NDArray[Any]
"""(n_cells * nvar,) a vector of unknowns; in single or double precision."""

Blocks: TypeAlias = NDArray[Any]
"""(n_blocks, nvar, nvar) small dense matrices, each by columns; in single or double precision."""

Basis: TypeAlias = NDArray[Any]
"""(vectors, n_cells * nvar) orthonormal vectors in single precision, or in whole numbers of 16 bits."""
