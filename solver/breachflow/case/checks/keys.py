"""What the keys of a case must satisfy together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from breachflow.case.boundaries import Axis, ExactState, FrictionWall, kinds_that
from breachflow.case.checks.mesh import MESH_CHECKS
from breachflow.case.default_model import friction_advice, least_background, unknown_viscosity
from breachflow.case.gas import CustomGas
from breachflow.case.initial.faults import initial_faults
from breachflow.case.orifice import TUBES_AND_CRACKS, OutlineOrifice
from breachflow.case.quantities import OPENING
from breachflow.case.schema import LARGEST_BACKGROUND, Case
from breachflow.case.similarity import rarefaction_of, rounded
from breachflow.document.faults import Fault
from breachflow.document.fields import COUNTS
from breachflow.document.sweep.checks import sweep_faults
from breachflow.document.toml_text import toml_string
from breachflow.units import Dimension, write_quantity

THICKEST_WALL: Final = {"inviscid": 20.0, "laminar": 500.0}
"""Largest wall thickness over the opening, by the model of the flow; friction rules a longer hole."""

LARGEST_EDGE: Final = 2.0
"""Largest chamfer or rounding over the opening."""

LEAST_RAREFACTION: Final = 5.0
"""Rarefaction parameter below which laminar flow is refused.

