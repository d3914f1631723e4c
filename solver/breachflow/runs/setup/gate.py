"""What a mesh file must satisfy for its case, all of it known before anything is solved."""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from breachflow.arrays import AnyInts
from breachflow.case.boundaries import KINDS, Axis, kinds_that
from breachflow.case.mesh_setting import boundary_of
from breachflow.document.faults import Fault
from breachflow.document.toml_text import toml_key
from breachflow.errors import MeshError
from breachflow.mesh.checks.boundary_names import are_doubled
from breachflow.mesh.checks.cells import AXIS_TOLERANCE
from breachflow.mesh.checks.places import FACE_WORDS, box
from breachflow.mesh.mesh import Mesh
from breachflow.mesh.metric import compute_metric
from breachflow.runs.setup.hole_size import fitting_unit, measured_size, size_cautions, size_faults
from breachflow.runs.setup.passage import Passage, passage_of, surface_sides, ways_of
from breachflow.runs.setup.reference import is_axisymmetric
from breachflow.runs.setup.space.symmetry_planes import planes_of

if TYPE_CHECKING:
    from breachflow.case.schema import Case

ORIFICE = "orifice"
"""Name of the line at which the flow is measured."""

ACROSS = 0.02
"""Relative difference between the area of the line `orifice` and that of the hole that passes as rounding."""


class Fitting(NamedTuple):
    """A mesh file beside its case."""

    case: Case
    mesh: Mesh

    def box(self, faces: AnyInts) -> str:
        """Where faces lie, in the coordinates of the file."""
        points = self.mesh.points / self.case.mesh.unit_length
        return box(points, self.mesh.face_corners[faces])

    @property
    def line(self) -> str:
        """What faces inside the mesh form, in messages."""
        return "surface" if self.mesh.dimension == 3 else "line"

    @property
    def file(self) -> str:
        """The mesh in messages."""
        return f"the mesh {self.case.mesh.mesh_file}"


def require_fit(case: Case, mesh: Mesh) -> None:
    """Raise CaseError unless a mesh from a file is what its case says and gas can pass to space."""
    fitting = Fitting(case, mesh)
    in_plane, in_space = (_axis_faults, _below_axis_faults), (_surface_missing, _symmetry_faults)
    for gate in (
        _patch_faults, *(in_space if mesh.dimension == 3 else in_plane), _way_faults, _hole_faults,
    ):  # fmt: skip
        faults = list(gate(fitting))
        if faults:
            raise case.origin.source.error(faults)


def fit_notes(case: Case, mesh: Mesh) -> list[str]:
    """What to know about a mesh from a file that fits."""
    fitting = Fitting(case, mesh)
    measured = [] if ORIFICE in mesh.surfaces and case.orifice is not None else [_where_measured(case)]
    passed = [
        f"gas passes through the {fitting.line} {name!r} inside the mesh ({fitting.box(surface.faces)}): "
        'a boundary of kind "wall" would close it'
        for name, surface in mesh.surfaces.items()
        if name != ORIFICE or case.orifice is None
    ]
    passage = passage_of(case, mesh)
    size = measured_size(case, passage)
    hole = [f"the narrowest section of the mesh: {size}"] if size else []
    hole += [] if mesh.dimension == 2 else [_solid_note(fitting, passage)]
    return [*hole, *measured, *size_cautions(case, mesh, passage), *passed]


def _where_measured(case: Case) -> str:
    """Where the flow is measured on a mesh without a line for it."""
    if case.orifice is None:
        return (
            "the case has no [orifice]: flow is measured where it leaves, and there is no discharge "
            "coefficient and no leak law"
        )
    return f"the mesh has no line named {ORIFICE!r} inside: flow is measured where it leaves"


def _patch_faults(fitting: Fitting) -> Iterator[Fault]:
    """A fault for each patch without a boundary, and for each boundary without a patch."""
    case, mesh = fitting.case, fitting.mesh
    have = ", ".join(repr(name) for name in mesh.patches)
    unnamed = [name for name in mesh.patches if name not in case.boundary]
    if unnamed:
        places = ", ".join(f"{name!r} ({_patch_place(fitting, name)})" for name in unnamed)
        what = f"a patch {places}" if len(unnamed) == 1 else f"patches {places}"
        advice = f'{toml_key(unnamed[0])} = {{ kind = "{_likely_kind(unnamed[0])}" }} or the like'
        advice = f"add {advice}" if len(unnamed) == 1 else f"give each one, as in {advice}"
        yield Fault(
            ("boundary",), f"{fitting.file} has {what} with no boundary; {advice}; its patches are {have}"
        )
    for name in sorted(set(case.boundary) - set(mesh.patches)):
        yield Fault(("boundary", name), _patch_missing(fitting, name, have))
    for name, surface in mesh.surfaces.items():
        if name not in case.boundary and name != ORIFICE and _is_named_as_closed(name):
            yield Fault(
                ("boundary",),
                f"{fitting.file} has a {fitting.line} {name!r} inside the gas ({fitting.box(surface.faces)}) "
                f"with no "
                f'boundary, through which gas would pass; add {toml_key(name)} = {{ kind = "wall" }}, '
                f"or give the {fitting.line} another name",
            )


