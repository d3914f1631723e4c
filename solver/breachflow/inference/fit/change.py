"""Whether and when the opening of a leak changed: a hinge in the fall, looked for at many places.

The exponent stays free: the curvature of a p^2 law fitted as p^1 looks like a leak that shrinks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from breachflow.arrays import Floats
from breachflow.inference.fit.law import FallLaw
from breachflow.inference.fit.mixture import Mixture, Parts
from breachflow.inference.fit.one_thread import on_one_thread
from breachflow.inference.fit.posterior import QUICK, Posterior, posterior, posterior_of, posterior_on
from breachflow.inference.fit.problem import FitProblem, Linearized
from breachflow.inference.fit.setup import FitOptions, problem_of
from breachflow.inference.record.record import PressureRecord

PLACES: Final = tuple(0.1 + 0.05 * step for step in range(17))
"""Of a change, beside the length of the record."""
LIMIT: Final = 3.0
"""|z| above which a change is told: without one, 95 % of records stay below 2.0 to 2.4."""
MOST_CHANGES: Final = 3
"""In one record."""
SUSPECT: Final = 2.5
"""|z| of a quick look above which a place is looked at closely."""
FINE: Final = (-0.04, -0.03, -0.02, -0.01, 0.01, 0.02, 0.03, 0.04)
"""Places beside the best one, then."""
SMALLEST: Final = 1e-300
"""Probability that is told from 0."""
APART: Final = 0.08
"""Of two changes, beside the length of the record."""
AS_LIKELY: Final = 2.0
"""Logarithm of the evidence by which places that are as likely as the best may be less likely."""


@dataclass(frozen=True)
class Scan:
    """What a change at each place would be."""

    places: Floats
    """(n_places,) beside the length of the record."""
    strengths: Floats
    """(n_places,) z: median over half the 68 % interval of the change."""
    evidence: Floats
    """(n_places,)"""

    @property
    def best(self) -> float:
        """The place with the most evidence."""
        return float(self.places[int(np.argmax(self.evidence))])

    @property
    def interval(self) -> tuple[float, float]:
        """The first and the last place that is as likely as the best, halfway to the ones beyond."""
        edges = np.concatenate(
            [[self.places[0]], 0.5 * (self.places[1:] + self.places[:-1]), [self.places[-1]]]
        )
        likely = np.flatnonzero(self.evidence >= self.evidence.max() - AS_LIKELY)
        return float(edges[likely[0]]), float(edges[likely[-1] + 1])


@dataclass(frozen=True)
class Changes:
    """The posterior of a record with as many changes as it shows."""

    posterior: Posterior
    times: tuple[float, ...] = ()
    """Of changes, s, in the order of time."""
    intervals: tuple[tuple[float, float], ...] = ()
    """s."""
    strength: float = 0.0
    """Largest |z| that was found."""


@on_one_thread
def with_changes(record: PressureRecord, options: FitOptions, plain: Posterior) -> Changes:
    """The changes of a record whose posterior without any is `plain`; itself where it shows none."""
    found, largest = plain, 0.0
    shares: list[float] = []
    intervals: list[tuple[float, float]] = []
    start, length = float(record.times[0]), record.length

    def changed_at(place: float) -> tuple[Posterior, float]:
        """The posterior with a change there too, and the strength of this change."""
        trial = tuple(sorted((*shares, place)))
        problem = problem_of(record, options, tuple(start + share * length for share in trial))
        one = posterior(problem, options.exponents)
        return one, strength_of(change(one, Parts(one), trial.index(place)))

    while len(shares) < MOST_CHANGES:
        looked = scan(_with(found, options.exponents), tuple(shares))
        strength = float(np.max(np.abs(looked.strengths), initial=0.0))
        if strength >= SUSPECT:
            with_one, strength = changed_at(looked.best)
        largest = max(largest, abs(strength))
        if abs(strength) <= LIMIT:
            break
        # The exponents that hold beside the change are others than those without it: they place it.
        rough = _with(found, tuple(with_one.exponents.tolist()))
        looked = closer(rough, scan(rough, tuple(shares)))
        with_one, _ = changed_at(looked.best)
        shares.append(looked.best)
        intervals.append(looked.interval)
        found = with_one
    order = np.argsort(shares)
    return Changes(
        found,
        tuple(start + shares[place] * length for place in order),
        tuple(
            (start + intervals[place][0] * length, start + intervals[place][1] * length) for place in order
        ),
        largest,
    )


def _with(found: Posterior, exponents: tuple[float, ...]) -> Posterior:
    """The posterior on these exponents; itself where it stands on them."""
    if tuple(found.exponents.tolist()) == exponents:
        return found
    return posterior_on(found.problem, exponents, found.grid)


def change(found: Posterior, parts: Parts, place: int) -> Mixture:
    """By how much k grew at a change, beside the length of the record."""
    return parts.unknown(2 + len(found.problem.marks.jumps) + place)


def strength_of(number: Mixture) -> float:
    """Standard deviations by which a number differs from 0: the median over half the 68 % interval.

    No more than a normal number would be away by with the same probability on the other side of 0: the tails
    of a short record are heavy.
    """
    from scipy.special import ndtri

    low, middle, high = number.quantiles((0.16, 0.5, 0.84))
    other = float(number.below(0.0)[0])
    most = -float(ndtri(max(min(other, 1.0 - other), SMALLEST)))
    return float(np.clip(middle / (0.5 * (high - low)), -most, most))


def scan(found: Posterior, known: tuple[float, ...] = ()) -> Scan:
    """A change at each place, linear beside the posterior; `known` are shares of changes that it has."""
    marks = found.problem.marks
    first, last = PLACES[0] - 1e-9, PLACES[-1] + 1e-9
    places = sorted({*PLACES, *(jump for jump in marks.jumps if first < jump < last)})
    free = [place for place in places if all(abs(place - other) > APART for other in known)]
    return _looked(found, free)


def closer(found: Posterior, looked: Scan) -> Scan:
    """A scan with places close to its best one too."""
    near = _looked(found, [looked.best + step for step in FINE])
    places = np.concatenate([looked.places, near.places])
    order = np.argsort(places)
    return Scan(
        places[order],
        np.concatenate([looked.strengths, near.strengths])[order],
        np.concatenate([looked.evidence, near.evidence])[order],
    )


def _looked(found: Posterior, places: list[float]) -> Scan:
    """A change at each of these places."""
    seen = [_at(found, place) for place in places]
    strengths = np.array([strength for strength, _ in seen])
    return Scan(np.array(places), strengths, np.array([evidence for _, evidence in seen]))


def _at(found: Posterior, place: float) -> tuple[float, float]:
    """Strength and evidence of a change at a place."""
    problem = found.problem
    changes = (*problem.marks.changes, place)
    wider = replace(problem, marks=problem.marks._replace(changes=changes))
    fits = tuple(_with_hinge(problem, wider, fit) for fit in found.fits)
    one = posterior_of(wider, fits, found.grid, QUICK)
    index = fits[0].law.unknowns - 1
    return strength_of(Parts(one).unknown(index)), one.log_evidence


def _with_hinge(problem: FitProblem, wider: FitProblem, fit: Linearized) -> Linearized:
    """A linearized law with one more change, of size 0, as its last unknown of the law."""
    law, count = FallLaw(fit.law.exponent, wider.marks), fit.law.unknowns
    values = np.insert(fit.values, count, 0.0)
    _, slopes = law.pressure(values[: count + 1], problem.times)
    factor = 1.0 if problem.temperature is None else 1.0 + fit.values[count] * problem.temperature
    columns = np.insert(fit.columns, count, slopes[:, count] * factor, axis=1)
    return Linearized(law, values, columns, fit.target, fit.residuals)
