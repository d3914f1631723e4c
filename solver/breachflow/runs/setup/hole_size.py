"""The hole of a mesh file beside the one that `[orifice]` states: its size and the outline of its wall."""

from __future__ import annotations

from collections.abc import Iterator
from math import pi, sqrt
from typing import TYPE_CHECKING, get_args

import numpy as np

from breachflow.arrays import Floats
from breachflow.document.faults import Fault
from breachflow.mesh.mesh import Mesh
from breachflow.runs.setup.passage import Passage, wall_faces, ways_of
from breachflow.units import Dimension, read_quantity, write_quantity

if TYPE_CHECKING:
    from breachflow.case.schema import Case

SAME_AREA = 0.02
"""Relative difference in area between the two that passes as rounding."""

SAME_FACETS = 1e-3
"""Relative difference in area between the two in space up to which nothing is said: 80 edges around a circle
cut off as much."""

SAG = 0.5
"""What straight edges may hide of the width of a hole whose lip is round, over their length: at each of two
ends at most a quarter of an edge, the distance to an arc of 90 degrees (tan(22.5 deg)/2 = 0.21)."""

DETOUR = 1.5
"""Largest length of a line along edges over that of a straight one (1.41 where squares lie askew)."""

SAME_OUTLINE = 0.005
"""Distance of the wall of the mesh from that of `[orifice]`, in diameters, that passes as rounding. The
middle of a chamfer lies half its leg from a sharp edge."""

SLOPE = 0.1
"""The same over the distance from the hole: a wall that tapers by 6 degrees toward a knife edge passes."""

NEAR = 0.5
"""Distance from the hole, in diameters, within which its wall is compared."""

ROOM = 0.99
"""Distance of the cabin's boundary from the hole, in diameters or widths, from which it does not act on the
flow: a round hole passes 10 % more at 0.25, 5 % at 0.5, 0.5 % at 1 (slits 7, 2 and 0 %)."""

PARTS = 4
"""Pieces of an edge whose ends are compared."""


def size_faults(case: Case, passage: Passage, remark: str) -> Iterator[Fault]:
    """A fault where the narrowest section of the mesh cannot be the hole of `[orifice]`."""
    if not passage.sections or _may_be_same(case, passage):
        return
    name = case.hole.size
    stated = write_quantity(case.hole.diameter, Dimension.LENGTH)
    what = (
        f"the narrowest section of the mesh {case.mesh.mesh_file} between cabin and space is "
        f"{measured_size(case, passage)}"
    )
    unit = fitting_unit(case, _size(case, passage))
    advice = f'with unit = "{unit}" in [mesh] the two agree' if unit else ""
    if unit and "unit" not in case.mesh.model_fields_set:
        yield Fault(("mesh", "unit"), f"is missing: {what}, [orifice] {name} = {stated}; {advice}")
    else:
        advice = f"{advice}; or " if unit else ""
        advice += "state the hole of the mesh, or mesh the hole that is stated"
        if case.hole.shape == "slit" and abs(2.0 * _area(case, passage) / case.hole.area - 1.0) <= SAME_AREA:
            advice += '; if the mesh is one half of it, the plane in its middle is of kind = "symmetry"'
        yield Fault(("orifice", name), f"{what}: {advice}{remark}")


def size_cautions(case: Case, mesh: Mesh, passage: Passage) -> Iterator[str]:
    """What is doubtful about the hole of a mesh from a file that fits; nothing of a template."""
    if case.orifice is None or case.mesh.mesh_file is None:
        return
    if mesh.dimension == 3:
        yield from _solid_cautions(case, mesh, passage)
    elif not passage.sections:
        yield (
            "the narrowest section of the mesh between cabin and space is not known: no single line parts "
            "the two. Compare the size of the hole yourself"
        )
    else:
        yield from _plane_cautions(case, mesh, passage)


def _plane_cautions(case: Case, mesh: Mesh, passage: Passage) -> Iterator[str]:
    stated = write_quantity(case.hole.diameter, Dimension.LENGTH)
    if not passage.is_exact or abs(_area(case, passage) / case.hole.area - 1.0) > SAME_AREA:
        found = ("" if passage.is_exact else "at most ") + _length(_size(case, passage))
        yield (
            f"the narrowest section of the mesh is {found} across, [orifice] states {stated}: the edges "
            "there may hide the difference. Coefficients refer to [orifice]"
        )
    yield from _outline_cautions(case, mesh, passage)
    yield from _near_cabin_cautions(case, mesh, passage)


def measured_size(case: Case, passage: Passage) -> str:
    """Size and place of the hole of a mesh in words; empty where it is not known."""
    if case.orifice is None or not passage.sections:
        return ""
    most = "" if passage.is_exact else "at most "
    return f"{most}{_length(_size(case, passage))} across, {_place(case, passage)} in the file"


def _may_be_same(case: Case, passage: Passage) -> bool:
    """Whether the hole that is stated lies within what the mesh can tell apart."""
    ratio = _area(case, passage) / case.hole.area
    if not passage.is_exact:
        return 1.0 - SAME_AREA <= ratio <= DETOUR**2
    near = abs(_size(case, passage) - case.hole.diameter) <= SAG * passage.edge
    return abs(ratio - 1.0) <= SAME_AREA or near


def _area(case: Case, passage: Passage) -> float:
    """Area of the hole of the mesh, m2, as `[orifice]` counts it."""
    return passage.area * (case.hole.length or 1.0)


def _size(case: Case, passage: Passage) -> float:
    """Diameter of the round hole, or width of the slit, that has the area of the mesh's, m."""
    return sqrt(4.0 * passage.area / pi) if case.hole.shape == "round" else passage.area


