"""The check of a file before any of its values is read or any memory for them allocated.

A file is opened once, through one descriptor, so that the checked contents are those that are read. They must
not lead outside the file: no external or soft links, no external storage, and virtual datasets over the
snapshots of the result alone, which are read by name and never through HDF5.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from breachflow.errors import ResultError
from breachflow.results.files.layout import ContentError, is_snapshot_file, reading, steps_folder
from breachflow.results.files.seal import check_seal
from breachflow.version import PROGRAM
from breachflow.words import nearest, printable

if TYPE_CHECKING:
    import h5py

_SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
_NO_RESULT: Final = "not an HDF5 file; give a file that `breachflow run`, `sweep` or `cabin` wrote"
_INSTEAD: Final = {
    ".toml": "a case and no result: `breachflow check` says what to expect of it, and `run`, `cabin` or "
    "`sweep` computes it",
    ".csv": "a text; give the HDF5 file that it was made from",
}
"""What to do with a file of another kind, by its suffix."""
_FILTERS: Final = {1: "gzip", 2: "shuffle", 3: "fletcher32"}
_LARGEST_EXPANSION: Final = 1100
"""Deflate cannot expand more than 1032 times (zlib technical notes)."""
_PAUSE: Final = 0.02
"""s between two attempts to lock a file."""
_LONGEST_ATTRIBUTE: Final = 1 << 16
_DEEPEST: Final = 8
_MOST_OBJECTS: Final = 20_000
_LINKED_FIELDS: Final = "/VTKHDF/CellData/"


class OpenedFile(NamedTuple):
    """A file that has passed the check."""

    root: h5py.File
    digest: str | None
    """SHA-256 of the image; None where the file has no seal."""


@contextmanager
def open_checked(path: Path) -> Iterator[OpenedFile]:
    """Open a result, a snapshot or a table after checking all of it.

    Raises ResultError where the file cannot be read or its contents are wrong, also where the block finds
    that out.
    """
    import h5py

    try:
        with os.fdopen(_open_regular(path), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            if file.read(len(_SIGNATURE)) != _SIGNATURE:
                raise ContentError(_INSTEAD.get(path.suffix.lower(), _NO_RESULT))
            _require_closed(file)
            digest = check_seal(file, size)
            with reading("/"), h5py.File(file, "r") as root:
                _check_tree(root, path, size)
                yield OpenedFile(root, digest)
    except ContentError as error:
        raise ResultError(f"{path}: {error}") from error
    except OSError as error:
        raise ResultError(f"{path}: cannot read: {error.strerror}{_nearest(path)}") from error
    except MemoryError as error:
        raise ResultError(f"{path}: not enough memory to read it") from error


def _open_regular(path: Path) -> int:
    """A descriptor of a regular file: reading a pipe or a device might never end."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise ContentError("not a regular file; give a file that `breachflow run`, `sweep` or `cabin` wrote")
    return descriptor


def _require_closed(file: BinaryIO) -> None:
    """Raise ContentError where another program writes the file, or has left it marked as being written.

    HDF5 locks a file that it opens for writing (flock), and sets a mark in it until it closes the file.
    """
    import fcntl

    for is_last in (False, False, True):
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            fcntl.flock(file, fcntl.LOCK_UN)
            break
        except BlockingIOError:
            if is_last:
                why = "open for writing in another program; close it there and try again"
                raise ContentError(why) from None
            time.sleep(_PAUSE)  # the program itself holds a lock for an instant, when a file gets its name
        except OSError:
            break  # a file system without locks
    if _is_marked(file):
        raise ContentError(
            "open for writing in another program, or left open by one that was killed; close it there, or "
            "restore the file from a copy"
        )


def _is_marked(file: BinaryIO) -> bool:
    """Whether the superblock, of version 0 or 1 or of 2 or 3, marks the file as open (HDF5 specification)."""
    file.seek(len(_SIGNATURE))
    superblock = file.read(16)
    return len(superblock) == 16 and (superblock[3] if superblock[0] >= 2 else superblock[12]) != 0


