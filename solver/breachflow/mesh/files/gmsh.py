"""Gmsh's mesh files, formats 4.1 and 2.2, text and binary.

Read here and not by meshio: its 4.1 reader fails where only some curves have a physical name, keeps one
name per curve, and trusts the counts in a damaged file (memory it never filled, or all the memory there is).
Format: Gmsh reference manual, "MSH file format" and "MSH file format version 2 (Legacy)".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats
from breachflow.errors import MeshError
from breachflow.mesh.mesh import Mesh

POINT, LINE, TRIANGLE, QUAD = 15, 1, 2, 3
CORNERS = {POINT: 1, LINE: 2, TRIANGLE: 3, QUAD: 4}
SOLIDS = {4, 5, 6, 7}


class FileMesh(NamedTuple):
    """What a mesh file says, before it is checked."""

    points: Floats
    """(n, 3)"""
    offsets: NDArray[np.int64]
    corners: NDArray[np.int64]
    """Corners of the 2-D cells, one cell after the other, in the order of the file."""
    edges: Mapping[str, NDArray[np.int64]]
    """Named (m, 2) edges."""


class GmshBlock(NamedTuple):
    """Elements of one kind."""

    kind: int
    tags: NDArray[np.int64]
    """(n,) physical tag, 0 = none."""
    nodes: NDArray[np.int64]
    """(n, corners) node tags."""


class TextStream:
    """The numbers of a section of a text file, taken one after the other."""

    def __init__(self, body: bytes) -> None:
        self._tokens = body.split()
        self._position = 0

    def integers(self, count: int) -> NDArray[np.int64]:
        return np.array([int(token) for token in self._take(count)], dtype=np.int64)

    sizes = integers

    def numbers(self, count: int) -> Floats:
        return np.array([float(token) for token in self._take(count)], dtype=np.float64)

    def rest(self) -> int:
        return len(self._tokens) - self._position

    def _take(self, count: int) -> list[bytes]:
        if not 0 <= count <= self.rest():
            _raise_short(count, self.rest())
        self._position += count
        return self._tokens[self._position - count : self._position]


class BinaryStream:
    """The numbers of a section of a binary file, taken one after the other."""

    def __init__(self, body: bytes, order: str, size_bytes: int) -> None:
        self._body = body
        self._order = order
        self._size = f"u{size_bytes}"
        self._position = 0

    def integers(self, count: int) -> NDArray[np.int64]:
        return self._take("i4", count).astype(np.int64)

    def sizes(self, count: int) -> NDArray[np.int64]:
        return self._take(self._size, count).astype(np.int64)

    def numbers(self, count: int) -> Floats:
        return self._take("f8", count).astype(np.float64)

    def records(self, count: int, fields: list[tuple[str, str, int]]) -> NDArray[np.void]:
        """Rows of (name, type, number of values)."""
        return self._take([(name, self._order + kind, (n,)) for name, kind, n in fields], count)

    def line(self) -> bytes:
        end = self._body.index(b"\n", self._position) + 1
        start, self._position = self._position, end
        return self._body[start:end]

    def _take(self, kind: str | list[tuple[str, str, tuple[int]]], count: int) -> NDArray[np.void]:
        dtype = np.dtype(self._order + kind) if isinstance(kind, str) else np.dtype(kind)
        left = (len(self._body) - self._position) // dtype.itemsize
        if not 0 <= count <= left:
            _raise_short(count, left)
        found = np.frombuffer(self._body, dtype, count, self._position)
        self._position += count * dtype.itemsize
        return found


Stream = TextStream | BinaryStream


def read_gmsh(data: bytes) -> FileMesh:
    """Points, 2-D cells and named edges of a .msh file's content."""
    version, open_section = _header(data)
    if b"\n$PartitionedEntities" in data:
        raise MeshError("the mesh is split into partitions: save it as one")
    names = _physical_names(data)
    if version == "4.1":
        entity_tags = _entity_tags_41(open_section(data, "Entities")) if b"\n$Entities" in data else None
        node_tags, points = _nodes_41(open_section(data, "Nodes"))
        blocks = _elements_41(open_section(data, "Elements"), entity_tags)
    else:
        node_tags, points = _nodes_22(open_section(data, "Nodes"))
        blocks = _elements_22(open_section(data, "Elements"))
    return _assemble(node_tags, points, blocks, names)


