"""`python -m breachflow.templates.gmsh_child`: a mesh of tetrahedra about holes in a wall, made by Gmsh.

It is a process of its own and the only module that imports Gmsh: a license of another kind, a library of
90 MB, and a mesher that only a kill interrupts. The first line of its input is a job (JSON); it ends when its
input does, so that it never outlives the process that started it. Lengths are in equal-area diameters; the
wall lies across x, its cabin side at x = 0.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from math import ceil, dist, pi
from typing import Any, Final, NamedTuple, TypeAlias

from breachflow.processes.child import end_with_parent

CANNOT_LOAD: Final = 3
"""Exit code where Gmsh is there and cannot be loaded."""

BORE: Final = 1.5
"""Length of edges within a bore over the step times half the hydraulic diameter."""

Entity: TypeAlias = tuple[int, int]
"""Dimension and tag of an entity of Gmsh."""

SAMPLES: Final = 5000
"""Most points of an edge from which distances are measured."""

OPTIONS: Final = {
    "General.Terminal": 0,
    "General.NumThreads": 1,  # more would make another mesh each time
    "Mesh.MeshSizeExtendFromBoundary": 0,
    "Mesh.MeshSizeFromPoints": 0,
    "Mesh.MeshSizeFromCurvature": 0,
    "Mesh.Algorithm": 6,  # frontal
    "Mesh.Algorithm3D": 1,  # Delaunay
    "Mesh.Optimize": 1,
    "Mesh.OptimizeNetgen": 1,
    "Mesh.Binary": 1,
    "Mesh.MshFileVersion": 4.1,
}


class Job(NamedTuple):
    """What is meshed, in equal-area diameters."""

    file: str
    """Mesh file that is written."""
    loops: list[list[list[float]]]
    """Corners of each hole, y and z."""
    wall_thickness: float
    cabin: float
    """Radius of the half-sphere of the cabin."""
    plume: float
    step: float
    """Length of edges far from the lips over the distance."""
    halves: list[float]
    """Half the hydraulic diameter of each hole."""
    lips: list[float]
    """Length of edges at the lips of each hole."""
    most_bytes: int
    """Memory that the process may have."""


class Holes(NamedTuple):
    """The entities of the model that have a name or a size."""

    named: dict[str, list[int]]
    """Surfaces by name."""
    lips: list[list[int]]
    """Curves around each hole, on both sides of the wall."""


def main() -> None:
    """Make the mesh of the job in the first line of the input."""
    job = Job(**json.loads(sys.stdin.buffer.readline()))
    end_with_parent()
    _limit_memory(job.most_bytes)
    try:
        import gmsh
    except (ImportError, OSError) as error:
        print(error, file=sys.stderr)
        sys.exit(CANNOT_LOAD)
    gmsh.initialize(interruptible=False)
    for name, value in OPTIONS.items():
        gmsh.option.setNumber(name, value)
    holes = _geometry(gmsh.model, job)
    _sizes(gmsh.model.mesh.field, job, holes.lips)
    _names(gmsh.model, holes.named)
    gmsh.model.mesh.generate(3)
    gmsh.write(job.file)


def _limit_memory(most: int) -> None:
    with suppress(ImportError, ValueError, OSError):  # not every system has such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _geometry(model: Any, job: Job) -> Holes:
    """A half-sphere on either side of the wall and the bores between; of a knife edge one face each."""
    occ, far = model.occ, job.wall_thickness
    halves = [_half_sphere(occ, job.cabin, 0.0, -1.0), _half_sphere(occ, job.plume, far, 1.0)]
    faces = [(2, _face(occ, loop)) for loop in job.loops]
    bores = [_volume(occ.extrude([face], far, 0.0, 0.0)) for face in faces] if far else faces
    _, parts = occ.fragment(halves, bores)
    occ.synchronize()
    openings = [_openings(model, part, far) for part in parts[len(halves) :]]
    named: dict[str, list[int]] = {"orifice": [surface for one in openings for surface in one[-1:]]}
    within = {surface for one in openings for surface in one}
    for _, surface in model.getEntities(2):
        if surface not in within:
            named.setdefault(_name(model, surface), []).append(surface)
    return Holes(named, [_curves(model, one) for one in openings])


def _half_sphere(occ: Any, radius: float, x: float, side: float) -> Entity:
    ball: int = occ.addSphere(x, 0.0, 0.0, radius, -1, 0.0, pi / 2)
    occ.rotate([(3, ball)], x, 0.0, 0.0, 0.0, 1.0, 0.0, side * pi / 2)
    return 3, ball


def _face(occ: Any, loop: list[list[float]]) -> int:
    points = [occ.addPoint(0.0, y, z) for y, z in loop]
    lines = [occ.addLine(a, b) for a, b in zip(points, [*points[1:], points[0]], strict=True)]
    face: int = occ.addPlaneSurface([occ.addCurveLoop(lines)])
    return face


def _volume(entities: list[Entity]) -> Entity:
    return next(entity for entity in entities if entity[0] == 3)


def _openings(model: Any, parts: list[Entity], far: float) -> list[int]:
    """The faces across one hole, from the cabin's side to the side of space."""
    if not far:
        return [tag for _, tag in parts]
    around = [abs(tag) for _, tag in model.getBoundary(parts, oriented=False)]
    between = [tag for tag in around if len(model.getAdjacencies(2, tag)[0]) == 2]
    return sorted(between, key=lambda tag: float(model.occ.getCenterOfMass(2, tag)[0]))


