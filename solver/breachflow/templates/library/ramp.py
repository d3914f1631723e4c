"""The template "ramp": a channel whose floor turns at x = 0, for oblique shocks, cones and expansions."""

from __future__ import annotations

from collections.abc import Iterator
from math import radians, tan
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field

from breachflow.document.faults import Fault
from breachflow.document.fields import ANGLE, LimitError, Missing
from breachflow.errors import MeshError
from breachflow.templates.keys import CellCounts, Spacings, Span, axis_faults
from breachflow.templates.source import MeshSetting, MeshSource, PatchRule, PlaneGeometry

if TYPE_CHECKING:
    from breachflow.mesh.family import MeshFamily
    from breachflow.mesh.mesh import Mesh

STEEPEST_RAMP: Final = radians(60.0)


def _moderate(angle: float) -> float:
    if abs(angle) > STEEPEST_RAMP:
        raise LimitError("must lie between -60 and 60 deg")
    return angle


def _about_corner(x: tuple[float, float]) -> tuple[float, float]:
    if not x[0] < 0 < x[1]:
        raise LimitError("must begin before and end behind x = 0, where the ramp rises")
    return x


class RampMesh(MeshSource):
    """A channel whose floor rises (or falls) from x = 0."""

    template: Literal["ramp"] = Field(description="Built-in mesh.")
    geometry: Annotated[PlaneGeometry, Missing('is missing; a ramp is "planar" or "axisymmetric"')] = Field(
        description="What the plane stands for."
    )
    x: Annotated[Span, AfterValidator(_about_corner)] = Field(
        description="Where the mesh begins and ends; the ramp rises from x = 0."
    )
    y: Span = Field(description="Lower and upper end; the floor upstream is at the lower.")
    cells: CellCounts = Field(description="Cells along x and y.")
    angle: Annotated[
        float,
        ANGLE,
        AfterValidator(_moderate),
        Missing('is missing: of the wall; write e.g. "10 deg"'),
    ] = Field(description="Angle by which the wall rises (or falls) from x = 0.")

    spacing: Spacings = Field(
        default=(1.0, 1.0),
        description="Spacing of the cells along x at x = 0, and along y at the floor, over the even one.",
    )

    rank: ClassVar = 4
    patches: ClassVar = {
        "left": PatchRule("the side of smallest x"),
        "right": PatchRule("the side of largest x"),
        "floor": PatchRule("the straight floor upstream of the ramp"),
        "wall": PatchRule("the ramp"),
        "top": PatchRule("the side of largest y"),
    }

    @property
    def details(self) -> str:
        """Geometry and cells."""
        return f"{self.geometry}, {self.cells[0]} x {self.cells[1]} quadrilaterals"

    @property
    def height(self) -> float:
        """Extent in y upstream of the ramp, m."""
        return self.y[1] - self.y[0]

    def faults(self, _setting: MeshSetting) -> Iterator[Fault]:
        """A fault where an axisymmetric ramp lies below its axis."""
        yield from axis_faults(self.geometry, self.y)

    def family(self, _setting: MeshSetting) -> MeshFamily:
        """Build the only mesh."""
        from breachflow.mesh.family import MeshFamily

        return MeshFamily((ramp_mesh(self.x, self.y, self.cells, self.angle, self.spacing),))


SOURCE = RampMesh


def ramp_mesh(
    x: tuple[float, float],
    y: tuple[float, float],
    cells: tuple[int, int],
    angle: float,
    spacing: tuple[float, float] = (1.0, 1.0),
) -> Mesh:
    """A channel whose floor turns by `angle` (rad) at x = 0; lengths in m.

    Patches `left`, `right`, `top`, `floor`, `wall`. Of evenly spread grid lines the one nearest to x = 0 is
    moved there. Columns are vertical. Cells have `spacing` over the even one at x = 0 and at the floor.
    Raises MeshError where the floor reaches the top.
    """
    import numpy as np

    from breachflow.templates.hole_lines import toward_wall
    from breachflow.templates.sheet import point_numbers, sheet_mesh

    corner = int(np.clip(np.argmin(np.abs(np.linspace(*x, cells[0] + 1))), 1, cells[0] - 1))
    ahead, behind = (
        toward_wall(np.linspace(0.0, 1.0, count + 1), spacing[0]) for count in (corner, cells[0] - corner)
    )
    columns = np.concatenate([x[0] * (1.0 - ahead), x[1] * (1.0 - behind[-2::-1])])
    floor = y[0] + np.maximum(columns, 0.0) * tan(angle)
    if floor.max() >= y[1]:
        raise MeshError(
            f"the ramp rises above the top of the mesh, y = {y[1]:g} m: raise mesh.y or lower mesh.angle"
        )
    fraction = 1.0 - toward_wall(np.linspace(0.0, 1.0, cells[1] + 1), spacing[1])[::-1]
    along = np.repeat(columns[:, None], cells[1] + 1, axis=1)
    across = floor[:, None] + fraction * (y[1] - floor[:, None])
    points = np.stack([along, across], axis=-1)
    node = point_numbers(points)
    edges = {
        "left": node[0],
        "right": node[-1],
        "floor": node[: corner + 1, 0],
        "wall": node[corner:, 0],
        "top": node[:, -1],
    }
    return sheet_mesh(points, edges)
