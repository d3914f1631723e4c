"""Faces of the boundary that have no name: what is wrong with the mesh there, and where."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from breachflow.arrays import AnyInts, Bools, Floats, Indices
from breachflow.errors import MeshError
from breachflow.mesh.checks.places import FACE_WORDS, box, face_place, place

SAME_PLACE = 1e-6
"""Distance of two points that are one, over the length of the edges there."""

TRIED = 1000
"""Points of faces without a name that are looked for on other such faces."""


def require_named(points: Floats, faces: AnyInts, patches: Indices, names: Sequence[str]) -> None:
    """Raise MeshError where a face of the boundary is in no patch; the message tells why it is one.

    `faces` (n, corners) are the points of all faces of the boundary, `patches` (n,) the place of each in
    `names`, or -1.
    """
    loose = patches < 0
    if not loose.any():
        return
    words = FACE_WORDS[points.shape[1]]
    doubled = loose & are_doubled(points, faces)
    if doubled.any():
        raise MeshError(
            f"the points of {int(doubled.sum())} {words.one}s are there twice, for example those of "
            f"{face_place(points, faces[doubled][0])} (at {box(points, faces[doubled])}): cells on both "
            "sides are not joined and no gas passes; merge points at one place in the mesher (in Gmsh: "
            "Coherence Mesh), or name both sides if a wall is there"
        )
    _require_conforming(points, faces[loose])
    _require_alike(points, faces[loose])
    existing = ", ".join(repr(name) for name in names) if names else "none"
    raise MeshError(
        f"{int(loose.sum())} boundary {words.one}s are in no patch, for example "
        f"{face_place(points, faces[loose][0])} (they lie at {box(points, faces[loose])}); "
        f"the patches are: {existing}. "
        f"Name every boundary {words.one} (in Gmsh: a {words.named_faces})"
    )


def are_doubled(points: Floats, faces: AnyInts) -> Bools:
    """Whether another of these faces (n, corners) of the boundary lies at the same place, (n,)."""
    from scipy.spatial import cKDTree

    used, inverse = np.unique(faces, return_inverse=True)
    number = np.arange(len(used))
    absent = int(used[0] < 0)  # -1, behind the corners of triangles, stays apart from the points
    near = cKDTree(points[used[absent:]]).query_pairs(
        SAME_PLACE * _shortest(points, faces), output_type="ndarray"
    )
    np.minimum.at(number, near.max(axis=1) + absent, near.min(axis=1) + absent)
    rows = np.sort(number[inverse.reshape(faces.shape)], axis=1)
    _, of_face, counts = np.unique(rows, axis=0, return_inverse=True, return_counts=True)
    return np.asarray(counts[of_face.ravel()] > 1)


def _shortest(points: Floats, faces: AnyInts) -> float:
    """The length of the shortest side of the faces (n, corners)."""
    begin, end = (faces[:, [0, 1]] if faces.shape[1] == 2 else _sides(faces)).T
    return float(np.linalg.norm(points[end] - points[begin], axis=1).min())


def _sides(faces: AnyInts) -> Indices:
    """The sides (m, 2) of faces in space (n, 4)."""
    after = np.roll(faces, -1, axis=1)
    after = np.where(after < 0, faces[:, :1], after)
    return np.column_stack([faces.ravel(), after.ravel()])[faces.ravel() >= 0].astype(np.int64)


def _simplices(faces: AnyInts) -> tuple[Indices, Indices]:
    """Faces as edges (m, 2) or triangles (m, 3), and the face of each (m,)."""
    number = np.arange(len(faces))
    if faces.shape[1] == 2:
        return faces.astype(np.int64), number
    four = np.flatnonzero(faces[:, 3] >= 0)
    pieces = np.concatenate([faces[:, :3], faces[four][:, [0, 2, 3]]])
    return pieces.astype(np.int64), np.concatenate([number, four])


def _require_conforming(points: Floats, faces: AnyInts) -> None:
    """Raise MeshError where a point of these faces (n, corners) lies on another one beside its corners."""
    pieces, face = _simplices(faces)
    start = points[pieces[:, 0]]
    sides = points[pieces[:, 1:]] - start[:, None]
    inverse = np.linalg.pinv(sides)  # (m, dimension, sides): from an arm to its parts along the sides
    size = np.linalg.norm(sides, axis=2).max(axis=1)
    for node in np.unique(faces[faces >= 0])[:TRIED]:
        arm = points[node] - start
        part = np.einsum("mi,mij->mj", arm, inverse)
        offset = np.linalg.norm(arm - np.einsum("mj,mji->mi", part, sides), axis=1)
        parts = np.column_stack([1.0 - part.sum(axis=1), part])
        inside = (parts > -SAME_PLACE).all(axis=1) & (parts < 1.0 - SAME_PLACE).all(axis=1)
        inside &= (offset <= SAME_PLACE * size) & ~(faces[face] == node).any(axis=1)
        if inside.any():
            word = "line" if faces.shape[1] == 2 else "face"
            raise MeshError(
                f"the point {place(points[node])} lies on {face_place(points, faces[face[inside][0]])}, "
                f"which has no corner there: cells on both sides of a {word} must have the same points; "
                "mesh again"
            )


def _require_alike(points: Floats, faces: AnyInts) -> None:
    """Raise MeshError where a triangle among these faces has three corners of a quadrilateral among them."""
    if faces.shape[1] == 2:
        return
    is_four = faces[:, 3] >= 0
    four, three = np.sort(faces[is_four], axis=1), np.sort(faces[~is_four], axis=1)[:, 1:]
    cut = np.concatenate([np.delete(four, k, axis=1) for k in range(4)])
    both = np.concatenate([cut, three])
    _, number = np.unique(both, axis=0, return_inverse=True)
    met = np.flatnonzero(np.isin(number.ravel()[len(cut) :], number.ravel()[: len(cut)]))
    if met.size:
        raise MeshError(
            f"{face_place(points, faces[~is_four][met[0]])} is a part of a quadrilateral face "
            f"({met.size} such triangles): cells on both sides must share whole faces; put pyramids between"
        )
