"""Read SU2's mesh files (.su2).

meshio is not used: it drops the names of the markers. Format: SU2 documentation, "Mesh File".
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats, Indices
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


LARGEST_INTEGER: Final = 2**62


class Su2Line(NamedTuple):
    """A line of the file."""

    line: int
    text: str

    @property
    def words(self) -> list[str]:
        """What stands between blanks."""
        return self.text.split()

    def integers(self, first: int, last: int) -> list[int]:
        """The words from `first` up to `last`. Raises MeshError where one is no integer."""
        try:
            found = [int(word) for word in self.words[first:last]]
        except ValueError:
            raise self.error("what should be an integer is none") from None
        if any(abs(number) > LARGEST_INTEGER for number in found):
            raise self.error("an integer is too large")
        return found

    def numbers(self, count: int) -> list[float]:
        """The first words. Raises MeshError where one is no number."""
        try:
            return [float(word) for word in self.words[:count]]
        except ValueError:
            raise self.error("a coordinate is no number") from None

    def error(self, why: str) -> MeshError:
        """What is wrong with the line."""
        return MeshError(f"line {self.line}: {why}: {' '.join(self.text[:200].split())[:60]!r}")


class Su2Section(NamedTuple):
    """A key of the file, and the lines that follow it."""

    key: str
    value: str
    line: int
    lines: list[int]
    """Their numbers."""
    texts: list[str]

    def counted_rows(self) -> Iterator[Su2Line]:
        """The rows. Raises MeshError where there are not as many as the key announces."""
        count = Su2Line(self.line, self.value.strip() or "nothing").integers(0, 1)[0]
        if count != len(self.texts):
            found = f"{self.key}= {count} announced, {len(self.texts)} found"
            raise MeshError(f"line {self.line}: {found}; write the mesh again")
        return map(Su2Line, self.lines, self.texts)


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
            section = Su2Section(key.strip().upper(), value, number, [], [])
        elif plain and section is None:
            raise MeshError(
                f"line {number}: not a SU2 mesh: it begins with {plain[:40]!r}, not with a key such as NDIME="
            )
        elif plain and section is not None:
            section.lines.append(number)
            section.texts.append(plain)
    if section is None:
        raise MeshError("not a SU2 mesh: it has no key such as NDIME=")
    yield section


def _points(section: Su2Section, dimension: int) -> Floats:
    """The points (n, dimension); a number after the coordinates is the point's own."""
    found = np.fromiter(
        (number for row in section.counted_rows() for number in _coordinates(row, dimension)), np.float64
    )
    return found.reshape(-1, dimension)


def _coordinates(row: Su2Line, dimension: int) -> list[float]:
    found = row.numbers(dimension)
    if len(found) < dimension:
        count = {2: "two", 3: "three"}[dimension]
        raise row.error(f"a point has {count} coordinates, not")
    return found


def _elements(section: Su2Section, dimension: int, tag: int) -> list[ElementBlock]:
    """The elements; consecutive ones of one kind form a block."""
    corners = CORNERS[dimension]
    blocks: list[tuple[int, array[int]]] = []
    for row in section.counted_rows():
        kind = row.integers(0, 1)[0]
        if kind not in corners:
            what = f"{section.key} holds an element of SU2's type {kind}"
            raise row.error(f"{what}: only {KINDS[dimension]} can be read")
        if len(row.words) <= corners[kind]:
            raise row.error(f"an element of SU2's type {kind} has {corners[kind]} points")
        if not blocks or blocks[-1][0] != kind:
            blocks.append((kind, array("q")))
        blocks[-1][1].extend(row.integers(1, 1 + corners[kind]))
    return [_block(dimension, np.array(nodes).reshape(-1, corners[kind]), tag) for kind, nodes in blocks]


def _block(dimension: int, nodes: Indices, tag: int) -> ElementBlock:
    return ElementBlock(dimension, nodes, np.full((len(nodes), 1), tag))
