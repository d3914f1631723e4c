"""The table `[orifice]`: shape and sizes of the hole."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from pydantic import Field

from breachflow.case.quantities import LENGTH, OPENING, SLIT_LENGTH, TILT
from breachflow.document.fields import POSITION, Missing
from breachflow.document.table import Misplaced, Table
from breachflow.outlines.field import Loops, OutlineField
from breachflow.outlines.polygon import HoleOutline
from breachflow.units import Dimension, LengthUnit, read_quantity

TUBES_AND_CRACKS: Final = "`breachflow estimate` computes tubes and cracks"

OF_OUTLINES: Final = dict.fromkeys(
    ("outline", "unit", "scale"), Misplaced('belongs to shape = "outline"; remove it, or write that shape')
)
"""Keys that only an outline has."""

WallThickness: TypeAlias = Annotated[
    float,
    LENGTH,
    Field(description="Thickness of the wall; 0 is a knife edge; at most 20 openings."),
]
Chamfer: TypeAlias = Annotated[
    float,
    LENGTH,
    Field(description="Leg of a 45 degree chamfer of the upstream edge; at most the wall thickness."),
]
Rounding: TypeAlias = Annotated[
    float,
    LENGTH,
    Field(description="Radius of the upstream edge; at most the wall thickness; not with a chamfer."),
]
UpstreamFace: TypeAlias = Annotated[
    float,
    POSITION,
    Field(description="Mesh files only: x of the hole's upstream face, unless the mesh's lies elsewhere."),
]


class RoundOrifice(Table):
    """A round hole; the flow is axisymmetric, or of a mesh in space three-dimensional."""

    misplaced: ClassVar = {
        "width": Misplaced("a round hole has `diameter`, not `width`", "diameter"),
        "length": Misplaced("a round hole has no `length`; only a slit has one"),
        **OF_OUTLINES,
    }

    shape: Literal["round"]
    diameter: Annotated[float, OPENING] = Field(description="Diameter of the hole.")
    wall_thickness: WallThickness = Field(default="0 mm", validate_default=True)
    chamfer: Chamfer = Field(default="0 mm", validate_default=True)
    rounding: Rounding = Field(default="0 mm", validate_default=True)
    plane: UpstreamFace = Field(default="0 mm", validate_default=True)
    angle: Annotated[float | None, TILT] = Field(
        default=None,
        description='Template "spatial" only: angle between the bore and the normal of the wall; the bore '
        "leans toward +y; straight if absent.",
    )

    size: ClassVar = "diameter"
    """Name of the size of the opening."""
    size_key: ClassVar = "diameter"
    """Key that states it."""

    @property
    def length(self) -> None:
        """A round hole has no length along the wall."""
        return None

    @property
    def per(self) -> str:
        """What totals refer to, for units: nothing to add for a round hole."""
        return ""

    @property
    def area(self) -> float:
        """Area of the opening, m2; of a slanted hole that across its bore."""
        return math.pi * self.diameter**2 / 4.0


class SlitOrifice(Table):
    """A slit, long against its width; the flow is planar, or of a mesh in space three-dimensional."""

    misplaced: ClassVar = {
        "diameter": Misplaced("a slit has `width`, not `diameter`", "width"),
        **OF_OUTLINES,
    }

    shape: Literal["slit"]
    width: Annotated[float, OPENING] = Field(description="Width of the slit.")
    length: Annotated[float | None, SLIT_LENGTH] = Field(
        default=None,
        description="Length of the slit, for totals; without it flows are per meter of length. In space: its "
        "area over its width.",
    )
    wall_thickness: WallThickness = Field(default="0 mm", validate_default=True)
    chamfer: Chamfer = Field(default="0 mm", validate_default=True)
    rounding: Rounding = Field(default="0 mm", validate_default=True)
    plane: UpstreamFace = Field(default="0 mm", validate_default=True)

    size: ClassVar = "width"
    size_key: ClassVar = "width"

    @property
    def angle(self) -> None:
        """A slit goes straight through its wall."""
        return None

    @property
    def diameter(self) -> float:
        """Size of the opening across, here the width, m."""
        return self.width

    @property
    def per(self) -> str:
        """What totals refer to, for units: a meter of slit if no length is given."""
        return " per m" if self.length is None else ""

    @property
    def area(self) -> float:
        """Area of the opening, m2; of one meter of slit if no length is given."""
        return self.width * (1.0 if self.length is None else self.length)


class OutlineOrifice(Table):
    """Holes of any outline in a plane wall; the flow is three-dimensional.

    Where laws and scales need one size, it is the diameter of the circle of equal area.
    """

    misplaced: ClassVar = {
        **dict.fromkeys(
            ("diameter", "width", "length"),
            Misplaced("an outline has its size by its points, `unit` and `scale`"),
        ),
        **dict.fromkeys(("chamfer", "rounding"), Misplaced("the lips of an outline are sharp; remove it")),
        "angle": Misplaced("an outline goes straight through its wall; remove it"),
    }

    shape: Literal["outline"]
    outline: Annotated[
        Loops,
        OutlineField(),
        Missing('is missing: the corners of the hole; write [[0, 0], [2, 0], [1, 2]] or "hole.csv"'),
    ] = Field(
        description="Corners of the hole, as seen from outside: an array of points [x, y], an array of such "
        "arrays for several holes, or a file: .csv, .dxf."
    )
    unit: Annotated[LengthUnit, Missing('is missing: the unit of the outline; write e.g. "mm"')] = Field(
        description="Unit of length of the outline."
    )
    scale: float = Field(default=1.0, ge=1e-6, le=1e6, description="Factor on all lengths of the outline.")
    wall_thickness: WallThickness = Field(default="0 mm", validate_default=True)
    plane: UpstreamFace = Field(default="0 mm", validate_default=True)

    size: ClassVar = "diameter"
    size_key: ClassVar = "outline"

    @cached_property
    def form(self) -> HoleOutline:
        """The outline, m."""
        unit = read_quantity(f"1 {self.unit}", Dimension.LENGTH)
        return HoleOutline(self.outline).moved((0.0, 0.0), self.scale * unit)

    @cached_property
    def diameter(self) -> float:
        """Diameter of the circle of equal area, m."""
        return self.form.equal_area_diameter

    @property
    def area(self) -> float:
        """Area of the opening, m2."""
        return math.pi * self.diameter**2 / 4.0

    @property
    def chamfer(self) -> float:
        """The lips are sharp."""
        return 0.0

    @property
    def rounding(self) -> float:
        """The lips are sharp."""
        return 0.0

    @property
    def angle(self) -> None:
        """An outline goes straight through its wall."""
        return None

    @property
    def length(self) -> None:
        """Its size is known, so that totals need no length."""
        return None

    @property
    def per(self) -> str:
        """What totals refer to, for units: nothing to add."""
        return ""


Orifice: TypeAlias = Annotated[RoundOrifice | SlitOrifice | OutlineOrifice, Field(discriminator="shape")]
"""A hole of any shape, told apart by `shape`."""
