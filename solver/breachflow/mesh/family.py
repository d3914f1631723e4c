"""A family of meshes from coarse to fine, with the coarse cell that holds each fine cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from breachflow.arrays import Ints
from breachflow.mesh.mesh import Mesh

HALVED: Final = 2.0
"""Refinement of a mesh that divides every cell of the coarser one in two along each side."""


@dataclass(frozen=True)
class MeshFamily:
    """Meshes of one case, the coarsest first."""

    meshes: tuple[Mesh, ...]
    parents: tuple[Ints, ...] = ()
    """For each mesh but the coarsest: (n_cells,) number of the cell of the next coarser mesh that holds each
    cell; empty where the meshes do not prepare one another."""
    refinements: tuple[float, ...] = ()
    """For each mesh but the coarsest: size of the cells of the next coarser mesh over that of its own; empty
    where every cell is divided in two along each side."""

    def __len__(self) -> int:
        """Number of meshes."""
        return len(self.meshes)

    def __iter__(self) -> Iterator[Mesh]:
        """Iterate over the meshes from the coarsest to the finest."""
        return iter(self.meshes)

    def __getitem__(self, level: int) -> Mesh:
        """A mesh by its level: 0 is the coarsest, -1 the finest."""
        return self.meshes[level]

    def parent_cells(self, level: int) -> Ints:
        """The parents of the cells of mesh `level` >= 1 on mesh `level - 1`, (n_cells,)."""
        return self.parents[level - 1]

    def refinement(self, level: int) -> float:
        """Size of the cells of mesh `level - 1` over that of the cells of mesh `level` >= 1."""
        return self.refinements[level - 1] if self.refinements else HALVED

    def finest(self) -> MeshFamily:
        """The family of the finest mesh alone."""
        return MeshFamily(self.meshes[-1:])
