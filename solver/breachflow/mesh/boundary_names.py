"""Edges of the boundary that have no name: what is wrong with the mesh there, and where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from breachflow.arrays import AnyInts, Bools, Floats, Indices
from breachflow.errors import MeshError
from breachflow.mesh.checks import edge_place, place

SAME_PLACE = 1e-6
"""Distance of two points that are one, over the length of the edges there."""


def require_named(points: Floats, edges: AnyInts, patches: Indices, names: Sequence[str]) -> None:
    """Raise MeshError where a boundary edge is in no patch; the message tells why it is one.

    `edges` (n, 2) are the points of all boundary edges, `patches` (n,) the place of each in `names`, or -1.
    """
    loose = patches < 0
    if not loose.any():
        return
    doubled = loose & are_doubled(points, edges)
    if doubled.any():
        raise MeshError(
            f"the points of {int(doubled.sum())} edges are there twice, for example those of "
            f"{edge_place(points, edges[doubled][0])} (at {box(points, edges[doubled])}): cells on both "
            "sides are not joined and no gas passes; merge points at one place in the mesher (in Gmsh: "
            "Coherence Mesh), or name both sides if a wall is there"
        )
    _require_conforming(points, edges[loose])
    existing = ", ".join(repr(name) for name in names) if names else "none"
    raise MeshError(
        f"{int(loose.sum())} boundary edges are in no patch, for example "
        f"{edge_place(points, edges[loose][0])} (they lie at {box(points, edges[loose])}); "
        f"the patches are: {existing}. "
        "Name every boundary edge (in Gmsh: a Physical Curve)"
    )


def are_doubled(points: Floats, edges: AnyInts) -> Bools:
    """Whether another of these boundary edges (n, 2) lies at the same place, (n,)."""
    from scipy.spatial import cKDTree

    used, inverse = np.unique(edges, return_inverse=True)
    length = float(np.hypot(*(points[edges[:, 1]] - points[edges[:, 0]]).T).min())
    near = cKDTree(points[used]).query_pairs(SAME_PLACE * length, output_type="ndarray")
    number = np.arange(len(used))
    np.minimum.at(number, near.max(axis=1), near.min(axis=1))
    pairs = np.sort(number[inverse.reshape(edges.shape)], axis=1)
    _, of_edge, counts = np.unique(pairs, axis=0, return_inverse=True, return_counts=True)
    return np.asarray(counts[of_edge.ravel()] > 1)


def box(points: Floats, edges: AnyInts) -> str:
    """The range of coordinates of edges (n, 2) for a message."""
    low, high = points[edges.ravel()].min(axis=0), points[edges.ravel()].max(axis=0)
    return ", ".join(_span(axis, *ends) for axis, *ends in zip("xy", low, high, strict=True))


def _span(axis: str, low: float, high: float) -> str:
    return f"{axis} = {low:.6g}" if low == high else f"{axis} = {low:.6g} to {high:.6g}"


def _require_conforming(points: Floats, edges: AnyInts) -> None:
    """Raise MeshError where a point of these edges (n, 2) lies on the middle of another of them."""
    start, along = points[edges[:, 0]], points[edges[:, 1]] - points[edges[:, 0]]
    length = np.hypot(*along.T)
    for node in np.unique(edges)[:1000]:
        arm = points[node] - start
        fraction = (arm * along).sum(axis=1) / length**2
        offset = np.abs(along[:, 0] * arm[:, 1] - along[:, 1] * arm[:, 0]) / length
        inside = (fraction > SAME_PLACE) & (fraction < 1.0 - SAME_PLACE) & (offset <= SAME_PLACE * length)
        if inside.any():
            raise MeshError(
                f"the point {place(points[node])} lies on {edge_place(points, edges[inside][0])}, which has "
                "no corner there: cells on both sides of a line must have the same points; mesh again"
            )
