"""Straight lines through the gas from one wall to another."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breachflow.arrays import Bools, Floats, Indices

TRIED = 200
"""Shortest lines that are tried before it is given up to find one that lies in the gas."""

INSIDE = (0.05, 0.35, 0.5, 0.65, 0.95)
"""Places along a line, over its length, that must lie in the gas."""

ROWS = 256
"""Points that are compared with all walls at once: bounds the memory."""


class Walls(NamedTuple):
    """Straight pieces of one wall."""

    faces: Indices
    """(n,) face numbers."""
    start: Floats
    """(n, 2)"""
    end: Floats
    """(n, 2)"""


class Chord(NamedTuple):
    """A straight line from one wall to another."""

    ends: Floats
    """(2, 2) first and second end."""
    faces: tuple[int, int]
    """Boundary faces at the two ends."""
    area: float
    """Length of a planar mesh; of an axisymmetric one area of the cone that it sweeps, per radian."""


def section_area(first: Floats, second: Floats, axisymmetric: bool) -> Floats:
    """The area of straight sections between points (..., 2), as `Chord.area` has it; y is the radius."""
    length = np.hypot(*np.moveaxis(second - first, -1, 0))
    return np.asarray(0.5 * (first[..., 1] + second[..., 1]) * length if axisymmetric else length)


def smallest_chord(first: Walls, second: Walls, boundary: Walls, axisymmetric: bool) -> Chord | None:
    """The straight line of least area from one wall to the other that lies in the gas; None without one.

    `boundary` is the whole boundary of the gas. One of the ends is a corner of a wall, the other the nearest
    point of the other wall; of an axisymmetric mesh, this is the least area where that wall is the axis.
    """
    found = [*_candidates(first, second, axisymmetric)]
    found += [
        Chord(chord.ends[::-1], chord.faces[::-1], chord.area)
        for chord in _candidates(second, first, axisymmetric)
    ]
    found.sort(key=lambda chord: chord.area)
    return next((chord for chord in found[:TRIED] if _lies_in_gas(chord.ends, boundary)), None)


def _candidates(corners: Walls, walls: Walls, axisymmetric: bool) -> list[Chord]:
    """For each corner of the one wall the smallest straight section to the other."""
    points, which = np.unique(np.concatenate([corners.start, corners.end]), axis=0, return_index=True)
    faces = np.concatenate([corners.faces, corners.faces])[which]
    chords: list[Chord] = []
    for row in range(0, len(points), ROWS):
        some = points[row : row + ROWS]
        feet = _feet(some, walls)
        areas = section_area(some[:, None], feet, axisymmetric)
        for place, best in enumerate(np.argmin(areas, axis=1).tolist()):
            pair = (int(faces[row + place]), int(walls.faces[best]))
            ends = np.stack([some[place], feet[place, best]])
            chords.append(Chord(ends, pair, float(areas[place, best])))
    return chords


def _feet(points: Floats, walls: Walls) -> Floats:
    """The point of each straight piece nearest to each of the points (n, 2): (n, n_walls, 2)."""
    along = walls.end - walls.start
    length = np.maximum((along**2).sum(axis=1), np.finfo(np.float64).tiny)
    fraction = ((points[:, None] - walls.start) * along).sum(axis=2) / length
    return np.asarray(walls.start + np.clip(fraction, 0.0, 1.0)[..., None] * along)


def _lies_in_gas(ends: Floats, boundary: Walls) -> bool:
    """Whether a line between two points of the boundary crosses none of it and has gas along it."""
    middle = ends[0] + np.array(INSIDE)[:, None] * (ends[1] - ends[0])
    if not all(_is_inside(point, boundary) for point in middle):
        return False
    return not _crosses(middle[0], middle[-1], boundary).any()


def _is_inside(point: Floats, boundary: Walls) -> bool:
    """Whether a ray from the point in x leaves the boundary an odd number of times."""
    (x, y), start, end = point, boundary.start, boundary.end
    beside = (start[:, 1] > y) != (end[:, 1] > y)
    rise = np.where(beside, end[:, 1] - start[:, 1], 1.0)
    at = start[:, 0] + (y - start[:, 1]) / rise * (end[:, 0] - start[:, 0])
    return bool(np.count_nonzero(beside & (at > x)) % 2)


def _crosses(first: Floats, second: Floats, boundary: Walls) -> Bools:
    """Whether a line crosses each piece of the boundary, (n,)."""

    def side(start: Floats, end: Floats, point: Floats) -> Floats:
        (x, y), (u, v) = np.moveaxis(end - start, -1, 0), np.moveaxis(point - start, -1, 0)
        return np.asarray(x * v - y * u)

    parted = side(first, second, boundary.start) * side(first, second, boundary.end) < 0.0
    spanned = side(boundary.start, boundary.end, first) * side(boundary.start, boundary.end, second) < 0.0
    return np.asarray(parted & spanned)
