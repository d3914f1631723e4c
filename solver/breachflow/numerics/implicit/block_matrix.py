"""A sparse matrix of small dense blocks."""

from __future__ import annotations

from typing import NamedTuple

from breachflow.arrays import Blocks, Ints


class BlockMatrix(NamedTuple):
    """A square matrix of small dense blocks in compressed rows, columns ascending in each row."""

    offsets: Ints
    """(rows + 1,) start of each row's blocks."""
    columns: Ints
    """(n_blocks,) column of each block."""
    diagonal: Ints
    """(rows,) position of each row's diagonal block."""
    blocks: Blocks
    """(n_blocks, nvar, nvar), each by columns."""


class FacePositions(NamedTuple):
    """Positions of the two off-diagonal blocks of each interior face, (n_interior,) each."""

    left_right: Ints
    """In the row of the left cell and the column of the right one."""
    right_left: Ints
    """The other way round."""
