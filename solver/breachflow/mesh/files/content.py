"""The content of a mesh file of any format, before it is checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats, Indices


class MeshContent(NamedTuple):
    """Points, plane cells and named edges as a mesh file has them."""

    points: Floats
    """(n_points, 3) in the unit of the file."""
    offsets: Indices
    """(n_cells + 1,) start of the corners of each cell."""
    corners: Indices
    """(n_corners,) points of all cells, one cell after the other, in the order of the file."""
    edges: Mapping[str, Indices]
    """(m, 2) points of the edges of each name."""


def name_edges(names: Mapping[int, Sequence[str]], tags: Indices, pairs: Indices) -> dict[str, Indices]:
    """The edges of each name, (m, 2), from the tag (n,) and the points (n, 2) of all edges.

    A tag without a name, say 3, gives the name `patch_3`.
    """
    edges: dict[str, Indices] = {}
    for tag, given in names.items():
        for name in given:
            called = name or f"patch_{tag}"
            edges[called] = np.concatenate([edges.get(called, pairs[:0]), pairs[tags == tag]])
    return edges