Slip of first order makes it some 6 % low at 10 in a thin hole (docs/theory.md); near 1 runs begin to fail.
"""

RESULT_SUFFIXES: Final = (".vtkhdf", ".h5")
_LONGEST_NAME: Final = 200


def _title(case: Case) -> Iterator[Fault]:
    if not case.title.isprintable():
        yield Fault(("title",), "must be one line without control characters")


def _outline_size(case: Case) -> Iterator[Fault]:
    """A fault where the points of an outline, in their unit, are no size of a hole."""
    hole = case.orifice
    if not isinstance(hole, OutlineOrifice):
        return
    try:
        OPENING.read(f"{hole.diameter!r} m")
    except ValueError as error:
        size = write_quantity(rounded(hole.diameter), Dimension.LENGTH)
        yield Fault(("orifice", "unit"), f"gives an equal-area diameter of {size}: it {error}")


def _hole(case: Case) -> Iterator[Fault]:
    if case.orifice is None or not case.mesh.has_hole:
        return
    orifice = case.hole
    thickest = THICKEST_WALL[case.flow.name]
    longest, largest = rounded(thickest * orifice.diameter), rounded(LARGEST_EDGE * orifice.diameter)
    if orifice.wall_thickness > longest:
        most = write_quantity(longest, Dimension.LENGTH)
        friction = (
            "" if case.flow.is_viscous else f"friction rules a longer one: {friction_advice(case)}, or "
        )
        yield Fault(
            ("orifice", "wall_thickness"),
            f"is more than {thickest:g} times the {orifice.size}; at most {most}; "
            f"{friction}{TUBES_AND_CRACKS}",
        )
    for name, edge in (("chamfer", orifice.chamfer), ("rounding", orifice.rounding)):
        if edge > largest:
            most = write_quantity(largest, Dimension.LENGTH)
            yield Fault(("orifice", name), f"is more than twice the {orifice.size}; at most {most}")
        elif edge > orifice.wall_thickness:
            most = write_quantity(orifice.wall_thickness, Dimension.LENGTH)
            yield Fault(("orifice", name), f"is larger than wall_thickness; at most {most}")


def _edge(case: Case) -> Iterator[Fault]:
    if case.orifice is not None and case.orifice.chamfer > 0 and case.orifice.rounding > 0:
        yield Fault(("orifice", "rounding"), "an edge has a chamfer or a rounding, not both; remove one")


def _stream(case: Case) -> Iterator[Fault]:
    """A run without a hole and without an exact solution must have gas: from a boundary, or at its start."""
    is_exact = case.exact is not None or any(isinstance(one, ExactState) for one in case.boundary.values())
    if case.orifice is not None or is_exact:
        return
    if case.source is None and (case.initial is None or case.run.mode == "steady"):
        kinds = " or ".join(map(toml_string, kinds_that("feeds")))
        exact = ", or the table [exact]" if case.mesh.suits_exact else ""
        start = "" if case.run.mode == "steady" else ", or the table [initial]"
        yield Fault(("boundary",), f"a run without a hole needs a boundary of kind {kinds}{exact}{start}")
    elif case.source is None and case.initial is not None and case.initial.strongest(case.boundary) is None:
        yield Fault(
            ("initial", "pressure"),
            "no boundary feeds gas, and no state has a pressure above 0 and a temperature",
        )
    if case.run.mode == "transient" and case.initial is None:
        yield Fault(
            ("run", "mode"),
            'without a hole a transient run needs the table [initial], its start; or write "steady"',
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
    if not exact.is_steady and case.run.mode == "steady":
        yield Fault(
            ("run", "mode"), f'the solution "{exact.solution}" is not steady; write mode = "transient"'
        )
    if case.flow.model not in exact.models:
        yield Fault(
            ("flow", "model"),
            f'the solution "{exact.solution}" is one of {exact.models[0]} flow: write "{exact.models[0]}"',
        )


def _names(case: Case) -> Iterator[Fault]:
    for table, names in (("boundary", case.boundary), ("probes", case.probes)):
        for name in names:
            if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable() or "/" in name:
                yield Fault((table, name), "a name has 1 to 200 printable characters and no /")


def _axes(case: Case) -> Iterator[Fault]:
    for name, entry in case.boundary.items():
        if isinstance(entry, Axis) and case.mesh.plane in ("planar", "spatial"):
            yield Fault(
                ("boundary", name, "kind"), f'a {case.mesh.plane} mesh has no axis; write kind = "symmetry"'
            )


def _in_space(case: Case) -> Iterator[Fault]:
    """A fault for each key that only meshes in space have, or with as many coordinates as others have."""
    if case.orifice is not None and case.orifice.angle and case.mesh.source != "spatial":
        yield Fault(("orifice", "angle"), 'only the template "spatial" slants its hole; write it in [mesh]')
    where, dimension = ("space", 3) if case.mesh.plane == "spatial" else ("the plane", 2)
    for name, place in case.probes.items():
        if len(place) != dimension:
            yield Fault(("probes", name), f"a point in {where} has {COUNTS[dimension]} coordinates")


def _hull(case: Case) -> Iterator[Fault]:
    """A fault where nothing gives the force on the hull a place."""
    if case.hull is None:
        return
    if case.orifice is None:
        yield Fault(("hull",), "without [orifice] there is no hole whose force has a moment; remove it")
    elif case.mesh.plane == "planar" or (case.mesh.plane is None and case.hole.shape == "slit"):
        yield Fault(
            ("hull",),
            "the force of a slit in the plane has no place along it: mesh it in space, or remove [hull]",
        )


def _gas(case: Case) -> Iterator[Fault]:
    gas = case.gas
    if isinstance(gas, CustomGas) and gas.viscosity is None and gas.viscosity_exponent is not None:
        yield Fault(("gas", "viscosity_exponent"), "is of no use without viscosity; give viscosity too")


def _viscosity(case: Case) -> Iterator[Fault]:
    """A fault where the viscosity of a laminar flow is not known."""
    if not case.flow.is_viscous:
        return
    for key, reason in unknown_viscosity(case):
        yield Fault(key, f"{reason}; laminar flow needs it")


def _rarefied(case: Case) -> Iterator[Fault]:
    """A fault where molecules cross the hole with few collisions: gas does not flow as a continuum there."""
    if not case.flow.is_viscous or case.orifice is None or case.exact is not None:
        return
    delta = rarefaction_of(case)
    if delta < LEAST_RAREFACTION:
        yield Fault(
            ("orifice", case.hole.size_key),
            f"is too small for so thin a gas: rarefaction parameter delta = {delta:.2g}, and laminar flow "
            f"with slip is refused below {LEAST_RAREFACTION:g}; `breachflow estimate` knows rarefied gas",
        )


def _friction(case: Case) -> Iterator[Fault]:
    """Each contradiction between the model of the flow and the walls."""
    for name, entry in case.boundary.items():
        if entry.needs_friction and not case.flow.is_viscous:
            yield Fault(
                ("boundary", name, "kind"),
                f'"{entry.kind}" needs friction; {friction_advice(case)}, or kind = "wall"',
            )
        if isinstance(entry, FrictionWall) and entry.heat and entry.temperature is not None:
            yield Fault(
                ("boundary", name, "temperature"),
                "a wall without heat flux has no temperature; remove it or heat",
            )


def _run(case: Case) -> Iterator[Fault]:
    run = case.run
    if run.mode == "transient" and run.end_time is None:
        yield Fault(("run", "end_time"), 'is missing; a transient run needs it; write e.g. "2 ms"')
    for name in ("end_time", "time_step"):
        if run.mode == "steady" and getattr(run, name) is not None:
            yield Fault(("run", name), 'only for mode = "transient"; remove it or change mode')
    if run.time_step is not None and run.end_time is not None and run.time_step > run.end_time:
        most = write_quantity(run.end_time, Dimension.TIME)
        yield Fault(("run", "time_step"), f"is longer than end_time; at most {most}")


def _thin_gas(case: Case) -> Iterator[Fault]:
    """A fault where friction in the gas outside makes steps in time so short that a run does not end."""
    least, inside = least_background(case), case.reservoir
    if (
        inside is None
        or case.run.time_step is not None
        or max(case.pressure_ratio or 0.0, case.numerics.background) >= least
    ):
        return
    pressure = write_quantity(float(f"{least * inside.pressure:.1e}"), Dimension.PRESSURE)
    floor = f"write [numerics] background = {least:.0e}, " if least <= LARGEST_BACKGROUND else ""
    yield Fault(
        ("flow", "model"),
        "the gas outside is so thin that its friction makes the time steps too short for a run to end; "
        f'{floor or "write "}a pressure outside of {pressure} or more, mode = "steady" or model = "inviscid"',
    )


def _output(case: Case) -> Iterator[Fault]:
    if case.run.mode == "steady" and case.output.snapshots > 0:
        yield Fault(("output", "snapshots"), "a steady run has no snapshots; write 0")
    if case.output.file.suffix not in RESULT_SUFFIXES:
        yield Fault(("output", "file"), "must end in .vtkhdf or .h5")


CHECKS: Final = (
    _title, _edge, _outline_size, _hole, initial_faults, *MESH_CHECKS, _names, _exact, _stream, _axes,
    _in_space, _hull, _gas, _viscosity, _rarefied, _friction, _run, _thin_gas, _output, sweep_faults,
)  # fmt: skip
"""Contradictions between keys of a case, each of which is valid on its own."""
