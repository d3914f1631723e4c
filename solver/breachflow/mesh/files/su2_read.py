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
from breachflow.words import single_line

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


class Su2Line(NamedTuple):
    """A line of the file as words."""

    line: int
    words: list[str]

    def integers(self, first: int, last: int) -> list[int]:
        """The words from `first` up to `last`. Raises MeshError where one is no integer."""
        try:
            return [int(word) for word in self.words[first:last]]
        except ValueError:
            raise self.error("what should be an integer is none") from None

    def numbers(self, count: int) -> list[float]:
        """The first words. Raises MeshError where one is no number."""
        try:
            return [float(word) for word in self.words[:count]]
        except ValueError:
            raise self.error("a coordinate is no number") from None

    def error(self, why: str) -> MeshError:
        """What is wrong with the line."""
        return MeshError(f"line {self.line}: {why}: {' '.join(self.words)[:60]!r}")


class Su2Section(NamedTuple):
    """A key of the file, and the lines that follow it."""

    key: str
    value: str
    line: int
    rows: list[Su2Line]

    @property
    def counted_rows(self) -> list[Su2Line]:
        """The rows. Raises MeshError where there are not as many as the key announces."""
        count = Su2Line(self.line, self.value.split() or [""]).integers(0, 1)[0]
        if count != len(self.rows):
            found = f"{self.key}= {count} announced, {len(self.rows)} found"
            raise MeshError(f"line {self.line}: {found}; write the mesh again")
        return self.rows


def read_su2(data: bytes) -> MeshContent:
    """Points, cells and the faces of each marker of the content of a .su2 file.

    Raises MeshError where the content is damaged or of a kind that cannot be read.
    """
    points, dimension, blocks = np.empty((0, 2)), 2, list[ElementBlock]()
    markers = [""]
    for section in _sections(data.decode("utf-8", "backslashreplace")):
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
        value = single_line(section.value.strip())[:60]
        raise MeshError(f"line {section.line}: NDIME= {value}: a mesh has 2 or 3 dimensions")
    return int(section.value)


def _sections(text: str) -> Iterator[Su2Section]:
    """The sections of the file in their order, without comments."""
    section = None
    for number, line in enumerate(text.split("\n"), start=1):
        plain = line.partition("%")[0].strip()
        key, sign, value = plain.partition("=")
        if sign:
            if section is not None:
                yield section
            section = Su2Section(key.strip().upper(), value, number, [])
        elif plain and section is None:
            raise MeshError(
                f"line {number}: not a SU2 mesh: it begins with {plain[:40]!r}, not with a key such as NDIME="
            )
        elif plain and section is not None:
            section.rows.append(Su2Line(number, plain.split()))
    if section is None:
        raise MeshError("not a SU2 mesh: it has no key such as NDIME=")
    yield section


def _points(section: Su2Section, dimension: int) -> Floats:
    """The points (n, dimension); a number after the coordinates is the point's own."""
    rows = section.counted_rows
    short = next((row for row in rows if len(row.words) < dimension), None)
    if short is not None:
        count = {2: "two", 3: "three"}[dimension]
        raise short.error(f"a point has {count} coordinates, not")
    return np.array([row.numbers(dimension) for row in rows], dtype=np.float64).reshape(-1, dimension)


def _elements(section: Su2Section, dimension: int, tag: int) -> list[ElementBlock]:
    """The elements; consecutive ones of one kind form a block."""
    corners = CORNERS[dimension]
    blocks: list[tuple[int, list[list[int]]]] = []
    for row in section.counted_rows:
        kind = row.integers(0, 1)[0]
        if kind not in corners:
            what = f"{section.key} holds an element of SU2's type {kind}"
            raise row.error(f"{what}: only {KINDS[dimension]} can be read")
        if len(row.words) <= corners[kind]:
            raise row.error(f"an element of SU2's type {kind} has {corners[kind]} points")
        if not blocks or blocks[-1][0] != kind:
            blocks.append((kind, []))
        blocks[-1][1].append(row.integers(1, 1 + corners[kind]))
    return [
        ElementBlock(dimension, np.array(rows, dtype=np.int64), np.full((len(rows), 1), tag))
        for _, rows in blocks
    ]