def gmsh_text(mesh: Mesh) -> str:
    """The mesh in Gmsh's format 2.2, text: the digits of every coordinate kept, names as physical curves."""
    named = {**mesh.patches, **{name: surface.faces for name, surface in mesh.surfaces.items()}}
    if int(np.diff(mesh.cell_offsets).max()) > max(CORNERS.values()):
        raise MeshError("a .msh file holds triangles and quadrilaterals only: write a .vtu file")
    lines = ["$MeshFormat", "2.2 0 8", "$EndMeshFormat", "$PhysicalNames", str(len(named) + 1)]
    lines += [f'1 {tag} "{name}"' for tag, name in enumerate(named, start=1)]
    gas = len(named) + 1
    lines += [f'2 {gas} "gas"', "$EndPhysicalNames", "$Nodes", str(len(mesh.points))]
    lines += [f"{node} {x!r} {y!r} 0" for node, (x, y) in enumerate(mesh.points.tolist(), start=1)]
    pairs = (mesh.face_points.reshape(-1, 2) + 1).tolist()
    elements = [
        f"{LINE} 2 {tag} {tag} {pairs[face][0]} {pairs[face][1]}"
        for tag, faces in enumerate(named.values(), start=1)
        for face in faces.tolist()
    ]
    kinds = {count: kind for kind, count in CORNERS.items()}
    corners = [str(corner) for corner in (mesh.cell_points + 1).tolist()]
    bounds = mesh.cell_offsets.tolist()
    elements += [
        f"{kinds[end - start]} 2 {gas} {gas} {' '.join(corners[start:end])}"
        for start, end in pairwise(bounds)
    ]
    lines += ["$EndNodes", "$Elements", str(len(elements))]
    lines += [f"{number} {element}" for number, element in enumerate(elements, start=1)]
    return "\n".join([*lines, "$EndElements", ""])


def _raise_short(wanted: int, left: int) -> NoReturn:
    raise MeshError(f"a section ends too soon: {wanted} values expected, {left} left; write the mesh again")


class _Opener(NamedTuple):
    """How this file's sections are to be read."""

    order: str | None
    """Byte order, None for text."""
    size_bytes: int

    def __call__(self, data: bytes, name: str) -> Stream:
        body = _section(data, name)
        return TextStream(body) if self.order is None else BinaryStream(body, self.order, self.size_bytes)


def _header(data: bytes) -> tuple[str, _Opener]:
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
        return version, _Opener(None, size_bytes)
    one = data[match.end() : match.end() + 4]
    orders = {b"\x01\x00\x00\x00": "<", b"\x00\x00\x00\x01": ">"}
    if one not in orders:
        raise MeshError("the binary Gmsh mesh does not state its byte order; write the mesh again")
    return version, _Opener(orders[one], size_bytes)


def _section(data: bytes, name: str) -> bytes:
    start = re.search(rb"(?:^|\n)\$" + name.encode() + rb"[ \t\r]*\n", data)
    if start is None:
        raise MeshError(f"the section ${name} is missing")
    end = data.find(b"$End" + name.encode(), start.end())
    if end < 0:
        raise MeshError(f"the section ${name} has no end: the file is cut off; write the mesh again")
    return data[start.end() : end]


def _physical_names(data: bytes) -> dict[tuple[int, int], str]:
    """Names by (dimension, tag)."""
    if b"\n$PhysicalNames" not in data:
        return {}
    lines = _section(data, "PhysicalNames").decode("utf-8").splitlines()
    names = {}
    for line in filter(None, map(str.strip, lines[1:])):
        match = re.fullmatch(r'(\d+)\s+(-?\d+)\s+"(.*)"', line)
        if match is None:
            raise MeshError(f'the physical name {line[:80]!r} is not of the form: dimension tag "name"')
        names[int(match[1]), abs(int(match[2]))] = match[3].strip()
    return names


