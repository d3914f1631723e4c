"""The narrowest section between two boundaries of a plane mesh.

A cut through a plane mesh that parts one stretch of its boundary from another is a line along its edges from
wall to wall. The cut of least area is a shortest path, where steps along a wall cost nothing (L. R. Ford and
D. R. Fulkerson, Canadian Journal of Mathematics 8 (1956) 399, on planar networks). Edges of triangles seldom
lie straight across a hole, so that this cut is too large. Its ends tell the two walls that it joins, and the
shortest straight line through the gas between these is the section.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats, Indices
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.opening.chords import Chord, Walls, section_area, smallest_chord
from breachflow.mesh.opening.outline import Outline, outline_of, separating_gaps


class CrossSection(NamedTuple):
    """A straight section through the gas, which passes from its left to its right."""

    ends: Floats
    """(2, 2) m."""
    faces: tuple[int, int]
    """Boundary faces at its ends."""
    area: float
    """m2 per meter of depth; axisymmetric: m2 per radian."""
    is_exact: bool
    """False of a cut along edges, which is larger than the section: no straight one was found."""


class _Graph(NamedTuple):
    """Points of the mesh, those of a wall joined to one node, and the faces that gas may pass as edges."""

    node: Indices
    """(n_points,) node of each point."""
    key: Indices
    """(n_edges,) lower node times the number of nodes, plus the higher; sorted."""
    face: Indices
    """(n_edges,) the smallest face between two nodes."""
    area: Floats
    """(n_edges,)"""

    @property
    def size(self) -> int:
        """Number of nodes."""
        return int(self.node.max()) + 1


def narrowest_sections(
    mesh: Mesh, sources: Indices, sinks: Indices, axisymmetric: bool
) -> list[CrossSection] | None:
    """The sections through which all gas must pass from the faces `sources` (n,) to the faces `sinks` (m,).

    One, or several side by side where a body stands in the gas. None where no single line parts the two, and
    where no gas can pass.
    """
    outline = outline_of(mesh, sources, sinks)
    gaps = separating_gaps(outline)
    if gaps is None:
        return None
    graph = _graph(mesh, outline, axisymmetric)
    path = _shortest_path(graph, int(graph.node[gaps[0][0]]), int(graph.node[gaps[1][0]]))
    return [_section(mesh, outline, graph, part, axisymmetric) for part in _parts(graph, outline, path)]


def _graph(mesh: Mesh, outline: Outline, axisymmetric: bool) -> _Graph:
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    n = len(mesh.points)
    walls = outline.ends[outline.is_wall]
    joined = coo_matrix((np.ones(len(walls), dtype=np.int8), walls.T), shape=(n, n))
    node = np.asarray(connected_components(joined, directed=False)[1], dtype=np.int64)
    open_faces = np.setdiff1d(np.arange(mesh.n_faces), outline.faces[outline.is_wall])
    pairs = mesh.face_corners[open_faces]
    area = section_area(mesh.points[pairs[:, 0]], mesh.points[pairs[:, 1]], axisymmetric)
    key = node[pairs].min(axis=1) * (int(node.max()) + 1) + node[pairs].max(axis=1)
    order = np.lexsort((area, key))
    first = order[np.append(True, np.diff(key[order]) > 0)]
    return _Graph(node, key[first], open_faces[first], np.maximum(area[first], np.finfo(np.float64).tiny))


def _shortest_path(graph: _Graph, start: int, end: int) -> list[int]:
    """The nodes of the path of least area."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import dijkstra

    lower, higher = np.divmod(graph.key, graph.size)
    matrix = coo_matrix((graph.area, (lower, higher)), shape=(graph.size, graph.size)).tocsr()
    _, before = dijkstra(matrix, directed=False, indices=start, return_predecessors=True)
    path = [end]
    while path[-1] != start:
        path.append(int(before[path[-1]]))
    return path[::-1]


def _parts(graph: _Graph, outline: Outline, path: list[int]) -> list[list[int]]:
    """The path, parted at the walls that it touches on its way."""
    walls = set(graph.node[outline.ends[outline.is_wall].ravel()].tolist())
    inner = [place for place in range(1, len(path) - 1) if path[place] in walls]
    stops = [0, *inner, len(path) - 1]
    return [path[begin : end + 1] for begin, end in pairwise(stops)]


def _section(
    mesh: Mesh, outline: Outline, graph: _Graph, part: list[int], axisymmetric: bool
) -> CrossSection:
    cut = _cut(mesh, graph, part)
    walls = [_walls_at(outline, graph, node) for node in (part[0], part[-1])]
    chord = None
    if all(len(wall.faces) for wall in walls):
        chord = smallest_chord(
            walls[0], walls[1], _pieces(outline, np.arange(len(outline.faces))), axisymmetric
        )
    if chord is None or chord.area > cut.area * (1.0 + 1e-9):
        return CrossSection(*cut, is_exact=len(part) == 2)
    return CrossSection(*chord, is_exact=True)


def _cut(mesh: Mesh, graph: _Graph, part: list[int]) -> Chord:
    """The cut along edges, from its first to its last point, with the area of all its edges."""
    steps = np.array(part)
    keys = np.minimum(steps[1:], steps[:-1]) * graph.size + np.maximum(steps[1:], steps[:-1])
    found = np.searchsorted(graph.key, keys)
    faces = graph.face[found]
    pairs = mesh.face_corners[faces[[0, -1]]]
    turned = graph.node[pairs[:, 0]] != steps[[0, -2]]
    first, last = pairs[0, int(turned[0])], pairs[1, 1 - int(turned[1])]
    return Chord(mesh.points[[first, last]], (int(faces[0]), int(faces[-1])), float(graph.area[found].sum()))


def _walls_at(outline: Outline, graph: _Graph, node: int) -> Walls:
    """The straight pieces of the wall that is one node."""
    return _pieces(outline, np.flatnonzero(outline.is_wall & (graph.node[outline.ends[:, 0]] == node)))


def _pieces(outline: Outline, chosen: Indices) -> Walls:
    start, end = np.moveaxis(outline.points[outline.ends[chosen]], 1, 0)
    return Walls(outline.faces[chosen], start, end)