def _patch_place(fitting: Fitting, name: str) -> str:
    mesh = fitting.mesh
    faces = mesh.patches[name]
    boundary = np.flatnonzero(mesh.face_cells[:, 1] < 0)
    doubled = are_doubled(mesh.points, mesh.face_corners[boundary])
    where = f"{len(faces)} {FACE_WORDS[mesh.dimension].one}s at {fitting.box(faces)}"
    if np.isin(faces, boundary[doubled]).all():
        where += ", inside the gas, where all points are there twice: merge them in the mesher if gas passes"
    return where


def _patch_missing(fitting: Fitting, name: str, have: str) -> str:
    surface = fitting.mesh.surfaces.get(name)
    if surface is None:
        return f"{fitting.file} has no such patch; its patches are {have}"
    return (
        f"in {fitting.file} {name!r} is a {fitting.line} inside the gas ({fitting.box(surface.faces)}): "
        f"only a wall can lie there; name {FACE_WORDS[fitting.mesh.dimension].one}s of the boundary, "
        'or write kind = "wall"'
    )


def _likely_kind(patch: str) -> str:
    """The kind that a patch is named after, if that kind needs no further keys, and else a wall."""
    table = KINDS.get(patch)
    if table is None or table.needs_friction:
        return "wall"
    needed = [key for key, field in table.model_fields.items() if field.is_required()]
    return patch if needed == ["kind"] else "wall"


def _is_named_as_closed(name: str) -> bool:
    """Whether a line is named as one that lets no gas pass."""
    return "wall" in name.lower() or (name in KINDS and not KINDS[name].passes)


def _surface_missing(fitting: Fitting) -> Iterator[Fault]:
    """A fault where a mesh in space does not say where its hole is."""
    if ORIFICE not in fitting.mesh.surfaces:
        yield Fault(
            ("mesh", "file"),
            f"{fitting.file} needs a surface named {ORIFICE!r} across the hole, inside the gas: the flow is "
            "measured there",
        )


def _symmetry_faults(fitting: Fitting) -> Iterator[Fault]:
    """A fault where a patch of symmetry of a mesh in space is none."""
    for name, faces in fitting.mesh.patches.items():
        if boundary_of(fitting.case, name).mirrors:
            try:
                planes_of(fitting.mesh, faces)
            except MeshError as error:
                yield Fault(
                    ("boundary", name, "kind"), f"the patch {error}: a plane of symmetry ends the mesh"
                )


def _solid_note(fitting: Fitting, passage: Passage) -> str:
    """The hole of a mesh in space in words."""
    part = {1.0: "the whole hole", 2.0: "half of the hole", 4.0: "a quarter of the hole"}[passage.multiple]
    place, way = (
        ", ".join(f"{x:.4g}" for x in np.round(vector, 9) + 0.0)
        for vector in (passage.center / fitting.case.mesh.unit_length, passage.direction)
    )
    return f"the surface {ORIFICE!r}: {part}, its middle at ({place}) in the file, gas goes along ({way})"


def _axis_faults(fitting: Fitting) -> Iterator[Fault]:
    """A fault where a boundary of kind axis does not lie on the axis, y = 0, or one of another kind does."""
    case, mesh = fitting.case, fitting.mesh
    if not is_axisymmetric(case):
        return
    tolerance = AXIS_TOLERANCE * float(np.ptp(mesh.points, axis=0).max())
    for name, faces in mesh.patches.items():
        points = mesh.points[mesh.face_corners[faces].ravel()]
        key, where = ("boundary", name, "kind"), fitting.box(faces)
        entry, is_on_axis = boundary_of(case, name), np.abs(points[:, 1]).max() <= tolerance
        if is_on_axis and not entry.mirrors:
            yield Fault(key, f'the patch lies on the axis of {fitting.file} ({where}): write kind = "axis"')
        elif is_on_axis or not isinstance(entry, Axis):
            continue
        elif np.ptp(points[:, 0]) <= tolerance:
            yield Fault(
                key,
                f"the patch lies along y in {fitting.file} ({where}): the axis is y = 0; swap x and y there",
            )
        elif np.ptp(points[:, 1]) <= tolerance:
            yield Fault(
                key, f"the patch lies beside the axis in {fitting.file} ({where}): the axis is y = 0; "
                'move the mesh there, or write kind = "wall" if the patch is one',
            )  # fmt: skip
        else:
            yield Fault(
                key, f"the patch is not straight in {fitting.file} ({where}): the axis is y = 0; "
                "name the edges on it alone",
            )  # fmt: skip


