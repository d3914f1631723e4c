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
    """Row of the left cell, column of the right."""
    right_left: Ints
    """Row of the right cell, column of the left."""
