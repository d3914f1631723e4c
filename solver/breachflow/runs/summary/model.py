"""Where the equations of a run do not hold: cautions about flow with and without friction."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan, log, nan, sqrt
from typing import Final

from breachflow.case.default_model import friction_advice, unknown_viscosity
from breachflow.case.schema import Case
from breachflow.case.similarity import has_friction, rarefaction_of
from breachflow.leak.throat import low_reynolds_caution
from breachflow.runs.setup.bore import SMEARING, THIN, other_flux
from breachflow.runs.summary.comparison import Caution
from breachflow.runs.summary.walls import has_layers
from breachflow.words import percent

FREE_OF_BACK_PRESSURE: Final = 0.05
"""Ratio of outside to cabin pressure below which a stream expands to the wall of the bore at once."""

SLENDER: Final = 2.0
"""Wall thickness over diameter from which friction takes 2 % of a choked flow (Fanno, 4 f = 0.024)."""

SLENDER_EFFECT: Final = 0.01
"""Part of the flow that friction takes for each diameter of wall thickness, by the same number."""

ATTACHED: Final = 0.3
"""An attached stream over a separated one, less 1: the vena contracta is 0.6 to 0.8 of the hole."""

FLUX_THICKNESSES: Final = (0.0, 0.1, 0.25, 0.5, 0.8)
FLUX_EFFECTS: Final = {
    0.0: (0.001, 0.001, 0.006, 0.016, 0.017),
    0.53: (0.005, 0.038, 0.078, 0.105, 0.114),
    0.8: (0.019, 0.074, 0.145, 0.199, 0.214),
    0.95: (0.041, 0.099, 0.172, 0.217, 0.232),
}
"""Inviscid flow with HLLE over that with HLLC, less 1, by pressure ratio and wall thickness over diameter.

