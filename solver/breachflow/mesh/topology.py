"""From points, cells and named edges to a mesh with faces, owners, neighbors and patches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import AnyInts, Bools, Floats, Indices
from breachflow.errors import MeshError
from breachflow.mesh.boundary_names import require_named
from breachflow.mesh.checks import (
    edge_place,
    place,
    signed_areas,
    validate_points_and_cells,
    validate_tagged_edges,
)
from breachflow.mesh.inner_walls import CutMesh, cut_open
from breachflow.mesh.mesh import VTK_POLYGON, VTK_QUAD, VTK_TRIANGLE, Mesh, Surface
from breachflow.mesh.ragged import joined_rows, next_in_row, reverse_rows, row_of_value, take_rows

CellCorners: TypeAlias = Sequence[AnyInts] | tuple[AnyInts, AnyInts]
"""One array (n, corners) for each kind of cell, or a pair (offsets, corners) of flat arrays."""


class UniqueEdges(NamedTuple):
    """The edges of all cells, each once, sorted by `keys`."""

    keys: Indices
    """(n,) lower point number times the number of points, plus the higher point number."""
    points: Indices
    """(n, 2) the two points, in the order in which the owner goes around."""
    cells: Indices
    """(n, 2) owner, which is the lower cell number, and neighbor or -1."""


def build_mesh(
    points: Floats,
    cells: CellCorners,
    boundary_edges: Mapping[str, AnyInts],
    walls: Collection[str] = (),
) -> Mesh:
    """The 2-D mesh of polygons with points (n_points, 2), m.

    Each named set of edges (m, 2) becomes a patch if its edges lie on the boundary, and a measuring surface
    if they lie between cells. The mesh is cut open along edges between cells whose name is among `walls`:
    these become a patch too, with both sides. Interior faces come first, by owner and neighbor; then follow
    the patches.

    Raises MeshError where points, cells or edges make no valid mesh: cells that overlap or are degenerate,
    boundary edges in no patch or in two.
    """
    points = np.ascontiguousarray(points, dtype=np.float64)
    offsets, corners = _cell_corners(cells)
    validate_points_and_cells(points, offsets, corners)
    corners = reverse_rows(offsets, corners, signed_areas(points, offsets, corners) < 0.0)
    edges = _find_edges(points, offsets, corners)
    tagged = {name: _tagged_edges(name, pairs, points, edges) for name, pairs in boundary_edges.items()}
    inner = _inner_walls(tagged, edges, walls)
    if inner.any():
        opened = cut_open(CutMesh(points, offsets, corners, edges.points, edges.cells), inner, tagged)
        return build_mesh(opened.points, (offsets, opened.corners), opened.edges)
    _require_inside_or_boundary(tagged, points, edges)
    patches = {name: found for name, found in tagged.items() if len(found) and edges.cells[found[0], 1] < 0}
    patch_of_edge = _patch_of_edge(patches, points, edges)
    order = np.lexsort((edges.cells[:, 1], edges.cells[:, 0], patch_of_edge))
    number = np.argsort(order)
    face_points = edges.points[order]
    return Mesh(
        points=points,
        cell_offsets=offsets.astype(np.int32),
        cell_points=corners.astype(np.int32),
        cell_types=_cell_types(offsets),
        face_offsets=np.arange(0, 2 * len(order) + 1, 2, dtype=np.int32),
        face_points=face_points.ravel().astype(np.int32),
        face_cells=edges.cells[order].astype(np.int32),
        patches={name: np.sort(number[found]).astype(np.int32) for name, found in patches.items()},
        surfaces={
            name: _surface(points, face_points, np.sort(number[found]))
            for name, found in tagged.items()
            if len(found) and name not in patches
        },
    )


def renumber(mesh: Mesh, order: AnyInts) -> Mesh:
    """The mesh with cell `order[i]` (n_cells,) as cell i; faces are sorted and turned to match.

    Raises MeshError where the order does not name each cell once.
    """
    chosen = np.asarray(order, dtype=np.int64)
    if not np.array_equal(np.sort(chosen), np.arange(mesh.n_cells)):
        raise MeshError(f"the new order must name each of the {mesh.n_cells} cells once")
    new_cells = np.append(np.argsort(chosen), -1)[mesh.face_cells]  # -1, no neighbor, picks the last: -1
    turned = (new_cells[:, 1] >= 0) & (new_cells[:, 1] < new_cells[:, 0])
    new_cells[turned] = new_cells[turned][:, ::-1]
    patch_of_face = np.full(mesh.n_faces, -1)
    for index, faces in enumerate(mesh.patches.values()):
        patch_of_face[faces] = index
    face_order = np.lexsort((new_cells[:, 1], new_cells[:, 0], patch_of_face))
    face_number = np.argsort(face_order)
    cell_offsets, cell_points = take_rows(mesh.cell_offsets, mesh.cell_points, chosen)
    face_points = reverse_rows(mesh.face_offsets, mesh.face_points, turned)
    face_offsets, face_points = take_rows(mesh.face_offsets, face_points, face_order)
    return Mesh(
        points=mesh.points,
        cell_offsets=cell_offsets.astype(np.int32),
        cell_points=cell_points.astype(np.int32),
        cell_types=mesh.cell_types[chosen],
        face_offsets=face_offsets.astype(np.int32),
        face_points=face_points.astype(np.int32),
        face_cells=new_cells[face_order].astype(np.int32),
        patches={name: np.sort(face_number[faces]).astype(np.int32) for name, faces in mesh.patches.items()},
        surfaces={
            name: _renumbered_surface(surface, face_number, turned) for name, surface in mesh.surfaces.items()
        },
    )


def _renumbered_surface(surface: Surface, face_number: Indices, turned: Bools) -> Surface:
    """The surface with new face numbers (n_faces,), of which the `turned` ones have new owners."""
    faces = face_number[surface.faces]
    order = np.argsort(faces)
    sides = np.where(turned[surface.faces], -surface.sides, surface.sides)
    return Surface(faces=faces[order].astype(np.int32), sides=sides[order])


def _cell_corners(cells: CellCorners) -> tuple[Indices, Indices]:
    """Offsets (n_cells + 1,) and corners of all cells as flat arrays."""
    blocks = [np.asarray(block) for block in cells]
    if any(block.dtype.kind not in "iu" for block in blocks if block.size):
        raise MeshError("the corners of cells must be integer point numbers")
    if len(blocks) == 2 and all(block.ndim == 1 for block in blocks):
        return blocks[0].astype(np.int64), blocks[1].astype(np.int64)
    if any(block.ndim != 2 for block in blocks):
        raise MeshError("each block of cells must be an array of shape (cells, corners)")
    return joined_rows([block.astype(np.int64) for block in blocks])


def _cell_types(offsets: Indices) -> NDArray[np.uint8]:
    """The VTK code of each cell, (n_cells,)."""
    counts = np.diff(offsets)
    return np.select([counts == 3, counts == 4], [VTK_TRIANGLE, VTK_QUAD], VTK_POLYGON).astype(np.uint8)


def _edge_keys(pairs: Indices, n_points: int) -> Indices:
    """One number for each pair (n, 2) of points, the same in both directions."""
    keys: Indices = pairs.min(axis=1) * n_points + pairs.max(axis=1)
    return keys


def _find_edges(points: Floats, offsets: Indices, corners: Indices) -> UniqueEdges:
    """The edges of all cells. Raises MeshError where cells overlap."""
    pairs = np.column_stack([corners, corners[next_in_row(offsets)]])
    cell = row_of_value(offsets)
    keys = _edge_keys(pairs, len(points))
    order = np.argsort(keys, kind="stable")  # stable: of two cells at an edge the lower comes first
    ordered = keys[order]
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    counts = np.diff(np.append(first, len(ordered)))
    shared = counts > 1
    lower = order[first]
    upper = order[np.minimum(first + 1, len(order) - 1)]
    folded = np.flatnonzero(shared & ((counts > 2) | (pairs[lower, 0] == pairs[upper, 0])))
    if folded.size:
        start = first[folded[0]]
        _raise_overlap(
            points, offsets, corners, pairs[order[start]], cell[order[start:][: counts[folded[0]]]]
        )
    cells = np.column_stack([cell[lower], np.where(shared, cell[upper], -1)])
    return UniqueEdges(keys=ordered[first], points=pairs[lower], cells=cells)


def _raise_overlap(
    points: Floats,
    offsets: Indices,
    corners: Indices,
    pair: Indices,
    cells: Indices,
) -> None:
    """Raise MeshError for `cells` (n,) that have an edge in the same direction, or of which three have it."""
    outlines: dict[tuple[int, ...], int] = {}
    for cell in cells.tolist():
        outline = tuple(sorted(corners[offsets[cell] : offsets[cell + 1]].tolist()))
        if outline in outlines:
            raise MeshError(
                f"cells {outlines[outline]} and {cell} have the same corners "
                f"(near {place(points[outline[0]])}): remove one"
            )
        outlines[outline] = cell
    where = edge_place(points, pair)
    if len(cells) > 2:
        names = ", ".join(str(cell) for cell in cells[:5].tolist())
        raise MeshError(f"{where} belongs to {len(cells)} cells ({names}): it may belong to one or two")
    raise MeshError(
        f"cells {cells[0]} and {cells[1]} overlap: both lie on the same side of {where}; "
        "one of them is folded over, mesh again"
    )


def _tagged_edges(name: str, pairs: AnyInts, points: Floats, edges: UniqueEdges) -> Indices:
    """The positions in `edges` of the edges of one name."""
    pairs = validate_tagged_edges(name, pairs, len(points))
    keys = _edge_keys(pairs, len(points)) if len(pairs) else np.empty(0, dtype=np.int64)
    found = np.minimum(np.searchsorted(edges.keys, keys), len(edges.keys) - 1)
    lost = np.flatnonzero(edges.keys[found] != keys)
    if lost.size:
        raise MeshError(
            f"{edge_place(points, pairs[lost[0]])} is named {name!r} but is no edge of any cell "
            f"({lost.size} such edges): remove it, or mesh the region beside it"
        )
    return np.unique(found)


def _inner_walls(tagged: Mapping[str, Indices], edges: UniqueEdges, walls: Collection[str]) -> Bools:
    """Whether each edge (n,) lies between cells and has the name of a wall."""
    is_wall = np.zeros(len(edges.keys), dtype=np.bool_)
    for name in walls:
        is_wall[tagged.get(name, [])] = True
    return is_wall & (edges.cells[:, 1] >= 0)


def _require_inside_or_boundary(tagged: Mapping[str, Indices], points: Floats, edges: UniqueEdges) -> None:
    """Raise MeshError where edges of one name lie on the boundary and others between cells."""
    for name, found in tagged.items():
        on_boundary = edges.cells[found, 1] < 0
        if on_boundary.any() and not on_boundary.all():
            inside = edges.points[found[np.flatnonzero(~on_boundary)[0]]]
            raise MeshError(
                f"{name!r} names {int(on_boundary.sum())} edges on the boundary and "
                f"{int((~on_boundary).sum())} between cells, for example {edge_place(points, inside)}: "
                "give the two different names"
            )


def _patch_of_edge(patches: Mapping[str, Indices], points: Floats, edges: UniqueEdges) -> Indices:
    """The patch of each edge (n,) by its place in `patches`, -1 between cells.

    Raises MeshError where a boundary edge is in no patch or in two.
    """
    names = list(patches)
    patch_of_edge = np.full(len(edges.keys), -1, dtype=np.int64)
    for index, name in enumerate(names):
        twice = patches[name][patch_of_edge[patches[name]] >= 0]
        if twice.size:
            raise MeshError(
                f"{edge_place(points, edges.points[twice[0]])} is in two patches, "
                f"{names[patch_of_edge[twice[0]]]!r} and {name!r} ({twice.size} such edges): keep one"
            )
        patch_of_edge[patches[name]] = index
    require_named(points, edges.points[edges.cells[:, 1] < 0], patch_of_edge[edges.cells[:, 1] < 0], names)
    return patch_of_edge


def _surface(points: Floats, face_points: Indices, faces: Indices) -> Surface:
    """The measuring surface of some faces; upstream is the side of smaller x.

    Along a surface parallel to x, upstream is the side of smaller y. The normals of the faces decide and not
    the centroids of the cells, whose order may alternate along an oblique surface of skewed cells.
    """
    edge = points[face_points[faces, 1]] - points[face_points[faces, 0]]
    normal = np.column_stack([edge[:, 1], -edge[:, 0]])
    along_x = np.abs(normal[:, 0]) <= 1e-9 * np.hypot(normal[:, 0], normal[:, 1])
    downstream = np.where(along_x, normal[:, 1], normal[:, 0]) > 0.0
    return Surface(faces=faces.astype(np.int32), sides=np.where(downstream, 1.0, -1.0))