def _corners_of(kind: int) -> int:
    if kind in CORNERS:
        return CORNERS[kind]
    if kind in SOLIDS:
        raise MeshError("three-dimensional meshes are not supported yet: the file holds solid cells")
    raise MeshError(
        f"elements of Gmsh's type {kind} cannot be read, only straight lines, triangles and quadrilaterals; "
        "for a curved mesh set Mesh.ElementOrder = 1"
    )


def _entity_tags_41(stream: Stream) -> dict[tuple[int, int], list[int]]:
    """Physical tags of each (dimension, entity)."""
    tags = {}
    for dimension, count in enumerate(stream.sizes(4).tolist()):
        for _ in range(count):
            entity = int(stream.integers(1)[0])
            stream.numbers(3 if dimension == 0 else 6)
            physical = stream.integers(int(stream.sizes(1)[0]))
            tags[dimension, entity] = [abs(tag) for tag in physical.tolist()]
            if dimension > 0:
                stream.integers(int(stream.sizes(1)[0]))
    return tags


def _nodes_41(stream: Stream) -> tuple[NDArray[np.int64], Floats]:
    n_blocks, n_nodes, _, _ = stream.sizes(4).tolist()
    tags, points = [], []
    for _ in range(n_blocks):
        dimension, _, parametric = stream.integers(3).tolist()
        count = int(stream.sizes(1)[0])
        width = 3 + (dimension if parametric else 0)
        tags.append(stream.sizes(count))
        points.append(stream.numbers(count * width).reshape(-1, width)[:, :3])
    if sum(map(len, tags)) != n_nodes:
        raise MeshError(f"{n_nodes} nodes announced, {sum(map(len, tags))} found; write the mesh again")
    return np.concatenate([np.empty(0, dtype=np.int64), *tags]), np.concatenate([np.empty((0, 3)), *points])


def _elements_41(stream: Stream, entity_tags: dict[tuple[int, int], list[int]] | None) -> list[GmshBlock]:
    n_blocks, n_elements, _, _ = stream.sizes(4).tolist()
    blocks, total = [], 0
    for _ in range(n_blocks):
        dimension, entity, kind = stream.integers(3).tolist()
        count = int(stream.sizes(1)[0])
        width = 1 + _corners_of(kind)
        nodes = stream.sizes(count * width).reshape(-1, width)[:, 1:]
        # A curve may carry several names; a cell needs none.
        physical = (entity_tags or {}).get((dimension, entity), []) if kind == LINE else []
        blocks += [GmshBlock(kind, np.full(count, tag), nodes) for tag in physical or [0]]
        total += count
    if total != n_elements:
        raise MeshError(f"{n_elements} elements announced, {total} found; write the mesh again")
    return blocks


def _nodes_22(stream: Stream) -> tuple[NDArray[np.int64], Floats]:
    if isinstance(stream, BinaryStream):
        rows = stream.records(int(stream.line()), [("tag", "i4", 1), ("point", "f8", 3)])
        return rows["tag"][:, 0].astype(np.int64), rows["point"].astype(np.float64)
    count = int(stream.integers(1)[0])
    if stream.rest() != 4 * count:
        raise MeshError(f"{count} nodes announced, {stream.rest() / 4:g} found; write the mesh again")
    table = stream.numbers(4 * count).reshape(-1, 4)
    if not np.array_equal(table[:, 0], np.trunc(table[:, 0])) or np.abs(table[:, 0]).max(initial=0) > 2**31:
        raise MeshError("a node's number is no integer; write the mesh again")
    return table[:, 0].astype(np.int64), table[:, 1:]


def _elements_22(stream: Stream) -> list[GmshBlock]:
    if isinstance(stream, BinaryStream):
        return _elements_22_binary(stream)
    return _elements_22_text(stream)


