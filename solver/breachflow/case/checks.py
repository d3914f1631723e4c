"""What the keys of a case must satisfy together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from breachflow.case.boundaries import Axis, ExactState, Inflow, Outlet, Reservoir, Vacuum
from breachflow.case.exact import UNSTEADY
from breachflow.case.mesh_choice import FILE, KEYS, owners
from breachflow.case.orifice import SlitOrifice
from breachflow.case.schema import Case
from breachflow.case.sweep.checks import sweep_faults
from breachflow.document.faults import Fault
from breachflow.units import Dimension, write_quantity
from breachflow.words import nearest

THICKEST_WALL: Final = 20.0
"""In openings; a longer hole is a pipe, whose friction is not computed."""

LARGEST_EDGE: Final = 2.0
"""Chamfer or rounding, in openings."""

LARGEST_PRESSURE_RATIO: Final = 0.99
"""Outside to cabin; above, the flow is nearly incompressible and the flow rate ill-conditioned."""

STEEPEST_RAMP: Final = math.radians(60.0)
_SPAN: Final = '["0 m", "1 m"]'

RESULT_SUFFIXES: Final = (".vtkhdf", ".h5")
_LONGEST_NAME: Final = 200
_OUTSIDE: Final = (
    'what is outside; write space = { kind = "vacuum" } or { kind = "outlet", pressure = "20 kPa" }'
)
_TEMPLATE_BOUNDARIES: Final = {
    "orifice": {
        "cabin": 'the gas inside; write cabin = { kind = "reservoir", pressure = "101.325 kPa", '
        'temperature = "293.15 K" }',
        "space": _OUTSIDE,
    },
    "jet": {
        "exit": "the stream in the plane of the hole; write exit = "
        '{ kind = "inflow", pressure = "50 kPa", temperature = "250 K", velocity = ["320 m/s", "0 m/s"] }',
        "space": _OUTSIDE,
    },
    "block": {
        "left": "the side of smallest x",
        "right": "the side of largest x",
        "bottom": "the side of smallest y",
        "top": "the side of largest y",
    },
    "ramp": {
        "left": "the side of smallest x",
        "right": "the side of largest x",
        "floor": "the straight floor upstream of the ramp",
        "wall": "the ramp",
        "top": "the side of largest y",
    },
}
"""By template, the boundaries that a case must give, and what they are."""

_TEMPLATE_KINDS: Final[dict[tuple[str, str], tuple[type, ...]]] = {
    ("orifice", "cabin"): (Reservoir,),
    ("orifice", "space"): (Vacuum, Outlet),
    ("jet", "exit"): (Inflow,),
    ("jet", "space"): (Vacuum, Outlet),
}
"""By template and boundary, the kinds it may have; any where there is no entry."""


def faults_in(case: Case) -> Iterator[Fault]:
    """Every contradiction in a case whose keys are each valid."""
    yield from _title(case)
    yield from _orifice(case)
    yield from _mesh(case)
    yield from _names(case)
    yield from _template_boundaries(case) if case.mesh.template else _file_boundaries(case)
    yield from _exact(case)
    yield from _stream(case)
    for name, entry in case.boundary.items():
        if isinstance(entry, Axis) and case.mesh.geometry == "planar":
            yield Fault(("boundary", name, "kind"), 'a planar mesh has no axis; write kind = "symmetry"')
    yield from _run(case)
    if case.output.file.suffix not in RESULT_SUFFIXES:
        yield Fault(("output", "file"), "must end in .vtkhdf or .h5")
    yield from sweep_faults(case)


def _title(case: Case) -> Iterator[Fault]:
    if not case.title.isprintable():
        yield Fault(("title",), "must be one line without control characters")


def _orifice(case: Case) -> Iterator[Fault]:
    if case.mesh.has_hole and case.orifice is None:
        yield Fault(("orifice",), 'is missing: the hole; write shape = "round" and diameter = "2 mm"')
    elif case.orifice is not None and not case.mesh.has_hole:
        yield Fault(("orifice",), f'the template "{case.mesh.template}" has no hole; remove [orifice]')
    elif case.orifice is not None:
        yield from _hole(case)


def _hole(case: Case) -> Iterator[Fault]:
    orifice = case.hole
    size = "width" if isinstance(orifice, SlitOrifice) else "diameter"
    if orifice.wall_thickness > THICKEST_WALL * orifice.diameter:
        most = write_quantity(THICKEST_WALL * orifice.diameter, Dimension.LENGTH)
        yield Fault(("orifice", "wall_thickness"), f"is more than 20 times the {size}; at most {most}")
    if orifice.chamfer > 0 and orifice.rounding > 0:
        yield Fault(("orifice", "rounding"), "an edge has a chamfer or a rounding, not both; remove one")
    for name, edge in (("chamfer", orifice.chamfer), ("rounding", orifice.rounding)):
        if edge > LARGEST_EDGE * orifice.diameter:
            most = write_quantity(LARGEST_EDGE * orifice.diameter, Dimension.LENGTH)
            yield Fault(("orifice", name), f"is more than twice the {size}; at most {most}")
        elif edge > orifice.wall_thickness:
            most = write_quantity(orifice.wall_thickness, Dimension.LENGTH)
            yield Fault(("orifice", name), f"is larger than wall_thickness; at most {most}")
    if case.mesh.template == "jet" and orifice.wall_thickness > 0:
        yield Fault(("orifice", "wall_thickness"), 'the template "jet" begins in the hole; write "0 mm"')
    if case.mesh.template and orifice.plane != 0:
        yield Fault(("orifice", "plane"), "the template's hole begins at x = 0; remove plane")


def _mesh(case: Case) -> Iterator[Fault]:
    mesh = case.mesh
    if mesh.template and mesh.file:
        yield Fault(("mesh", "file"), "give either template or file, not both; remove one")
        return
    for name in sorted(mesh.model_fields_set.difference(KEYS[mesh.source])):
        yield Fault(("mesh", name), f"belongs to {owners(name, mesh.source)}; remove it")
    if "geometry" in KEYS[mesh.source]:
        yield from _geometry(case)
    if "cells" in KEYS[mesh.source]:
        yield from _block(case)


def _geometry(case: Case) -> Iterator[Fault]:
    if case.mesh.geometry is None:
        what = "mesh file" if case.mesh.source == FILE else case.mesh.source
        yield Fault(("mesh", "geometry"), f'is missing; a {what} is "planar" or "axisymmetric"')
    elif case.orifice is not None:
        fitting = {"round": "axisymmetric", "slit": "planar"}[case.orifice.shape]
        other = "slit" if case.orifice.shape == "round" else "round"
        if case.mesh.geometry != fitting:
            yield Fault(
                ("mesh", "geometry"),
                f'a {case.orifice.shape} orifice needs geometry = "{fitting}"; or write shape = "{other}"',
            )


def _block(case: Case) -> Iterator[Fault]:
    mesh = case.mesh
    for name, pair in (("x", mesh.x), ("y", mesh.y)):
        if pair is None:
            yield Fault(("mesh", name), f"is missing: where the mesh begins and ends; write {_SPAN}")
        elif not pair[0] < pair[1]:
            yield Fault(("mesh", name), f"must begin below its end; write e.g. {_SPAN}")
    if mesh.cells is None:
        yield Fault(("mesh", "cells"), "is missing: cells along x and y; write e.g. [64, 32]")
    if mesh.template == "ramp" and mesh.angle is None:
        yield Fault(("mesh", "angle"), 'is missing: of the wall; write e.g. "10 deg"')
    if mesh.geometry == "axisymmetric" and mesh.y is not None and mesh.y[0] < 0:
        yield Fault(("mesh", "y"), "must not begin below the axis, y = 0, of an axisymmetric mesh")
    if mesh.geometry == "axisymmetric" and (mesh.turn or mesh.mirror):
        yield Fault(("mesh", "turn"), "an axisymmetric mesh keeps its axis: remove turn and mirror")
    if mesh.angle is not None and abs(mesh.angle) > STEEPEST_RAMP:
        yield Fault(("mesh", "angle"), "must lie between -60 and 60 deg")
    if mesh.template == "ramp" and mesh.x is not None and not mesh.x[0] < 0 < mesh.x[1]:
        yield Fault(("mesh", "x"), "must begin before and end behind x = 0, where the ramp rises")


def _stream(case: Case) -> Iterator[Fault]:
    """A mesh without a hole and without an exact solution: a steady stream from an inflow."""
    if case.mesh.has_hole or case.exact is not None:
        return
    if not any(isinstance(entry, Inflow | ExactState) for entry in case.boundary.values()):
        yield Fault(
            ("boundary",), 'a mesh without a hole needs a boundary of kind "inflow", or the table [exact]'
        )
    if case.run.mode == "transient":
        yield Fault(
            ("run", "mode"), 'a mesh without a hole is run steady, or with the table [exact]; write "steady"'
        )


def _exact(case: Case) -> Iterator[Fault]:
    exact = case.exact
    for name, entry in case.boundary.items():
        if isinstance(entry, ExactState) and exact is None:
            yield Fault(
                ("boundary", name, "kind"), '"exact" needs the table [exact], which says the solution'
            )
    if exact is None:
        return
    if case.mesh.template != "block":
        yield Fault(
            ("exact",), 'an exact solution is compared with on the template "block"; write it in [mesh]'
        )
    if exact.solution in UNSTEADY and case.run.mode == "steady":
        yield Fault(
            ("run", "mode"), f'the solution "{exact.solution}" is not steady; write mode = "transient"'
        )


def _names(case: Case) -> Iterator[Fault]:
    for table, names in (("boundary", case.boundary), ("probes", case.probes)):
        for name in names:
            if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable() or "/" in name:
                yield Fault((table, name), "a name has 1 to 200 printable characters and no /")


def _template_boundaries(case: Case) -> Iterator[Fault]:
    yield from _template_names(case)
    template = case.mesh.source
    for name, entry in case.boundary.items():
        kinds = _TEMPLATE_KINDS.get((template, name))
        if kinds is not None and not isinstance(entry, kinds):
            words = " or ".join(f'"{kind.__name__.lower()}"' for kind in kinds)
            article = "a " if len(kinds) == 1 else ""
            yield Fault(("boundary", name, "kind"), f"the template's {name} must be {article}{words}")
    cabin, space = case.boundary.get("cabin"), case.boundary.get("space")
    if isinstance(cabin, Reservoir) and isinstance(space, Outlet):
        yield from _pressure_ratio("space", cabin, space)


def _template_names(case: Case) -> Iterator[Fault]:
    needed = _TEMPLATE_BOUNDARIES[case.mesh.source]
    missing = [name for name in needed if name not in case.boundary]
    *most, last = needed
    for name in case.boundary:
        if name in needed:
            continue
        near = nearest(name, missing)
        if near:
            missing.remove(near)
        question = f'; did you mean "{near}"?' if near else ""
        known = f"{', '.join(most)} and {last}"
        yield Fault(("boundary", name), f"unknown boundary; the template has {known}{question}")
    for name in missing:
        yield Fault(("boundary", name), f'boundary "{name}" is missing: {needed[name]}')


def _pressure_ratio(name: str, cabin: Reservoir, space: Outlet) -> Iterator[Fault]:
    key = ("boundary", name, "pressure")
    inside = write_quantity(cabin.pressure, Dimension.PRESSURE)
    if space.pressure > cabin.pressure:
        yield Fault(key, f"is above the cabin's {inside}: gas would flow in; swap cabin and space")
    elif space.pressure > LARGEST_PRESSURE_RATIO * cabin.pressure:
        yield Fault(key, f"is too close to the cabin's {inside}; at most 0.99 of it")


def _file_boundaries(case: Case) -> Iterator[Fault]:
    entries = case.boundary.values()
    if not any(isinstance(entry, Reservoir | Inflow) for entry in entries):
        yield Fault(("boundary",), 'needs at least one boundary of kind "reservoir" or "inflow"')
    for name, entry in case.boundary.items():
        if isinstance(entry, Outlet) and case.reservoir is not None:
            yield from _pressure_ratio(name, case.reservoir, entry)


def _run(case: Case) -> Iterator[Fault]:
    run = case.run
    if run.mode == "transient" and run.end_time is None:
        yield Fault(("run", "end_time"), 'is missing; a transient run needs it; write e.g. "2 ms"')
    if run.mode == "steady" and run.end_time is not None:
        yield Fault(("run", "end_time"), 'only for mode = "transient"; remove it or change mode')
    if run.mode == "steady" and case.output.snapshots > 0:
        yield Fault(("output", "snapshots"), "a steady run has no snapshots; write 0")
