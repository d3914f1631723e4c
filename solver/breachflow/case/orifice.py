"""The table `[orifice]`: shape and sizes of the hole."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from pydantic import Field

from breachflow.case.quantities import LENGTH, OPENING, SLIT_LENGTH, TILT
from breachflow.document.fields import POSITION
from breachflow.document.table import Misplaced, Table

TUBES_AND_CRACKS: Final = "`breachflow estimate` computes tubes and cracks"

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

    misplaced: ClassVar = {"diameter": Misplaced("a slit has `width`, not `diameter`", "width")}

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


Orifice: TypeAlias = Annotated[RoundOrifice | SlitOrifice, Field(discriminator="shape")]
"""A hole of any shape, told apart by `shape`."""
