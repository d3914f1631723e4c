"""What corners must satisfy to be the outline of holes; each error names hole and point."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import dist
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Bools, Floats
from breachflow.outlines.polygon import Corner, HoleOutline, Loop, edges, loop_area

MOST_POINTS: Final = 1000
"""Corners of an outline: every one is a point of the mesh, and a lip of 500 edges is round to 0.003 %."""

MOST_LOOPS: Final = 50

FARTHEST: Final = 1e6
SMALLEST: Final = 1e-6
"""Largest coordinate and least size of a hole, in the unit of the outline."""

CLOSE: Final = 1e-3
"""Least distance between edges that do not meet, over the equal-area diameter: cells must fit between."""

SAME: Final = 1e-6
"""Distance of two points over the size of the outline, up to which they are one."""


class OutlineError(ValueError):
    """Corners that are no outline; the text says which and why."""


def checked_outline(loops: Sequence[Sequence[Corner]]) -> HoleOutline:
    """The outline with these corners; a last corner at the place of the first is left out.

    Corners may go either way around. Raises OutlineError where there are too few or too many, one is
    repeated, edges cross, touch or run back on each other, or a hole lies within another.
    """
    if not loops:
        raise OutlineError("has no closed loop: a hole has at least three corners")
    if len(loops) > MOST_LOOPS:
        raise OutlineError(f"has {len(loops)} holes; at most {MOST_LOOPS} are allowed")
    many = sum(map(len, loops))
    if many > MOST_POINTS:
        raise OutlineError(
            f"has {many} corners; at most {MOST_POINTS} are allowed: leave out those between which the "
            "outline is nearly straight"
        )
    several = len(loops) > 1
    corners = [_corners(loop, f"hole {number}: " if several else "") for number, loop in enumerate(loops, 1)]
    outline = HoleOutline(tuple(loop if loop_area(loop) > 0.0 else loop[::-1] for loop in corners))
    _require_apart(HoleOutline(tuple(corners)), outline.equal_area_diameter)
    _require_side_by_side(outline)
    return outline


def _corners(loop: Sequence[Corner], hole: str) -> Loop:
    """The corners of one hole. Raises OutlineError where they enclose nothing."""
    for number, point in enumerate(loop, 1):
        if not all(abs(coordinate) <= FARTHEST for coordinate in point):
            raise OutlineError(
                f"{hole}point {number} is not within {FARTHEST:g} of the origin; choose another unit"
            )
    size = max((max(axis) - min(axis) for axis in zip(*loop, strict=True)), default=0.0)
    if 0.0 < size < SMALLEST:
        raise OutlineError(f"{hole}is less than {SMALLEST:g} wide; choose a smaller unit")
    closed = len(loop) > 1 and dist(loop[0], loop[-1]) <= SAME * size
    corners = tuple(loop[:-1] if closed else loop)
    if len(corners) < 3:
        raise OutlineError(f"{hole}has {_points(len(corners))}; a hole has at least three corners")
    for number, (a, b) in enumerate(edges(corners), 1):
        if dist(a, b) <= SAME * size:
            follower = number % len(corners) + 1
            raise OutlineError(f"{hole}points {number} and {follower} lie at the same place; remove one")
    if not abs(loop_area(corners)) > SAME * size**2:
        raise OutlineError(f"{hole}encloses no area: its points lie on a line, or it crosses itself")
    return corners


def _points(count: int) -> str:
    return f"{count} point{'' if count == 1 else 's'}"


class _Edges(NamedTuple):
    """All edges of an outline."""

    begin: Floats
    """(n, 2)"""
    end: Floats
    """(n, 2)"""
    names: list[str]
    following: list[int]
    """(n,) number of the edge that begins where each ends."""


def _require_apart(outline: HoleOutline, diameter: float) -> None:
    """Raise OutlineError where edges cross, touch or come closer than cells need."""
    all_edges = _edges_of(outline)
    lengths = np.linalg.norm(all_edges.end - all_edges.begin, axis=1)
    if lengths.min() < CLOSE * diameter:
        raise OutlineError(
            f"the edge {all_edges.names[int(lengths.argmin())]} is shorter than {CLOSE:g} equal-area "
            "diameters; leave one of its points out"
        )
    for first in range(len(all_edges.begin)):
        _require_no_spike(all_edges, first)
        near = _distances(all_edges, first) < CLOSE * diameter
        near[: first + 1] = False
        near[all_edges.following[first]] = False
        near[[other for other in np.flatnonzero(near) if all_edges.following[other] == first]] = False
        if near.any():
            second = int(np.argmax(near))
            crossing = bool(_crosses(all_edges, first)[second])
            how = "cross" if crossing else f"come closer than {CLOSE:g} equal-area diameters"
            raise OutlineError(
                f"the edges {all_edges.names[first]} and {all_edges.names[second]} {how}: an outline goes "
                "around each hole once, and holes lie apart"
            )


def _edges_of(outline: HoleOutline) -> _Edges:
    pairs = [edge for loop in outline.loops for edge in edges(loop)]
    several, names, following = len(outline.loops) > 1, list[str](), list[int]()
    for number, loop in enumerate(outline.loops, 1):
        count, first = len(loop), len(names)
        of = f" of hole {number}" if several else ""
        names += [f"{k + 1}-{(k + 1) % count + 1}{of}" for k in range(count)]
        following += [first + (k + 1) % count for k in range(count)]
    return _Edges(np.array([a for a, _ in pairs]), np.array([b for _, b in pairs]), names, following)


def _require_no_spike(all_edges: _Edges, number: int) -> None:
    """Raise OutlineError where an edge runs back on the one before it."""
    after = all_edges.following[number]
    into, out = (all_edges.end[k] - all_edges.begin[k] for k in (number, after))
    sine = abs(into[0] * out[1] - into[1] * out[0]) / np.sqrt((into @ into) * (out @ out))
    if into @ out < 0.0 and sine < LEAST_SINE:
        raise OutlineError(
            f"the edges {all_edges.names[number]} and {all_edges.names[after]} run back on each other: a "
            "corner has at least 1 degree"
        )


LEAST_SINE: Final = 0.0175
"""Sine of the least angle of a corner, 1 degree."""


def _distances(all_edges: _Edges, number: int) -> Floats:
    """The distance of every edge (n,) from one of them; 0 where they cross."""
    begin, end = all_edges.begin[number], all_edges.end[number]
    ends = [
        _to_segments(begin, all_edges.begin, all_edges.end),
        _to_segments(end, all_edges.begin, all_edges.end),
        _to_segments(all_edges.begin, begin, end),
        _to_segments(all_edges.end, begin, end),
    ]
    return np.where(_crosses(all_edges, number), 0.0, np.min(ends, axis=0))


def _to_segments(points: Floats, begin: Floats, end: Floats) -> Floats:
    """The distance (n,) of points from segments, of which either may be one for all."""
    along, offset = end - begin, points - begin
    part = np.clip(np.sum(along * offset, axis=-1) / np.sum(along**2, axis=-1), 0.0, 1.0)
    return np.asarray(np.linalg.norm(offset - part[..., None] * along, axis=-1))


def _crosses(all_edges: _Edges, number: int) -> Bools:
    """Whether each edge (n,) crosses one of them."""
    begin, end = all_edges.begin[number], all_edges.end[number]
    here = _side(begin, end, all_edges.begin) * _side(begin, end, all_edges.end)
    there = _side(all_edges.begin, all_edges.end, begin) * _side(all_edges.begin, all_edges.end, end)
    return np.asarray((here < 0.0) & (there < 0.0))


def _side(begin: Floats, end: Floats, points: Floats) -> Floats:
    """On which side of lines points lie, (n,): the sign of the cross product."""
    along, offset = end - begin, points - begin
    return np.asarray(np.sign(along[..., 0] * offset[..., 1] - along[..., 1] * offset[..., 0]))


def _require_side_by_side(outline: HoleOutline) -> None:
    """Raise OutlineError where a hole lies within another: what is within would float."""
    for (outer, loop), (inner, other) in _pairs(outline.loops):
        if contains(loop, other[0]):
            raise OutlineError(
                f"hole {inner} lies within hole {outer}: the piece of wall between them would float; give "
                "the outer one alone"
            )


def _pairs(loops: Iterable[Loop]) -> Iterator[tuple[tuple[int, Loop], tuple[int, Loop]]]:
    numbered = list(enumerate(loops, 1))
    return ((one, other) for one in numbered for other in numbered if one[0] != other[0])


def contains(loop: Loop, point: Corner) -> bool:
    """Whether a polygon holds a point, which does not lie on its edges."""
    x, y = point
    crossed = (
        (a[1] > y) != (b[1] > y) and x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
        for a, b in edges(loop)
    )
    return sum(crossed) % 2 == 1
