"""The verdict on a record that passed the gate, and the law, in the order in which they are asked."""

from __future__ import annotations

from typing import Final, NamedTuple

from breachflow.inference.answer.values import InferVerdict, LeakLawName
from breachflow.inference.fit.change import Changes
from breachflow.inference.fit.mixture import Mixture, Parts
from breachflow.inference.fit.posterior import EXPONENTS, Posterior
from breachflow.inference.fit.rates import exponent_below, fractional_rate

SURE: Final = 0.95
"""Probability above which a rise is told."""
AT_THE_ENDS: Final = 0.5
"""Probability of the exponents at both ends of the grid above which no law of a leak fits."""
HOLE_BELOW, CRACK_ABOVE = 1.25, 1.6
"""Exponents of a hole-like and of a crack-like law."""
TOLD: Final = 0.9
"""Probability above which a law is told."""


class Judged(NamedTuple):
    """A verdict with its reason in words."""

    verdict: InferVerdict
    reason: str = ""


def judged(changes: Changes, parts: Parts, rate: Mixture) -> Judged:
    """The verdict; `rate` is the share that leaks in a second at the start."""
    found = changes.posterior
    if reason := _rising(found, parts, rate, len(changes.times)) or _without_law(found, rate):
        return Judged(InferVerdict.INCONSISTENT, reason)
    if changes.times:
        return Judged(InferVerdict.CHANGED)
    low, high = rate.quantiles((0.05, 0.95))
    return Judged(InferVerdict.NO_LEAK_SHOWN if low <= 0.0 <= high else InferVerdict.LEAK)


def law_of(found: Posterior) -> LeakLawName:
    """The law that the exponent tells."""
    if exponent_below(found, HOLE_BELOW) > TOLD:
        return LeakLawName.HOLE
    if 1.0 - exponent_below(found, CRACK_ABOVE) > TOLD:
        return LeakLawName.CRACK
    return LeakLawName.UNKNOWN


def _rising(found: Posterior, parts: Parts, rate: Mixture, changes: int) -> str:
    """Where the pressure rises; empty where it does not, or may not."""
    if float(rate.below(0.0)[0]) > SURE:
        begin = "at the start " if changes else ""
        return (
            f"the pressure rises {begin}by more than the noise: warmer air, a feed, or a sensor that drifts"
        )
    for last in range(1, changes + 1):
        after = fractional_rate(found, parts, tuple(range(last)))
        if float(after.below(0.0)[0]) > SURE:
            which = "the change" if changes == 1 else f"change {last}"
            return f"the pressure rises after {which} by more than the noise: warmer air, a feed, or a drift"
    return ""


def _without_law(found: Posterior, rate: Mixture) -> str:
    """Why no law of a leak fits; empty where one does."""
    weights, exponents = found.exponent_weights, found.exponents
    at_the_ends = weights[(exponents <= EXPONENTS[0]) | (exponents >= EXPONENTS[-1])].sum()
    if len(weights) == 1 or at_the_ends <= AT_THE_ENDS:
        return ""
    low, high = rate.quantiles((0.05, 0.95))
    if low <= 0.0 <= high:
        return ""
    bend = "less" if weights[0] > weights[-1] else "more"
    end = found.exponents[0] if weights[0] > weights[-1] else found.exponents[-1]
    return (
        f"the fall slows {bend} than any leak's does (n at {end:g}): a feed, or a change of the temperature"
        " or of the opening that was not given"
    )
