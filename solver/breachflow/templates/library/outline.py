"""The template "outline": holes of any outline in a wall, meshed in space by Gmsh."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, ClassVar, Final, Literal, Self

from pydantic import Field

from breachflow.document.faults import Fault
from breachflow.outlines.polygon import HoleOutline, loop_area, loop_perimeter
from breachflow.templates.keys import CabinExtent, NamedResolution, PlumeExtent, Resolution
from breachflow.templates.library.orifice import (
    CABIN_EXTENT,
    OrificeMesh,
    chosen_plume_extent,
    plane_faults,
    required_hole,
    resolution_words,
)
from breachflow.templates.source import MeshSetting, MeshSource, OpeningShape
from breachflow.units import Dimension, write_quantity
from breachflow.words import significant

if TYPE_CHECKING:
    from breachflow.mesh.family import MeshFamily
    from breachflow.templates.outline_mesh import OutlineSpace

ACROSS: Final = {"coarse": 8, "medium": 12, "fine": 20}
"""Cells over half the hydraulic diameter: of a star of ten corners some 9000, 30 000 and 140 000 cells."""

MOST_CELLS: Final = 3_000_000
"""Most cells, as estimated: a run of as many needs 9 GB and days."""

ROOM: Final = 3.0
"""Least radius of the cabin over the distance of the farthest corner from the middle of the outline."""

BEYOND: Final = 1.5
"""The same of the plume."""

PLUME_EXTENT: Final = 4.0
"""Least radius of the plume in diameters unless the case states one: with 1.5 the first-order start of
tetrahedra about a star did not settle."""

LONGEST: Final = 100.0
"""Most hydraulic diameters around a hole: of a slit its length over its width."""

FARTHEST: Final = 30.0
"""Most equal-area diameters from the middle of the holes to the farthest corner."""

THINNEST: Final = 0.02
"""Least thickness of a wall, other than none, in hydraulic diameters: thinner ones make slivers."""


class OutlineMesh(MeshSource):
    """Holes of any outline in a wall, from the cabin through the bores into the plume, in tetrahedra."""

    template: Literal["outline"] = Field(description="Built-in mesh; Gmsh makes it.")
    resolution: NamedResolution = "medium"
    cabin_extent: CabinExtent = None
    plume_extent: PlumeExtent = None

    rank: ClassVar = 2
    has_hole: ClassVar = True
    shapes: ClassVar[Collection[OpeningShape]] = frozenset({"outline"})
    resolves_friction: ClassVar = False
    is_scalable: ClassVar = True
    geometry: ClassVar = "spatial"
    patches: ClassVar = {name: rule for name, rule in OrificeMesh.patches.items() if name != "axis"}

    @property
    def is_single(self) -> bool:
        """Gmsh makes one mesh."""
        return True

    @property
    def details(self) -> str:
        """Resolution at the holes."""
        return resolution_words(self.resolution)

    def faults(self, setting: MeshSetting) -> Iterator[Fault]:
        """A fault for a wall, a region or a number of cells that the mesh cannot have."""
        from breachflow.templates.outline_mesh import estimated_cells

        yield from plane_faults(setting)
        if setting.hole is None or setting.hole.outline is None:
            return
        outline, wall = setting.hole.outline, setting.hole.wall_thickness
        found = _shape_faults(outline)
        if found:
            yield Fault(("orifice", "outline"), found)
            return
        if 0.0 < wall < THINNEST * outline.hydraulic_diameter:
            least = write_quantity(_rounded(THINNEST * outline.hydraulic_diameter), Dimension.LENGTH)
            yield Fault(
                ("orifice", "wall_thickness"),
                f"is too thin for cells within it: at least {least}, or 0, a knife edge",
            )
            return
        reach = outline.reach / outline.equal_area_diameter
        for key, least_extent in (("cabin_extent", ROOM), ("plume_extent", BEYOND)):
            given = getattr(self, key)
            if given is not None and given < least_extent * reach:
                yield Fault(
                    ("mesh", key),
                    f"must be at least {significant(least_extent * reach, 3)}: the outline reaches "
                    f"{significant(reach, 3)} equal-area diameters far",
                )
        cells = estimated_cells(self._space(setting))
        if cells > MOST_CELLS:
            yield Fault(
                ("mesh", "resolution"),
                f"makes about {significant(cells, 2)} cells, more than {MOST_CELLS}: the lips are long "
                "against the opening; choose a coarser one or a simpler outline",
            )

    def family(self, setting: MeshSetting) -> MeshFamily:
        """Make the mesh. Raises MeshError where Gmsh is missing or makes none."""
        from breachflow.mesh.family import MeshFamily
        from breachflow.mesh.ordering import downstream
        from breachflow.mesh.topology import renumber
        from breachflow.templates.outline_mesh import outline_mesh

        mesh = outline_mesh(self._space(setting))
        return MeshFamily((renumber(mesh, downstream(mesh, setting.sources)),))

    def finest_cells(self, setting: MeshSetting) -> int:
        """About how many cells the mesh has, without building it."""
        from breachflow.templates.outline_mesh import estimated_cells

        return estimated_cells(self._space(setting))

    def resolved(self, setting: MeshSetting) -> Self:
        """The keys with the cells and the extents that the case leaves to the template."""
        space = self._space(setting)
        chosen = {
            "resolution": Resolution.model_construct(across=space.across),
            "cabin_extent": space.cabin_extent,
            "plume_extent": space.plume_extent,
        }
        return self.model_copy(update=chosen)

    def _space(self, setting: MeshSetting) -> OutlineSpace:
        from breachflow.templates.outline_mesh import OutlineSpace

        hole = required_hole(setting)
        assert hole.outline is not None
        reach, named = hole.outline.reach / hole.outline.equal_area_diameter, self.resolution
        return OutlineSpace(
            outline=hole.outline,
            wall_thickness=hole.wall_thickness,
            across=ACROSS[named] if isinstance(named, str) else named.across,
            cabin_extent=self.cabin_extent or max(CABIN_EXTENT, ROOM * reach),
            plume_extent=self.plume_extent or max(chosen_plume_extent(setting), PLUME_EXTENT, BEYOND * reach),
        )


def _shape_faults(outline: HoleOutline) -> str:
    """Why the holes of an outline are too long or too far apart; empty where they are not."""
    for loop in outline.loops:
        around = loop_perimeter(loop) ** 2 / (4.0 * loop_area(loop))
        if around > LONGEST:
            return (
                f"is {around:.0f} hydraulic diameters around, more than {LONGEST:g}: the flow of so long a "
                'slit is planar; write shape = "slit"'
            )
    apart = outline.reach / outline.equal_area_diameter
    if apart > FARTHEST:
        return (
            f"reaches {apart:.0f} equal-area diameters from its middle, more than {FARTHEST:g}: holes so far "
            "apart do not act on each other; write a case for each"
        )
    return ""


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


SOURCE = OutlineMesh
