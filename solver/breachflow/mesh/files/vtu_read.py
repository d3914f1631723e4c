"""Read VTK's .vtu files by meshio.

An integer cell array, one of `TAG_ARRAYS`, numbers the patches and surfaces, which are cells of one dimension
less than those of the mesh. Field data arrays, name -> (tag, dimension), name the numbers; without them they
are called `patch_1` and so on.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from breachflow.errors import MeshError
from breachflow.mesh.files.content import MeshContent
from breachflow.mesh.files.meshio_read import careful, content_of, field_names

MOST_TAGS: Final = 10_000
"""Of the XML of a file: each takes memory, and a mesh has some dozens."""


def read_vtu(path: Path) -> MeshContent:
    """Points, cells and named faces of a .vtu file.

    Raises MeshError where the file has cells of a kind that cannot be read, or several pieces.
    """
    # meshio 5.3.5 silently keeps only the last piece and leaves out cells that it does not know.
    data = path.read_bytes()
    _require_xml(data)
    pieces = re.findall(rb"<Piece\s[^>]*>", data)
    if len(pieces) > 1:
        raise MeshError("the file has several pieces: merge them into one")
    found = _load(path)
    announced = re.search(rb"NumberOfCells\s*=\s*[\"']\s*(\d+)", pieces[0]) if pieces else None
    n_read = sum(len(block.data) for block in found.cells)
    if announced is None or int(announced[1]) != n_read:
        count = "unknown" if announced is None else int(announced[1])
        raise MeshError(f"{count} cells announced, {n_read} of kinds that can be read; write the mesh again")
    return content_of(found, partial(field_names, found.field_data))


def _require_xml(data: bytes) -> None:
    """Raise MeshError, with the place, where the file is no XML of a mesh; appended raw bytes may be none."""
    raw = re.search(rb"<AppendedData[^>]*raw", data)
    text = data if raw is None else data[: raw.start()]
    if text.count(b"<") > MOST_TAGS:
        raise MeshError(f"the XML has more than {MOST_TAGS} tags, which no mesh has")
    if raw is not None:
        return
    try:
        ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        line, column = getattr(error, "position", (1, 0))
        raise MeshError(
            f"line {line}, column {column}: is damaged or no mesh (it is no XML); write the mesh again"
        ) from None


def _load(path: Path) -> Any:
    """The reader of meshio, which holds the mesh."""
    places = ["before its first array"]
    with careful(lambda: places[-1]):
        from meshio.vtu import _vtu

        class Reader(_vtu.VtuReader):  # type: ignore[misc]  # meshio has no types
            """Knows which array it reads."""

            def read_data(self, array: Any) -> Any:
                name = array.attrib.get("Name")
                places.append(f"array {name[:60]!r}" if name else "an array without a name")
                return super().read_data(array)

        return _mesh_of(Reader(path))


def _mesh_of(reader: Any) -> Any:
    import meshio

    cells, data, fields = reader.cells, reader.cell_data, reader.field_data
    return meshio.Mesh(reader.points, cells, cell_data=data, field_data=fields)
