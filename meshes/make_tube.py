"""Make the mesh `tube.msh` of this folder: a plane tube with a diaphragm across its middle.

    pip install breachflow
    python meshes/make_tube.py

x runs along the tube, lengths in m. The tube is 1 m long and 20 mm high. Its points are moved at random, but
for those on the walls and on the diaphragm, a named line inside the mesh at x = 0.5 m.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from breachflow.mesh.files.write import write_mesh
from breachflow.mesh.mesh import Mesh, Surface
from breachflow.templates.library.block import BlockShape, block_family

LENGTH, HEIGHT, CELLS, MIDDLE = 1.0, 0.02, (200, 4), 0.5


def tube() -> Mesh:
    """The tube with its names."""
    block = BlockShape((0.0, LENGTH), (0.0, HEIGHT), CELLS, triangles=True, distortion=0.5)
    mesh = block_family(block, 1)[0]
    points = mesh.points.copy()
    column = slice(CELLS[0] // 2 * (CELLS[1] + 1), (CELLS[0] // 2 + 1) * (CELLS[1] + 1))
    points[column, 0] = MIDDLE
    across = np.all(points[mesh.face_corners][:, :, 0] == MIDDLE, axis=1)
    faces = np.flatnonzero(across).astype(np.int32)
    ends = {"closed_end": mesh.patches["left"], "far_end": mesh.patches["right"]}
    sides = np.concatenate([mesh.patches["bottom"], mesh.patches["top"]])
    return replace(
        mesh,
        points=points,
        patches={**ends, "sides": sides},
        surfaces={"diaphragm": Surface(faces, np.ones(len(faces)))},
    )


if __name__ == "__main__":
    write_mesh(tube(), Path(__file__).parent / "tube.msh")