def _nearest(path: Path) -> str:
    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.suffix in (".vtkhdf", ".h5")]
    except OSError:
        return ""
    near = nearest(path.name, names)
    return f"; did you mean {near}?" if near and near != path.name else ""


def _check_tree(root: h5py.File, path: Path, size: int) -> None:
    """Check every object in the file."""
    import h5py

    seen: set[int] = {h5py.h5o.get_info(root.id).addr}
    stored = 0
    groups: list[tuple[h5py.Group, int]] = [(root, 0)]
    while groups:
        group, depth = groups.pop()
        for name in group:
            with reading(f"{group.name.rstrip('/')}/{name}"):
                member = _member(group, name, seen)
                if isinstance(member, h5py.Group):
                    if depth >= _DEEPEST:
                        raise ContentError(f"{member.name}: groups nested too deeply")
                    groups.append((member, depth + 1))
                else:
                    stored += _check_dataset(member, path)
    if stored > size:
        raise ContentError(f"its datasets claim {stored} bytes of a file of {size} bytes")


def _member(group: h5py.Group, name: str, seen: set[int]) -> Any:
    """The object behind a link, which must be a hard link and the only one to the object."""
    import h5py

    label = f"{group.name.rstrip('/')}/{name}"
    link = group.get(name, getlink=True)
    if not isinstance(link, h5py.HardLink):
        raise ContentError(f"{label}: {_LINK_NAMES.get(type(link).__name__, 'a link')} is not allowed here")
    member = group[name]
    if not isinstance(member, (h5py.Group, h5py.Dataset)):
        raise ContentError(f"{label}: neither a group nor a dataset")
    address = h5py.h5o.get_info(member.id).addr
    if address in seen:
        raise ContentError(f"{label}: linked more than once")
    seen.add(address)
    if len(seen) > _MOST_OBJECTS:
        raise ContentError(f"has more than {_MOST_OBJECTS} groups and arrays, which no result has")
    return member


_LINK_NAMES: Final = {"ExternalLink": "a link to another file", "SoftLink": "a soft link"}


def _check_dataset(dataset: h5py.Dataset, path: Path) -> int:
    """Check a dataset without reading it; returns the bytes that it takes in the file."""
    import h5py

    _check_type(dataset)
    properties = dataset.id.get_create_plist()
    if properties.get_external_count():
        raise ContentError(f"{dataset.name}: stores its values in another file")
    if properties.get_layout() == h5py.h5d.VIRTUAL:
        _check_virtual(dataset, path)
        return 0
    _check_filters(dataset, properties)
    stored = int(dataset.id.get_storage_size())
    _check_size(dataset, stored, filtered=properties.get_nfilters() > 0)
    return stored


def _check_type(dataset: h5py.Dataset) -> None:
    """Refuse what is not numbers of up to eight bytes, flags, or text of a fixed length."""
    import h5py

    kind = dataset.id.get_type()
    allowed = (h5py.h5t.INTEGER, h5py.h5t.FLOAT, h5py.h5t.ENUM, h5py.h5t.STRING)
    if kind.get_class() not in allowed:
        raise ContentError(f"{dataset.name}: holds neither numbers nor text")
    if kind.get_class() == h5py.h5t.STRING:
        if kind.is_variable_str():
            raise ContentError(f"{dataset.name}: text of variable length is not allowed here")
    elif dataset.dtype.kind not in "biuf" or dataset.dtype.itemsize > 8:
        raise ContentError(f"{dataset.name}: numbers of type {dataset.dtype} are not allowed here")


def _check_filters(dataset: h5py.Dataset, properties: Any) -> None:
    for i in range(properties.get_nfilters()):
        code = properties.get_filter(i)[0]
        if code not in _FILTERS:
            allowed = ", ".join(_FILTERS.values())
            raise ContentError(f"{dataset.name}: filter number {code} is not one of {allowed}")


