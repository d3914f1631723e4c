"""The template "spatial": a round hole, straight or slanted, or a slit with round ends, meshed in space."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Final, Literal, Self

from pydantic import Field

from breachflow.document.faults import Fault
from breachflow.errors import MeshError
from breachflow.templates.keys import CabinExtent, NamedResolution, PlumeExtent, Resolution, length_faults
from breachflow.templates.library.orifice import (
    CABIN_EXTENT,
    OrificeMesh,
    chosen_plume_extent,
    grid_levels,
    orifice_shape,
    plane_faults,
    required_hole,
    resolution_words,
)
from breachflow.templates.source import MeshedPart, MeshSetting, MeshSource, PatchRule

if TYPE_CHECKING:
    from breachflow.mesh.family import MeshFamily
    from breachflow.templates.solid_hole import HoleInSpace

ACROSS: Final = {"coarse": 12, "medium": 20, "fine": 40}
"""Cells from the axis to the edge of the hole: of a quarter of a thin hole 3520, 17 408 and 139 264 cells."""

SHORTEST: Final = 1.5
"""Least length of a slit in widths: its round ends alone make one of 0.79."""

LONGEST: Final = 100.0

CABIN_LENGTHS: Final = 2.0
"""Distance to the far cabin over the length of a slit: the gas comes from all sides there."""


class SpatialMesh(MeshSource):
    """A round hole or a slit in space, from the cabin through the bore into the plume."""

    template: Literal["spatial"] = Field(description="Built-in mesh.")
    resolution: NamedResolution = "medium"
    part: MeshedPart | None = Field(
        default=None,
        description="Part of the hole that is meshed; a quarter if absent, half of a slanted hole.",
    )
    cabin_extent: CabinExtent = None
    plume_extent: PlumeExtent = None

    rank: ClassVar = 2
    has_hole: ClassVar = True
    is_scalable: ClassVar = True
    geometry: ClassVar = "spatial"
    patches: ClassVar = {
        **{name: rule for name, rule in OrificeMesh.patches.items() if name != "axis"},
        "symmetry": PatchRule(default_kind="symmetry"),
    }

    @property
    def details(self) -> str:
        """Resolution at the hole."""
        return resolution_words(self.resolution)

    def faults(self, setting: MeshSetting) -> Iterator[Fault]:
        """A fault for a hole that the template does not make, or whose part is not half of it."""
        yield from plane_faults(setting)
        hole = required_hole(setting) if setting.hole is not None else None
        if hole is None:
            return
        yield from length_faults(setting)
        if hole.length is not None and not SHORTEST <= hole.length / hole.diameter <= LONGEST:
            yield Fault(
                ("orifice", "length"), f"must be {SHORTEST:g} to {LONGEST:g} widths of a slit in space"
            )
        if hole.angle and (hole.chamfer or hole.rounding):
            yield Fault(("orifice", "angle"), "a slanted hole has sharp edges; remove chamfer or rounding")
        if hole.angle and self.part == "quarter":
            yield Fault(("mesh", "part"), 'a slanted hole has one plane of symmetry; write "half" or "whole"')

    def family(self, setting: MeshSetting) -> MeshFamily:
        """Build the grid sequence, of fewer meshes where cells fold. Raises MeshError where those of one do.

        Where a bore leans much, the fewer cells of the coarsest mesh that all nest in fold at its acute edge.
        """
        from breachflow.templates.solid_hole import solid_hole_family

        shape = self._shape(setting)
        for levels in range(self._levels(setting), 1, -1):
            try:
                return solid_hole_family(shape, levels)
            except MeshError:
                continue
        return solid_hole_family(shape, 1)

    def finest_cells(self, setting: MeshSetting) -> int:
        """Count the cells of the finest mesh without building it."""
        from breachflow.templates.solid_hole import solid_cells

        return solid_cells(self._shape(setting), self._levels(setting))[-1]

    def resolved(self, setting: MeshSetting) -> Self:
        """The keys with the cells, the part and the extents that the case leaves to the template."""
        chosen = {
            "resolution": self._explicit,
            "part": self._part(setting),
            "cabin_extent": self._cabin(setting),
            "plume_extent": self.plume_extent or chosen_plume_extent(setting),
        }
        return self.model_copy(update=chosen)

    @property
    def _explicit(self) -> Resolution:
        named = self.resolution
        return Resolution.model_construct(across=ACROSS[named]) if isinstance(named, str) else named

    def _levels(self, setting: MeshSetting) -> int:
        return grid_levels(self._explicit, setting)

    def _part(self, setting: MeshSetting) -> MeshedPart:
        return self.part or ("half" if required_hole(setting).angle else "quarter")

    def _shape(self, setting: MeshSetting) -> HoleInSpace:
        from breachflow.templates.solid_hole import HoleInSpace

        extent = self.plume_extent or chosen_plume_extent(setting)
        shape = orifice_shape(setting, self._explicit, self._cabin(setting), extent)
        hole = required_hole(setting)
        return HoleInSpace(shape, hole.angle, self._part(setting), hole.length or 0.0)

    def _cabin(self, setting: MeshSetting) -> float:
        """Distance to the far cabin in diameters or widths."""
        hole = required_hole(setting)
        longest = CABIN_LENGTHS * (hole.length or 0.0) / hole.diameter
        return self.cabin_extent or max(CABIN_EXTENT, longest)


SOURCE = SpatialMesh
