"""The template "shield": a hole with a plate at a gap: behind it, or as a blanket before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal, Self

from pydantic import Field

from breachflow.document.faults import Fault
from breachflow.document.fields import QuantityField
from breachflow.templates.keys import CabinExtent, NamedResolution, PlumeExtent
from breachflow.templates.library.orifice import (
    CABIN_EXTENT,
    OrificeMesh,
    chosen_plume_extent,
    explicit,
    grid_levels,
    orifice_shape,
    plane_faults,
    required_hole,
    resolution_words,
)
from breachflow.templates.source import HoleSize, MeshSetting, MeshSource
from breachflow.units import Dimension, write_quantity

if TYPE_CHECKING:
    from breachflow.mesh.family import MeshFamily
    from breachflow.templates.hole_lines import OrificeShape

RADIUS: Final = 5.0
"""Distance of the rim from the axis in diameters (widths), where the case does not say."""

GAPS: Final = (0.01, 2.0)
"""Least and largest gap over the diameter (width)."""

RADII: Final = (1.0, 50.0)
"""Least and largest distance of the rim from the axis over the diameter (width)."""

_LENGTH: Final = QuantityField(Dimension.LENGTH, "0.5 mm", least="1e-12 m", most="1000 m")


class ShieldMesh(MeshSource):
    """A hole whose gas passes a narrow gap between the wall and a plate."""

    template: Literal["shield"] = Field(description="Built-in mesh.")
    side: Literal["outside", "inside"] = Field(
        default="outside", description="Where the plate is: behind the hole, or inside as a blanket over it."
    )
    gap: Annotated[float, _LENGTH] = Field(description="Distance of the plate from the wall.")
    radius: Annotated[float | None, _LENGTH] = Field(
        default=None,
        description="Distance of the plate's rim from the axis; 5 diameters (widths) if absent.",
    )
    resolution: NamedResolution = "medium"
    cabin_extent: CabinExtent = None
    plume_extent: PlumeExtent = None

    rank: ClassVar = 1
    has_hole: ClassVar = True
    is_scalable: ClassVar = True
    patches: ClassVar = OrificeMesh.patches

    @property
    def details(self) -> str:
        """Resolution at the hole, and the gap."""
        gap = write_quantity(self.gap, Dimension.LENGTH)
        return f"{resolution_words(self.resolution)}, plate {self.side} at a gap of {gap}"

    @property
    def plate_side(self) -> Literal["outside", "inside"]:
        """The side of the wall on which the plate is."""
        return self.side

    def faults(self, setting: MeshSetting) -> Iterator[Fault]:
        """A fault where the hole does not begin at x = 0, or gap, radius or edge do not suit each other."""
        yield from plane_faults(setting)
        if setting.hole is None:
            return
        yield from self._edge_faults(setting.hole)
        yield from self._size_faults(setting)

    def _edge_faults(self, hole: HoleSize) -> Iterator[Fault]:
        """A fault where the edge in the gap is not sharp: its columns are straight."""
        for key in ("chamfer", "rounding"):
            if self.side == "inside" and getattr(hole, key):
                yield Fault(("orifice", key), 'a plate inside needs a sharp edge; remove it or write "0 mm"')

    def _size_faults(self, setting: MeshSetting) -> Iterator[Fault]:
        size, radius = required_hole(setting).diameter, self._radius(setting)
        least, most = (ratio * size for ratio in GAPS)
        if not least <= self.gap <= most:
            free = ": a plate farther away does not act on the flow" if self.gap > most else ""
            yield Fault(("mesh", "gap"), f"must be {_range(least, most)} at this hole{free}")
        least, most = (ratio * size for ratio in RADII)
        if not least <= radius <= most:
            yield Fault(("mesh", "radius"), f"must be {_range(least, most)} at this hole")

    def family(self, setting: MeshSetting) -> MeshFamily:
        """Build the grid sequence of a steady run, or the mesh of a transient one."""
        from breachflow.templates.shield_blocks import Plate, shield_family

        plate = Plate(self.side, self.gap, self._radius(setting))
        return shield_family(self._shape(setting), plate, grid_levels(self.resolution, setting))

    def resolved(self, setting: MeshSetting) -> Self:
        """The keys with the cells across and the lengths that the case leaves to the template."""
        shape = self._shape(setting)
        chosen = {
            "resolution": explicit(self.resolution),
            "radius": self._radius(setting),
            "cabin_extent": shape.cabin_extent,
            "plume_extent": shape.plume_extent,
        }
        return self.model_copy(update=chosen)

    def _radius(self, setting: MeshSetting) -> float:
        return self.radius or RADIUS * required_hole(setting).diameter

    def _shape(self, setting: MeshSetting) -> OrificeShape:
        extent = self.plume_extent or chosen_plume_extent(setting)
        return orifice_shape(setting, self.resolution, self.cabin_extent or CABIN_EXTENT, extent)


SOURCE = ShieldMesh


def _range(least: float, most: float) -> str:
    return " to ".join(write_quantity(length, Dimension.LENGTH) for length in (least, most))