def _elements_22_binary(stream: BinaryStream) -> list[GmshBlock]:
    n_elements = int(stream.line())
    blocks, total = [], 0
    while total < n_elements:
        kind, count, n_tags = stream.integers(3).tolist()
        if count < 1 or n_tags < 0:
            raise MeshError(f"a block of {count} elements with {n_tags} tags; write the mesh again")
        width = 1 + n_tags + _corners_of(kind)
        blocks.append(_block_22(kind, n_tags, stream.integers(count * width).reshape(-1, width)[:, 1:]))
        total += count
    return blocks


def _elements_22_text(stream: TextStream) -> list[GmshBlock]:
    """Runs of elements of the same kind and number of tags become blocks."""
    n_elements = int(stream.integers(1)[0])
    values = stream.integers(stream.rest())
    plain = values.tolist()
    blocks, start, position = [], 0, 0
    for element in range(n_elements):
        if position + 3 > len(plain):
            raise MeshError(f"{n_elements} elements announced, {element} found; write the mesh again")
        kind, n_tags = plain[position + 1 : position + 3]
        if n_tags < 0:
            raise MeshError(f"element {plain[position]} has {n_tags} tags; write the mesh again")
        width = 3 + n_tags + _corners_of(kind)
        position += width
        if element + 1 == n_elements or plain[position + 1 : position + 3] != [kind, n_tags]:
            rows = values[start:position]
            if len(rows) != position - start:
                _raise_short(position, len(plain))
            blocks.append(_block_22(kind, n_tags, rows.reshape(-1, width)[:, 3:]))
            start = position
    if position != len(plain):
        raise MeshError(f"{len(plain) - position} numbers follow the last element; write the mesh again")
    return blocks


def _block_22(kind: int, n_tags: int, rows: NDArray[np.int64]) -> GmshBlock:
    tags = np.abs(rows[:, 0]) if n_tags else np.zeros(len(rows), dtype=np.int64)
    return GmshBlock(kind, tags, rows[:, n_tags:])


def _assemble(
    node_tags: NDArray[np.int64], points: Floats, blocks: list[GmshBlock], names: dict[tuple[int, int], str]
) -> FileMesh:
    order = np.argsort(node_tags, kind="stable")
    ordered = node_tags[order]
    twice = np.flatnonzero(ordered[1:] == ordered[:-1])
    if twice.size:
        raise MeshError(f"node {int(ordered[twice[0]])} is given twice; write the mesh again")

    def positions(nodes: NDArray[np.int64]) -> NDArray[np.int64]:
        found = np.minimum(np.searchsorted(ordered, nodes), len(ordered) - 1)
        missing = ordered[found] != nodes if len(ordered) else np.ones(nodes.shape, dtype=np.bool_)
        if missing.any():
            raise MeshError(f"an element uses node {int(nodes[missing][0])}, which the file does not define")
        return order[found]

    cells = [block.nodes for block in blocks if block.kind in (TRIANGLE, QUAD)]
    counts = [np.full(len(nodes), nodes.shape[1]) for nodes in cells]
    empty = np.empty(0, dtype=np.int64)
    corners = np.concatenate([empty, *(nodes.ravel() for nodes in cells)])
    offsets = np.concatenate([np.zeros(1, dtype=np.int64), *counts]).cumsum()
    lines = [block for block in blocks if block.kind == LINE]
    tags = np.concatenate([empty, *(block.tags for block in lines)])
    pairs = np.concatenate([empty.reshape(0, 2), *(block.nodes for block in lines)])
    by_tag = {tag: names.get((1, tag), "") for tag in np.unique(tags).tolist() if tag}
    return FileMesh(points, offsets, positions(corners), name_edges(by_tag, tags, positions(pairs)))


def name_edges(
    names: Mapping[int, str], tags: NDArray[np.int64], pairs: NDArray[np.int64]
) -> dict[str, NDArray[np.int64]]:
    """The edges of each name; a tag without a name is called patch_<tag>."""
    edges: dict[str, NDArray[np.int64]] = {}
    for tag, name in names.items():
        name = name or f"patch_{tag}"
        edges[name] = np.concatenate([edges.get(name, pairs[:0]), pairs[tags == tag]])
    return edges
