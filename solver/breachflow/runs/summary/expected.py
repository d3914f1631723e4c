"""What closed forms say of a case before it is solved: where a wrong case shows first."""

from __future__ import annotations

from math import hypot

from breachflow.case.orifice import OutlineOrifice
from breachflow.case.schema import Case
from breachflow.outlines.polygon import SIZES
from breachflow.results import Quantity
from breachflow.results.cautions import joined
from breachflow.results.quantities import EXPECTED, UNCERTAINTY, quantity_named
from breachflow.runs.summary.case_facts import CaseFacts
from breachflow.runs.summary.cautions import departure_uncertainty, model_cautions
from breachflow.runs.summary.regime import model_words, regime_words

AREA = "hole_area"
FLOW = "expected_mass_flow"


def _sizes(case: Case) -> dict[str, Quantity]:
    """The sizes of an outline; empty of other holes."""
    if not isinstance(case.orifice, OutlineOrifice):
        return {}
    form = case.orifice.form
    return {name: Quantity(getattr(form, name), "m", quantity_named(name).meaning) for name in SIZES}


def expected_summary(case: Case) -> dict[str, Quantity]:
    """Area, ideal and expected flow, coefficient, groups, regime, cautions; empty without a hole.

    What is not known is nan: the expected flow where no closed form holds, the Reynolds number where no
    viscosity is known. The Reynolds number is that of the expected flow, or else of the ideal one.
    """
    if case.orifice is None:
        return {}
    facts, per = CaseFacts(case), case.orifice.per
    coefficient, spread = facts.expected
    flow, gas = coefficient * facts.ideal, departure_uncertainty(case)
    doubt = hypot(spread, coefficient * gas) * facts.ideal
    reynolds = facts.reynolds(flow if flow == flow else facts.ideal)
    ratio = float("nan") if case.pressure_ratio is None else case.pressure_ratio
    doubts = [one.text for one in model_cautions(case, reynolds) if one.text]
    unknown = f"the continuum assumption was not checked: {facts.throat_unknown}"
    basis = facts.comparison[EXPECTED].description if EXPECTED in facts.comparison else "no closed form holds"
    return {
        AREA: Quantity(case.orifice.area, f"m2{per}", "area of the hole"),
        **_sizes(case),
        "pressure_ratio": Quantity(ratio, "1", "outside over cabin pressure"),
        "ideal_mass_flow": Quantity(facts.ideal, f"kg/s{per}", "isentropic flow, full area: an upper bound"),
        FLOW: Quantity(flow, f"kg/s{per}", basis),
        FLOW + UNCERTAINTY: Quantity(doubt, f"kg/s{per}", "of it, with that of a gas that is not perfect"),
        EXPECTED: Quantity(coefficient, "1", basis),
        EXPECTED + UNCERTAINTY: Quantity(spread, "1", "of it"),
        "reynolds": Quantity(reynolds, "1", "mass flux times size over viscosity, ideal throat"),
        "knudsen": Quantity(facts.knudsen, "1", "mean free path over size, ideal throat"),
        "rarefaction_parameter": Quantity(
            facts.rarefaction, "1", quantity_named("rarefaction_parameter").meaning
        ),
        "flow_model": Quantity(case.flow.name, "", model_words(case)),
        "regime": Quantity(
            str(facts.regime or "unknown"), "", regime_words(facts, reynolds) if facts.regime else unknown
        ),
        "caution": Quantity(joined(doubts), "", f"where the {case.flow.name} model is in doubt"),
    }
