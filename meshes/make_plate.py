"""Make the imported meshes of this folder: a round hole in a thick plate, half of its meridian plane.

    pip install gmsh breachflow
    python meshes/make_plate.py

x runs along the axis with the flow, y is the radius, lengths in mm. The hole has a diameter of 2 mm, the
plate a thickness of 1 mm and its upstream face at x = 0. Upstream lies a quarter disc of radius 12 mm
(6 diameters), downstream one of radius 4 mm (2 diameters). Cells are small at the two lips.
"""

from __future__ import annotations

from pathlib import Path

import gmsh

from breachflow.mesh.files.read import read_mesh
from breachflow.mesh.files.write import write_mesh

FOLDER = Path(__file__).parent
RADIUS, THICKNESS, CABIN, PLUME = 1.0, 1.0, 12.0, 4.0


def plate(lip_size: float, far_size: float) -> list[int]:
    """The three regions, cabin, hole and plume, with named curves."""
    geo = gmsh.model.geo
    far, cabin_top, lip, center = ((-CABIN, 0), (0, CABIN), (0, RADIUS), (0, 0))
    exit_center, exit_lip = (THICKNESS, 0), (THICKNESS, RADIUS)
    plume_top, plume_end = (THICKNESS, PLUME), (THICKNESS + PLUME, 0)
    corners = (far, cabin_top, lip, center, exit_center, exit_lip, plume_top, plume_end)
    at = {corner: geo.addPoint(*corner, 0) for corner in corners}

    def line(start: tuple[float, float], end: tuple[float, float]) -> int:
        return int(geo.addLine(at[start], at[end]))

    cabin = geo.addCircleArc(at[cabin_top], at[center], at[far])
    space = geo.addCircleArc(at[plume_end], at[exit_center], at[plume_top])
    cabin_axis, hole_axis = line(far, center), line(center, exit_center)
    plume_axis = line(exit_center, plume_end)
    orifice, hole_exit = line(center, lip), line(exit_center, exit_lip)
    upstream_face, hole_wall = line(lip, cabin_top), line(exit_lip, lip)
    downstream_face = line(plume_top, exit_lip)
    loops = (
        (cabin_axis, orifice, upstream_face, cabin),
        (hole_axis, hole_exit, hole_wall, -orifice),
        (plume_axis, space, downstream_face, -hole_exit),
    )
    regions = [geo.addPlaneSurface([geo.addCurveLoop(loop)]) for loop in loops]
    geo.synchronize()
    named = {
        "cabin": [cabin],
        "space": [space],
        "wall": [upstream_face, hole_wall, downstream_face],
        "axis": [cabin_axis, hole_axis, plume_axis],
        "orifice": [orifice],
    }
    for name, curves in named.items():
        gmsh.model.addPhysicalGroup(1, curves, name=name)
    gmsh.model.addPhysicalGroup(2, regions, name="gas")
    grade([at[lip], at[exit_lip]], lip_size, far_size)
    return regions


def grade(lips: list[int], lip_size: float, far_size: float) -> None:
    """Size of cells: `lip_size` at the lips, growing linearly to `far_size` at the far boundary."""
    field = gmsh.model.mesh.field
    distance = field.add("Distance")
    field.setNumbers(distance, "PointsList", lips)
    threshold = field.add("Threshold")
    settings = {"InField": distance, "SizeMin": lip_size, "SizeMax": far_size, "DistMin": 0, "DistMax": CABIN}
    for key, value in settings.items():
        field.setNumber(threshold, key, value)
    field.setAsBackgroundMesh(threshold)


def make(path: Path, version: float, lip_size: float, quads: tuple[int, ...], binary: bool = False) -> None:
    """Mesh the plate, with quadrilaterals in the regions numbered `quads`, and save it."""
    gmsh.clear()
    gmsh.model.add(path.stem)
    regions = plate(lip_size, far_size=1.2)
    for region in quads:
        gmsh.model.mesh.setRecombine(2, regions[region])
    options = {
        "Mesh.MeshSizeExtendFromBoundary": 0,
        "Mesh.MeshSizeFromPoints": 0,
        "Mesh.Algorithm": 6,
        "Mesh.SubdivisionAlgorithm": int(len(quads) == len(regions)),
        "Mesh.MshFileVersion": version,
        "Mesh.Binary": int(binary),
    }
    for key, value in options.items():
        gmsh.option.setNumber(key, value)
    gmsh.model.mesh.generate(2)
    gmsh.write(str(path))


def main() -> None:
    """Make the three meshes of this folder."""
    gmsh.initialize()
    gmsh.option.setNumber("General.Terminal", 0)
    make(FOLDER / "plate_triangles.msh", 4.1, 0.05, quads=())
    make(FOLDER / "plate_quads.msh", 2.2, 0.13, quads=(0, 1, 2), binary=True)
    mixed = FOLDER / "plate_mixed.msh"
    make(mixed, 4.1, 0.05, quads=(1, 2))
    write_mesh(read_mesh(mixed), mixed.with_suffix(".vtu"))
    mixed.unlink()
    gmsh.finalize()


if __name__ == "__main__":
    main()
