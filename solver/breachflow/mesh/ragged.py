"""Ragged arrays: rows of different lengths, stored one after the other in a flat array.

`offsets` has one number more than there are rows: row i is `values[offsets[i] : offsets[i + 1]]`.
"""

from __future__ import annotations

import numpy as np

from breachflow.arrays import AnyInts, Bools, Indices


def row_of_value(offsets: AnyInts) -> Indices:
    """The row of each value, (n_values,)."""
    return np.repeat(np.arange(len(offsets) - 1, dtype=np.int64), np.diff(offsets))


def next_in_row(offsets: AnyInts) -> Indices:
    """The position of the value after each one in its row, (n_values,); after the last the first."""
    following = np.arange(1, int(offsets[-1]) + 1, dtype=np.int64)
    following[offsets[1:] - 1] = offsets[:-1]
    return following


def take_rows(offsets: AnyInts, values: AnyInts, order: Indices) -> tuple[Indices, Indices]:
    """The rows in another order: offsets (n_rows + 1,) and values (n_values,)."""
    counts = np.diff(offsets)[order]
    new_offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    start = np.repeat(offsets[:-1][order] - new_offsets[:-1], counts)
    return new_offsets, values[start + np.arange(new_offsets[-1])].astype(np.int64)


def reverse_rows(offsets: AnyInts, values: AnyInts, chosen: Bools) -> Indices:
    """The values (n_values,) with those of the `chosen` rows (n_rows,) in reverse order."""
    position = np.arange(len(values))
    row = row_of_value(offsets)
    mirrored = offsets[row] + offsets[row + 1] - 1 - position
    return values[np.where(chosen[row], mirrored, position)].astype(np.int64)


def joined_rows(blocks: list[Indices]) -> tuple[Indices, Indices]:
    """Blocks (n, length), each of one length, as one ragged array.

    Offsets (n_rows + 1,) and values (n_values,).
    """
    counts = [np.full(len(block), block.shape[1], dtype=np.int64) for block in blocks]
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), *counts]).cumsum()
    return offsets, np.concatenate([np.empty(0, dtype=np.int64), *(block.ravel() for block in blocks)])
