"""The numbers of an answer by name, as `expected.toml` asks for them."""

from __future__ import annotations

from collections.abc import Iterator

from breachflow.inference.locate.answer import LeakLocation
from breachflow.results import Quantity


def quantities_of_location(found: LeakLocation) -> dict[str, Quantity]:
    """Probabilities, what the hatches would tell, and the leaks of seals, by dotted name."""
    return dict([*_probabilities(found), *_hatches(found), *_seals(found)])


def _probabilities(found: LeakLocation) -> Iterator[tuple[str, Quantity]]:
    for name, value in found.probability.items():
        yield f"probability.{name}", Quantity(value, "1", f"probability that {name} leaks")
    for name, value in found.prior.items():
        yield f"prior.{name}", Quantity(value, "1", f"probability that {name} leaks, before the tests")
    yield "two_leaks", Quantity(found.two_leaks, "1", "probability of two leaks")
    yield "entropy", Quantity(found.entropy, "1", "information that is missing, bit")
    yield "hypotheses", Quantity(len(found.hypotheses), "1", "places where the leak may be")


def _hatches(found: LeakLocation) -> Iterator[tuple[str, Quantity]]:
    for table in ("next", "next_without_rule"):
        for step in getattr(found, table):
            name = f"{table}.{step.hatch}"
            yield f"{name}.score", Quantity(step.score, "1", "information by time, bit/h")
            yield f"{name}.gain", Quantity(step.gain, "1", "information, bit")
            yield f"{name}.wait", Quantity(step.wait, "s", "time for which the hatch is kept shut")
            if step.rule_limit is not None:
                yield f"{name}.rule_limit", Quantity(step.rule_limit, "s", "time until the limit")
            if step.threshold is not None:
                yield f"{name}.threshold", Quantity(step.threshold, "Pa", "fall of the pressure that decides")


def _seals(found: LeakLocation) -> Iterator[tuple[str, Quantity]]:
    for seal in found.seals:
        for name in ("hull", "hull_uncertainty", "seal", "seal_uncertainty"):
            value = getattr(seal, name)
            if value is not None:
                yield f"seals.{seal.hatch}.{name}", Quantity(value, "kg/s", name.replace("_", " "))
