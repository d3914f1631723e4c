"""Read SU2's mesh files (.su2).

meshio is not used: it drops the names of the markers. Format: SU2 documentation, "Mesh File".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.errors import MeshError
from breachflow.mesh.files.content import ElementBlock, MeshContent, assemble
from breachflow.mesh.mesh import VTK_LINE, VTK_QUAD, VTK_TRIANGLE
from breachflow.mesh.shapes import SHAPES

CORNERS = {
    1: {VTK_LINE: 2},
    2: {VTK_TRIANGLE: 3, VTK_QUAD: 4},
    3: {shape.code: shape.corners for shape in SHAPES.values()},
}
"""Corners of each kind of element that can be read, by dimension; SU2 numbers the kinds as VTK does."""

KINDS = {
    1: "straight lines (3)",
    2: "triangles (5) and quadrilaterals (9)",
    3: "tetrahedra (10), hexahedra (12), prisms (13) and pyramids (14)",
}
"""The same in words."""


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
    """Points, cells and the faces of each marker of the content of a .su2 file.

    Raises MeshError where the content is damaged or of a kind that cannot be read.
    """
    points, dimension, blocks = np.empty((0, 2)), 2, list[ElementBlock]()
    markers = [""]
    for section in _sections(data.decode("utf-8")):
        if section.key == "NDIME":
            dimension = _dimension(section)
        if section.key == "NZONE" and section.value.strip() != "1":
            raise MeshError("the file has several zones: write the zone of the gas alone")
        if section.key == "NPOIN":
            points = _points(section, dimension)
        elif section.key == "NELEM":
            blocks += _elements(section, dimension, 0)
        elif section.key == "MARKER_TAG":
            markers.append(section.value.strip())
        elif section.key == "MARKER_ELEMS":
            blocks += _elements(section, dimension - 1, len(markers) - 1)
    return assemble(points, blocks, lambda _dimension: {tag: [name] for tag, name in enumerate(markers)})


def _dimension(section: Su2Section) -> int:
    if section.value.strip() not in ("2", "3"):
        raise MeshError(f"NDIME= {section.value.strip()}: a mesh has 2 or 3 dimensions")
    return int(section.value)


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


def _points(section: Su2Section, dimension: int) -> Floats:
    """The points (n, dimension); a number after the coordinates is the point's own."""
    rows = section.counted_rows
    short = next((row for row in rows if len(row) < dimension), None)
    if short is not None:
        count = {2: "two", 3: "three"}[dimension]
        raise MeshError(f"a point has {count} coordinates, not {' '.join(short)!r}")
    return np.array([row[:dimension] for row in rows], dtype=np.float64).reshape(-1, dimension)


def _elements(section: Su2Section, dimension: int, tag: int) -> list[ElementBlock]:
    """The elements; consecutive ones of one kind form a block."""
    corners = CORNERS[dimension]
    blocks: list[tuple[int, list[list[int]]]] = []
    for row in section.counted_rows:
        kind = int(row[0])
        if kind not in corners:
            raise MeshError(
                f"{section.key} holds an element of SU2's type {kind}: only {KINDS[dimension]} can be read"
            )
        if len(row) <= corners[kind]:
            raise MeshError(f"an element of SU2's type {kind} has {corners[kind]} points: {' '.join(row)!r}")
        if not blocks or blocks[-1][0] != kind:
            blocks.append((kind, []))
        blocks[-1][1].append([int(node) for node in row[1 : 1 + corners[kind]]])
    return [
        ElementBlock(dimension, np.array(rows, dtype=np.int64), np.full((len(rows), 1), tag))
        for _, rows in blocks
    ]
