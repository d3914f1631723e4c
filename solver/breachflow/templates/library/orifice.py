"""The template "orifice": a hole in a wall with the cabin upstream and the plume downstream."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from typing import TYPE_CHECKING, ClassVar, Final, Literal, Self

from pydantic import Field

from breachflow.document.faults import Fault
from breachflow.errors import MeshError
from breachflow.templates.keys import CabinExtent, NamedResolution, PlumeExtent, Resolution
from breachflow.templates.source import HoleSize, MeshSetting, MeshSource, PatchRule
from breachflow.theory.streams.jet import MACH_DISK

if TYPE_CHECKING:
    from breachflow.mesh.family import MeshFamily
    from breachflow.mesh.lines import LineCounts
    from breachflow.mesh.mesh import Mesh
    from breachflow.templates.hole_lines import OrificeShape

ACROSS: Final = {"coarse": 20, "medium": 40, "fine": 80}
"""Cells from the axis to the edge of the hole."""

FEWEST_ACROSS: Final = 2
"""Least cells across on the coarsest mesh of a grid sequence."""

MOST_LEVELS: Final = 5

CABIN_EXTENT: Final = 6.0
"""Diameters to the far cabin: at 6 the mass flow is within 1e-5 of that at 24."""

VACUUM_PLUME_EXTENT: Final = 1.5
"""Diameters of plume into vacuum: the flow farther out is supersonic and does not act on the hole."""

OUTLET_PLUME_EXTENT: Final = 6.0
"""Least diameters of plume against a back pressure."""

MOST_PLUME_EXTENT: Final = 2000.0

LAYER_SPACING: Final = 0.35
"""Cell size at the wall over the evenly spread one in laminar flow. At Re 25 000 and 20 to 80 cells across,
0.25 to 0.5 give the same coefficient within 0.1 %; finer cells at the wall coarsen the middle."""

CRACK: Final = 20.0
"""Wall thickness over the opening from which friction fills the whole hole: no layer to resolve."""

OUTSIDE: Final = PatchRule(
    'what is outside; write space = { kind = "vacuum" } or { kind = "outlet", pressure = "20 kPa" }',
    kinds=("vacuum", "outlet"),
)
"""The end of the plume."""


WALLS: Final = ("wall", "slip", "no_slip", "frictionless")
"""Kinds of boundary that the wall of a template may have."""


class OrificeMesh(MeshSource):
    """A hole in a wall, from the cabin through the bore into the plume."""

    template: Literal["orifice"] = Field(
        default="orifice", description="Built-in mesh; orifice if no file is given."
    )
    resolution: NamedResolution = "medium"
    cabin_extent: CabinExtent = None
    plume_extent: PlumeExtent = None

    rank: ClassVar = 0
    has_hole: ClassVar = True
    is_scalable: ClassVar = True
    grades_edges: ClassVar = True
    patches: ClassVar = {
        "cabin": PatchRule(
            'the gas inside; write cabin = { kind = "reservoir", pressure = "101.325 kPa", '
            'temperature = "293.15 K" }',
            kinds=("reservoir",),
        ),
        "space": OUTSIDE,
        "wall": PatchRule(kinds=WALLS, default_kind="wall"),
        "axis": PatchRule(default_kind="axis"),  # a slit's plane of symmetry mirrors as an axis does
    }

    @property
    def details(self) -> str:
        """Resolution at the hole."""
        return resolution_words(self.resolution)

    def faults(self, setting: MeshSetting) -> Iterator[Fault]:
        """A fault where the hole does not begin at x = 0."""
        yield from plane_faults(setting)

    def family(self, setting: MeshSetting) -> MeshFamily:
        """Build the grid sequence of a steady run, or the mesh of a transient one."""
        return orifice_family(self._shape(setting), grid_levels(self.resolution, setting))

    def lines(self, setting: MeshSetting) -> list[LineCounts]:
        """Count the lines of cells of each mesh of `family`."""
        from breachflow.templates.hole_lines import line_counts

        return line_counts(self._shape(setting), grid_levels(self.resolution, setting))

    def resolved(self, setting: MeshSetting) -> Self:
        """The keys with the cells across and the extents that the case leaves to the template."""
        chosen = {
            "resolution": explicit(self.resolution),
            "cabin_extent": self.cabin_extent or CABIN_EXTENT,
            "plume_extent": self.plume_extent or chosen_plume_extent(setting),
        }
        return self.model_copy(update=chosen)

    def _shape(self, setting: MeshSetting) -> OrificeShape:
        extent = self.plume_extent or chosen_plume_extent(setting)
        cabin = self.cabin_extent or CABIN_EXTENT
        # In time the smallest cells set the steps, and with friction all cells at the wall are fine.
        is_graded = setting.is_steady and not setting.is_viscous
        return orifice_shape(setting, self.resolution, cabin, extent, is_graded=is_graded)


SOURCE = OrificeMesh


def orifice_mesh(shape: OrificeShape) -> Mesh:
    """One mesh of a hole, in m: patches `cabin`, `space`, `wall`, `axis`; surface `orifice`.

    Raises MeshError where the lines of the mesh cross.
    """
    return orifice_family(shape, 1)[0]


def orifice_family(shape: OrificeShape, levels: int) -> MeshFamily:
    """Nested meshes of a hole; each has every second line of the next finer one.

    Raises MeshError where the cells across cannot be halved so often or the lines of a mesh cross.
    """
    from breachflow.mesh.family import MeshFamily
    from breachflow.templates.hole_lines import hole_lines, strides
    from breachflow.templates.sheet import parent_quadrilaterals, point_numbers, sheet_mesh

    points, bore = hole_lines(shape, levels)
    meshes, parents = [], []
    for stride in strides(levels):
        sheet = points[::stride, ::stride]
        number = point_numbers(sheet)
        edges = {"cabin": number[0], "orifice": number[bore // stride], "space": number[-1]}
        try:
            meshes.append(sheet_mesh(sheet, {**edges, "wall": number[:, -1], "axis": number[:, 0]}))
        except MeshError as error:
            raise MeshError(
                f"the orifice template folds for a wall of {shape.wall_thickness:g} m with an edge of "
                f"{max(shape.chamfer, shape.rounding):g} m: change [mesh] resolution, the edge or the wall, "
                f"or give a mesh file ({error})"
            ) from None
        parents.append(parent_quadrilaterals(len(sheet) - 1, sheet.shape[1] - 1))
    return MeshFamily(tuple(meshes), tuple(parents[1:]))


def plane_faults(setting: MeshSetting) -> Iterator[Fault]:
    """A fault where the case says that the hole of a template does not begin at x = 0."""
    if setting.hole is not None and setting.hole.plane != 0:
        yield Fault(("orifice", "plane"), "the template's hole begins at x = 0; remove plane")


def orifice_shape(
    setting: MeshSetting,
    resolution: str | Resolution,
    cabin_extent: float,
    plume_extent: float,
    *,
    is_graded: bool = False,
) -> OrificeShape:
    """The sizes of the hole of a case and of the mesh about it."""
    from breachflow.templates.hole_lines import OrificeShape

    hole = required_hole(setting)
    return OrificeShape(
        diameter=hole.diameter,
        wall_thickness=hole.wall_thickness,
        across=cells_across(resolution),
        chamfer=hole.chamfer,
        rounding=hole.rounding,
        cabin_extent=cabin_extent,
        plume_extent=plume_extent,
        wall_spacing=_wall_spacing(setting),
        is_graded=is_graded,
    )


def _wall_spacing(setting: MeshSetting) -> float:
    """Spacing at the wall: finer where a layer of friction is thinner than the hole is wide."""
    hole = required_hole(setting)
    is_crack = hole.wall_thickness > CRACK * hole.diameter
    return 1.0 if is_crack or not setting.is_viscous else LAYER_SPACING


def required_hole(setting: MeshSetting) -> HoleSize:
    """The hole of a case that was checked to have one."""
    assert setting.hole is not None
    return setting.hole


def cells_across(resolution: str | Resolution) -> int:
    """The cells from the axis to the edge of the hole on the finest mesh."""
    return ACROSS[resolution] if isinstance(resolution, str) else resolution.across


def explicit(resolution: str | Resolution) -> Resolution:
    """A resolution by its number of cells."""
    return Resolution.model_construct(across=cells_across(resolution))


def resolution_words(resolution: str | Resolution) -> str:
    """The name of a resolution or its cells, for the header of a run."""
    return resolution if isinstance(resolution, str) else f"{resolution.across} cells across"


def grid_levels(resolution: str | Resolution, setting: MeshSetting) -> int:
    """The number of meshes of the grid sequence: one of a transient run."""
    across, count = cells_across(resolution), 1
    while (
        setting.is_steady
        and count < MOST_LEVELS
        and across % 2**count == 0
        and across >> count >= FEWEST_ACROSS
    ):
        count += 1
    return count


def chosen_plume_extent(setting: MeshSetting) -> float:
    """The extent of the plume, in diameters, that the pressures ask for.

    It is 1.5 times the distance of the Mach disk at least; in a shorter plume no steady flow may exist.
    Round hole: the disk is at 0.67 sqrt(p0/p_b) diameters (Ashkenas and Sherman 1966, Rarefied Gas Dynamics
    2, p. 84). Slit: 1.15 p0/p_b widths, where a stream that spreads as a half-circle has the area ratio of
    that disk.
    """
    inside, outside = setting.driving_pressure, setting.outside_pressure
    if not outside or inside is None:
        return VACUUM_PLUME_EXTENT
    ratio = inside / outside
    disk = MACH_DISK * sqrt(ratio) if required_hole(setting).shape != "slit" else 1.15 * ratio
    return min(max(OUTLET_PLUME_EXTENT, 1.5 * disk), MOST_PLUME_EXTENT)
