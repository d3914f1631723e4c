"""Interface of a template: its keys of `[mesh]`, its patches, its checks and its meshes.

A template is a subclass of `MeshSource`; it gets the rest of the case as a `MeshSetting`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, Literal, NamedTuple, Self, TypeAlias

from breachflow.document.faults import Fault
from breachflow.document.table import Table
from breachflow.outlines.polygon import HoleOutline

if TYPE_CHECKING:
    from breachflow.mesh.family import MeshFamily
    from breachflow.mesh.lines import LineCounts

FILE: Final = "file"
"""Name of the source of meshes that is a file and no template."""

PlaneGeometry: TypeAlias = Literal["planar", "axisymmetric"]
"""Meaning of the plane of a mesh."""

Geometry: TypeAlias = PlaneGeometry | Literal["spatial"]
"""Meaning of the coordinates of a mesh: of a plane, or of space."""

MeshedPart: TypeAlias = Literal["quarter", "half", "whole"]
"""Part of a shape in space that has two planes of symmetry."""


OpeningShape: TypeAlias = Literal["round", "slit", "outline"]
"""Shape of a hole, as `[orifice]` states it."""


class HoleSize(NamedTuple):
    """The hole of `[orifice]`; lengths in m."""

    shape: OpeningShape
    diameter: float
    """Diameter of a round hole or of the circle of equal area, width of a slit."""
    wall_thickness: float
    chamfer: float
    """Leg of a 45 degree chamfer of the upstream edge."""
    rounding: float
    """Radius of the upstream edge."""
    plane: float
    """x of the upstream face of the wall."""
    angle: float = 0.0
    """Angle between the bore and the normal of the wall, rad."""
    length: float | None = None
    """Length of a slit; None of a round hole, and where the case states none."""
    outline: HoleOutline | None = None
    """Outline of a hole of this shape, m."""


class MeshSetting(NamedTuple):
    """Everything that the mesh of a case depends on besides the keys of `[mesh]`."""

    hole: HoleSize | None
    driving_pressure: float | None
    """Stagnation pressure of the gas that drives the flow, Pa; None where no boundary feeds gas."""
    outside_pressure: float | None
    """Pressure outside, Pa; 0 of a vacuum, None where no boundary tells."""
    sources: tuple[str, ...]
    """Patches of the case through which gas enters."""
    is_steady: bool
    has_exact_solution: bool
    is_viscous: bool = False
    """Whether friction acts: then the cells at the wall are finer."""
    walls: tuple[str, ...] = ()
    """Boundaries through which no gas passes: of a mesh file, they may lie inside the gas."""


class PatchRule(NamedTuple):
    """A patch of a template and the boundary that it may have."""

    meaning: str = ""
    """Meaning of the patch, for the message about a missing boundary."""
    kinds: tuple[str, ...] = ()
    """Kinds of boundary that a case may give the patch; empty: any, or none if it has a default."""
    default_kind: str = ""
    """Kind of the boundary where the case names none; without one, the case must name the patch."""


class MeshSource(Table):
    """Keys of `[mesh]` for one template or for mesh files, with all that the program asks about them.

    A template declares its keys as fields, the first of them `template` with its name. A field `geometry` or
    `file`, where there is one, is what `plane` or `mesh_files` return.
    """

    rank: ClassVar[int]
    """Place of the template in lists of templates; the lowest comes first."""
    patches: ClassVar[Mapping[str, PatchRule]] = {}
    """Patches by name; empty of mesh files, whose patches are known only when they are read."""
    has_hole: ClassVar[bool] = False
    """Whether `[orifice]` describes the hole of the mesh."""
    shapes: ClassVar[Collection[OpeningShape]] = ("round", "slit")
    """Shapes of the hole that the mesh may have."""
    resolves_friction: ClassVar[bool] = True
    """Whether cells at the wall are fine enough for laminar flow, where friction matters."""
    hole_is_optional: ClassVar[bool] = False
    """Whether a case may do without `[orifice]`: then no discharge coefficient is asked for."""
    suits_exact: ClassVar[bool] = False
    """Whether a run may be compared with an exact solution on these meshes."""
    is_scalable: ClassVar[bool] = False
    """Whether every length of the mesh is in proportion to the opening, between a reservoir and the outside:
    then cases of the same dimensionless values share one flow."""
    grades_edges: ClassVar[bool] = False
    """Whether cells of steady meshes without friction shrink so steeply toward an edge that it leaves an
    order of 1 at least."""
    is_a_jet: ClassVar[bool] = False
    """Whether the mesh begins in the plane of the hole: the mass flow is given and not computed."""

    @property
    def plate_side(self) -> Literal["outside", "inside", ""]:
        """Side of the wall on which a plate covers the hole; empty without one."""
        return ""

    @property
    def source(self) -> str:
        """Name of the template, or `file`."""
        return getattr(self, "template", FILE)

    @property
    def plane(self) -> Geometry | None:
        """Meaning of the plane of the mesh, or "spatial"; None where the shape of the hole decides."""
        return getattr(self, "geometry", None)

    @property
    def mesh_files(self) -> tuple[Path, ...]:
        """The mesh files, the coarsest first; empty of a template."""
        given = getattr(self, FILE, ())
        return given if isinstance(given, tuple) else (given,)

    @property
    def mesh_file(self) -> Path | None:
        """The file of the finest mesh; None of a template."""
        return self.mesh_files[-1] if self.mesh_files else None

    @property
    def is_single(self) -> bool:
        """Whether there is one mesh, whose flow no coarser one prepares."""
        return len(self.mesh_files) == 1

    @property
    def unit_length(self) -> float:
        """Unit of the coordinates of the mesh file, m; 1 of a template."""
        return 1.0

    @property
    def details(self) -> str:
        """Resolution or cells of a template, for the header of a run; empty of a file."""
        return ""

    @property
    def height(self) -> float | None:
        """Extent in y of a mesh without a hole, m: the reference length of its flow."""
        return None

    @property
    def placement(self) -> tuple[float, bool]:
        """Angle (rad) by which mesh and exact solution are turned, after mirroring at the x axis if True."""
        return 0.0, False

    def faults(self, _setting: MeshSetting) -> Iterator[Fault]:
        """Each contradiction between the keys, and between them and the rest of the case."""
        yield from ()

    @abstractmethod
    def family(self, setting: MeshSetting) -> MeshFamily:
        """Build the meshes of the run, the coarsest first.

        Raises MeshError where the keys make no valid mesh.
        """

    def lines(self, _setting: MeshSetting) -> list[LineCounts]:
        """Count the lines of cells of each mesh, without building it, the coarsest first.

        Empty of a source whose meshes do not consist of lines: no run starts from a neighbor's solution.
        """
        return []

    def finest_cells(self, setting: MeshSetting) -> int:
        """Count the cells of the finest mesh without building it; 0 where that is not possible."""
        lines = self.lines(setting)
        return lines[-1].cells if lines else 0

    def resolved(self, _setting: MeshSetting) -> Self:
        """The keys in one spelling, with values of those that the case leaves to the template."""
        return self
