"""The places where the leak may be: one compartment, or two of which each has a share of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.locate.grammar.schema import LocateCase

SHARES: Final = (0.25, 0.5, 0.75)
"""Shares of the first of two leaks."""


@dataclass(frozen=True)
class Hypotheses:
    """All places, with the probability of each before the tests."""

    compartments: tuple[str, ...]
    shares: Floats
    """(n_hypotheses, n_compartments): share of the leak in each compartment."""
    prior: Floats
    """(n_hypotheses,)."""

    def of_compartments(self, probability: Floats) -> Floats:
        """(n_compartments,): probability of a share in each; their sum is 1 + that of two leaks."""
        found: Floats = np.minimum(probability @ (self.shares > 0.0), 1.0)  # a sum may round up
        return found

    def of_two(self, probability: Floats) -> float:
        """Probability of two leaks."""
        return float(probability @ ((self.shares > 0.0).sum(axis=1) == 2))


def hypotheses_of(case: LocateCase) -> Hypotheses:
    """Every compartment alone, and every pair in three shares; those of no probability are left out.

    One leak is where its weight says. Two leaks are as probable as the product of their weights.
    """
    names = tuple(case.compartment)
    weights, two = _weights(case), case.suspect.two_leaks
    rows, priors = [], []
    for name in names:
        rows.append({name: 1.0})
        priors.append((1.0 - two) * weights[name])
    pairs = list(combinations(names, 2))
    whole = sum(weights[one] * weights[other] for one, other in pairs)
    for one, other in pairs:
        for share in SHARES:
            rows.append({one: share, other: 1.0 - share})
            priors.append(two * weights[one] * weights[other] / whole / len(SHARES) if two else 0.0)
    prior = np.array(priors)
    shares = np.array([[row.get(name, 0.0) for name in names] for row in rows])
    kept = prior > 0.0
    return Hypotheses(names, shares[kept], prior[kept] / prior[kept].sum())


def _weights(case: LocateCase) -> Mapping[str, float]:
    """Weights that add up to 1: those of the case, or by volume."""
    given = case.suspect.weight or {name: room.volume for name, room in case.compartment.items()}
    whole = sum(given.values())
    return {name: given[name] / whole for name in case.compartment}
