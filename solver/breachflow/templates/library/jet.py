"""The template "jet": the plume of a knife edge, from a given flow in the plane of the hole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal, Self

from pydantic import Field

from breachflow.document.faults import Fault
from breachflow.templates.keys import NamedResolution, PlumeExtent
from breachflow.templates.library.orifice import (
    CABIN_EXTENT,
    OUTSIDE,
    chosen_plume_extent,
    explicit,
    grid_levels,
    orifice_shape,
    plane_faults,
    resolution_words,
)
from breachflow.templates.source import MeshSetting, MeshSource, PatchRule

if TYPE_CHECKING:
    from breachflow.mesh.family import MeshFamily
    from breachflow.templates.hole_lines import OrificeShape


class JetMesh(MeshSource):
    """The plume of a knife edge; the flow through the hole is given, not computed."""

    template: Literal["jet"] = Field(description="Built-in mesh.")
    resolution: NamedResolution = "medium"
    plume_extent: PlumeExtent = None

    rank: ClassVar = 2
    has_hole: ClassVar = True
    is_a_jet: ClassVar = True
    patches: ClassVar = {
        "exit": PatchRule(
            'the stream in the plane of the hole; write exit = { kind = "inflow", pressure = "50 kPa", '
            'temperature = "250 K", velocity = ["320 m/s", "0 m/s"] }',
            kinds=("inflow",),
        ),
        "space": OUTSIDE,
        "wall": PatchRule(default_kind="wall"),
        "axis": PatchRule(default_kind="axis"),
    }

    @property
    def details(self) -> str:
        """Resolution at the hole."""
        return resolution_words(self.resolution)

    def faults(self, setting: MeshSetting) -> Iterator[Fault]:
        """A fault where the hole has a wall upstream of it or does not lie at x = 0."""
        if setting.hole is not None and setting.hole.wall_thickness > 0:
            yield Fault(("orifice", "wall_thickness"), 'the template "jet" begins in the hole; write "0 mm"')
        yield from plane_faults(setting)

    def family(self, setting: MeshSetting) -> MeshFamily:
        """Build the grid sequence of a steady run, or the mesh of a transient one."""
        extent = self.plume_extent or chosen_plume_extent(setting)
        shape = orifice_shape(setting, self.resolution, CABIN_EXTENT, extent)
        return jet_family(shape, grid_levels(self.resolution, setting))

    def resolved(self, setting: MeshSetting) -> Self:
        """The keys with the cells across and the extent that the case leaves to the template."""
        extent = self.plume_extent or chosen_plume_extent(setting)
        return self.model_copy(update={"resolution": explicit(self.resolution), "plume_extent": extent})


SOURCE = JetMesh


def jet_family(shape: OrificeShape, levels: int) -> MeshFamily:
    """The part of nested meshes of a knife edge that lies downstream of the hole.

    Patches `exit` (the plane of the hole), `space`, `wall`, `axis`. Raises MeshError where the cells across
    cannot be halved so often or the lines of a mesh cross.
    """
    from breachflow.mesh.family import MeshFamily
    from breachflow.templates.hole_lines import hole_lines, strides
    from breachflow.templates.sheet import parent_quadrilaterals, point_numbers, sheet_mesh

    points, bore = hole_lines(shape, levels)
    meshes, parents = [], []
    for stride in strides(levels):
        sheet = points[bore::stride, ::stride]
        number = point_numbers(sheet)
        edges = {"exit": number[0], "space": number[-1], "wall": number[:, -1], "axis": number[:, 0]}
        meshes.append(sheet_mesh(sheet, edges))
        parents.append(parent_quadrilaterals(len(sheet) - 1, sheet.shape[1] - 1))
    return MeshFamily(tuple(meshes), tuple(parents[1:]))
