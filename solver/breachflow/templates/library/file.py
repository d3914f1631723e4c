"""Meshes from files: the keys of `[mesh]` beside `file`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from breachflow.document.faults import Fault
from breachflow.document.fields import Missing
from breachflow.document.paths import PathField
from breachflow.templates.source import MeshSetting, MeshSource, PlaneGeometry
from breachflow.units import Dimension, read_quantity

if TYPE_CHECKING:
    from breachflow.mesh.family import MeshFamily


class MeshFromFile(MeshSource):
    """A mesh that another program made, in a file of Gmsh, SU2, Salome or VTK."""

    file: Annotated[Path, PathField()] = Field(
        description="Mesh file, relative to the case's folder; instead of a template."
    )
    geometry: Annotated[PlaneGeometry, Missing('is missing; a mesh file is "planar" or "axisymmetric"')] = (
        Field(description="What the plane stands for.")
    )
    unit: Literal["m", "cm", "mm", "um", "in"] = Field(
        default="m", description="Unit of length of the file's coordinates."
    )

    has_hole: ClassVar = True

    @property
    def unit_length(self) -> float:
        """Unit of the file's coordinates, m."""
        return read_quantity(f"1 {self.unit}", Dimension.LENGTH)

    def faults(self, setting: MeshSetting) -> Iterator[Fault]:
        """A fault where the shape of the hole does not fit the geometry of the plane."""
        if setting.hole is None:
            return
        shape = setting.hole.shape
        fitting, other = {"round": ("axisymmetric", "slit"), "slit": ("planar", "round")}[shape]
        if self.geometry != fitting:
            yield Fault(
                ("mesh", "geometry"),
                f'a {shape} orifice needs geometry = "{fitting}"; or write shape = "{other}"',
            )

    def family(self, setting: MeshSetting) -> MeshFamily:
        """Read the mesh, cut it open at walls inside it, and renumber its cells for short ways in memory.

        Raises MeshError where the file cannot be read.
        """
        from breachflow.mesh.family import MeshFamily
        from breachflow.mesh.files.read import read_mesh
        from breachflow.mesh.ordering import reverse_cuthill_mckee
        from breachflow.mesh.topology import renumber

        mesh = read_mesh(self.file, self.unit_length, setting.walls)
        return MeshFamily((renumber(mesh, reverse_cuthill_mckee(mesh.face_cells, mesh.n_cells)),))


SOURCE = MeshFromFile