def _check_size(dataset: h5py.Dataset, stored: int, filtered: bool) -> None:
    """Refuse a dataset that declares more than it stores: a few kilobytes can declare 80 TB."""
    import h5py

    declared = _declared_bytes(dataset)
    possible = stored * _LARGEST_EXPANSION if filtered else stored
    if declared > possible:
        raise ContentError(f"{dataset.name}: declares {declared} bytes but stores only {stored}")
    if declared and dataset.id.get_space_status() != h5py.h5d.SPACE_STATUS_ALLOCATED:
        raise ContentError(f"{dataset.name}: a part of it is missing")
    chunks = dataset.chunks
    if chunks and any(chunk > length for chunk, length in zip(chunks, dataset.shape, strict=True)):
        raise ContentError(f"{dataset.name}: its chunks are larger than itself")


def _declared_bytes(dataset: h5py.Dataset) -> int:
    declared = int(dataset.id.get_type().get_size())
    for length in dataset.shape or ():
        declared *= int(length)
    return declared


def _check_virtual(dataset: h5py.Dataset, path: Path) -> None:
    """Refuse a virtual dataset over anything but the snapshots of this result."""
    if not dataset.name.startswith(_LINKED_FIELDS):
        raise ContentError(f"{dataset.name}: a virtual dataset is not allowed here")
    folder = steps_folder(path).name
    for source in dataset.virtual_sources():
        parent, _, file = source.file_name.replace("%%", "%").rpartition("/")
        if not is_snapshot_file(file):
            raise ContentError(
                f"{dataset.name}: refers to {source.file_name!r}, which is no snapshot of this result"
            )
        if parent != folder:
            raise ContentError(f"{dataset.name}: {_renamed(parent, folder)}")


def _renamed(parent: str, folder: str) -> str:
    return (
        f"its snapshots are in {parent!r}, but those of a file of this name are in {folder!r}; "
        "give the file its first name back"
    )


def read_attribute(target: h5py.HLObject, name: str) -> Any:
    """The value of an attribute: a number, short numbers, or text of a fixed length.

    Raises ContentError where there is no such attribute, or it is of another type or too long.
    """
    if name not in target.attrs:
        raise ContentError(f"{target.name}: has no attribute {name!r}")
    with reading(f"{target.name}: attribute {name!r}"):
        return _attribute(target, name)


def _attribute(target: h5py.HLObject, name: str) -> Any:
    import h5py

    attribute = target.attrs.get_id(name)
    kind = attribute.get_type()
    allowed = (h5py.h5t.INTEGER, h5py.h5t.FLOAT, h5py.h5t.ENUM, h5py.h5t.STRING)
    if kind.get_class() not in allowed or (kind.get_class() == h5py.h5t.STRING and kind.is_variable_str()):
        raise ContentError(
            f"{target.name}: attribute {name!r} is neither a number nor text of a fixed length"
        )
    if kind.get_size() * max(1, attribute.get_space().get_simple_extent_npoints()) > _LONGEST_ATTRIBUTE:
        raise ContentError(f"{target.name}: attribute {name!r} is too long")
    return plain(target.attrs[name])


def is_dataset(item: object) -> bool:
    """Whether an object of a file is a dataset."""
    import h5py

    return isinstance(item, h5py.Dataset)


def require_format(root: h5py.File, attribute: str, known: int, what: str) -> None:
    """Raise ContentError where a file has another format than the known one: it says which version reads it.

    `what` says in words what the file holds; the format stands in the attribute.
    """
    found = read_attribute(root, attribute)
    if not isinstance(found, int):
        raise ContentError(f"/: attribute {attribute!r}: is no number of a format")
    if found != known:
        raise ContentError(
            f"{what} in format {printable(found)}, written by {_program(root)}; {PROGRAM} reads format "
            f"{known}: open it with the version that wrote it"
        )


def _program(root: h5py.File) -> str:
    """The version that wrote a file: `program` stands at its root or, of a run, with its provenance."""
    for group in (root, root.get("provenance")):
        if group is not None and "program" in group.attrs:
            return printable(read_attribute(group, "program"))
    return "another version"


def plain(value: Any) -> Any:
    """A scalar as a bool, int, float or str of Python."""
    value = value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
