"""The outline of a plane mesh: its boundary in order, and the walls between inlet and outlet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Bools, Floats, Indices
from breachflow.mesh.mesh import Mesh

WALL, SOURCE, SINK = 0, 1, 2
"""What a boundary face is: closed, or open toward one of the two sides."""


class Outline(NamedTuple):
    """The boundary faces of a mesh."""

    points: Floats
    """(n_points, 2) of the mesh."""
    faces: Indices
    """(n,) face numbers."""
    ends: Indices
    """(n, 2) points of each face; the gas lies to the left."""
    kinds: Indices
    """(n,) WALL, SOURCE or SINK."""

    @property
    def is_wall(self) -> Bools:
        """Whether each face is closed, (n,)."""
        return np.asarray(self.kinds == WALL)


def outline_of(mesh: Mesh, sources: Indices, sinks: Indices) -> Outline:
    """The outline of a mesh with the faces `sources` (n,) and `sinks` (m,); all other boundary is closed."""
    faces = np.flatnonzero(mesh.face_cells[:, 1] < 0)
    kinds = np.full(mesh.n_faces, WALL)
    kinds[sources], kinds[sinks] = SOURCE, SINK
    ends = mesh.face_corners[faces].astype(np.int64)
    return Outline(mesh.points, faces, ends, kinds[faces])


def separating_gaps(outline: Outline) -> tuple[Indices, Indices] | None:
    """The points (n,) of the boundary after the sources and before them, on the way around the gas.

    A line from the first to the second parts the sources from the sinks. None where the two do not lie side
    by side on one closed line: no single line parts them.
    """
    loop = _loop_of_all_openings(outline)
    if loop is None:
        return None
    opened = loop[outline.kinds[loop] != WALL]
    begins = np.flatnonzero((outline.kinds[opened] == SOURCE) & (outline.kinds[np.roll(opened, 1)] == SINK))
    if len(begins) != 1:
        return None
    loop = np.roll(loop, -int(np.flatnonzero(loop == opened[begins[0]])[0]))
    last_source = int(np.flatnonzero(outline.kinds[loop] == SOURCE)[-1])
    sinks = np.flatnonzero(outline.kinds[loop] == SINK)
    start = outline.ends[loop, 0]
    return start[last_source + 1 : sinks[0] + 1], np.append(start[sinks[-1] + 1 :], start[0])


def _loop_of_all_openings(outline: Outline) -> Indices | None:
    """The positions of the faces of the closed line on which all openings lie, in order; None without one."""
    loops = [loop for loop in _loops(outline) if (outline.kinds[loop] != WALL).any()]
    return loops[0] if len(loops) == 1 else None


def _loops(outline: Outline) -> Iterator[Indices]:
    """The closed lines of the boundary, each as positions of its faces in order."""
    following = np.empty(len(outline.ends), dtype=np.int64)
    following[np.argsort(outline.ends[:, 1], kind="stable")] = np.argsort(outline.ends[:, 0], kind="stable")
    left = np.ones(len(following), dtype=np.bool_)
    for first in range(len(following)):
        loop, face = [], first
        while left[face]:
            left[face] = False
            loop.append(face)
            face = int(following[face])
        if loop:
            yield np.array(loop)
