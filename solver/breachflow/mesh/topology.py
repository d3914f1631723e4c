"""From points, cells and named faces to a mesh with owners, neighbors and patches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import AnyInts, Bools, Floats, Indices
from breachflow.errors import MeshError
from breachflow.mesh.checks.boundary_names import require_named
from breachflow.mesh.checks.cells import validate_named_faces, validate_points_and_cells
from breachflow.mesh.checks.places import FACE_WORDS, face_place
from breachflow.mesh.checks.solids import signed_volumes
from breachflow.mesh.faces import UniqueFaces, find_faces
from breachflow.mesh.geometry.plane import edge_normals, signed_areas
from breachflow.mesh.geometry.space import area_vectors
from breachflow.mesh.inner_walls import CutMesh, cut_open
from breachflow.mesh.mesh import VTK_POLYGON, VTK_QUAD, VTK_TRIANGLE, Mesh, Surface
from breachflow.mesh.ragged import joined_rows, reverse_rows, take_rows
from breachflow.mesh.shapes import SHAPES, shape_blocks

CellCorners: TypeAlias = Sequence[AnyInts] | tuple[AnyInts, AnyInts]
"""One array (n, corners) for each kind of cell, or a pair (offsets, corners) of flat arrays."""

ALONG = 1e-9
"""Least component of a unit normal; a surface with less is parallel to that axis."""


def build_mesh(
    points: Floats,
    cells: CellCorners,
    named_faces: Mapping[str, AnyInts],
    walls: Collection[str] = (),
) -> Mesh:
    """The mesh with points (n_points, dimension), m: of polygons in the plane, of `SHAPES` in space.

    Named faces are rows of points: (m, 2) in the plane; (m, 3) or (m, 4) in space, with -1 behind the corners
    of a triangle among quadrilaterals. A name becomes a patch if its faces lie on the boundary, and a
    measuring surface if they lie between cells. The mesh is cut open along faces between cells whose name is
    among `walls`: these become a patch too, with both sides. Interior faces come first, by owner and
    neighbor; then follow the patches.

    Raises MeshError where points, cells or faces make no valid mesh: cells that overlap or are degenerate,
    faces of the boundary in no patch or in two.
    """
    points = np.ascontiguousarray(points, dtype=np.float64)
    offsets, corners = _cell_corners(cells)
    validate_points_and_cells(points, offsets, corners)
    corners = _unmirrored(points, offsets, corners)
    faces = find_faces(points, offsets, corners)
    tagged = _tagged_faces(named_faces, points, faces)
    inner = _inner_walls(tagged, faces, walls)
    if inner.any():
        opened = cut_open(CutMesh(points, offsets, corners, faces.points, faces.cells), inner, tagged)
        return build_mesh(opened.points, (offsets, opened.corners), opened.faces)
    _require_inside_or_boundary(tagged, points, faces)
    patches = {name: found for name, found in tagged.items() if len(found) and faces.cells[found[0], 1] < 0}
    patch_of_face = _patch_of_face(patches, points, faces)
    order = np.lexsort((faces.cells[:, 1], faces.cells[:, 0], patch_of_face))
    number = np.argsort(order)
    face_rows = faces.points[order]
    surfaces = {name: found for name, found in tagged.items() if len(found) and name not in patches}
    return Mesh(
        points=points,
        cell_offsets=offsets.astype(np.int32),
        cell_points=corners.astype(np.int32),
        cell_types=_cell_types(offsets, points.shape[1]),
        face_offsets=np.append(0, np.cumsum((face_rows >= 0).sum(axis=1))).astype(np.int32),
        face_points=face_rows[face_rows >= 0].astype(np.int32),
        face_cells=faces.cells[order].astype(np.int32),
        patches={name: np.sort(number[found]).astype(np.int32) for name, found in patches.items()},
        surfaces={
            name: _surface(points, face_rows, np.sort(number[found])) for name, found in surfaces.items()
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


def _unmirrored(points: Floats, offsets: Indices, corners: Indices) -> Indices:
    """The corners of all cells, in the order in which areas and volumes are positive, (n_corners,)."""
    if points.shape[1] == 2:
        return reverse_rows(offsets, corners, signed_areas(points, offsets, corners) < 0.0)
    turned = corners.copy()
    for block in shape_blocks(offsets, corners):
        mirrored = signed_volumes(points, block) < 0.0
        places = offsets[block.cells[mirrored]][:, None] + np.arange(block.shape.corners)
        turned[places] = block.corners[mirrored][:, block.shape.mirrored]
    return turned


def _cell_types(offsets: Indices, dimension: int) -> NDArray[np.uint8]:
    """The VTK code of each cell, (n_cells,)."""
    counts = np.diff(offsets)
    plane = {3: VTK_TRIANGLE, 4: VTK_QUAD}
    codes = plane if dimension == 2 else {count: shape.code for count, shape in SHAPES.items()}
    return np.select([counts == count for count in codes], list(codes.values()), VTK_POLYGON).astype(np.uint8)


def _tagged_faces(
    named_faces: Mapping[str, AnyInts], points: Floats, faces: UniqueFaces
) -> dict[str, Indices]:
    """The positions in `faces` of the faces of each name."""
    rows = {name: validate_named_faces(name, given, points) for name, given in named_faces.items()}
    if not rows:
        return {}
    found = faces.positions(np.concatenate(list(rows.values())), len(points))
    ends = np.cumsum([len(given) for given in rows.values()])
    tagged = dict(zip(rows, np.split(found, ends[:-1]), strict=True))
    for name, positions in tagged.items():
        lost, word = np.flatnonzero(positions < 0), FACE_WORDS[points.shape[1]].one
        if lost.size:
            raise MeshError(
                f"{face_place(points, rows[name][lost[0]])} is named {name!r} but is no {word} of any cell "
                f"({lost.size} such {word}s): remove it, or mesh the region beside it"
            )
    return {name: np.unique(positions) for name, positions in tagged.items()}


def _inner_walls(tagged: Mapping[str, Indices], faces: UniqueFaces, walls: Collection[str]) -> Bools:
    """Whether each face (n,) lies between cells and has the name of a wall."""
    is_wall = np.zeros(len(faces.cells), dtype=np.bool_)
    for name in walls:
        is_wall[tagged.get(name, [])] = True
    return is_wall & (faces.cells[:, 1] >= 0)


def _require_inside_or_boundary(tagged: Mapping[str, Indices], points: Floats, faces: UniqueFaces) -> None:
    """Raise MeshError where faces of one name lie on the boundary and others between cells."""
    for name, found in tagged.items():
        on_boundary = faces.cells[found, 1] < 0
        if on_boundary.any() and not on_boundary.all():
            inside = faces.points[found[np.flatnonzero(~on_boundary)[0]]]
            word = FACE_WORDS[points.shape[1]].one
            raise MeshError(
                f"{name!r} names {int(on_boundary.sum())} {word}s on the boundary and "
                f"{int((~on_boundary).sum())} between cells, for example {face_place(points, inside)}: "
                "give the two different names"
            )


def _patch_of_face(patches: Mapping[str, Indices], points: Floats, faces: UniqueFaces) -> Indices:
    """The patch of each face (n,) by its place in `patches`, -1 between cells.

    Raises MeshError where a face of the boundary is in no patch or in two.
    """
    names = list(patches)
    patch_of_face = np.full(len(faces.cells), -1, dtype=np.int64)
    for index, name in enumerate(names):
        twice = patches[name][patch_of_face[patches[name]] >= 0]
        if twice.size:
            raise MeshError(
                f"{face_place(points, faces.points[twice[0]])} is in two patches, "
                f"{names[patch_of_face[twice[0]]]!r} and {name!r} ({twice.size} such "
                f"{FACE_WORDS[points.shape[1]].one}s): keep one"
            )
        patch_of_face[patches[name]] = index
    outside = faces.cells[:, 1] < 0
    require_named(points, faces.points[outside], patch_of_face[outside], names)
    return patch_of_face


def _surface(points: Floats, face_rows: Indices, faces: Indices) -> Surface:
    """The measuring surface of some faces; upstream is the side of smaller x.

    Along a surface parallel to x, upstream is the side of smaller y, and of smaller z along both. The normals
    of the faces decide and not the centroids of the cells, whose order may alternate along an oblique surface
    of skewed cells.
    """
    normal = (edge_normals if points.shape[1] == 2 else area_vectors)(points, face_rows[faces])
    length = np.linalg.norm(normal, axis=1)
    downstream = normal[:, -1]
    for component in reversed(normal[:, :-1].T):
        downstream = np.where(np.abs(component) <= ALONG * length, downstream, component)
    return Surface(faces=faces.astype(np.int32), sides=np.where(downstream > 0.0, 1.0, -1.0))
