"""Read VTK's legacy .vtk files by meshio; patches are numbered and named as in .vtu files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import BinaryIO

from breachflow.mesh.files.content import MeshContent
from breachflow.mesh.files.meshio_read import careful, content_of, field_names


def read_vtk(path: Path) -> MeshContent:
    """Points, cells and numbered faces of a legacy .vtk file; raises MeshError as `read_vtu` does."""
    with path.open("rb") as file, careful(lambda: _place(path, file)):
        from meshio.vtk._main import read_buffer

        found = read_buffer(file)
    return content_of(found, partial(field_names, found.field_data))


def _place(path: Path, file: BinaryIO) -> str:
    """How far a file has been read, in words."""
    byte = file.tell()
    with path.open("rb") as again:
        before = again.read(byte)
    return f"line {1 + before.count(bytes([10]))}, byte {byte}"
