"""Write VTK's .vtu files: XML with arrays in base64."""

from __future__ import annotations

import base64
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from breachflow.mesh.files.content import MARK
from breachflow.mesh.mesh import VTK_LINE, VTK_QUAD, VTK_TRIANGLE, Mesh
from breachflow.mesh.ragged import take_rows

FACE_CODES = np.array([0, 0, VTK_LINE, VTK_TRIANGLE, VTK_QUAD], dtype=np.uint8)
"""VTK's code of a face by its number of corners."""


def vtu_text(mesh: Mesh) -> str:
    """A mesh as the text of a .vtu file.

    After the cells follows a line, in space a plane cell, for each face of a patch or surface, with its tag
    in `gmsh:physical`; field data arrays name the tags.
    """
    named = {**mesh.patches, **{name: surface.faces for name, surface in mesh.surfaces.items()}}
    faces = np.concatenate([np.empty(0, dtype=np.int64), *named.values()]).astype(np.int64)
    tags = [np.full(len(members), tag) for tag, members in enumerate(named.values(), start=1)]
    face_offsets, face_points = take_rows(mesh.face_offsets, mesh.face_points, faces)
    corner_ends = mesh.cell_offsets[1:].astype(np.int64)
    face_ends = corner_ends[-1] + face_offsets[1:]
    names = "".join(
        f'<DataArray type="Int64" Name={quoteattr(name)} NumberOfTuples="2" format="ascii">'
        f"{tag} {mesh.dimension - 1}</DataArray>\n"
        for tag, name in enumerate(named, start=1)
    )
    points = np.pad(mesh.points, ((0, 0), (0, 3 - mesh.dimension)))
    cells = (
        vtu_array("connectivity", np.concatenate([mesh.cell_points, face_points]).astype(np.int64))
        + vtu_array("offsets", np.concatenate([corner_ends, face_ends]))
        + vtu_array("types", np.concatenate([mesh.cell_types, FACE_CODES[np.diff(face_offsets)]]))
    )
    physical = np.concatenate([np.zeros(mesh.n_cells), *tags]).astype(np.int64)
    return (
        '<?xml version="1.0"?>\n'
        f"<!-- {MARK} -->\n"
        '<VTKFile type="UnstructuredGrid" version="1.0" byte_order="LittleEndian" header_type="UInt64">\n'
        f"<UnstructuredGrid>\n<FieldData>\n{names}</FieldData>\n"
        f'<Piece NumberOfPoints="{len(points)}" NumberOfCells="{mesh.n_cells + len(faces)}">\n'
        f"<Points>\n{vtu_array('Points', points, 3)}</Points>\n"
        f"<Cells>\n{cells}</Cells>\n"
        f"<CellData>\n{vtu_array('gmsh:physical', physical)}</CellData>\n"
        "</Piece>\n</UnstructuredGrid>\n</VTKFile>\n"
    )


def vtu_array(name: str, values: NDArray[Any], components: int = 0, tuples: int = 0) -> str:
    """An array in base64: its size in bytes, then the bytes, little-endian.

    `values` are float64, int64 or uint8, (n,) or (n, components); `tuples` is their number in field data.
    """
    kinds = {"f8": "Float64", "i8": "Int64", "u1": "UInt8"}
    data = values.astype(values.dtype.newbyteorder("<")).tobytes()
    body = base64.b64encode(np.array(len(data), dtype="<u8").tobytes() + data).decode()
    size = f' NumberOfComponents="{components}"' if components else ""
    size += f' NumberOfTuples="{tuples}"' if tuples else ""
    kind = kinds[values.dtype.str[1:]]
    return f'<DataArray type="{kind}" Name={quoteattr(name)}{size} format="binary">{body}</DataArray>\n'
