"""Make `hole_tetrahedra.msh`: a quarter of a round hole in a thin plate, in space.

    pip install gmsh
    python meshes/make_hole.py

x runs along the flow, lengths in mm. The hole has a diameter of 2 mm, the plate a thickness of 0.2 mm and its
upstream face at x = 0. Upstream lies an eighth of a ball of radius 12 mm (6 diameters), downstream one of
radius 3 mm (1.5 diameters), between the planes y = 0 and z = 0. Tetrahedra are small at the two lips.
"""

from __future__ import annotations

from math import pi
from pathlib import Path

import gmsh

FOLDER = Path(__file__).parent
RADIUS, THICKNESS, CABIN, PLUME = 1.0, 0.2, 12.0, 3.0

LIP_SIZE, GROWTH = 0.03, 0.25
"""Size of cells at the lips, mm, and its growth with the distance from them."""

NEAR = 1e-3
"""Distance, mm, within which points of the geometry are one."""


def hole() -> None:
    """Cabin, hole and plume: sections through the axis, turned about it by a right angle."""
    geo = gmsh.model.geo
    corners = {
        "far": (-CABIN, 0), "center": (0, 0), "exit": (THICKNESS, 0), "end": (THICKNESS + PLUME, 0),
        "cabin top": (0, CABIN), "lip": (0, RADIUS), "exit lip": (THICKNESS, RADIUS),
        "plume top": (THICKNESS, PLUME),
    }  # fmt: skip
    at = {name: geo.addPoint(x, y, 0) for name, (x, y) in corners.items()}

    def line(start: str, end: str) -> int:
        return int(geo.addLine(at[start], at[end]))

    entrance, mouth = line("center", "lip"), line("exit", "exit lip")
    loops = (
        (line("far", "center"), entrance, line("lip", "cabin top"),
         geo.addCircleArc(at["cabin top"], at["center"], at["far"])),
        (line("center", "exit"), mouth, line("exit lip", "lip"), -entrance),
        (line("exit", "end"), geo.addCircleArc(at["end"], at["exit"], at["plume top"]),
         line("plume top", "exit lip"), -mouth),
    )  # fmt: skip
    for loop in loops:
        section = geo.addPlaneSurface([geo.addCurveLoop(loop)])
        geo.revolve([(2, section)], 0, 0, 0, 1, 0, 0, 0.5 * pi)
    geo.removeAllDuplicates()
    geo.synchronize()


def patch_of(surface: int) -> str:
    """Name of the patch or the surface that a face of the geometry belongs to; empty for the entrance."""
    x, _, _, last_x, last_y, last_z = gmsh.model.getBoundingBox(2, surface)
    if min(last_y, last_z) < NEAR:
        return "symmetry"
    if last_x - x > THICKNESS + NEAR:
        return "cabin" if x < -NEAR else "space"
    if last_x - x < NEAR and max(last_y, last_z) < RADIUS + NEAR:
        return "orifice" if x > THICKNESS - NEAR else ""
    return "wall"


def name_surfaces() -> None:
    """Named groups of the faces, and one of all gas."""
    named: dict[str, list[int]] = {}
    for _, surface in gmsh.model.getEntities(2):
        named.setdefault(patch_of(surface), []).append(surface)
    named.pop("", None)
    for name, surfaces in named.items():
        gmsh.model.addPhysicalGroup(2, surfaces, name=name)
    gmsh.model.addPhysicalGroup(3, [volume for _, volume in gmsh.model.getEntities(3)], name="gas")


def is_lip(curve: int) -> bool:
    """Whether a curve is one of the two edges of the hole."""
    x, y, z, last_x, last_y, last_z = gmsh.model.getBoundingBox(1, curve)
    is_quarter = max(abs(y), abs(z), abs(last_y - RADIUS), abs(last_z - RADIUS)) < NEAR
    return last_x - x < NEAR and is_quarter


def grade() -> None:
    """Size of cells by their distance from the lips."""
    field = gmsh.model.mesh.field
    distance, size = field.add("Distance"), field.add("MathEval")
    field.setNumbers(distance, "CurvesList", [c for _, c in gmsh.model.getEntities(1) if is_lip(c)])
    field.setNumber(distance, "Sampling", 200)
    field.setString(size, "F", f"{LIP_SIZE} + {GROWTH} * F{distance}")
    field.setAsBackgroundMesh(size)


def main() -> None:
    """Make the mesh beside this file."""
    gmsh.initialize()
    gmsh.option.setNumber("General.Terminal", 0)
    hole()
    name_surfaces()
    grade()
    options = {
        "Mesh.MeshSizeExtendFromBoundary": 0, "Mesh.MeshSizeFromPoints": 0, "Mesh.MeshSizeFromCurvature": 0,
        "Mesh.Algorithm": 6, "Mesh.Algorithm3D": 1, "Mesh.Optimize": 1, "Mesh.Binary": 1,
    }  # fmt: skip
    for key, value in options.items():
        gmsh.option.setNumber(key, value)
    gmsh.model.mesh.generate(3)
    gmsh.write(str(FOLDER / "hole_tetrahedra.msh"))
    gmsh.finalize()


if __name__ == "__main__":
    main()
