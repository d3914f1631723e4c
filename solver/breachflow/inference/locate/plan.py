"""Which hatch to shut next, and for how long: the most information in an hour.

The information of a test is the mutual information of the place and the slopes to come, in bits: the mean
over places of the logarithm of p(slopes | place)/p(slopes), by Gauss-Hermite quadrature about each
prediction. Places that make the same slopes are one. A shut hatch whose difference would reach the limit is
opened again, which ends the test.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.locate.grammar.schema import LocateCase, RecordNoise
from breachflow.inference.locate.hypotheses import Hypotheses
from breachflow.inference.locate.sides import StationSide, sides_of
from breachflow.inference.locate.update import (
    LeakRate,
    all_variances,
    log_densities,
    responses,
    volume_spread,
)
from breachflow.theory.emptying.slope import SlopeNoise, slope_deviation
from breachflow.theory.roots import bisect

NODES: Final = 12
"""Nodes of the quadrature for each of two slopes; the information is then exact to a thousandth of a bit."""
FEW_NODES: Final = 8
"""The same for three slopes."""

WAITS: Final = tuple(np.geomspace(600.0, 86400.0, 40).tolist())
"""Times for which a hatch may be kept shut, s."""
FEW_WAITS: Final = WAITS[::3]

HELPS: Final = 0.05
"""Information, bit, below which a single hatch does not help, and pairs are tried."""


class Divided(NamedTuple):
    """What hatches divide when they are shut, of what is one volume before."""

    hatches: tuple[str, ...]
    sides: tuple[StationSide, ...]


@dataclass(frozen=True)
class HatchStep:
    """One hatch, or two, that may be shut next."""

    hatch: str
    """Its name; two are joined by a plus sign."""
    sides: tuple[tuple[str, ...], ...]
    """What it divides: names of compartments."""
    wait: float
    """Time for which it is kept shut, s."""
    gain: float
    """Information of the test, bit."""
    score: float
    """Information by the time that it takes, with handling: bit/h."""
    rule_limit: float | None
    """Time until the difference across it is at the limit, s; None without one."""
    threshold_side: tuple[str, ...] | None
    """The side whose fall decides: the one that falls faster if the leak is there."""
    threshold: float | None
    """Fall of its pressure in that time above which the leak is rather there, Pa; None where none decides."""
    rates: tuple[float, ...]
    """Rate at which the pressure of each side falls if all of the leak is there, Pa/s."""


class Search(NamedTuple):
    """What the search for the next hatch needs."""

    case: LocateCase
    places: Hypotheses
    probability: Floats
    """(n_hypotheses,)."""
    noise: SlopeNoise

    @property
    def rate(self) -> LeakRate:
        """The leak rate."""
        return LeakRate(self.case.suspect.rate, self.case.suspect.rate_uncertainty)


class HatchTrial(NamedTuple):
    """Hatches that may be shut, with what each wait would tell."""

    divided: Divided
    answers: Floats
    """(n_hypotheses, n_sides): rate of each side by a leak of 1 kg/s, Pa/kg."""
    spreads: list[float]
    """Relative standard deviation of the volume of each side."""
    nodes: int
    waits: Floats
    """(n_waits,): s."""
    gains: Floats
    """(n_waits,): bit."""


class HatchPlans(NamedTuple):
    """Hatches that may be shut next, best first."""

    ruled: list[HatchStep]
    """With the limit of the difference across a hatch."""
    free: list[HatchStep]
    """Without it; empty where there is no limit."""


def slope_noise(noise: RecordNoise) -> SlopeNoise:
    """The noise of a record as the variance of a slope takes it, in Pa and s."""
    return SlopeNoise(
        correlated=noise.correlated,
        time=noise.time or 3600.0,
        every=noise.every,
        wander=noise.wander / 60.0,
        step=noise.resolution,
    )


def hatch_plans(search: Search) -> HatchPlans:
    """Every hatch that divides something, best first; pairs of hatches where no single one helps."""
    single = [_trial(search, divided, NODES, WAITS) for divided in _divisions(search.case, 1)]
    ruled = search.case.suspect.hatch_rule is not None
    plans = [_steps(search, single, rule) for rule in ((True, False) if ruled else (False,))]
    if any(not any(step.gain > HELPS for step in steps) for steps in plans):
        pairs = [_trial(search, divided, FEW_NODES, FEW_WAITS) for divided in _divisions(search.case, 2)]
        plans = [_with_pairs(search, steps, pairs, ruled and i == 0) for i, steps in enumerate(plans)]
    return HatchPlans(plans[0], plans[1] if ruled else [])


def _with_pairs(
    search: Search, steps: list[HatchStep], pairs: Sequence[HatchTrial], ruled: bool
) -> list[HatchStep]:
    """The hatches, and pairs that help where none of them does."""
    if any(step.gain > HELPS for step in steps):
        return steps
    found = [step for step in _steps(search, pairs, ruled) if step.gain > HELPS]
    return sorted([*steps, *found], key=lambda step: -step.score)


def _divisions(case: LocateCase, count: int) -> Iterator[Divided]:
    """What each choice of `count` open hatches divides, where no smaller choice divides as much."""
    before = sides_of(case.compartment, case.hatch, ())
    open_ones = [name for name, hatch in case.hatch.items() if hatch.state == "open"]
    alone = {name: len(sides_of(case.compartment, case.hatch, [name])) for name in open_ones}
    for hatches in combinations(open_ones, count):
        sides = sides_of(case.compartment, case.hatch, hatches)
        fewer = [alone[name] for name in hatches] if count > 1 else [len(before)]
        if len(sides) > max(fewer):
            yield Divided(hatches, tuple(side for side in sides if side not in before))


def _trial(search: Search, divided: Divided, nodes: int, waits: Sequence[float]) -> HatchTrial:
    """The hatches with what each wait would tell."""
    case = search.case
    answers = responses(case, search.places, divided.sides)
    spreads = [volume_spread(case, side) for side in divided.sides]
    trial = HatchTrial(divided, answers, spreads, nodes, np.array(waits), np.zeros(len(waits)))
    return trial._replace(gains=_information(search, trial, trial.waits))


def _steps(search: Search, trials: Sequence[HatchTrial], ruled: bool) -> list[HatchStep]:
    """Each trial with the wait of the most information in an hour, best first."""
    return sorted((_step(search, trial, ruled) for trial in trials), key=lambda step: -step.score)


def _step(search: Search, trial: HatchTrial, ruled: bool) -> HatchStep:
    """The trial with the wait of the most information in an hour."""
    limit = _rule_limit(search, trial.divided) if ruled else None
    waits, gains = trial.waits, trial.gains
    if limit is not None and limit < waits[-1]:
        kept = waits < limit
        waits = np.append(waits[kept], limit)
        gains = np.append(gains[kept], _information(search, trial, waits[-1:]))
    scores = 3600.0 * gains / (waits + search.case.suspect.handling)
    best = int(np.argmax(scores))
    side, threshold = _threshold(search, trial, float(waits[best]))
    return HatchStep(
        hatch=" + ".join(trial.divided.hatches),
        sides=trial.divided.sides,
        wait=float(waits[best]),
        gain=float(gains[best]),
        score=float(scores[best]),
        rule_limit=limit,
        threshold_side=side,
        threshold=threshold,
        rates=tuple((search.rate.value * trial.answers.max(axis=0, initial=0.0)).tolist()),
    )


def _rule_limit(search: Search, divided: Divided) -> float | None:
    """Time until the difference across a hatch is at the limit, if all of the leak is on one side, s."""
    rule = search.case.suspect.hatch_rule
    if rule is None:
        return None
    rooms = search.case.compartment
    quickest = max(
        search.case.gas_of(side[0]).specific_gas_constant
        / sum(rooms[name].volume / rooms[name].temperature for name in side)
        for side in divided.sides
    )
    return rule / (search.rate.value * quickest)


def _information(search: Search, trial: HatchTrial, waits: Floats) -> Floats:
    """(n_waits,): mutual information of the place and the slopes of all sides, bit."""
    kinds, weights = _kinds(trial.answers, search.probability)
    rate, sides = search.rate, kinds.shape[1]
    noise = np.array([slope_deviation(wait, search.noise) ** 2 for wait in waits.tolist()])
    variances = all_variances(noise[:, None, None], kinds, trial.spreads, rate)
    covariances = rate.deviation**2 * kinds[:, :, None] * kinds[:, None, :]
    covariances = covariances + variances[..., None] * np.eye(sides)
    points, chances = _quadrature(trial.nodes, sides)
    spread = points @ np.linalg.cholesky(covariances).swapaxes(-1, -2)
    slopes = spread - rate.value * kinds[:, None, :]  # waits, places, points, sides
    logs = log_densities(slopes, kinds, variances[:, None, None], rate)
    weighed = logs + np.log(weights)
    top = weighed.max(axis=-1, keepdims=True)
    mixture = top[..., 0] + np.log(np.exp(weighed - top).sum(axis=-1))
    own = np.einsum("wknk->wkn", logs)
    bits: Floats = ((own - mixture) @ chances) @ weights / math.log(2.0)
    return bits


def _kinds(answers: Floats, probability: Floats) -> tuple[Floats, Floats]:
    """(n_kinds, n_sides) and (n_kinds,): distinct possible predictions, and the probability of each."""
    largest = answers.max(initial=0.0) or 1.0
    _, first, which = np.unique(
        np.round(answers / largest, 12), axis=0, return_index=True, return_inverse=True
    )
    chances: Floats = np.bincount(which.ravel(), probability).astype(np.float64)
    possible = chances > 0.0
    return answers[first][possible], chances[possible]


def _quadrature(nodes: int, sides: int) -> tuple[Floats, Floats]:
    """(n_points, n_sides) and (n_points,): standard normal variables, and the weight of each point."""
    places, weights = np.polynomial.hermite_e.hermegauss(nodes)
    grids = np.meshgrid(*([places] * sides), indexing="ij")
    chances = np.meshgrid(*([weights / weights.sum()] * sides), indexing="ij")
    points: Floats = np.stack([grid.ravel() for grid in grids], axis=-1)
    products: Floats = np.prod([chance.ravel() for chance in chances], axis=0)
    return points, products


def _threshold(search: Search, trial: HatchTrial, wait: float) -> tuple[StationSide | None, float | None]:
    """The side that falls faster if the leak is there, and the fall above which it is rather there, Pa."""
    if len(trial.divided.sides) != 2:
        return None, None
    fast = int(np.argmax(trial.answers.max(axis=0)))
    kinds, weights = _kinds(trial.answers[:, fast : fast + 1], search.probability)
    variance = np.array([slope_deviation(wait, search.noise) ** 2])
    variances = all_variances(variance, kinds, trial.spreads[fast : fast + 1], search.rate)
    here = kinds[:, 0] > 0.0

    def in_favor(fall: float) -> float:
        logs = log_densities(np.array([-fall]), kinds, variances, search.rate)
        terms = weights * np.exp(logs - logs.max())
        return float(terms[here].sum() - terms[~here].sum())

    side = trial.divided.sides[fast]
    least, most = -3.0 * math.sqrt(variance[0]), search.rate.value * float(kinds.max())
    if not in_favor(least) < 0.0 < in_favor(most):
        return side, None
    return side, wait * bisect(in_favor, least, most)
