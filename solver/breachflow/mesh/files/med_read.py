"""Read Salome's .med files by meshio; their groups name the patches and surfaces."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from breachflow.errors import MeshError
from breachflow.mesh.files.content import MeshContent
from breachflow.mesh.files.meshio_read import LARGEST_UNPACKED, careful, content_of

MOST_ENTRIES: Final = 10_000
"""Groups and arrays of a file: a mesh has some dozens."""


def read_med(path: Path) -> MeshContent:
    """Points, cells and the faces of each group of a .med file; raises MeshError as `read_vtu` does."""
    places = ["/"]
    with careful(lambda: f"group or array {places[-1]!r}"):
        import h5py
        from meshio.med import _med

        with h5py.File(path, "r") as file:
            _require_sound(file, places)
        found = _med.read(path)
    groups = {int(tag): list(names) for tag, names in found.cell_tags.items()}
    return content_of(found, lambda _dimension: groups)


def _require_sound(file: Any, places: list[str]) -> None:
    """Raise MeshError where an array lies in another file, or unpacks to too much; note where we are.

    A file of some kilobytes may announce terabytes.
    """
    import h5py

    size, waiting = 0, [file]
    while waiting:
        group = waiting.pop()
        for name in group:
            places.append(f"{group.name.rstrip('/')}/{name}")
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                raise MeshError("is a link to elsewhere; save the mesh in one file")
            entry = group[name]
            if isinstance(entry, h5py.Group):
                waiting.append(entry)
            elif isinstance(entry, h5py.Dataset):
                size += entry.size * entry.dtype.itemsize if entry.size else 0
                _require_plain(entry, size)
            if len(places) > MOST_ENTRIES:
                raise MeshError("the file has more groups and arrays than a mesh can have")
    places.append("/ENS_MAA")


def _require_plain(entry: Any, size: int) -> None:
    if entry.external or entry.is_virtual:
        raise MeshError("its values lie in another file; save the mesh in one file")
    if size > LARGEST_UNPACKED:
        raise MeshError(
            f"its arrays unpack to more than {LARGEST_UNPACKED / 1e6:.0f} MB, the most that is read"
        )
