"""The mesh: points, cells, faces and names. It knows nothing of the solver and never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from breachflow.arrays import Floats, Ints

VTK_LINE = 3
VTK_TRIANGLE = 5
VTK_POLYGON = 7
VTK_QUAD = 9


@dataclass(frozen=True)
class Surface:
    """Faces inside the mesh across which flow is measured, for example the orifice."""

    faces: Ints
    """(n,) face numbers."""
    sides: Floats
    """(n,) +1 where the owner of the face lies upstream of the surface, -1 where its neighbor does."""


@dataclass(frozen=True)
class Mesh:
    """An unstructured mesh of polygons (2-D) or polyhedra (3-D), by points, cells and faces.

    The solver uses the faces; cells keep their corners in VTK order for files and pictures. A face has an
    owner cell and a neighbor cell, or -1 on the boundary. The corners of a face are ordered such that its
    normal points out of the owner: in the plane, the owner lies to the left of the edge from its first to its
    second corner; in space, the corners go around counterclockwise where they are seen from outside.
    """

    points: Floats
    """(n_points, dimension) coordinates, m."""
    cell_offsets: Ints
    """(n_cells + 1,) start of the corners of each cell in `cell_points`."""
    cell_points: Ints
    """(n_corners,) points of all cells, one cell after the other; counterclockwise in 2-D."""
    cell_types: NDArray[np.uint8]
    """(n_cells,) VTK cell type codes."""
    face_offsets: Ints
    """(n_faces + 1,) start of the corners of each face in `face_points`."""
    face_points: Ints
    """(n_face_corners,) points of all faces, one face after the other; interior faces come first."""
    face_cells: Ints
    """(n_faces, 2) owner and neighbor cell; neighbor -1 on the boundary."""
    patches: Mapping[str, Ints]
    """Boundary faces by name; every boundary face is in exactly one patch."""
    surfaces: Mapping[str, Surface]
    """Measuring surfaces by name."""

    @property
    def dimension(self) -> int:
        """Number of coordinates of a point."""
        return int(self.points.shape[1])

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return len(self.cell_offsets) - 1

    @property
    def face_corners(self) -> Ints:
        """The points of each face as rows: (n_faces, 2); in space (n_faces, 4), with -1 behind three."""
        if self.dimension == 2:
            return self.face_points.reshape(-1, 2)
        rows = np.full((self.n_faces, 4), -1, dtype=np.int32)
        rows[np.arange(4) < np.diff(self.face_offsets)[:, None]] = self.face_points
        return rows

    @property
    def n_faces(self) -> int:
        """Number of faces."""
        return len(self.face_offsets) - 1
