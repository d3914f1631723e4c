"""Read Gmsh's mesh files, formats 4.1 and 2.2, text and binary.

meshio is not used: its 4.1 reader fails where only some curves have a physical name, keeps one name per
curve, and trusts the counts in a damaged file (memory it never filled, or all the memory there is).
Format: Gmsh reference manual, "MSH file format" and "MSH file format version 2 (Legacy)".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from breachflow.arrays import Floats, Indices
from breachflow.errors import MeshError
from breachflow.mesh.files.content import ElementBlock, MeshContent, TagNames, assemble
from breachflow.mesh.files.gmsh_sections import (
    BinaryStream,
    GmshStream,
    TextStream,
    raise_short,
    read_header,
    section_of,
)


class GmshKind(NamedTuple):
    """A kind of element; the order of its corners is that of VTK."""

    dimension: int
    corners: int


KINDS = {
    15: GmshKind(0, 1),
    1: GmshKind(1, 2),
    2: GmshKind(2, 3),
    3: GmshKind(2, 4),
    4: GmshKind(3, 4),
    5: GmshKind(3, 8),
    6: GmshKind(3, 6),
    7: GmshKind(3, 5),
}
"""Gmsh's kinds of elements that can be read: points, lines, triangles, quadrilaterals; tetrahedra, hexahedra,
prisms, pyramids."""

EntityTags: TypeAlias = dict[tuple[int, int], list[int]]
"""Physical tags of each (dimension, entity)."""


def read_gmsh(data: bytes) -> MeshContent:
    """Points, cells and named faces of the content of a .msh file.

    Raises MeshError where the content is damaged or of a kind that cannot be read.
    """
    version, open_section = read_header(data)
    names = _physical_names(data)
    if version == "4.1":
        entity_tags = _entity_tags_41(open_section(data, "Entities")) if b"\n$Entities" in data else {}
        if b"\n$PartitionedEntities" in data:
            entity_tags = _partition_tags_41(open_section(data, "PartitionedEntities"), entity_tags)
        node_tags, points = _nodes_41(open_section(data, "Nodes"))
        blocks = _elements_41(open_section(data, "Elements"), entity_tags)
    else:
        node_tags, points = _nodes_22(open_section(data, "Nodes"))
        blocks = _elements_22(open_section(data, "Elements"))
    position = _positions(node_tags)
    placed = [block._replace(nodes=position(block.nodes)) for block in blocks]

    def names_of(dimension: int) -> TagNames:
        return {tag: [name] for (of, tag), name in names.items() if of == dimension}

    return assemble(points, placed, names_of)


def _physical_names(data: bytes) -> dict[tuple[int, int], str]:
    """The physical names by (dimension, tag)."""
    if b"\n$PhysicalNames" not in data:
        return {}
    section = section_of(data, "PhysicalNames")
    names = {}
    for number, content in enumerate(section.body.split(b"\n")[1:], start=section.line + 1):
        line = content.decode("utf-8", "backslashreplace").strip()
        match = re.fullmatch(r'(\d+)\s+(-?\d+)\s+"(.*)"', line)
        if not line:
            continue
        if match is None:
            raise MeshError(
                f'line {number}: the physical name {line[:80]!r} is not of the form: dimension tag "name"'
            )
        names[int(match[1]), abs(int(match[2]))] = match[3].strip()
    return names


def _corners_of(kind: int) -> int:
    """The number of corners of a kind of element. Raises MeshError where it cannot be read."""
    if kind in KINDS:
        return KINDS[kind].corners
    raise MeshError(
        f"elements of Gmsh's type {kind} cannot be read, only straight lines, triangles, quadrilaterals, "
        "tetrahedra, hexahedra, prisms and pyramids; for a curved mesh set Mesh.ElementOrder = 1"
    )


def _entity_tags_41(stream: GmshStream) -> EntityTags:
    """The physical tags of each (dimension, entity)."""
    tags: EntityTags = {}
    for dimension, count in enumerate(stream.sizes(4).tolist()):
        for _ in range(count):
            entity = int(stream.integers(1)[0])
            tags[dimension, entity] = _tags_of_entity(stream, dimension)
    return tags


def _tags_of_entity(stream: GmshStream, dimension: int) -> list[int]:
    """The physical tags of the entity whose place or box comes next."""
    stream.numbers(3 if dimension == 0 else 6)
    physical = stream.integers(int(stream.sizes(1)[0]))
    if dimension > 0:
        stream.integers(int(stream.sizes(1)[0]))
    return [abs(tag) for tag in physical.tolist()]


def _partition_tags_41(stream: GmshStream, whole: EntityTags) -> EntityTags:
    """The physical tags of each (dimension, entity) of a mesh in partitions.

    A part of an entity has the tags of the whole. Gmsh can give it more tags that number the partitions,
    which the whole lacks: these do not count.
    """
    stream.sizes(1)
    stream.integers(2 * int(stream.sizes(1)[0]))  # entities of ghost cells and their partitions
    tags: EntityTags = dict(whole)
    for dimension, count in enumerate(stream.sizes(4).tolist()):
        for _ in range(count):
            entity, parent_dimension, parent = stream.integers(3).tolist()
            stream.integers(int(stream.sizes(1)[0]))
            own = _tags_of_entity(stream, dimension)
            is_border = parent_dimension != dimension  # of two partitions, inside the gas
            tags[dimension, entity] = [] if is_border else whole.get((dimension, parent), own)
    return tags


def _nodes_41(stream: GmshStream) -> tuple[Indices, Floats]:
    """The tags (n,) and points (n, 3) of all nodes."""
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


def _elements_41(stream: GmshStream, entity_tags: EntityTags) -> list[ElementBlock]:
    """The elements, whose nodes are tags; an entity may carry several names."""
    n_blocks, n_elements, _, _ = stream.sizes(4).tolist()
    blocks, total = [], 0
    for _ in range(n_blocks):
        dimension, entity, kind = stream.integers(3).tolist()
        count = int(stream.sizes(1)[0])
        width = 1 + _corners_of(kind)
        nodes = stream.sizes(count * width).reshape(-1, width)[:, 1:]
        physical = np.array(entity_tags.get((dimension, entity)) or [0], dtype=np.int64)
        blocks.append(ElementBlock(KINDS[kind].dimension, nodes, np.tile(physical, (count, 1))))
        total += count
    if total != n_elements:
        raise MeshError(f"{n_elements} elements announced, {total} found; write the mesh again")
    return blocks


def _nodes_22(stream: GmshStream) -> tuple[Indices, Floats]:
    """The tags (n,) and points (n, 3) of all nodes."""
    if isinstance(stream, BinaryStream):
        rows = stream.records(_count(stream), [("tag", "i4", 1), ("point", "f8", 3)])
        return rows["tag"][:, 0].astype(np.int64), rows["point"].astype(np.float64)
    count = int(stream.integers(1)[0])
    if stream.rest() != 4 * count:
        raise MeshError(f"{count} nodes announced, {stream.rest() / 4:g} found; write the mesh again")
    table = stream.numbers(4 * count).reshape(-1, 4)
    if not np.array_equal(table[:, 0], np.trunc(table[:, 0])) or np.abs(table[:, 0]).max(initial=0) > 2**31:
        raise MeshError("a node's number is no integer; write the mesh again")
    return table[:, 0].astype(np.int64), table[:, 1:]


def _count(stream: BinaryStream) -> int:
    """The count in the next line."""
    place, line = stream.place(), stream.line()
    if not line.strip().isdigit():
        raise MeshError(f"{place}: a count is no number; write the mesh again")
    return int(line)


def _elements_22(stream: GmshStream) -> list[ElementBlock]:
    if isinstance(stream, BinaryStream):
        return _elements_22_binary(stream)
    return _elements_22_text(stream)


def _elements_22_binary(stream: BinaryStream) -> list[ElementBlock]:
    n_elements = _count(stream)
    blocks, total = [], 0
    while total < n_elements:
        kind, count, n_tags = stream.integers(3).tolist()
        if count < 1 or n_tags < 0:
            raise MeshError(
                f"{stream.place()}: a block of {count} elements with {n_tags} tags; write the mesh again"
            )
        width = 1 + n_tags + _corners_of(kind)
        blocks.append(_block_22(kind, n_tags, stream.integers(count * width).reshape(-1, width)[:, 1:]))
        total += count
    return blocks


def _elements_22_text(stream: TextStream) -> list[ElementBlock]:
    """The elements; consecutive ones of one kind and number of tags form a block."""
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
                raise_short(stream, position, len(plain))
            blocks.append(_block_22(kind, n_tags, rows.reshape(-1, width)[:, 3:]))
            start = position
    if position != len(plain):
        raise MeshError(f"{len(plain) - position} numbers follow the last element; write the mesh again")
    return blocks


def _block_22(kind: int, n_tags: int, rows: Indices) -> ElementBlock:
    tags = np.abs(rows[:, :1]) if n_tags else np.zeros((len(rows), 1), dtype=np.int64)
    return ElementBlock(KINDS[kind].dimension, rows[:, n_tags:], tags)


def _positions(node_tags: Indices) -> Callable[[Indices], Indices]:
    """A function from node tags of any shape to their positions in `node_tags` (n,).

    Raises MeshError, now or later, where a tag is given twice or is not defined.
    """
    order = np.argsort(node_tags, kind="stable")
    ordered = node_tags[order]
    twice = np.flatnonzero(ordered[1:] == ordered[:-1])
    if twice.size:
        raise MeshError(f"node {int(ordered[twice[0]])} is given twice; write the mesh again")

    def position(nodes: Indices) -> Indices:
        found = np.minimum(np.searchsorted(ordered, nodes), len(ordered) - 1)
        missing = ordered[found] != nodes if len(ordered) else np.ones(nodes.shape, dtype=np.bool_)
        if missing.any():
            raise MeshError(f"an element uses node {int(nodes[missing][0])}, which the file does not define")
        return order[found]

    return position
