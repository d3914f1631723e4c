"""Small meshes of a hole in a plate, as other programs make them: turned, mirrored, in any unit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from breachflow.mesh import Mesh, build_mesh
from breachflow.mesh.files.write import write_mesh

ROUND = (np.array([-6, -4, -2.5, -1.4, -0.7, -0.3, 0, 0.33, 0.67, 1, 1.4, 2, 3, 4.5]), 1.0)
"""x of the grid lines and thickness of the plate; the hole has radius 1."""

KNIFE = (np.array([-6, -4, -2.5, -1.4, -0.7, -0.3, 0, 0.4, 1, 2, 3.5]), 0.0)
"""The same without a thickness: the plate is a line between cells."""

RADII = np.array([0, 0.25, 0.5, 0.75, 1, 1.4, 2, 3, 4.5, 6])


def plate(
    grid: tuple[NDArray[np.float64], float] = ROUND, whole: bool = False, inner_plate: str = "wall"
) -> Mesh:
    """A meridian half, or both halves of a slit, in quadrilaterals; the flow goes in +x.

    Of a plate without a thickness, the line between cells is named `inner_plate`.
    """
    x, thickness = grid
    y = np.concatenate([-RADII[:0:-1], RADII]) if whole else RADII
    number = np.arange(len(x) * len(y)).reshape(len(x), len(y))
    cells = np.stack([number[:-1, :-1], number[1:, :-1], number[1:, 1:], number[:-1, 1:]], axis=-1)
    middle = 0.5 * (x[:-1] + x[1:])[:, None], np.abs(0.5 * (y[:-1] + y[1:]))[None, :]
    gas = ~((middle[0] > 0.0) & (middle[0] < thickness) & (middle[1] > 1.0))
    points = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
    used, corners = np.unique(cells[gas], return_inverse=True)
    points, quads = points[used], corners.reshape(-1, 4)
    edges = np.concatenate([quads[:, [i, (i + 1) % 4]] for i in range(4)])
    pairs, counts = np.unique(np.sort(edges, axis=1), axis=0, return_counts=True)
    ends = points[pairs]
    rim, center = counts == 1, ends.mean(axis=1)
    far = rim & ((np.abs(center[:, 1]) == RADII[-1]) | (center[:, 0] == x[0]) | (center[:, 0] == x[-1]))
    on_axis = rim & (center[:, 1] == 0.0)
    across = ~rim & (ends[:, :, 0] == 0.0).all(axis=1)
    named = {
        "cabin": pairs[far & (center[:, 0] < 0.0)],
        "space": pairs[far & (center[:, 0] > 0.0)],
        "axis": pairs[on_axis],
        "wall": pairs[rim & ~far & ~on_axis],
    }
    if thickness == 0.0:
        line = pairs[across & (np.abs(center[:, 1]) > 1.0)]
        named[inner_plate] = np.concatenate([named.get(inner_plate, line[:0]), line])
    named["orifice"] = pairs[across & (np.abs(center[:, 1]) < 1.0)]
    return build_mesh(points, [quads], {name: found for name, found in named.items() if len(found)})


def cut(mesh: Mesh) -> Mesh:
    """The mesh in triangles: each quadrilateral is cut along one diagonal, the next one along the other."""
    quads = mesh.cell_points.reshape(-1, 4)
    is_even = (np.arange(len(quads)) % 2 == 0)[:, None]
    first = np.where(is_even, quads[:, [0, 1, 2]], quads[:, [0, 1, 3]])
    second = np.where(is_even, quads[:, [0, 2, 3]], quads[:, [1, 2, 3]])
    named = {**mesh.patches, **{name: surface.faces for name, surface in mesh.surfaces.items()}}
    pairs = mesh.face_corners
    edges = {name: pairs[faces] for name, faces in named.items()}
    return build_mesh(mesh.points, [np.concatenate([first, second])], edges)


def moved(mesh: Mesh, move: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Mesh:
    """The mesh with its points (n, 2) moved."""
    named = {**mesh.patches, **{name: surface.faces for name, surface in mesh.surfaces.items()}}
    pairs = mesh.face_corners
    edges = {name: pairs[faces] for name, faces in named.items()}
    return build_mesh(move(mesh.points), [mesh.cell_points.reshape(-1, 4)], edges)


def turned(mesh: Mesh, degrees: float) -> Mesh:
    """The mesh, turned about the origin."""
    angle = np.radians(degrees)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return moved(mesh, lambda points: points @ matrix.T)


def case_text(mesh: Mesh, folder: Path, hole: str, **tables: str) -> str:
    """The text of a case on the mesh, which is written into the folder."""
    write_mesh(mesh, folder / "mesh.msh")
    shape, geometry = ("slit", "planar") if "width" in hole else ("round", "axisymmetric")
    boundary = {
        "cabin": 'kind = "reservoir", pressure = "100 kPa", temperature = "300 K"',
        "space": 'kind = "vacuum"',
        "wall": 'kind = "wall"',
        "axis": f'kind = "{"axis" if shape == "round" else "symmetry"}"',
    }
    rows = [f"{name} = {{ {keys} }}" for name, keys in boundary.items() if name in mesh.patches]
    rows += [f"{name} = {{ {keys} }}" for name, keys in tables.items()]
    return "\n".join(
        [
            'gas = "air"',
            f'orifice = {{ shape = "{shape}", {hole} }}',
            f'mesh = {{ file = "mesh.msh", geometry = "{geometry}", unit = "mm" }}',
            "[boundary]",
            *rows,
            "",
        ]
    )
