"""Every broken mesh in space raises a MeshError that names the cell or face and its place."""

from __future__ import annotations

import re

import numpy as np
import pytest

from breachflow.errors import MeshError
from breachflow.mesh import build_mesh, compute_metric
from solid_boxes import curved_box

GRID = np.stack(np.meshgrid([0.0, 1.0, 2.0], [0.0, 1.0], [0.0, 1.0], indexing="ij"), axis=-1)
PLAIN = curved_box(GRID)
POINTS = PLAIN.points.tolist()
CELLS = PLAIN.cell_points.reshape(2, 8).tolist()
FACES = {name: PLAIN.face_corners[faces].tolist() for name, faces in PLAIN.patches.items()}


def build(points=None, cells=None, faces=None, **named):
    """The mesh of two cubes with other points, cells or names; it may mix kinds of cells."""
    cells = CELLS if cells is None else cells
    blocks = [np.array([cell for cell in cells if len(cell) == n]) for n in sorted({len(c) for c in cells})]
    tagged = {**(FACES if faces is None else faces), **named}
    rows = {name: np.array(value) for name, value in tagged.items()}
    return build_mesh(np.array(POINTS if points is None else points, dtype=float), blocks, rows)


def moved(point: int, *coordinates: float) -> list[list[float]]:
    return [list(coordinates) if i == point else list(xyz) for i, xyz in enumerate(POINTS)]


APART = [[x + 5.0, y, z] for x, y, z in POINTS]
"""The same points elsewhere: cells there touch none of the first."""

TETRAHEDRA = [
    [0.0, 0.0, 0.0],
    [1.0, 0.0, 0.0],
    [0.0, 1.0, 0.0],
    [0.0, 0.0, 1.0],
    [1.0, 1.0, 1.0],
    [0.0, 0.0, 2.0],
]

