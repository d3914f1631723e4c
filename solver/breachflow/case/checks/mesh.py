"""What the mesh and the boundaries of a case must satisfy together, as its template declares it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from breachflow.case.boundaries import kinds_that
from breachflow.case.mesh_setting import mesh_setting
from breachflow.case.schema import Case
from breachflow.document.faults import Fault
from breachflow.document.toml_text import toml_string
from breachflow.templates.registry import templates
from breachflow.units import Dimension, write_quantity
from breachflow.words import nearest

LARGEST_PRESSURE_RATIO: Final = 0.99
"""Largest ratio of outside to cabin pressure; above, the flow is nearly incompressible and the flow rate
ill-conditioned."""


def _hole_faults(case: Case) -> Iterator[Fault]:
    if case.mesh.has_hole and case.orifice is None and not case.mesh.hole_is_optional:
        yield Fault(("orifice",), 'is missing: the hole; write shape = "round" and diameter = "2 mm"')
    elif case.orifice is not None and not case.mesh.has_hole:
        yield Fault(("orifice",), f'the template "{case.mesh.source}" has no hole; remove [orifice]')


def _shape_faults(case: Case) -> Iterator[Fault]:
    """A fault where the mesh cannot have a hole of the shape of the case."""
    if case.orifice is None or not case.mesh.has_hole or case.orifice.shape in case.mesh.shapes:
        return
    shape = case.orifice.shape
    fitting = [
        f'"{name}"' for name, source in templates().items() if source.has_hole and shape in source.shapes
    ]
    yield Fault(
        ("mesh", "template"),
        f'"{case.mesh.source}" makes no hole of shape = "{shape}"; write template = {" or ".join(fitting)}',
    )


def _key_faults(case: Case) -> Iterator[Fault]:
    if case.orifice is None or case.orifice.shape in case.mesh.shapes:
        yield from case.mesh.faults(mesh_setting(case))
    if case.flow.is_viscous and not case.mesh.resolves_friction:
        yield Fault(
            ("flow", "model"),
            f'the template "{case.mesh.source}" has no fine cells at the wall; write "inviscid"',
        )


def _exact_faults(case: Case) -> Iterator[Fault]:
    if case.exact is not None and not case.mesh.suits_exact:
        fitting = " or ".join(f'"{name}"' for name, source in templates().items() if source.suits_exact)
        yield Fault(
            ("exact",), f"an exact solution is compared with on the template {fitting}; write it in [mesh]"
        )


def _boundaries(case: Case) -> Iterator[Fault]:
    yield from _template_boundaries(case) if case.mesh.mesh_file is None else _file_boundaries(case)


def _template_boundaries(case: Case) -> Iterator[Fault]:
    yield from _patch_names(case)
    for name, entry in case.boundary.items():
        rule = case.mesh.patches.get(name)
        if rule is not None and rule.kinds and entry.kind not in rule.kinds:
            words = " or ".join(f'"{kind}"' for kind in rule.kinds)
            article = "a " if len(rule.kinds) == 1 else ""
            yield Fault(("boundary", name, "kind"), f"the template's {name} must be {article}{words}")


def _patch_names(case: Case) -> Iterator[Fault]:
    """Compare the names of the boundaries with the patches that the template leaves to the case."""
    rules = case.mesh.patches
    needed = {name: rule.meaning for name, rule in rules.items() if not rule.default_kind}
    free = {name for name, rule in rules.items() if rule.default_kind and rule.kinds}
    missing = [name for name in needed if name not in case.boundary]
    *most, last = needed
    for name in case.boundary:
        if name in needed or name in free:
            continue
        near = nearest(name, missing)
        if near:
            missing.remove(near)
        question = f'; did you mean "{near}"?' if near else ""
        known = f"{', '.join(most)} and {last}" if most else last
        yield Fault(("boundary", name), f"unknown boundary; the template has {known}{question}")
    for name in missing:
        yield Fault(("boundary", name), f'boundary "{name}" is missing: {needed[name]}')


def _pressure_ratios(case: Case) -> Iterator[Fault]:
    """Compare each pressure outside a hole with that of the reservoir."""
    if case.orifice is None or case.reservoir is None:
        return
    within = case.reservoir.pressure
    for name, entry in case.boundary.items():
        outside = entry.pressure_outside
        if outside is None or case.is_cabin(entry):
            continue
        key, inside = ("boundary", name, "pressure"), write_quantity(within, Dimension.PRESSURE)
        if outside > within:
            yield Fault(key, f"is above the cabin's {inside}: gas would flow in; swap cabin and space")
        elif outside > LARGEST_PRESSURE_RATIO * within:
            yield Fault(key, f"is too close to the cabin's {inside}; at most 0.99 of it")


def _file_boundaries(case: Case) -> Iterator[Fault]:
    if case.orifice is not None and case.source is None:
        kinds = " or ".join(map(toml_string, kinds_that("feeds")))
        yield Fault(("boundary",), f"needs at least one boundary of kind {kinds}")


def _stream_outside(case: Case) -> Iterator[Fault]:
    """Compare the pressure outside with the stagnation pressure of a stream that nothing else drives."""
    if case.orifice is None or case.exact is not None or case.reservoir is not None:
        return
    within = case.driving_gas[0] if any(entry.feeds for entry in case.boundary.values()) else None
    for name, entry in case.boundary.items():
        outside = entry.pressure_outside
        if within is not None and outside is not None and outside > within:
            why = f"is above the stagnation pressure of the stream, {within:.5g} Pa"
            yield Fault(("boundary", name, "pressure"), why)


MESH_CHECKS: Final = (
    _hole_faults,
    _shape_faults,
    _key_faults,
    _exact_faults,
    _boundaries,
    _pressure_ratios,
    _stream_outside,
)
"""Contradictions between `[mesh]`, `[orifice]`, `[exact]` and the boundaries."""
