"""Read SU2's mesh files (.su2) in two dimensions.

meshio is not used: it drops the names of the markers. Format: SU2 documentation, "Mesh File".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats, Indices
from breachflow.errors import MeshError
from breachflow.mesh.files.content import MeshContent
from breachflow.mesh.mesh import VTK_LINE, VTK_QUAD, VTK_TRIANGLE
from breachflow.mesh.ragged import joined_rows

CORNERS = {VTK_LINE: 2, VTK_TRIANGLE: 3, VTK_QUAD: 4}
"""Corners of each kind of element that can be read; SU2 numbers the kinds as VTK does."""


class Su2Section(NamedTuple):
    """A key of the file, and the lines that follow it as lists of words."""

    key: str
    value: str
    rows: list[list[str]]

    @property
    def counted_rows(self) -> list[list[str]]:
        """The rows. Raises MeshError where there are not as many as the key announces."""
        count = int(self.value.split()[0])
        if count != len(self.rows):
            raise MeshError(f"{self.key}= {count} announced, {len(self.rows)} found; write the mesh again")
        return self.rows


def read_su2(data: bytes) -> MeshContent:
    """Points, plane cells and the edges of each marker of the content of a .su2 file.

    Raises MeshError where the content is damaged or of a kind that cannot be read.
    """
    points, cells = np.empty((0, 2)), []
    edges: dict[str, Indices] = {}
    marker = ""
    for section in _sections(data.decode("utf-8")):
        if section.key == "NDIME" and section.value.strip() != "2":
            raise MeshError(f"three-dimensional meshes are not supported yet: NDIME= {section.value.strip()}")
        if section.key == "NZONE" and section.value.strip() != "1":
            raise MeshError("the file has several zones: write the zone of the gas alone")
        if section.key == "NPOIN":
            points = _points(section)
        elif section.key == "NELEM":
            cells = _elements(section, (VTK_TRIANGLE, VTK_QUAD))
        elif section.key == "MARKER_TAG":
            marker = section.value.strip()
        elif section.key == "MARKER_ELEMS":
            lines = [np.empty((0, 2), dtype=np.int64), *_elements(section, (VTK_LINE,))]
            edges[marker] = np.concatenate([edges.get(marker, lines[0]), *lines])
    offsets, corners = joined_rows(cells)
    return MeshContent(points, offsets, corners, edges)


def _sections(text: str) -> Iterator[Su2Section]:
    """The sections of the file in their order, without comments."""
    section = None
    for line in text.splitlines():
        plain = line.partition("%")[0].strip()
        key, sign, value = plain.partition("=")
        if sign:
            if section is not None:
                yield section
            section = Su2Section(key.strip().upper(), value, [])
        elif plain and section is None:
            raise MeshError(f"not a SU2 mesh: it begins with {plain[:40]!r}, not with a key such as NDIME=")
        elif plain and section is not None:
            section.rows.append(plain.split())
    if section is None:
        raise MeshError("not a SU2 mesh: it has no key such as NDIME=")
    yield section


def _points(section: Su2Section) -> Floats:
    """The points (n, 2); a number after the coordinates is the point's own."""
    rows = section.counted_rows
    short = next((row for row in rows if len(row) < 2), None)
    if short is not None:
        raise MeshError(f"a point has two coordinates, not {' '.join(short)!r}")
    return np.array([row[:2] for row in rows], dtype=np.float64).reshape(-1, 2)


def _elements(section: Su2Section, kinds: tuple[int, ...]) -> list[Indices]:
    """The points of the elements; consecutive ones of one kind form a block (n, corners)."""
    blocks: list[tuple[int, list[list[int]]]] = []
    for row in section.counted_rows:
        kind = int(row[0])
        if kind not in kinds:
            _raise_kind(kind, section.key)
        if len(row) <= CORNERS[kind]:
            raise MeshError(f"an element of SU2's type {kind} has {CORNERS[kind]} points: {' '.join(row)!r}")
        if not blocks or blocks[-1][0] != kind:
            blocks.append((kind, []))
        blocks[-1][1].append([int(node) for node in row[1 : 1 + CORNERS[kind]]])
    return [np.array(rows, dtype=np.int64) for _, rows in blocks]


def _raise_kind(kind: int, key: str) -> None:
    wanted = "straight lines (3)" if key == "MARKER_ELEMS" else "triangles (5) and quadrilaterals (9)"
    raise MeshError(f"{key} holds an element of SU2's type {kind}: only {wanted} can be read")
