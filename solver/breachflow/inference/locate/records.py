"""Slopes of tests whose pressures were recorded: by the posterior of each record, at its middle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from breachflow.document.faults import Fault
from breachflow.errors import CaseError
from breachflow.inference.locate.grammar.schema import HatchTest, LocateCase
from breachflow.inference.locate.sides import sides_of
from breachflow.leak.arguments.values import ArgumentError

HALF: Final = 0.5
"""Share of a record at which its slope is read."""


def slopes_of(case: LocateCase, number: int) -> Mapping[str, tuple[float, float]]:
    """Slope and standard deviation of each side of a test, Pa/s, as given or by its record.

    Raises CaseError where a record cannot be read, is frozen, steps or is too short.
    """
    test = case.test[number]
    found = dict(test.slope)
    for name, path in test.record.items():
        try:
            found[name] = _slope(case, test, name, path)
        except (ArgumentError, CaseError) as error:
            fault = Fault(("test", number, "record", name), str(error))
            raise case.origin.source.error([fault]) from error
    return found


def _slope(case: LocateCase, test: HatchTest, name: str, path: Path) -> tuple[float, float]:
    """Slope of the pressure in the middle of a record, and its standard deviation, Pa/s.

    By the law of a hole: over the fall of a test the law hardly counts.
    """
    from breachflow.inference.arguments import InferArguments, read_question
    from breachflow.inference.fit.mixture import Parts
    from breachflow.inference.fit.posterior import posterior
    from breachflow.inference.fit.rates import pressure_rate
    from breachflow.inference.fit.setup import problem_of

    side = next(one for one in sides_of(case.compartment, case.hatch, test.closed) if name in one)
    noise = case.suspect.noise
    asked = read_question(
        InferArguments(
            times=path,
            volume=sum(case.compartment[room].volume for room in side),
            gas=case.gas_of(name),
            from_time=test.first,
            to_time=test.last,
            exponent=1.0,
            wander=None if noise is None else noise.wander,
        )
    )
    question, gate = asked.through_gate()
    if gate.verdict is not None:
        raise CaseError(f"{question.record.name}: {gate.refusal}")
    problem = problem_of(question.record, question.options)
    if len(problem.times) <= problem.unknowns + 2:
        raise CaseError(f"{question.record.name}: too short: {len(problem.times)} stretches with readings")
    found = posterior(problem, question.options.exponents)
    falls = pressure_rate(found, Parts(found), HALF)
    return -falls.mean, falls.deviation
