"""The template "block": a rectangle of quadrilaterals or triangles, for verification."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, sin
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal

from pydantic import Field

from breachflow.document.faults import Fault
from breachflow.document.fields import ANGLE, Missing
from breachflow.errors import MeshError
from breachflow.templates.keys import CellCounts, Span, axis_faults
from breachflow.templates.source import MeshSetting, MeshSource, PatchRule, PlaneGeometry

if TYPE_CHECKING:
    from breachflow.mesh.family import MeshFamily
    from breachflow.mesh.mesh import Mesh

SEED: Final = 20
"""Seed of the random distortion; each mesh of a family is distorted anew, the same way in every run."""


class BlockMesh(MeshSource):
    """A rectangle; its meshes are independent of one another and are compared with an exact solution."""

    template: Literal["block"] = Field(description="Built-in mesh.")
    geometry: Annotated[PlaneGeometry, Missing('is missing; a block is "planar" or "axisymmetric"')] = Field(
        description="What the plane stands for."
    )
    x: Span = Field(description="Where the mesh begins and ends.")
    y: Span = Field(description="Lower and upper end.")
    cells: CellCounts = Field(description="Cells along x and y on the finest mesh.")
    elements: Literal["quadrilaterals", "triangles"] = Field(
        default="quadrilaterals", description="Triangles cut each quadrilateral in two."
    )
    distortion: float = Field(
        default=0.0,
        ge=0.0,
        le=0.6,
        description="Inner points are moved at random by up to half this fraction of the spacing.",
    )
    levels: int = Field(
        default=3, ge=1, le=6, description="Number of meshes, of which each halves the cells of the last."
    )
    turn: Annotated[float, ANGLE] = Field(
        default=0.0,
        description="Angle by which mesh and solution are turned about the origin.",
        json_schema_extra={"default": "0 rad"},
    )
    mirror: bool = Field(
        default=False, description="Mesh and solution are mirrored at the x axis before that."
    )

    rank: ClassVar = 3
    suits_exact: ClassVar = True
    patches: ClassVar = {
        "left": PatchRule("the side of smallest x"),
        "right": PatchRule("the side of largest x"),
        "bottom": PatchRule("the side of smallest y"),
        "top": PatchRule("the side of largest y"),
    }

    @property
    def details(self) -> str:
        """Geometry and cells of the finest mesh."""
        return f"{self.geometry}, {self.cells[0]} x {self.cells[1]} {self.elements}"

    @property
    def height(self) -> float:
        """Extent in y, m."""
        return self.y[1] - self.y[0]

    @property
    def placement(self) -> tuple[float, bool]:
        """Angle (rad) by which mesh and solution are turned, after mirroring at the x axis if True."""
        return self.turn, self.mirror

    def faults(self, _setting: MeshSetting) -> Iterator[Fault]:
        """A fault where an axisymmetric block lies below its axis or is turned away from it."""
        yield from axis_faults(self.geometry, self.y)
        if self.geometry == "axisymmetric" and (self.turn or self.mirror):
            yield Fault(("mesh", "turn"), "an axisymmetric mesh keeps its axis: remove turn and mirror")

    def family(self, setting: MeshSetting) -> MeshFamily:
        """Build all meshes for a comparison with an exact solution, and else the finest alone."""
        triangles = self.elements == "triangles"
        block = BlockShape(self.x, self.y, self.cells, triangles, self.distortion, self.turn, self.mirror)
        family = block_family(block, self.levels)
        return family if setting.has_exact_solution else family.finest()


SOURCE = BlockMesh


@dataclass(frozen=True)
class BlockShape:
    """Size and cells of a block; lengths in m, angles in rad."""

    x: tuple[float, float]
    y: tuple[float, float]
    cells: tuple[int, int]
    """Cells along x and y, on the finest mesh."""
    triangles: bool = False
    distortion: float = 0.0
    """Inner points move at random by up to half this fraction of the spacing."""
    turn: float = 0.0
    mirror: bool = False
    """Whether the block is mirrored at the x axis before it is turned about the origin."""


def block_family(block: BlockShape, levels: int) -> MeshFamily:
    """Meshes that halve their cells, the coarsest first: patches `left`, `right`, `bottom`, `top`.

    A direction with a single cell keeps it: a tube. Raises MeshError where the cells cannot be halved so
    often.
    """
    from breachflow.mesh.family import MeshFamily

    divisors = [2**level for level in reversed(range(levels))]
    for cells in block.cells:
        if cells > 1 and cells % divisors[0]:
            raise MeshError(
                f"{cells} cells cannot be halved {levels - 1} times: "
                f"give mesh.cells as multiples of {divisors[0]}, or fewer mesh.levels"
            )
    return MeshFamily(tuple(_block_mesh(block, divisor) for divisor in divisors))


def _block_mesh(block: BlockShape, divisor: int) -> Mesh:
    import numpy as np

    from breachflow.templates.sheet import point_numbers, sheet_mesh

    counts = [max(cells // divisor, 1) for cells in block.cells]
    x, y = (np.linspace(*span, count + 1) for span, count in zip((block.x, block.y), counts, strict=True))
    along, across = np.meshgrid(x, y, indexing="ij")
    shift = block.distortion * (np.random.default_rng(SEED).random((2, *along.shape)) - 0.5)
    along[1:-1, 1:-1] += (shift[0] * (x[1] - x[0]))[1:-1, 1:-1]
    across[1:-1, 1:-1] += (shift[1] * (y[1] - y[0]))[1:-1, 1:-1]
    if block.mirror:
        across = -across
    turned = (
        cos(block.turn) * along - sin(block.turn) * across,
        sin(block.turn) * along + cos(block.turn) * across,
    )
    points = np.stack(turned, axis=-1)
    node = point_numbers(points)
    edges = {"left": node[0], "right": node[-1], "bottom": node[:, 0], "top": node[:, -1]}
    return sheet_mesh(points, edges, block.triangles, block.mirror)