Round holes in air, coarse meshes; on finer ones the difference hardly shrinks (docs/theory.md).
"""

NAMED_FROM: Final = 0.005
"""Part of the flow from which the effect of the numerical flux is told."""

TURBULENT: Final = 4000.0
"""Reynolds number from which the flow in a bore may be turbulent; in pipes it is above some 2300 to 4000."""

BORE: Final = 0.5
"""Wall thickness over diameter from which turbulence in the bore matters: the stream meets the bore again."""

SUBSONIC: Final = 0.5
"""Pressure ratio above which the stream in a bore does not expand to its wall."""

NOT_REATTACHED: Final = 0.25
"""Flow measured at r = 0.92, t/d = 1, Re 10 000 over the laminar one, 0.785 over 0.628, less 1."""

CHOKED_GAP: Final = 0.023
"""Long holes into a vacuum, 0.839 ± 2 % measured (Ward-Smith 1979), over laminar flow, 0.820, less 1."""

LONGEST_MEASURED: Final = 7.0
"""Wall thickness over diameter up to which these holes were measured."""

SLIP_ERRORS: Final = ((50.0, 0.013), (20.0, 0.030), (10.0, 0.061))
"""Rarefaction parameter, and by how much laminar flow with slip is low there: thin round holes against
simulated gas (Varoutis et al. 2008, table 1)."""

ACCURATE: Final = 50.0
"""Rarefaction parameter from which that error is not told."""

LEAST_ACCURATE: Final = 20.0
"""Rarefaction parameter below which `estimate` is the better source."""

LAYER_CELLS: Final = 5.0
"""Thickness of the cells at the wall over that of the layer above which friction is not resolved."""


def inviscid_cautions(case: Case, reynolds: float, change: float = nan) -> Iterator[Caution]:
    """Cautions of a flow without friction; some texts are empty.

    `change` is that of the coefficient by another numerical flux; nan where it was not computed.
    """
    if rarefaction_of(case) < LEAST_ACCURATE:
        yield _molecular(case)
        return
    yield _thick_wall(case, reynolds, change)
    low = low_reynolds_caution(reynolds)
    yield Caution(f"{low}{_advice(case)}" if low else "", friction_effect(case, reynolds))


def laminar_cautions(case: Case, reynolds: float) -> Iterator[Caution]:
    """Cautions of a laminar flow; some texts are empty."""
    if case.orifice is None:
        return
    yield _rarefied(case)
    yield _turbulent(case, reynolds)
    if case.numerics.flux in SMEARING:
        yield Caution(
            f"the flux {case.numerics.flux} smears the layers of friction: hllc needs fewer cells "
            "(in a crack rusanov lacks 2.5 % of the flow on 8 cells across, 0.2 % on 16)",
            NAMED_FROM,
        )


def layer_caution(case: Case, reynolds: float, wall_cell: float) -> Caution:
    """Caution where the cells at the wall of the hole, over its size, are thicker than the layer of friction.

    The layer is d/sqrt(Re) thick, at most half the hole.
    """
    if not (wall_cell > 0.0 and reynolds > 0.0):
        return Caution("")
    ratio, effect = wall_cell / min(1.0 / sqrt(reynolds), 0.5), friction_effect(case, reynolds)
    if ratio <= LAYER_CELLS:
        return Caution("")
    return Caution(
        f"the cells at the wall of the hole are {ratio:.2g} times as thick as the layer of friction: its "
        f"effect, up to {percent(effect)} of the flow, is not resolved, so take a finer mesh",
        effect,
    )


def friction_effect(case: Case, reynolds: float) -> float:
    """How much friction may take of the flow: the displacement of boundary layers, d/sqrt(Re) thick."""
    thick = 1.0 + case.hole.wall_thickness / case.hole.diameter
    return 0.0 if isnan(reynolds) or reynolds <= 0.0 else min(2.0 * sqrt(thick / reynolds), 1.0)


def flux_effect(thickness: float, ratio: float) -> float:
    """By how much another numerical flux changes an inviscid flow, relative.

    Args:
        thickness: Wall thickness over diameter or width.
        ratio: Pressure outside over that in the cabin.
    """
    import numpy as np

    rows = [float(np.interp(thickness, FLUX_THICKNESSES, row)) for row in FLUX_EFFECTS.values()]
    return float(np.interp(ratio, list(FLUX_EFFECTS), rows))


def _advice(case: Case) -> str:
    """What to do about friction; empty at a temperature where the viscosity is not known, as `model` says."""
    if case.species.viscosity is not None and any(unknown_viscosity(case)):
        return ""
    return f". To have friction, {friction_advice(case)}"


def _thick_wall(case: Case, reynolds: float, change: float) -> Caution:
    """Caution for a thick wall, where viscosity decides on reattachment or friction matters; empty otherwise.

    An unknown pressure outside does not count as a back pressure.
    """
    hole, ratio = case.hole, case.pressure_ratio or 0.0
    slender = hole.wall_thickness / hole.diameter
    effect = flux_effect(slender, ratio) if isnan(change) else abs(change)
    others = _flux_words(case, effect, change)
    if slender > THIN and ratio > FREE_OF_BACK_PRESSURE and not hole.rounding:
        advice = _advice(case) if reynolds < TURBULENT else ""
        return Caution(
            f"wall thickness {slender:.2g} diameters against a back pressure: the stream separates at the "
            "edge, and without viscosity the mesh decides whether it meets the bore again. A real hole may "
            f"pass as much as an attached stream, and {others}{advice}",
            ATTACHED,
        )
    if slender > SLENDER:
        return Caution(
            f"wall thickness {slender:.2g} diameters: friction, which this inviscid flow lacks, reduces the "
            f"flow of a real hole{_advice(case)}",
            SLENDER_EFFECT * slender,
        )
    told = not (isnan(change) and hole.rounding)
    if effect >= NAMED_FROM and slender > THIN and told:
        return Caution(f"wall thickness {slender:.2g} diameters: {others}{_advice(case)}", effect)
    return Caution("")


def _flux_words(case: Case, effect: float, change: float) -> str:
    """What another numerical flux gives: as computed, or else as a table says."""
    if isnan(change):
        return f"the numerical flux alone changes this inviscid answer by about {percent(effect)}"
    size = f"{percent(effect)} {'more' if change > 0.0 else 'less'}"
    return f"another numerical flux, {other_flux(case)}, gives {size}, which the uncertainty holds"


def _molecular(case: Case) -> Caution:
    """Caution where molecules cross the hole with few collisions: the gas does not flow as a continuum."""
    text = (
        f"rarefied gas, delta = {rarefaction_of(case):.3g}: molecules cross the hole with few collisions or "
        "none, so that the model is wrong: use `breachflow estimate` instead of this answer"
    )
    return Caution(text, 1.0)


def _rarefied(case: Case) -> Caution:
    """Caution where the gas is too thin for laminar flow with slip; empty otherwise."""
    delta = rarefaction_of(case)
    if not delta < ACCURATE:
        return Caution("")
    low = percent(slip_error(delta))
    known = "1.3 % at 50, 3 % at 20, 6 % at 10, against simulated gas in a thin round hole"
    text = f"rarefied gas, delta = {delta:.3g}: laminar flow with slip is about {low} low ({known})"
    if delta < LEAST_ACCURATE:
        text += ". Do not take it for accurate: `breachflow estimate` is the better source here"
    return Caution(text, slip_error(delta))


def slip_error(delta: float) -> float:
    """By how much laminar flow with slip is low, relative, at a rarefaction parameter; none above 50.

    Linear in log(delta) between and beyond `SLIP_ERRORS`.

    >>> [round(slip_error(delta), 3) for delta in (100.0, 50.0, 30.0, 10.0)]
    [0.0, 0.013, 0.022, 0.061]
    """
    if not delta <= ACCURATE:
        return 0.0
    low = 0 if delta > LEAST_ACCURATE else 1
    (dense, less), (thin, more) = SLIP_ERRORS[low : low + 2]
    return min(less + (more - less) * log(dense / delta) / log(dense / thin), 1.0)


def slip_uncertainty(case: Case) -> float:
    """Relative uncertainty of the mass flow by slip in a rarefied gas; 0 without friction."""
    return slip_error(rarefaction_of(case)) if has_friction(case) else 0.0


EDGES: Final = {"chamfered": "chamfer", "rounded": "rounding"}
"""Keys of the upstream edges that are not sharp."""


def _turbulent(case: Case, reynolds: float) -> Caution:
    """Caution where the real flow may be turbulent, with the side on which laminar flow errs."""
    hole, ratio = case.hole, case.pressure_ratio or 0.0
    slender = hole.wall_thickness / hole.diameter
    against_gas = ratio > SUBSONIC and not hole.rounding
    if not reynolds > TURBULENT or slender < BORE or not has_layers(case):
        return Caution("")
    place = f"in a bore {slender:.2g} {hole.size}{'' if slender == 1.0 else 's'} long"
    begin = f"Reynolds number {reynolds:.3g} {place}: the real flow may be turbulent"
    if against_gas:
        return Caution(
            f"{begin}. Laminar flow does not meet the bore again behind the edge, as turbulent flow does: "
            "0.628 is computed where 0.785 is measured (pressure ratio 0.92, one diameter), so a real hole "
            "may pass a quarter more",
            NOT_REATTACHED,
        )
    if slender > LONGEST_MEASURED:
        effect = SLENDER_EFFECT * slender
        return Caution(f"{begin}, whose friction takes more than that of laminar flow", effect)
    blunt = next((f" {kind}" for kind in ("chamfered", "rounded") if getattr(hole, EDGES[kind])), "")
    unlike = "" if hole.shape == "round" and not blunt else f"; a{blunt} {hole.shape} hole was not measured"
    return Caution(
        f"{begin}. Sharp round bores of 1 to 7 diameters pass 0.839 ± 2 % into a vacuum, where laminar flow "
        f"passes 0.820{unlike}",
        CHOKED_GAP,
    )
