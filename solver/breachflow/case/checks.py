"""What the keys of a case must satisfy together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from breachflow.case.faults import Fault
from breachflow.case.nearest import nearest
from breachflow.case.schema import (
    FILE_KEYS,
    TEMPLATE_KEYS,
    Axis,
    Case,
    Inflow,
    Outlet,
    Reservoir,
    SlitOrifice,
    Vacuum,
)
from breachflow.case.units import Dimension, write_quantity

THICKEST_WALL: Final = 20.0
"""In openings; a longer hole is a pipe, whose friction is not computed."""

LARGEST_EDGE: Final = 2.0
"""Chamfer or rounding, in openings."""

LARGEST_PRESSURE_RATIO: Final = 0.99
"""Outside to cabin; above, the flow is nearly incompressible and the flow rate ill-conditioned."""

RESULT_SUFFIXES: Final = (".vtkhdf", ".h5")
_LONGEST_NAME: Final = 200
_TEMPLATE_BOUNDARIES: Final = {
    "cabin": 'the gas inside; write cabin = { kind = "reservoir", pressure = "101.325 kPa", '
    'temperature = "293.15 K" }',
    "space": 'what is outside; write space = { kind = "vacuum" } or { kind = "outlet", pressure = "20 kPa" }',
}


def faults_in(case: Case) -> Iterator[Fault]:
    """Every contradiction in a case whose keys are each valid."""
    yield from _title(case)
    yield from _orifice(case)
    yield from _mesh(case)
    yield from _names(case)
    yield from _template_boundaries(case) if case.mesh.template else _file_boundaries(case)
    yield from _run(case)
    if case.output.file.suffix not in RESULT_SUFFIXES:
        yield Fault(("output", "file"), "must end in .vtkhdf or .h5")


def _title(case: Case) -> Iterator[Fault]:
    if not case.title.isprintable():
        yield Fault(("title",), "must be one line without control characters")


def _orifice(case: Case) -> Iterator[Fault]:
    orifice = case.orifice
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
    if case.mesh.template and orifice.plane != 0:
        yield Fault(("orifice", "plane"), "the template's hole begins at x = 0; remove plane")


def _mesh(case: Case) -> Iterator[Fault]:
    mesh = case.mesh
    if mesh.template and mesh.file:
        yield Fault(("mesh", "file"), "give either template or file, not both; remove one")
        return
    foreign, needs = (FILE_KEYS, "file") if mesh.template else (TEMPLATE_KEYS, "template")
    for name in foreign:
        if name in mesh.model_fields_set:
            yield Fault(("mesh", name), f"belongs to a mesh from a {needs}; remove it")
    if mesh.file:
        yield from _geometry(case)


def _geometry(case: Case) -> Iterator[Fault]:
    fitting = {"round": "axisymmetric", "slit": "planar"}[case.orifice.shape]
    if case.mesh.geometry is None:
        yield Fault(("mesh", "geometry"), 'is missing; a mesh file is "planar" or "axisymmetric"')
    elif case.mesh.geometry != fitting:
        other = "slit" if case.orifice.shape == "round" else "round"
        yield Fault(
            ("mesh", "geometry"),
            f'a {case.orifice.shape} orifice needs geometry = "{fitting}"; or write shape = "{other}"',
        )


def _names(case: Case) -> Iterator[Fault]:
    for table, names in (("boundary", case.boundary), ("probes", case.probes)):
        for name in names:
            if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable() or "/" in name:
                yield Fault((table, name), "a name has 1 to 200 printable characters and no /")


def _template_boundaries(case: Case) -> Iterator[Fault]:
    yield from _template_names(case)
    cabin, space = case.boundary.get("cabin"), case.boundary.get("space")
    if cabin is not None and not isinstance(cabin, Reservoir):
        yield Fault(("boundary", "cabin", "kind"), 'the template\'s cabin must be a "reservoir"')
    if space is not None and not isinstance(space, Vacuum | Outlet):
        yield Fault(("boundary", "space", "kind"), 'the template\'s space must be "vacuum" or "outlet"')
    if isinstance(cabin, Reservoir) and isinstance(space, Outlet):
        yield from _pressure_ratio("space", cabin, space)


def _template_names(case: Case) -> Iterator[Fault]:
    missing = [name for name in _TEMPLATE_BOUNDARIES if name not in case.boundary]
    for name in case.boundary:
        if name in _TEMPLATE_BOUNDARIES:
            continue
        near = nearest(name, missing)
        if near:
            missing.remove(near)
        question = f'; did you mean "{near}"?' if near else ""
        yield Fault(("boundary", name), f"unknown boundary; the template has cabin and space{question}")
    for name in missing:
        yield Fault(("boundary", name), f'boundary "{name}" is missing: {_TEMPLATE_BOUNDARIES[name]}')


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
        if isinstance(entry, Axis) and case.mesh.geometry == "planar":
            yield Fault(("boundary", name, "kind"), 'a planar mesh has no axis; write kind = "symmetry"')


def _run(case: Case) -> Iterator[Fault]:
    run = case.run
    if run.mode == "transient" and run.end_time is None:
        yield Fault(("run", "end_time"), 'is missing; a transient run needs it; write e.g. "2 ms"')
    if run.mode == "steady" and run.end_time is not None:
        yield Fault(("run", "end_time"), 'only for mode = "transient"; remove it or change mode')
    if run.mode == "steady" and case.output.snapshots > 0:
        yield Fault(("output", "snapshots"), "a steady run has no snapshots; write 0")