def _length(value: float) -> str:
    return write_quantity(float(f"{value:.4g}"), Dimension.LENGTH)


def _place(case: Case, passage: Passage) -> str:
    """The ends of the widest section for a message, in the coordinates of the file."""
    widest = max(passage.sections, key=lambda section: section.area)
    first, second = (
        ", ".join(f"{x:.4g}" for x in np.round(end / case.mesh.unit_length, 9) + 0.0) for end in widest.ends
    )
    parts = f"in {len(passage.sections)} parts, the widest " if len(passage.sections) > 1 else ""
    return f"{parts}from ({first}) to ({second})"


def fitting_unit(case: Case, found: float) -> str:
    """The unit of length with which the hole of the mesh is that of the case; empty where none is."""
    units = get_args(type(case.mesh).model_fields["unit"].annotation)
    for unit in units:
        size = found / case.mesh.unit_length * read_quantity(f"1 {unit}", Dimension.LENGTH)
        if abs((size / case.hole.diameter) ** 2 - 1.0) <= SAME_AREA:
            return str(unit)
    return ""


def _outline_cautions(case: Case, mesh: Mesh, passage: Passage) -> Iterator[str]:
    """A caution where the wall of the mesh near the hole is not the one that `[orifice]` states."""
    hole = case.hole
    if not case.states_wall or len(passage.sections) != 1:
        return
    points = _wall_near_hole(case, mesh, passage)
    places = _to_hole(points, passage)
    distance = _distances(places, _stated_outline(case))
    passing = SAME_OUTLINE * hole.diameter + SLOPE * np.maximum(places[:, 1] - 0.5 * hole.diameter, 0.0)
    if not (distance > passing).any():
        return
    worst = int(np.argmax(distance - passing))
    x, y = np.round(points[worst] / case.mesh.unit_length, 9) + 0.0
    yield (
        f"the wall of the mesh at ({x:.4g}, {y:.4g}) lies {_length(float(distance[worst]))} from the wall of "
        "[orifice]: another thickness, a chamfer or a rounding. State it, or closed forms are compared for "
        "another hole"
    )


def _solid_cautions(case: Case, mesh: Mesh, passage: Passage) -> Iterator[str]:
    """What is doubtful about the hole of a mesh in space."""
    off = passage.area / case.hole.area - 1.0
    if abs(off) > SAME_FACETS:
        yield (
            f"the surface 'orifice' of the mesh has {1.0 + off:.4f} times the area of the hole: straight "
            "edges may cut its outline. Coefficients refer to [orifice]"
        )
    yield from _near_cabin_cautions(case, mesh, passage)


def _near_cabin_cautions(case: Case, mesh: Mesh, passage: Passage) -> Iterator[str]:
    """A caution where the gas is given at rest, or in a stream, right at the hole."""
    corners = mesh.face_corners[ways_of(case, mesh).sources].ravel()
    sources = mesh.points[corners[corners >= 0]]
    marks = passage.center[None]
    if passage.sections:
        widest = max(passage.sections, key=lambda section: section.area)
        marks = np.vstack([widest.ends, passage.center])
    distance = float(np.linalg.norm(sources[:, None] - marks, axis=2).min(initial=np.inf))
    if distance < ROOM * case.hole.diameter:
        yield (
            f"the boundary that feeds the hole lies {_length(distance)} from it, less than the opening: the "
            "flow is too large by up to some 10 %, since the gas of a cabin comes from farther away"
        )


def _wall_near_hole(case: Case, mesh: Mesh, passage: Passage) -> Floats:
    """Points on the edges of walls near the hole, (n, 2), m."""
    ends = mesh.points[mesh.face_corners[wall_faces(case, mesh)]]
    weight = np.arange(PARTS + 1)[:, None, None] / PARTS
    points = ((1.0 - weight) * ends[:, 0] + weight * ends[:, 1]).reshape(-1, 2)
    along, across = _to_hole(points, passage).T
    room, hole = NEAR * case.hole.diameter, case.hole
    near = (along >= -room) & (along <= hole.wall_thickness + room) & (across <= 0.5 * hole.diameter + room)
    return np.asarray(points[near])


def _to_hole(points: Floats, passage: Passage) -> Floats:
    """Places (n, 2) along the hole from its upstream face, and from its middle."""
    x, y = passage.direction
    along = points @ passage.direction - passage.bore[0]
    return np.column_stack([along, np.abs((points - passage.center) @ np.array([-y, x]))])


def _stated_outline(case: Case) -> Floats:
    """The wall of `[orifice]` as a polygon (n, 2), in the coordinates of `_to_hole`."""
    hole = case.hole
    half, far = 0.5 * hole.diameter, 10.0 * hole.diameter
    angle = np.linspace(0.0, 0.5 * pi, 33 if hole.rounding else 2)[:, None]
    edge = max(hole.rounding, hole.chamfer)
    arc = edge * (1.0 - np.cos(angle)), half + edge * (1.0 - np.sin(angle))
    entry = np.hstack(arc) if hole.rounding else np.array([[0.0, half + edge], [edge, half]])
    return np.vstack([[0.0, far], entry, [hole.wall_thickness, half], [hole.wall_thickness, far]])


def _distances(points: Floats, outline: Floats) -> Floats:
    """The distance of each point (n, 2) from a polygon, (n,)."""
    start, along = outline[:-1], np.diff(outline, axis=0)
    length = np.maximum((along**2).sum(axis=1), np.finfo(np.float64).tiny)
    fraction = np.clip(((points[:, None] - start) * along).sum(axis=2) / length, 0.0, 1.0)
    feet = start + fraction[..., None] * along
    return np.asarray(np.hypot(*np.moveaxis(points[:, None] - feet, -1, 0)).min(axis=1))
