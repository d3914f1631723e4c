"""Which planes of a result in space are shown: those of symmetry through the hole, or one along it."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.mesh.geometry.space import area_vectors, face_middles
from breachflow.report.result.cut import CutPlane, PlaneCut, cut
from breachflow.report.result.geometry import Hole, hole_of, is_half, walls_of
from breachflow.results import Result
from breachflow.results.data import HolePlace, hole_place

SAME: Final = 1e-6
"""Difference of unit vectors, and distance over the size of the mesh, that passes as rounding."""

AT_FACE: Final = 1e-3
"""Distance along the hole, over its size, up to which a wall belongs to the face of the wall there."""

LEAST: Final = 1e-4
"""Distance from a face of the wall, over the size of the hole, at which a plane lies in the cells there."""


class Lips(NamedTuple):
    """The ends of the walls on both sides of a hole in a plane, m; nan where there is none."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """Half-way between them; 0 where one side alone is meshed."""
        return float(np.nan_to_num(0.5 * (self.low + self.high)))

    @property
    def size(self) -> float:
        """The width of the hole; nan where there is no lip."""
        known = [abs(one - self.middle) for one in self if one == one]
        return 2.0 * max(known) if known else float("nan")


@lru_cache(maxsize=2)
def plane_views(result: Result) -> tuple[PlaneCut, ...]:
    """The planes through the hole of a result in space, the one across its shortest side first.

    Empty where the result does not tell where its hole lies.
    """
    place = hole_place(result.provenance)
    if place is None:
        return ()
    found = [cut(result, _plane(result, place, normal)) for normal in _normals(result, place)]
    known = [one for one in found if one is not None]
    return tuple(sorted(known, key=_order))


def _order(view: PlaneCut) -> tuple[float, tuple[str, str]]:
    """Key by which planes are sorted: the width of the hole to three digits, then the names of the axes."""
    hole = hole_in(view)
    return (float(f"{hole.size:.2e}") if hole is not None else float("inf")), view.plane.labels


def first_plane(result: Result) -> Result | None:
    """The result itself in the plane; of one in space its first view, None without one."""
    if not result.is_in_space:
        return result
    return next(iter(plane_views(result)), None)


def hole_in(view: PlaneCut) -> Hole | None:
    """The hole as a plane through it shows it; None where no wall is near."""
    place, stated = hole_place(view.of.provenance), hole_of(view.of)
    if place is None or stated is None:
        return None
    first = _lips(view, place.begin, stated.size)
    last = _lips(view, place.end, stated.size, float((place.center - view.plane.origin) @ view.plane.up))
    if not first.size > 0.0:
        return None
    depth = place.end - place.begin
    lean = (last.middle - first.middle) / depth if depth > 0.0 else 0.0
    size = first.size - 2.0 * stated.edge
    return stated._replace(size=size, plane=place.begin, wall_thickness=depth, lean=lean)


def face_on(result: Result, place: HolePlace, along: float) -> PlaneCut | None:
    """The plane across the hole at a place along it, m, from the middle of the hole, its long side first."""
    views = plane_views(result)
    if not views:
        return None
    through = views[-1]
    up, hole = through.plane.up, hole_in(through)
    shift = hole.lean * (along - place.begin) if hole is not None else 0.0
    side = np.cross(place.direction, up)
    side = side if side[np.argmax(np.abs(side))] > 0.0 else -side
    return cut(result, CutPlane(through.plane.origin + along * place.direction + shift * up, up, side))


def _normals(result: Result, place: HolePlace) -> list[Floats]:
    """Normals of the planes of symmetry through the hole; without one, of a plane along a coordinate."""
    found: list[Floats] = []
    near = SAME * float(np.ptp(result.points, axis=0).max())
    for patch in result.patches.values():
        faces = np.asarray(patch.faces)
        if patch.kind != "symmetry" or faces.ndim != 2 or faces.shape[1] != 4:
            continue
        points = np.asarray(result.points, dtype=np.float64)
        area = area_vectors(points, faces)
        normal = area / np.linalg.norm(area, axis=1)[:, None]
        depth = np.sum((face_middles(points, faces) - place.center) * normal, axis=1)
        for one in normal[np.abs(depth) <= near]:
            if all(abs(one @ other) < 1.0 - SAME for other in found):
                found.append(one)
    if found:
        return found
    upright = np.eye(3)[np.argmin(np.abs(place.direction) + np.array([0.0, 2e-9, 1e-9]))]
    return [np.cross(place.direction, upright - (upright @ place.direction) * place.direction)]


def _plane(result: Result, place: HolePlace, normal: Floats) -> CutPlane:
    """The plane with a normal; `up` points to the larger part of the mesh, or along a coordinate."""
    up = np.cross(normal / np.linalg.norm(normal), place.direction)
    up = up if up[np.argmax(np.abs(up))] > 0.0 else -up
    height = (np.asarray(result.points) - place.center) @ up
    up = up if height.max() >= -0.5 * height.min() else -up
    origin = place.center - (place.center @ place.direction) * place.direction
    view = CutPlane(origin, place.direction, up)
    shown, stated = cut(result, view), hole_of(result)
    if shown is None or stated is None:
        return view
    return view._replace(origin=origin + _lips(shown, place.begin, stated.size).middle * up)


def _lips(view: PlaneCut, along: float, size: float, expected: float | None = None) -> Lips:
    """Where the face of the wall at a place along the hole ends beside the hole.

    With an `expected` middle it is the face toward space, and both ends lie on its sides. Otherwise it is the
    one toward the cabin, and they are the nearest to 0: the far end of the wall is farther.
    """
    walls = walls_of(view)
    rising = walls[:, 1, 1] > walls[:, 0, 1]  # gas on the left: before the wall
    ends = _ends_of_face(walls[rising == (expected is None)], along, AT_FACE * size)
    if is_half(view):
        return Lips(float("nan"), float(ends[0]) if len(ends) else float("nan"))
    if expected is None:
        ends = np.sort(ends[:2])
        expected = float(ends.mean()) if len(ends) else 0.0
    below, above = ends[ends < expected], ends[ends > expected]
    return Lips(
        float(below.max()) if len(below) else float("nan"), float(above.min()) if len(above) else float("nan")
    )


def _ends_of_face(walls: Floats, along: float, near: float) -> Floats:
    """Heights (n,) at which lines of the walls (n, 2, 2) on a face begin or end, the nearest to 0 first."""
    on_face = walls[(np.abs(walls[:, :, 0] - along) <= near).all(axis=1)]
    heights = np.round(on_face[:, :, 1].ravel() / near).astype(np.int64)
    _, first, count = np.unique(heights, return_index=True, return_counts=True)
    ends = on_face[:, :, 1].ravel()[first[count == 1]]
    return np.asarray(ends[np.argsort(np.abs(ends), kind="stable")])