def _name(model: Any, surface: int) -> str:
    """The name of a surface at which gas ends: of the round ones by their side of the wall."""
    if model.getType(2, surface) == "Plane":
        return "wall"
    return "cabin" if model.occ.getCenterOfMass(2, surface)[0] < 0.0 else "space"


def _curves(model: Any, surfaces: list[int]) -> list[int]:
    around = model.getBoundary([(2, surface) for surface in surfaces], combined=False, oriented=False)
    return sorted({abs(tag) for _, tag in around})


def _sizes(field: Any, job: Job, lips: list[list[int]]) -> None:
    """Edges that grow with the root of the distance from the nearest lip, and beyond the hole with it.

    So do the cells of elliptic coordinates about a knife edge (`hole_lines`).
    """
    smallest = []
    for loop, half, lip, curves in zip(job.loops, job.halves, job.lips, lips, strict=True):
        longest = max(dist(a, b) for a, b in zip(loop, [*loop[1:], loop[0]], strict=True))
        distance = field.add("Distance")
        field.setNumbers(distance, "CurvesList", curves)
        field.setNumber(distance, "Sampling", min(max(ceil(2.0 * longest / lip), 20), SAMPLES))
        size = field.add("MathEval")
        field.setString(
            size, "F", f"{lip!r} + {job.step!r} * Sqrt(F{distance} * (F{distance} + {2 * half!r}))"
        )
        smallest.append(size)
        if job.wall_thickness:
            bore = field.add("MathEval")
            field.setString(bore, "F", _in_bore(job, loop, half))
            smallest.append(bore)
    least = field.add("Min")
    field.setNumbers(least, "FieldsList", smallest)
    field.setAsBackgroundMesh(least)


def _in_bore(job: Job, loop: list[list[float]], half: float) -> str:
    """The length of edges within a bore as on its axis at the lips; outside it grows."""
    y, z = (0.5 * (min(axis) + max(axis)) for axis in zip(*loop, strict=True))
    reach, far = max(dist((y, z), point) for point in loop), job.wall_thickness
    across = f"(Sqrt((y + ({-y!r}))^2 + (z + ({-z!r}))^2) - {reach!r})"
    outside = f"(Abs(x) + Abs(x - {far!r}) - {far!r} + {across} + Abs({across})) / 2"
    return f"{BORE * job.step * half!r} + {job.step!r} * {outside}"


def _names(model: Any, named: dict[str, list[int]]) -> None:
    for name, surfaces in named.items():
        model.addPhysicalGroup(2, surfaces, name=name)
    model.addPhysicalGroup(3, [tag for _, tag in model.getEntities(3)], name="gas")


if __name__ == "__main__":
    main()
