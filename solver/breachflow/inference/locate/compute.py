"""Where a leak is by the tests of a case, and which hatch to shut next."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.locate.answer import LeakLocation, LeakPlace, TestEffect
from breachflow.inference.locate.grammar.schema import LocateCase
from breachflow.inference.locate.hypotheses import Hypotheses, hypotheses_of
from breachflow.inference.locate.plan import HatchPlans, Search, hatch_plans, slope_noise
from breachflow.inference.locate.records import slopes_of
from breachflow.inference.locate.seals import seal_findings
from breachflow.inference.locate.sides import side_text, sides_of
from breachflow.inference.locate.update import (
    LeakRate,
    all_variances,
    log_densities,
    reading_of,
    responses,
    squared_distances,
    updated,
    volume_spread,
)
from breachflow.theory.chance import chance_of_more

STRANGE: Final = 1e-3
"""Probability by chance below which a test fits no place."""

POSSIBLE: Final = 1e-3
"""Probability of a place, over that of the likeliest, from which it may explain a test."""


def location_of(case: LocateCase) -> LeakLocation:
    """Where the leak is. Raises CaseError where a record of a test cannot be read, or tells no slope."""
    places = hypotheses_of(case)
    probability, effects = places.prior, []
    for number in range(len(case.test)):
        probability, effect = _after(case, places, probability, number)
        effects.append(effect)
    plans = _plans(case, places, probability)
    return LeakLocation(
        title=case.title,
        probability=_named(places, probability),
        two_leaks=places.of_two(probability),
        hypotheses=_sorted(places, probability),
        entropy=entropy(probability),
        prior=_named(places, places.prior),
        weight_by="volume" if case.suspect.weight is None else "given",
        tests=tuple(effects),
        next=tuple(plans.ruled),
        next_without_rule=tuple(plans.free),
        rate=case.suspect.rate,
        rate_uncertainty=case.suspect.rate_uncertainty,
        hatch_rule=case.suspect.hatch_rule,
        seals=tuple(seal_findings(case)),
        warnings=tuple(_warnings(case, effects)),
    )


def _after(case: LocateCase, places: Hypotheses, before: Floats, number: int) -> tuple[Floats, TestEffect]:
    """(n_hypotheses,) probabilities after a test, and what it has told. Raises CaseError."""
    test, rate = case.test[number], LeakRate(case.suspect.rate, case.suspect.rate_uncertainty)
    seen = slopes_of(case, number)
    reading = reading_of(case, test, seen)
    answers = responses(case, places, reading.sides)
    spreads = [volume_spread(case, side) for side in reading.sides]
    variances = all_variances(reading.variances, answers, spreads, rate)
    after = updated(before, log_densities(reading.slopes, answers, variances, rate))
    distances = squared_distances(reading.slopes, answers, variances, rate)
    nearest = float(distances[before >= POSSIBLE * before.max()].min())
    return after, TestEffect(
        closed=tuple(test.closed),
        sides=reading.sides,
        slopes=tuple(seen.values()),
        by_record=bool(test.record),
        probability=_named(places, after),
        two_leaks=places.of_two(after),
        gain=entropy(before) - entropy(after),
        fit=chance_of_more(max(nearest, 0.0), len(reading.sides)),
    )


def entropy(probability: Floats) -> float:
    """Information that is missing, bit.

    >>> entropy(np.array([0.5, 0.25, 0.25]))
    1.5
    """
    some = probability[probability > 0.0]
    return max(-float(some @ np.log2(some)), 0.0)


def _plans(case: LocateCase, places: Hypotheses, probability: Floats) -> HatchPlans:
    """The hatches that may be shut next; none without noise."""
    if case.suspect.noise is None:
        return HatchPlans([], [])
    return hatch_plans(Search(case, places, probability, slope_noise(case.suspect.noise)))


def _named(places: Hypotheses, probability: Floats) -> Mapping[str, float]:
    return dict(zip(places.compartments, places.of_compartments(probability).tolist(), strict=True))


def _sorted(places: Hypotheses, probability: Floats) -> tuple[LeakPlace, ...]:
    """All places, likeliest first; equal ones in the order of the case."""
    return tuple(
        LeakPlace(
            float(probability[i]),
            {
                name: float(share)
                for name, share in zip(places.compartments, places.shares[i], strict=True)
                if share > 0.0
            },
        )
        for i in np.argsort(-probability, kind="stable")
    )


def _warnings(case: LocateCase, effects: Sequence[TestEffect]) -> Iterator[str]:
    """Tests that no place explains, that divide nothing, and that have moved nothing."""
    before = len(sides_of(case.compartment, case.hatch, ()))
    for i, (test, effect) in enumerate(zip(case.test, effects, strict=True), start=1):
        hatches = " and ".join(test.closed)
        if len(sides_of(case.compartment, case.hatch, test.closed)) == before:
            yield f"test {i}: {hatches} shut divide nothing: the gas has another way round."
        if effect.fit < STRANGE:
            sides = " and ".join(side_text(side) for side in effect.sides)
            yield (
                f"test {i} ({hatches}): no place makes such slopes of {sides} by chance"
                f" (P = {effect.fit:.1g}): is the leak rate wrong, does the temperature drift, does the"
                " hatch leak?"
            )
    if case.suspect.noise is None:
        yield "no hatch is proposed: suspect.noise, the noise of the records to come, is not given."
    if math.isclose(case.suspect.rate_uncertainty, 0.0):
        yield "suspect.rate_uncertainty is 0: the leak rate is taken as exactly known."
