"""The closed forms and published measurements that apply to a case, beside the computed coefficient."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from breachflow.case.schema import Case
from breachflow.errors import OutOfRange
from breachflow.leak.blend.best_estimate import best_estimate
from breachflow.leak.breach import Breach, LeakState, Section
from breachflow.leak.laws import closed_forms, law_named
from breachflow.results import LAW, Quantity


def comparison_summary(case: Case) -> dict[str, Quantity]:
    """The best estimate of the closed forms and every law that holds; empty where none does.

    No law applies to a chamfer, to a given stream, to a hole of a mesh file whose wall thickness is not
    stated, and where no boundary tells the pressure outside.
    """
    leak = _leak(case)
    if leak is None:
        return {}
    try:
        expected, forms = best_estimate(*leak), closed_forms(*leak)
    except OutOfRange:
        return {}
    basis = ", ".join(f"{law_named(name).title} {100.0 * part:.0f} %" for name, part in expected.basis)
    relative = expected.uncertainty / expected.mass_flow
    found = _pair(
        "expected_discharge_coefficient", expected.discharge_coefficient, relative, f"best estimate: {basis}"
    )
    for form in forms:
        relative = form.uncertainty / form.discharge_coefficient
        found |= _pair(
            f"{LAW}{form.name}", form.discharge_coefficient, relative, f"{form.title}: {form.source}"
        )
    return found


def disagreements(coefficient: float, spread: float, theory: dict[str, Quantity]) -> Iterator[str]:
    """A sentence for each law that differs from the computed coefficient by more than both uncertainties."""
    if isnan(spread):
        return
    for name, law in theory.items():
        uncertainty = theory.get(f"{name}_uncertainty")
        if uncertainty is None or not (name.startswith(LAW) or name == "expected_discharge_coefficient"):
            continue
        value, allowed = float(law.value), float(uncertainty.value) + spread
        if abs(coefficient - value) > allowed:
            what = (
                "the best estimate of the closed forms"
                if law.description.startswith("best")
                else law.description
            )
            yield (
                f"{what} gives {value:.4g} ± {float(uncertainty.value):.2g}: the computed {coefficient:.4g} "
                f"± {spread:.2g} is {100.0 * (coefficient / value - 1.0):+.1f} % off, more than both "
                "uncertainties allow"
            )


def _leak(case: Case) -> tuple[Breach, LeakState] | None:
    hole, cabin = case.hole, case.reservoir
    stated = case.mesh.mesh_file is None or "wall_thickness" in hole.model_fields_set
    if case.mesh.is_a_jet or cabin is None or case.outside_pressure is None or not stated or hole.chamfer:
        return None
    section = Section.ROUND if hole.shape == "round" else Section.SLIT
    length = None if section is Section.ROUND else hole.length or 1.0
    breach = Breach(section, hole.diameter, hole.wall_thickness, length, hole.rounding)
    return breach, LeakState(case.species, cabin.pressure, cabin.temperature, case.outside_pressure)


def _pair(name: str, value: float, relative: float, source: str) -> dict[str, Quantity]:
    return {
        name: Quantity(value, "1", source),
        f"{name}_uncertainty": Quantity(relative * value, "1", "of that coefficient"),
    }
