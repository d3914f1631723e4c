"""Where something lies in a mesh, and what its parts are called: words for messages."""

from __future__ import annotations

from typing import Final, NamedTuple

from breachflow.arrays import AnyInts, Floats


class FaceWords(NamedTuple):
    """What bounds a cell, and what Gmsh calls a named set of such faces and of cells."""

    one: str
    named_faces: str
    named_cells: str


FACE_WORDS: Final = {
    2: FaceWords("edge", "Physical Curve", "Physical Surface"),
    3: FaceWords("face", "Physical Surface", "Physical Volume"),
}
"""By the dimension of the mesh."""


def place(point: Floats) -> str:
    """The coordinates of a point for a message."""
    return "(" + ", ".join(f"{float(x):.6g}" for x in point) + ")"


def face_place(points: Floats, corners: AnyInts) -> str:
    """Where a face lies, from its row of points (2,) or (4,), -1 behind the corners of a triangle."""
    if len(corners) == 2:
        return f"the edge from {place(points[corners[0]])} to {place(points[corners[1]])}"
    used = points[corners[corners >= 0]]
    kind = "triangle" if len(used) == 3 else "quadrilateral"
    return f"the {kind} with the corners {', '.join(place(point) for point in used)}"


def box(points: Floats, faces: AnyInts) -> str:
    """The range of coordinates of faces (n, corners) for a message."""
    used = points[faces[faces >= 0]]
    low, high = used.min(axis=0), used.max(axis=0)
    return ", ".join(_span(axis, *ends) for axis, *ends in zip("xyz", low, high, strict=False))


def _span(axis: str, low: float, high: float) -> str:
    return f"{axis} = {low:.6g}" if low == high else f"{axis} = {low:.6g} to {high:.6g}"
