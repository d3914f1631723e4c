"""Sections of Gmsh's mesh files: their encoding, text or binary, and the numbers in them."""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn, TypeAlias

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats, Indices
from breachflow.errors import MeshError


class TextStream:
    """The numbers of a section of a text file, in their order. Reading past its end raises MeshError."""

    def __init__(self, body: bytes) -> None:
        self._tokens = body.split()
        self._position = 0

    def integers(self, n: int) -> Indices:
        """The next integers, (n,)."""
        return np.array([int(token) for token in self._take(n)], dtype=np.int64)

    def sizes(self, n: int) -> Indices:
        """The next counts or tags, (n,)."""
        return self.integers(n)

    def numbers(self, n: int) -> Floats:
        """The next numbers, (n,)."""
        return np.array([float(token) for token in self._take(n)], dtype=np.float64)

    def rest(self) -> int:
        """Count of the numbers that are left."""
        return len(self._tokens) - self._position

    def _take(self, n: int) -> list[bytes]:
        if not 0 <= n <= self.rest():
            raise_short(n, self.rest())
        self._position += n
        return self._tokens[self._position - n : self._position]


class BinaryStream:
    """The numbers of a section of a binary file, in their order. Reading past its end raises MeshError."""

    def __init__(self, body: bytes, order: str, size_bytes: int) -> None:
        self._body = body
        self._order = order
        self._size = f"u{size_bytes}"
        self._position = 0

    def integers(self, n: int) -> Indices:
        """The next integers of 4 bytes, (n,)."""
        return self._take("i4", n).astype(np.int64)

    def sizes(self, n: int) -> Indices:
        """The next counts or tags, of 4 or 8 bytes, (n,)."""
        return self._take(self._size, n).astype(np.int64)

    def numbers(self, n: int) -> Floats:
        """The next numbers in double precision, (n,)."""
        return self._take("f8", n).astype(np.float64)

    def records(self, n: int, fields: list[tuple[str, str, int]]) -> NDArray[np.void]:
        """The next records (n,), whose fields are (name, type, number of values)."""
        return self._take([(name, self._order + kind, (size,)) for name, kind, size in fields], n)

    def line(self) -> bytes:
        """The rest of the line."""
        end = self._body.index(b"\n", self._position) + 1
        start, self._position = self._position, end
        return self._body[start:end]

    def _take(self, kind: str | list[tuple[str, str, tuple[int]]], n: int) -> NDArray[np.void]:
        dtype = np.dtype(self._order + kind) if isinstance(kind, str) else np.dtype(kind)
        left = (len(self._body) - self._position) // dtype.itemsize
        if not 0 <= n <= left:
            raise_short(n, left)
        found = np.frombuffer(self._body, dtype, n, self._position)
        self._position += n * dtype.itemsize
        return found


GmshStream: TypeAlias = TextStream | BinaryStream


class SectionReader(NamedTuple):
    """The encoding of a file's sections."""

    order: str | None
    """Byte order as numpy writes it; None of text."""
    size_bytes: int
    """Bytes of a count or a tag in a binary file."""

    def __call__(self, data: bytes, name: str) -> GmshStream:
        """The numbers of a section of the file's content. Raises MeshError where it is missing."""
        body = section_text(data, name)
        return TextStream(body) if self.order is None else BinaryStream(body, self.order, self.size_bytes)


def read_header(data: bytes) -> tuple[str, SectionReader]:
    """The format, "4.1" or "2.2", and the reader of its sections.

    Raises MeshError where the file is no Gmsh mesh or has another format.
    """
    match = re.match(rb"\s*\$MeshFormat\s*?\n\s*(\S+)\s+(\d+)\s+(\d+)[ \t\r]*\n", data)
    if match is None:
        raise MeshError("not a Gmsh mesh: it does not begin with $MeshFormat, version, kind and size")
    version = match[1].decode("ascii", "replace")
    if version not in ("2.2", "4.1"):
        raise MeshError(f"Gmsh format {version}: formats 4.1 and 2.2 can be read; save it as 4.1")
    size_bytes = int(match[3])
    if size_bytes not in (4, 8):
        raise MeshError(f"Gmsh data size {match[3].decode()}: 8 (or 4) can be read")
    if int(match[2]) == 0:
        return version, SectionReader(None, size_bytes)
    one = data[match.end() : match.end() + 4]
    orders = {b"\x01\x00\x00\x00": "<", b"\x00\x00\x00\x01": ">"}
    if one not in orders:
        raise MeshError("the binary Gmsh mesh does not state its byte order; write the mesh again")
    return version, SectionReader(orders[one], size_bytes)


def section_text(data: bytes, name: str) -> bytes:
    """The text between $name and $Endname. Raises MeshError where either is missing."""
    start = re.search(rb"(?:^|\n)\$" + name.encode() + rb"[ \t\r]*\n", data)
    if start is None:
        raise MeshError(f"the section ${name} is missing")
    end = data.find(b"$End" + name.encode(), start.end())
    if end < 0:
        raise MeshError(f"the section ${name} has no end: the file is cut off; write the mesh again")
    return data[start.end() : end]


def raise_short(wanted: int, left: int) -> NoReturn:
    """Raise the MeshError of a section that ends too soon."""
    raise MeshError(f"a section ends too soon: {wanted} values expected, {left} left; write the mesh again")
