"""The model of a case, and what the regime of its gas means for the answer in its wall, in words."""

from __future__ import annotations

from itertools import islice
from math import sqrt

from breachflow.case.default_model import unknown_viscosity
from breachflow.case.schema import Case
from breachflow.case.similarity import has_friction
from breachflow.leak.throat import LOW_REYNOLDS
from breachflow.runs.setup.bore import THIN
from breachflow.runs.summary.case_facts import CaseFacts
from breachflow.runs.summary.model import ACCURATE, LEAST_ACCURATE, SLENDER_EFFECT
from breachflow.runs.summary.walls import has_layers, wall_words
from breachflow.theory.rarefied.rarefaction import Regime
from breachflow.words import percent

DEVELOPED = 0.05
"""Depth over size and Reynolds number from which friction fills a bore: entry length of laminar pipe flow."""


def regime_words(facts: CaseFacts, reynolds: float) -> str:
    """What the regime means for the model of a case; the case has a known regime.

    `reynolds` is the Reynolds number at the throat, nan where it is not known.
    """
    assert facts.regime is not None
    if has_friction(facts.case):
        return _laminar_words(facts, reynolds)
    if facts.regime.inviscid_holds:
        return _inviscid_words(facts, reynolds)
    sentence = facts.regime.sentence
    return sentence[:1].lower() + sentence[1:].removesuffix(".")


def model_words(case: Case) -> str:
    """What acts in the model of a case."""
    if not has_friction(case):
        return f"no friction: walls act by their pressure alone{_why_without(case)}"
    return f"friction and heat conduction, {wall_words(case)}"


def _why_without(case: Case) -> str:
    """Why a flow through a hole has no friction, where its gas is the reason."""
    if case.orifice is None:
        return ""
    return "".join(f"; {reason}" for _, reason in islice(unknown_viscosity(case), 1))


def _inviscid_words(facts: CaseFacts, reynolds: float) -> str:
    """What a dense gas means for the inviscid answer."""
    if 0.0 < reynolds < LOW_REYNOLDS:
        return (
            f"a dense gas, but boundary layers fill about {_layer(reynolds)} of the hole (Re {reynolds:.3g})"
        )
    if not facts.case.states_wall:
        return "a dense gas; what friction takes depends on the wall, whose thickness the case does not state"
    if _depth(facts) > THIN:
        return (
            f"a dense gas; in this wall, {_depth(facts):.2g} {_sizes(facts)} thick, friction takes about "
            f"{percent(SLENDER_EFFECT * _depth(facts))} of the flow"
        )
    return "a dense gas, and a wall too thin for friction: the inviscid answer holds"


def _laminar_words(facts: CaseFacts, reynolds: float) -> str:
    """What the regime means for a laminar answer."""
    if facts.rarefaction < LEAST_ACCURATE:
        return "molecules cross the hole with few collisions: laminar flow with slip is a rough guide"
    if facts.rarefaction < ACCURATE or facts.regime is not Regime.CONTINUUM:
        return "gas slips at the wall, as this laminar flow does"
    return f"a dense gas; {_friction_words(facts, reynolds)}"


def _friction_words(facts: CaseFacts, reynolds: float) -> str:
    if not has_layers(facts.case):
        return "without layers at its walls, which have no friction"
    if not reynolds > 0.0:
        return "friction acts as in laminar flow"
    if _depth(facts) > DEVELOPED * reynolds:
        depth = f"{_depth(facts):.3g} {_sizes(facts)}"
        return f"in this wall, {depth} thick, friction fills the bore and rules the flow"
    return f"friction acts in layers that fill about {_layer(reynolds)} of the hole (Re {reynolds:.3g})"


def _layer(reynolds: float) -> str:
    return percent(1.0 / sqrt(reynolds))


def _depth(facts: CaseFacts) -> float:
    return facts.case.hole.wall_thickness / facts.case.hole.diameter


def _sizes(facts: CaseFacts) -> str:
    return f"{facts.case.hole.size}s"
