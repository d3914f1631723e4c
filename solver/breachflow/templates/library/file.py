"""Meshes from files: the keys of `[mesh]` beside `file`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Final

from pydantic import Field

from breachflow.document.faults import Fault
from breachflow.document.fields import Missing
from breachflow.document.paths import PathsField
from breachflow.errors import MeshError
from breachflow.templates.keys import length_faults
from breachflow.templates.source import Geometry, HoleSize, MeshSetting, MeshSource, OpeningShape
from breachflow.units import Dimension, LengthUnit, read_quantity

if TYPE_CHECKING:
    from breachflow.mesh.family import MeshFamily
    from breachflow.mesh.mesh import Mesh
    from breachflow.mesh.sequence import Box


_PLACES: Final = {2: ("a plane", '"planar" or "axisymmetric"'), 3: ("space", '"spatial"')}
"""Where a mesh lies and which geometry it has, by its dimension."""


_GEOMETRIES: Final = {
    "round": ("axisymmetric", "slit"),
    "slit": ("planar", "round"),
    "outline": ("spatial", ""),
}
"""Geometry of a mesh that a shape of `[orifice]` needs, and the shape that the other plane one needs."""


class MeshFromFile(MeshSource):
    """Meshes that another program made, in files of Gmsh, SU2, Salome or VTK."""

    file: Annotated[Path | tuple[Path, ...], PathsField()] = Field(
        description="Mesh file, relative to the case's folder, instead of a template; or a list of meshes of "
        "one shape, from coarse to fine."
    )
    geometry: Annotated[Geometry, Missing('is missing; write "planar", "axisymmetric" or "spatial"')] = Field(
        description="What the coordinates stand for: a plane section, or space."
    )
    unit: LengthUnit = Field(default="m", description="Unit of length of the file's coordinates.")

    has_hole: ClassVar = True
    shapes: ClassVar[Collection[OpeningShape]] = ("round", "slit", "outline")
    hole_is_optional: ClassVar = True

    @property
    def unit_length(self) -> float:
        """Unit of the file's coordinates, m."""
        return read_quantity(f"1 {self.unit}", Dimension.LENGTH)

    @property
    def height(self) -> float:
        """Extent in y of the finest mesh, m; 1 where it cannot be read, as its run tells."""
        return (self._of_file(_height_of) or 1.0) * self.unit_length

    def faults(self, setting: MeshSetting) -> Iterator[Fault]:
        """A fault where the shape of the hole does not fit the geometry of the mesh."""
        if self.geometry == "spatial":
            yield from self._spatial_faults(setting)
        elif setting.hole is not None:
            shape = setting.hole.shape
            fitting, other = _GEOMETRIES[shape]
            if self.geometry != fitting:
                instead = f'; or write shape = "{other}"' if other else ""
                yield Fault(("mesh", "geometry"), f'a {shape} orifice needs geometry = "{fitting}"{instead}')

    def _spatial_faults(self, setting: MeshSetting) -> Iterator[Fault]:
        if setting.hole is None:
            yield Fault(("orifice",), "is missing: the flow of a mesh in space is measured at its hole")
        yield from length_faults(setting)

    def family(self, setting: MeshSetting) -> MeshFamily:
        """Read the meshes, cut them open at walls inside them, and renumber their cells downstream.

        Raises MeshError where a file cannot be read, or the meshes of a list are no sequence of one shape.
        """
        from breachflow.mesh.family import MeshFamily
        from breachflow.mesh.sequence import mesh_sequence

        meshes = {str(path): self._read(path, setting) for path in self.mesh_files}
        if len(meshes) == 1:
            return MeshFamily(tuple(meshes.values()))
        return mesh_sequence(
            meshes, None if setting.hole is None else _near(setting.hole, list(meshes.values())[-1])
        )

    def finest_cells(self, _setting: MeshSetting) -> int:
        """Count the cells in the file of the finest mesh; 0 where it cannot be read, as its run tells."""
        return int(self._of_file(_cells_in))

    def _of_file(self, measure: Callable[[Path, int, int], float]) -> float:
        """A number of the finest mesh; 0 where it cannot be read."""
        path = self.mesh_files[-1]
        try:
            changed = path.stat()
            return measure(path, changed.st_mtime_ns, changed.st_size)
        except (OSError, MeshError):
            return 0.0

    def _read(self, path: Path, setting: MeshSetting) -> Mesh:
        from breachflow.mesh.files.read import read_mesh
        from breachflow.mesh.ordering import downstream
        from breachflow.mesh.topology import renumber

        mesh = read_mesh(path, self.unit_length, setting.walls)
        if (mesh.dimension == 3) != (self.geometry == "spatial"):
            place, fitting = _PLACES[mesh.dimension]
            raise MeshError(f"{path}: the mesh lies in {place}: write [mesh] geometry = {fitting}")
        return renumber(mesh, downstream(mesh, setting.sources))


def _near(hole: HoleSize, mesh: Mesh) -> Box | None:
    """Lower and upper corner of the box that reaches one opening beyond the hole on every side, m.

    In space the hole is the surface `orifice`; None without one, as its run tells.
    """
    if mesh.dimension == 3:
        surface = mesh.surfaces.get("orifice")
        if surface is None:
            return None
        corners = mesh.face_corners[surface.faces]
        rim = mesh.points[corners[corners >= 0]]
        return tuple(rim.min(axis=0) - hole.diameter), tuple(rim.max(axis=0) + hole.diameter)
    along, across = hole.wall_thickness + hole.diameter, 1.5 * hole.diameter
    return (hole.plane - along, -across), (hole.plane + along, across)


@cache
def _cells_in(path: Path, _changed: int, _size: int) -> int:
    """Cells in a mesh file, which is read once for all points of a sweep and again when it has changed."""
    from breachflow.mesh.files.read import read_mesh

    return read_mesh(path).n_cells


@cache
def _height_of(path: Path, _changed: int, _size: int) -> float:
    """Extent in y of a mesh file in its unit, which is read once and again when it has changed."""
    from breachflow.mesh.files.read import read_mesh

    y = read_mesh(path).points[:, 1]
    return float(y.max() - y.min())


SOURCE = MeshFromFile
