"""Outlines from drawings in DXF, read by ezdxf."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import dist
from typing import TYPE_CHECKING, Any, Final

from breachflow.outlines.checks import OutlineError
from breachflow.outlines.polygon import Corner

if TYPE_CHECKING:
    from ezdxf.document import Drawing

KINDS: Final = ("LWPOLYLINE", "POLYLINE", "LINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE")
"""Entities that make an outline."""

SAG: Final = 2.5e-4
"""Largest distance of an edge from the curve it stands for, over the size of the drawing: a circle has 100
edges, which cut off 0.07 % of its area."""

MEET: Final = 1e-4
"""Distance over the size of the drawing up to which ends of lines meet."""

MOST_ENTITIES: Final = 20_000


def dxf_loops(content: bytes) -> list[list[Corner]]:
    """The closed loops in the model space of a drawing; lines and arcs are joined where their ends meet.

    Raises OutlineError where ezdxf is missing, the file is no drawing, or lines do not close.
    """
    drawing = _drawing(content)
    entities = list(drawing.modelspace())
    kinds = [entity.dxftype() for entity in entities]
    found = [entity for entity, kind in zip(entities, kinds, strict=True) if kind in KINDS]
    if not found:
        other = f"; it has {', '.join(sorted(set(kinds)))}" if kinds else ""
        raise OutlineError(f"its model space has none of {', '.join(KINDS)}{other}")
    if len(found) > MOST_ENTITIES:
        raise OutlineError(f"has {len(found)} entities; at most {MOST_ENTITIES} are allowed")
    size = _size(found)
    return list(_joined([_flattened(entity, SAG * size) for entity in found], MEET * size))


def _drawing(content: bytes) -> Drawing:
    try:
        from ezdxf import recover
        from ezdxf.lldxf.const import DXFError
    except ImportError:
        raise OutlineError('drawings are read by ezdxf: pip install "breachflow[mesh]"') from None
    try:
        drawing, _ = recover.read(io.BytesIO(content))
    except (DXFError, OSError, ValueError, KeyError, IndexError, TypeError, AttributeError):
        raise OutlineError("is no DXF drawing that ezdxf can read") from None  # it meets strange files so
    return drawing


def _size(entities: Sequence[Any]) -> float:
    from ezdxf import bbox

    box = bbox.extents(entities)
    return float(max(box.size.x, box.size.y)) if box.has_data else 0.0


def _flattened(entity: Any, sag: float) -> list[Corner]:
    """The points along an entity."""
    from ezdxf import path

    points = [(float(point.x), float(point.y)) for point in path.make_path(entity).flattening(sag or 1.0, 4)]
    if getattr(entity, "is_closed", False) or getattr(entity, "closed", False):
        points.append(points[0])
    return points


def _joined(pieces: list[list[Corner]], tolerance: float) -> Iterator[list[Corner]]:
    """The closed loops that pieces make. Raises OutlineError where an end meets no other."""
    left = [piece for piece in pieces if len(piece) > 1]
    while left:
        loop = left.pop()
        while dist(loop[0], loop[-1]) > tolerance:
            number = _next(loop[-1], left, tolerance)
            piece = left.pop(number)
            loop += piece[1:] if dist(piece[0], loop[-1]) <= tolerance else piece[-2::-1]
        yield _without_repeats(loop[:-1], tolerance)


def _next(end: Corner, pieces: list[list[Corner]], tolerance: float) -> int:
    """The piece that begins or ends at a point."""
    for number, piece in enumerate(pieces):
        if min(dist(piece[0], end), dist(piece[-1], end)) <= tolerance:
            return number
    raise OutlineError(
        f"a line ends at ({end[0]:.6g}, {end[1]:.6g}), where no other begins: close the outline"
    )


def _without_repeats(loop: list[Corner], tolerance: float) -> list[Corner]:
    """The points, each farther than the tolerance from the one before."""
    kept = loop[:1]
    kept += [point for before, point in pairwise(loop) if dist(before, point) > tolerance]
    return kept
