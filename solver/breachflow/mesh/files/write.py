"""Write a mesh for other programs: .msh (Gmsh 2.2, text) or .vtu (VTK); `read_mesh` reads both back."""

from __future__ import annotations

import base64
import contextlib
import os
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from breachflow.errors import MeshError
from breachflow.mesh.files.gmsh import gmsh_text
from breachflow.mesh.mesh import Mesh

VTK_LINE = 3


def write_mesh(mesh: Mesh, path: str | os.PathLike[str]) -> None:
    """Write the mesh with its patches and surfaces; the file appears complete or not at all."""
    path = Path(path)
    writers = {".msh": gmsh_text, ".vtu": vtu_text}
    if path.suffix.lower() not in writers:
        raise MeshError(f"{path}: a mesh can be written as .msh (Gmsh) or .vtu (VTK), not {path.suffix!r}")
    if mesh.dimension != 2:
        raise MeshError(f"{path}: three-dimensional meshes are not supported yet")
    for name in (*mesh.patches, *mesh.surfaces):
        if '"' in name or not name.isprintable():
            raise MeshError(f"{path}: the name {name!r} cannot be written: no quotes, no line breaks")
    try:
        content = writers[path.suffix.lower()](mesh).encode()
    except MeshError as error:
        raise MeshError(f"{path}: {error}") from None
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        _write_and_rename(content, partial, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise MeshError(f"{path}: cannot be written: {error.strerror or error}") from None


def _write_and_rename(content: bytes, partial: Path, path: Path) -> None:
    with partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def vtu_text(mesh: Mesh) -> str:
    """Cells, then a line for each named face with its tag in `gmsh:physical`; names as field data."""
    named = {**mesh.patches, **{name: surface.faces for name, surface in mesh.surfaces.items()}}
    faces = np.concatenate([np.empty(0, dtype=np.int64), *named.values()]).astype(np.int64)
    tags = [np.full(len(members), tag) for tag, members in enumerate(named.values(), start=1)]
    n_lines = len(faces)
    lines = mesh.face_points.reshape(-1, 2)[faces]
    corner_ends = mesh.cell_offsets[1:].astype(np.int64)
    line_ends = corner_ends[-1] + 2 * np.arange(1, n_lines + 1)
    names = "".join(
        f'<DataArray type="Int64" Name={quoteattr(name)} NumberOfTuples="2" format="ascii">'
        f"{tag} 1</DataArray>\n"
        for tag, name in enumerate(named, start=1)
    )
    points = np.column_stack([mesh.points, np.zeros(len(mesh.points))])
    cells = (
        _array("connectivity", np.concatenate([mesh.cell_points, lines.ravel()]).astype(np.int64))
        + _array("offsets", np.concatenate([corner_ends, line_ends]))
        + _array("types", np.concatenate([mesh.cell_types, np.full(n_lines, VTK_LINE)]).astype(np.uint8))
    )
    physical = np.concatenate([np.zeros(mesh.n_cells), *tags]).astype(np.int64)
    return (
        '<?xml version="1.0"?>\n'
        '<VTKFile type="UnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">\n'
        f"<UnstructuredGrid>\n<FieldData>\n{names}</FieldData>\n"
        f'<Piece NumberOfPoints="{len(points)}" NumberOfCells="{mesh.n_cells + n_lines}">\n'
        f"<Points>\n{_array('Points', points, 3)}</Points>\n"
        f"<Cells>\n{cells}</Cells>\n"
        f"<CellData>\n{_array('gmsh:physical', physical)}</CellData>\n"
        "</Piece>\n</UnstructuredGrid>\n</VTKFile>\n"
    )


def _array(name: str, values: NDArray[Any], components: int = 0) -> str:
    """A base64 array: its size in bytes, then the bytes, little-endian."""
    kinds = {"f8": "Float64", "i8": "Int64", "u1": "UInt8"}
    data = values.astype(values.dtype.newbyteorder("<")).tobytes()
    body = base64.b64encode(np.array(len(data), dtype="<u8").tobytes() + data).decode()
    size = f' NumberOfComponents="{components}"' if components else ""
    kind = kinds[values.dtype.str[1:]]
    return f'<DataArray type="{kind}" Name="{name}"{size} format="binary">{body}</DataArray>\n'