BUILT: dict[str, tuple[dict, str]] = {
    "nan": ({"points": moved(2, np.nan, 0, 0)}, "point 2 has the coordinates (nan, 0, 0)"),
    "no cells": ({"cells": []}, "the mesh has no cells: it needs tetrahedra or hexahedra"),
    "seven corners": (
        {"cells": [CELLS[0][:7]]},
        "cell 0 has 7 corners: in space a tetrahedron 4, a pyramid 5, a wedge 6, a hexahedron 8",
    ),
    "index 12": (
        {"cells": [[*CELLS[0][:7], 12]]},
        "cell 0 uses point 12, but the points are numbered 0 to 11",
    ),
    "corner twice": ({"cells": [[*CELLS[0][:7], CELLS[0][0]]]}, "cell 0 uses point 0 at (0, 0, 0) twice"),
    "same cell twice": (
        {"cells": [*CELLS, CELLS[1]]},
        "cells 1 and 2 have the same corners (near (1, 0, 0))",
    ),
    "flat": (
        {"points": [[x, y, 0.0] for x, y, _ in POINTS]},
        "cell 0, a hexahedron at (0.5, 0.5, 0), has no volume (0 with a surface of 2; 2 such cells)",
    ),
    "a face with no area": (
        {"points": [[0, 1, 0], [0, 1, 1], *POINTS[2:]], "cells": CELLS[:1]},
        "cell 0, a hexahedron at (0.5, 0.75, 0.5), has a face with no area (0; 1 such cells)",
    ),
    "folded": (
        {"points": moved(0, 1.5, 1.5, 1.5), "cells": CELLS[:1]},
        "cell 0, a hexahedron at (0.6875, 0.6875, 0.6875), is folded at its corner",
    ),
    "corners in a wrong order": (
        {"cells": [[CELLS[0][i] for i in (0, 1, 3, 2, 4, 5, 7, 6)], CELLS[1]]},
        "cell 0, a hexahedron at (0.5, 0.5, 0.5), has no volume",
    ),
    "flipped": (
        {
            "points": [*TETRAHEDRA[:3], [0.2, 0.2, 1.0], [0.2, 0.2, 0.5]],
            "cells": [[0, 1, 2, 3], [0, 1, 2, 4]],
            "faces": {},
        },
        "cells 0 and 1 overlap: both lie on the same side of the triangle with the corners (0, 0, 0), "
        "(0, 1, 0), (1, 0, 0)",
    ),
    "three cells at a face": (
        {"points": TETRAHEDRA, "cells": [[0, 1, 2, 3], [0, 1, 2, 4], [0, 1, 2, 5]], "faces": {}},
        "the triangle with the corners (0, 0, 0), (0, 1, 0), (1, 0, 0) belongs to 3 cells (0, 1, 2)",
    ),
    "no patches": (
        {"faces": {}},
        "10 boundary faces are in no patch, for example the quadrilateral with the corners (0, 1, 0), "
        "(0, 0, 0), (0, 0, 1), (0, 1, 1) (they lie at x = 0 to 2, y = 0 to 1, z = 0 to 1); the patches are: "
        "none. Name every boundary face (in Gmsh: a Physical Surface)",
    ),
    "a patch is missing": (
        {"faces": {name: FACES[name] for name in FACES if name != "east"}},
        "1 boundary faces are in no patch, for example the quadrilateral with the corners (2, 0, 0)",
    ),
    "in two patches": (
        {"other": FACES["east"]},
        "is in two patches, 'east' and 'other' (1 such faces): keep one",
    ),
    "boundary and inside": (
        {"east": [*FACES["east"], PLAIN.face_corners[0].tolist()]},
        "'east' names 1 faces on the boundary and 1 between cells, for example the quadrilateral",
    ),
    "face of no cell": (
        {"other": [[0, 1, 11, 10]]},
        "is named 'other' but is no face of any cell (1 such faces): remove it, or mesh the region beside it",
    ),
    "face to nowhere": (
        {"other": [[0, 1, 2, 12]]},
        "face 0 of 'other' joins points 0, 1, 2 and 12: it needs three or four different points from 0 to 11",
    ),
    "triangle from -1": ({"other": [[-1, 1, 2, -1]]}, "face 0 of 'other' joins points -1, 1 and 2"),
    "two points": ({"other": [[0, 1, -1, -1]]}, "face 0 of 'other' joins points 0, 1 and -1"),
    "face of a point twice": ({"other": [[0, 1, 1]]}, "face 0 of 'other' joins points 0, 1 and 1"),
    "edges for faces": (
        {"other": [[0, 1]]},
        "the faces of 'other' must be rows of three or four point numbers, not an array of shape (1, 2)",
    ),
    "points twice": (
        {
            "points": POINTS + [POINTS[i] for i in CELLS[1][:4]],
            "cells": [CELLS[0], [12, 13, 14, 15, *CELLS[1][4:]]],
            "faces": {},
        },
        "are there twice, for example those of",
    ),
    "a quadrilateral against triangles": (
        {
            "points": [*POINTS[:8], [3.0, 0.5, 0.5]],
            "cells": [CELLS[0], [4, 5, 7, 8], [4, 7, 6, 8]],
            "faces": {},
        },
        "is a part of a quadrilateral face (2 such triangles): cells on both sides must share whole faces",
    ),
    "hanging": (
        {
            "points": [*POINTS[:8], [1.0, 0.5, 0.5], [3.0, 0.5, 0.5]],
            "cells": [CELLS[0], [4, 5, 8, 9], [5, 7, 8, 9], [7, 6, 8, 9], [6, 4, 8, 9]],
            "faces": {},
        },
        "the point (1, 0.5, 0.5) lies on the quadrilateral with the corners",
    ),
}


@pytest.mark.parametrize("name", BUILT)
def test_built(name: str):
    changes, message = BUILT[name]
    with pytest.raises(MeshError, match=re.escape(message)):
        build(**changes)


def test_the_cubes_to_be_broken_are_good():
    assert build().n_cells == 2


def test_no_mesh_in_space_is_axisymmetric():
    with pytest.raises(MeshError, match="an axisymmetric mesh lies in the plane, and this one in space"):
        compute_metric(PLAIN, axisymmetric=True)
