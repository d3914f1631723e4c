"""The part of a triangle in which a function that is linear on it is negative."""

from __future__ import annotations

from typing import Final

import numpy as np

from breachflow.arrays import Floats

ROUNDS: Final = 6
"""Rounds of bisection of a triangle: 64 pieces, with edges an eighth as long."""


def bisected(triangles: Floats, rounds: int = ROUNDS) -> Floats:
    """Triangles (n, 3, k) cut in halves again and again, (2^rounds n, 3, k); two rounds halve the edges.

    The edge that is cut is the newest but one (J. M. Maubach, SIAM J. Sci. Comput. 16 (1995) 210).

    >>> bisected(np.array([[[0.0], [1.0], [2.0]]]), 1)[:, :, 0]
    array([[0., 1., 1.],
           [2., 1., 1.]])
    """
    for _ in range(rounds):
        first, second, third = np.moveaxis(triangles, 1, 0)
        middle = 0.5 * (first + third)
        halves = np.stack([first, middle, second], axis=1), np.stack([third, middle, second], axis=1)
        triangles = np.concatenate(halves)
    return triangles


def negative_part(values: Floats, weight: Floats) -> Floats:
    """Mean over each triangle (n,) of a weight that counts only where the values are negative.

    Both are linear on a triangle and given at its corners, (n, 3). The mean is exact.

    >>> negative_part(np.array([[-1.0, 1.0, 1.0]]), np.ones((1, 3)))
    array([0.25])
    """
    order = np.argsort(values, axis=1)
    values, weight = (np.take_along_axis(array, order, axis=1) for array in (values, weight))
    count = np.count_nonzero(values < 0.0, axis=1)
    whole = weight.mean(axis=1)
    tip = _tip(values, weight)
    blunt = whole - _tip(-values[:, ::-1], weight[:, ::-1])
    return np.select([count == 0, count == 1, count == 2], [np.zeros(len(values)), tip, blunt], whole)


def _tip(values: Floats, weight: Floats) -> Floats:
    """The part (n,) at the first corner, whose value alone is negative; anything elsewhere."""
    crosses = (values[:, :1] < 0.0) & (values[:, 1:] >= 0.0)
    along = np.where(crosses, values[:, :1], 0.0) / np.where(crosses, values[:, :1] - values[:, 1:], 1.0)
    ends = weight[:, :1] + along * (weight[:, 1:] - weight[:, :1])
    return np.asarray(along.prod(axis=1) * (weight[:, 0] + ends.sum(axis=1)) / 3.0)
