"""Where gas passes from the cabin to space: the place, the direction and the size of the hole of a mesh."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import pi
from typing import Final, NamedTuple
from weakref import finalize

import numpy as np

from breachflow.arrays import AnyInts, Bools, Floats, Indices
from breachflow.case.boundaries import Reservoir
from breachflow.case.mesh_setting import boundary_of
from breachflow.case.schema import Case
from breachflow.mesh.mesh import Mesh, Surface
from breachflow.mesh.opening.sections import CrossSection, narrowest_sections
from breachflow.mesh.opening.sides import cells_before
from breachflow.runs.setup.reference import is_axisymmetric
from breachflow.runs.setup.space.solid_passage import bore_at, solid_hole

AT_THE_HOLE = 0.05
"""Distance of the ends of the bore from those that [orifice] states, in diameters, that passes."""

STRAIGHT = 1e-3
"""Angle, rad, below which a direction lies along x or y: far below what a flow depends on."""

PLANE = 1e-5
"""Distance of points of a mesh behind a plane of symmetry, over the size of the mesh, that passes."""

AS_NARROW = 0.005
"""Distance of a wall from the narrowest section, over half of it, up to which it belongs to the bore."""


@dataclass(frozen=True)
class Passage:
    """The hole of a mesh; lengths in m."""

    direction: Floats
    """(dimension,) unit vector from the cabin to space, across the narrowest section; axisymmetric: +x or -x;
    in space the mean normal of the surface `orifice`."""
    center: Floats
    """(dimension,) point on the axis or in the middle of the hole."""
    bore: tuple[float, float]
    """Begin and end of the bore along the direction."""
    multiple: float
    """Area of the whole hole over that of the mesh: 2 pi for a radian, 2 for half a slit, 2 or 4 in space."""
    sections: tuple[CrossSection, ...] = ()
    """The narrowest sections between cabin and space; empty of a template, and where they are not known."""
    edge: float = 0.0
    """Length of the longest edge of a wall at their ends."""
    surface_area: float = 0.0
    """Area of the surface `orifice` of a mesh in space across the direction, m2 of the whole hole."""
    mirrors: Floats = field(default_factory=lambda: np.zeros((0, 3)))
    """(n, 3) unit normals of the planes of symmetry that halve the hole, in space."""

    @property
    def area(self) -> float:
        """Area of the narrowest sections, m2; per meter of a slit; in space that of the surface `orifice`."""
        return self.surface_area or self.multiple * sum(section.area for section in self.sections)

    @property
    def is_exact(self) -> bool:
        """Whether the area is exact for the outline of the mesh; otherwise it is an upper bound."""
        return all(section.is_exact for section in self.sections)


class Ways(NamedTuple):
    """Boundary faces through which the gas comes and goes."""

    sources: Indices
    """(n,)"""
    sinks: Indices
    """(m,)"""


def ways_of(case: Case, mesh: Mesh) -> Ways:
    """The faces of the boundaries that feed the hole, and those of all others that let gas pass."""
    none = np.zeros(0, dtype=np.int64)
    sources = [faces for name, faces in mesh.patches.items() if feeds(case, name)]
    sinks = [
        faces
        for name, faces in mesh.patches.items()
        if boundary_of(case, name).passes and not feeds(case, name)
    ]
    return Ways(np.concatenate([none, *sources]), np.concatenate([none, *sinks]))


def feeds(case: Case, patch: str) -> bool:
    """Whether gas is fed to the hole through a patch: of several reservoirs through the strongest alone."""
    entry = boundary_of(case, patch)
    return case.is_cabin(entry) or (entry.feeds and not isinstance(entry, Reservoir))


def passage_of(case: Case, mesh: Mesh) -> Passage:
    """The hole of a mesh: of a template where [orifice] states it, of a file where the mesh has it."""
    if mesh.dimension == 3:
        return _in_space(case, mesh)
    is_known = case.mesh.mesh_file is None or case.orifice is None
    sections = None if is_known else _sections(case, mesh)
    if not sections:
        return _stated(case, mesh)
    return _measured(case, mesh, tuple(sections))


def _in_space(case: Case, mesh: Mesh) -> Passage:
    """The hole of a mesh in space: the surface `orifice`, which every such mesh has."""
    surface = from_cabin_to_space(mesh, mesh.surfaces["orifice"], ways_of(case, mesh))
    hole = solid_hole(case, mesh, surface)
    nearly = np.round(hole.direction) + 0.0
    direction = nearly if np.abs(hole.direction - nearly).max() < STRAIGHT else hole.direction
    if case.mesh.mesh_file is None:
        bore = case.hole.plane, case.hole.plane + case.hole.wall_thickness
    else:
        bore = bore_at(mesh, hole, surface, closed_faces(case, mesh))
    return Passage(
        direction=direction,
        center=hole.center,
        bore=bore,
        multiple=hole.multiple,
        surface_area=hole.area,
        mirrors=hole.mirrors,
    )


def _sections(case: Case, mesh: Mesh) -> list[CrossSection] | None:
    """The narrowest sections of a mesh file: measured once, which takes a second for 33 000 cells."""
    sources, sinks = ways_of(case, mesh)
    key = (id(mesh), sources.tobytes(), sinks.tobytes(), is_axisymmetric(case))
    if key not in _MEASURED:
        _MEASURED[key] = narrowest_sections(mesh, sources, sinks, is_axisymmetric(case))
        finalize(mesh, _MEASURED.pop, key)
    return _MEASURED[key]


_MEASURED: Final[dict[tuple[int, bytes, bytes, bool], list[CrossSection] | None]] = {}
"""Sections by mesh and ways, as long as the mesh lives."""


def surface_sides(mesh: Mesh, faces: AnyInts, sources: AnyInts, sinks: AnyInts) -> Floats | None:
    """Which side of faces inside the mesh (n,) the gas comes from, (n,).

    +1 where it is the owner, -1 where it is the neighbor, 0 where the gas comes from both or from none. None
    where gas can pass beside the faces.
    """
    before = cells_before(mesh, faces, sources)
    if before[mesh.face_cells[sinks, 0]].any():
        return None
    owner, neighbor = before[mesh.face_cells[faces]].T
    return np.asarray(owner.astype(np.float64) - neighbor)


def from_cabin_to_space(mesh: Mesh, surface: Surface, ways: Ways) -> Surface:
    """The surface with the side that the gas comes from; as it is where the gas can pass beside it."""
    sides = surface_sides(mesh, surface.faces, *ways)
    return surface if sides is None else Surface(surface.faces, sides)


def _stated(case: Case, mesh: Mesh) -> Passage:
    """The hole that [orifice] states; the gas goes in +x."""
    place, length = (case.orifice.plane, case.orifice.wall_thickness) if case.orifice else (0.0, 0.0)
    return Passage(
        direction=np.array([1.0, 0.0]),
        center=np.array([place, 0.0]),
        bore=(place, place + length),
        multiple=_stated_multiple(case, mesh),
    )


def _stated_multiple(case: Case, mesh: Mesh) -> float:
    """2 pi for a revolution; 2 for a slit whose plane of symmetry lies along x, 1 for a whole one."""
    if is_axisymmetric(case):
        return 2.0 * pi
    if case.orifice is None:
        return 1.0
    mirrors = [name for name in mesh.patches if boundary_of(case, name).mirrors]
    return 2.0 if any(_is_along_x(mesh, name) for name in mirrors) else 1.0


def _is_along_x(mesh: Mesh, name: str) -> bool:
    points = mesh.points[mesh.face_corners[mesh.patches[name]].ravel()]
    return bool(np.ptp(points[:, 1]) <= 1e-9 * np.ptp(mesh.points[:, 0]))


def _measured(case: Case, mesh: Mesh, sections: tuple[CrossSection, ...]) -> Passage:
    """The hole as its narrowest section shows it."""
    widest = max(sections, key=lambda section: section.area)
    direction = _direction(widest, is_axisymmetric(case))
    mirrored = _mirrored_ends(case, mesh, widest)
    center = widest.ends.mean(axis=0)
    if is_axisymmetric(case):
        center = np.array([center[0], 0.0])
    elif mirrored.any():
        center = widest.ends[mirrored][0]
    return Passage(
        direction=direction,
        center=center,
        bore=_bore(case, mesh, widest, direction, center),
        multiple=2.0 * pi if is_axisymmetric(case) else (2.0 if mirrored.any() else 1.0),
        sections=sections,
        edge=_longest_edge(case, mesh, sections),
    )


def _longest_edge(case: Case, mesh: Mesh, sections: tuple[CrossSection, ...]) -> float:
    faces = np.concatenate(
        [np.array(section.faces)[~_mirrored_ends(case, mesh, section)] for section in sections]
    )
    ends = mesh.points[mesh.face_corners[faces]]
    return float(np.hypot(*(ends[:, 1] - ends[:, 0]).T).max(initial=0.0))


def _direction(section: CrossSection, axisymmetric: bool) -> Floats:
    """The unit vector across a section from the cabin to space."""
    (x, y) = section.ends[1] - section.ends[0]
    if axisymmetric:
        return np.array([-1.0 if y < 0.0 else 1.0, 0.0])
    across = np.array([y, -x]) / np.hypot(x, y)
    nearly = np.round(across) + 0.0
    return np.asarray(nearly if np.abs(across - nearly).max() < STRAIGHT else across)


def _mirrored_ends(case: Case, mesh: Mesh, section: CrossSection) -> Bools:
    """Whether each end of a section lies on the axis or a plane of symmetry, (2,)."""
    return np.isin(section.faces, _mirror_faces(case, mesh))


def _mirror_faces(case: Case, mesh: Mesh) -> Indices:
    """The faces of the axis and of planes of symmetry, (n,): all of the mesh lies on one side of each.

    Of a patch of such a kind, faces that stand in the gas are walls without friction.
    """
    from scipy.spatial import ConvexHull

    mirrors = [faces for name, faces in mesh.patches.items() if boundary_of(case, name).mirrors]
    faces = np.concatenate([np.zeros(0, dtype=np.int64), *mirrors])
    start, end = np.moveaxis(mesh.points[mesh.face_corners[faces]], 1, 0)
    rim = mesh.points[ConvexHull(mesh.points).vertices]
    across = (end - start)[:, ::-1] * [-1.0, 1.0] / np.hypot(*(end - start).T)[:, None]
    depth = across @ rim.T - (across * start).sum(axis=1)[:, None]
    passing = PLANE * float(np.ptp(rim, axis=0).max())
    return np.asarray(faces[(depth.min(axis=1) >= -passing) | (depth.max(axis=1) <= passing)])


def _bore(
    case: Case, mesh: Mesh, section: CrossSection, direction: Floats, center: Floats
) -> tuple[float, float]:
    """Begin and end of the bore along the direction: as [orifice] states them where the mesh has them."""
    hole, place = case.hole, float(center @ direction)
    sideways = np.array([-direction[1], direction[0]])
    wall = mesh.points[_wall_points(case, mesh)] - center
    half = np.abs((section.ends - center) @ sideways).max()
    along = (wall @ direction)[np.abs(np.abs(wall @ sideways) - half) <= AS_NARROW * half]
    begin = place + float(along.min(initial=0.0)) - max(hole.chamfer, hole.rounding)
    end = place + float(along.max(initial=0.0))
    stated = hole.plane * float(direction[0])
    apart = max(abs(begin - stated), abs(end - stated - hole.wall_thickness))
    is_stated = direction[1] == 0.0 and apart <= AT_THE_HOLE * hole.diameter
    return (stated, stated + hole.wall_thickness) if is_stated else (begin, end)


def _wall_points(case: Case, mesh: Mesh) -> Indices:
    """The points of all walls, (n,)."""
    return np.unique(mesh.face_corners[wall_faces(case, mesh)]).astype(np.int64)


def wall_faces(case: Case, mesh: Mesh) -> Indices:
    """The faces of all that lets no gas pass but the axis and planes of symmetry, (n,)."""
    return np.setdiff1d(closed_faces(case, mesh), _mirror_faces(case, mesh))


def closed_faces(case: Case, mesh: Mesh) -> Indices:
    """The faces through which no gas passes, but those of patches of symmetry in space, (n,)."""
    closed = [
        faces
        for name, faces in mesh.patches.items()
        if not boundary_of(case, name).passes
        and not (mesh.dimension == 3 and boundary_of(case, name).mirrors)
    ]
    return np.concatenate([np.zeros(0, dtype=np.int64), *closed])