def _below_axis_faults(fitting: Fitting) -> Iterator[Fault]:
    """A fault where points of an axisymmetric mesh lie below the axis."""
    try:
        compute_metric(fitting.mesh, is_axisymmetric(fitting.case), 1.0 / fitting.case.mesh.unit_length)
    except MeshError as error:
        yield Fault(("mesh", "file"), str(error))


def _way_faults(fitting: Fitting) -> Iterator[Fault]:
    """A fault where no gas can pass, or where it passes beside the line at which it is measured."""
    case, mesh = fitting.case, fitting.mesh
    if case.orifice is None:
        return
    ways = ways_of(case, mesh)
    drained = any(boundary_of(case, name).drains for name in mesh.patches)
    if not drained and (ORIFICE not in mesh.surfaces or (case.run.mode == "steady" and not len(ways.sinks))):
        more = "" if ORIFICE in mesh.surfaces else f", or name a {fitting.line} inside the mesh {ORIFICE!r}"
        kinds = ", ".join(kinds_that("drains"))
        yield Fault(("boundary",), f"nothing lets the gas out; make a patch one of: {kinds}{more}")
    elif not len(ways.sinks):
        return
    elif surface_sides(mesh, np.zeros(0, dtype=np.int64), *ways) is not None:
        yield Fault(("mesh", "file"), f"no gas can pass from cabin to space{_closed_by(fitting)}")
    elif ORIFICE in mesh.surfaces and surface_sides(mesh, mesh.surfaces[ORIFICE].faces, *ways) is None:
        where = fitting.box(mesh.surfaces[ORIFICE].faces)
        yield Fault(
            ("mesh", "file"),
            f"gas can pass from cabin to space beside the {fitting.line} {ORIFICE!r} ({where}), at which the "
            "flow is measured: draw it from wall to wall, or give it another name",
        )


def _closed_by(fitting: Fitting) -> str:
    """Walls inside the gas, or doubled points, that may be why no gas passes."""
    mesh = fitting.mesh
    boundary = np.flatnonzero(mesh.face_cells[:, 1] < 0)
    doubled = are_doubled(mesh.points, mesh.face_corners[boundary])
    if not doubled.any():
        return ": the cells of the two are not joined; mesh the hole too"
    where = fitting.box(boundary[doubled])
    return f": all points at {where} are there twice; merge them in the mesher where gas passes"


def _hole_faults(fitting: Fitting) -> Iterator[Fault]:
    """A fault where the hole of the mesh is not that of the case."""
    case, mesh = fitting.case, fitting.mesh
    if case.orifice is None:
        return
    passage = passage_of(case, mesh)
    found = list(size_faults(case, passage, _inner_lines(fitting)))
    yield from found
    if not found and ORIFICE in mesh.surfaces:
        yield from _surface_faults(fitting, passage)


def _inner_lines(fitting: Fitting) -> str:
    names = [name for name in fitting.mesh.surfaces if name != ORIFICE]
    if not names:
        return ""
    lines = ", ".join(f"{name!r} ({fitting.box(fitting.mesh.surfaces[name].faces)})" for name in names)
    return f'; gas passes through the lines {lines} inside the mesh: a boundary of kind "wall" closes one'


def _area_advice(fitting: Fitting, ratio: float) -> str:
    """What to do about a surface whose size is `ratio` times that of the hole."""
    unit = (
        fitting_unit(fitting.case, ratio * fitting.case.hole.diameter) if fitting.mesh.dimension == 3 else ""
    )
    advice = f'with unit = "{unit}" in [mesh] the two agree; or ' if unit else ""
    return f"{advice}draw it across the hole, or give it another name"


def _surface_faults(fitting: Fitting, passage: Passage) -> Iterator[Fault]:
    """A fault where the line at which the flow is measured does not lie across the hole."""
    case, mesh = fitting.case, fitting.mesh
    surface = mesh.surfaces[ORIFICE]
    sides = surface_sides(mesh, surface.faces, *ways_of(case, mesh))
    along = compute_metric(mesh, is_axisymmetric(case)).face_area[surface.faces] @ passage.direction
    area = passage.multiple * float(np.sum(along * (surface.sides if sides is None else sides)))
    stated = case.hole.area / (case.hole.length or 1.0)
    hole = stated if mesh.dimension == 3 else passage.area or stated
    if abs(area - hole) > ACROSS * hole:
        yield Fault(
            ("mesh", "file"),
            f"the {fitting.line} {ORIFICE!r} ({fitting.box(surface.faces)}), at which the flow is measured, "
            f"has {area / hole:.4g} times the area of the hole: {_area_advice(fitting, sqrt(area / hole))}",
        )
