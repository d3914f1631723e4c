"""Whether a hole has a bore, in which an inviscid stream depends on the numerical flux."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from breachflow.case.schema import Case

THIN: Final = 0.02
"""Wall thickness over diameter up to which the stream does not attach to the bore."""

SMEARING: Final = ("rusanov", "hlle")
"""Numerical fluxes that smear shear layers: rusanov lacks 2.5 % of the flow of a crack on 8 cells across,
0.2 % on 16."""


def flux_decides(case: Case) -> bool:
    """Whether the coefficient of a case depends on the numerical flux: inviscid steady flow through a bore.

    Nothing but the dissipation of the flux then decides how the gas behind the edge turns, and whether the
    stream meets the bore again.
    """
    if case.orifice is None or case.exact is not None or case.run.mode != "steady":
        return False
    if case.flow.is_viscous or case.mesh.is_a_jet:
        return False
    return not is_thin(case)


def is_thin(case: Case) -> bool:
    """Whether the wall is thin enough for the stream to pass without meeting the bore."""
    return case.orifice is not None and case.hole.wall_thickness <= THIN * case.hole.diameter


def other_flux(case: Case) -> str:
    """The numerical flux that gives a second opinion: a smearing one beside one that keeps layers thin."""
    return "hllc" if case.numerics.flux in SMEARING else "hlle"
