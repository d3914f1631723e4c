"""Sections of Gmsh's mesh files: their encoding, text or binary, and the numbers in them."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any, NamedTuple, NoReturn, TypeAlias

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats, Indices
from breachflow.errors import MeshError


class GmshSection(NamedTuple):
    """What stands between $NAME and $EndNAME, and where in the file."""

    name: str
    line: int
    """Of its first line."""
    byte: int
    """Of its first byte."""
    body: bytes


class TextStream:
    """The numbers of a section of a text file, in their order.

    Reading past its end, or what is no number, raises MeshError with the line.
    """

    def __init__(self, section: GmshSection) -> None:
        self._section = section
        self._tokens = section.body.split()
        self._position = 0

    def integers(self, n: int) -> Indices:
        """The next integers, (n,)."""
        return self._read(n, int, np.dtype(np.int64), "an integer")

    def sizes(self, n: int) -> Indices:
        """The next counts or tags, (n,)."""
        return self.integers(n)

    def numbers(self, n: int) -> Floats:
        """The next numbers, (n,)."""
        return self._read(n, float, np.dtype(np.float64), "a number")

    def rest(self) -> int:
        """Count of the numbers that are left."""
        return len(self._tokens) - self._position

    def place(self) -> str:
        """Where the next number stands, in words."""
        return f"line {self._line(self._position)}"

    def _read(self, n: int, read: type[int | float], dtype: np.dtype[Any], kind: str) -> NDArray[Any]:
        if not 0 <= n <= self.rest():
            raise_short(self, n, self.rest())
        first, self._position = self._position, self._position + n
        tokens = self._tokens[first : self._position]
        try:
            return np.array([read(token) for token in tokens], dtype=dtype)
        except (ValueError, OverflowError):
            bad = next(i for i, token in enumerate(tokens) if not _fits(token, read, dtype))
            said = f"{tokens[bad].decode('ascii', 'backslashreplace')[:60]!r} is not {kind}"
            raise MeshError(f"line {self._line(first + bad)}: {said}; write the mesh again") from None

    def _line(self, position: int) -> int:
        """The line of a number, or of the end of the section."""
        words = re.finditer(rb"\S+", self._section.body)
        word = next(islice(words, position, None), None)
        end = len(self._section.body) if word is None else word.start()
        return self._section.line + self._section.body.count(b"\n", 0, end)


class BinaryStream:
    """The numbers of a section of a binary file, in their order. Reading past its end raises MeshError."""

    def __init__(self, section: GmshSection, order: str, size_bytes: int) -> None:
        self._section, self._body = section, section.body
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
        """The rest of the line. Raises MeshError where it has no end."""
        end = self._body.find(b"\n", self._position) + 1
        if not end:
            raise MeshError(f"{self.place()}: a line has no end; write the mesh again")
        start, self._position = self._position, end
        return self._body[start:end]

    def place(self) -> str:
        """Where the next value stands, in words."""
        return f"byte {self._section.byte + self._position}"

    def _take(self, kind: str | list[tuple[str, str, tuple[int]]], n: int) -> NDArray[np.void]:
        dtype = np.dtype(self._order + kind) if isinstance(kind, str) else np.dtype(kind)
        left = (len(self._body) - self._position) // dtype.itemsize
        if not 0 <= n <= left:
            raise_short(self, n, left)
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
        section = section_of(data, name)
        return (
            TextStream(section) if self.order is None else BinaryStream(section, self.order, self.size_bytes)
        )


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


def section_of(data: bytes, name: str) -> GmshSection:
    """What stands between $name and $Endname. Raises MeshError where either is missing."""
    start = re.search(rb"(?:^|\n)\$" + name.encode() + rb"[ \t\r]*\n", data)
    if start is None:
        raise MeshError(f"the section ${name} is missing")
    end = data.find(b"$End" + name.encode(), start.end())
    if end < 0:
        raise MeshError(f"the section ${name} has no end: the file is cut off; write the mesh again")
    line = 1 + data.count(b"\n", 0, start.end())
    return GmshSection(name, line, start.end(), data[start.end() : end])


def raise_short(stream: GmshStream, wanted: int, left: int) -> NoReturn:
    """Raise the MeshError of a section that ends too soon."""
    found = f"{wanted} values expected, {left} left"
    raise MeshError(f"{stream.place()}: a section ends too soon: {found}; write the mesh again")


def _fits(token: bytes, read: type[int | float], dtype: np.dtype[Any]) -> bool:
    try:
        np.array(read(token), dtype=dtype)
    except (ValueError, OverflowError):
        return False
    return True
