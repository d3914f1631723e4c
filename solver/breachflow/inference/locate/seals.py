"""Seals of shut hatches: their leaks and those of the hull behind them, by the tables `[seal]`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from breachflow.inference.locate.answer import SealFinding
from breachflow.inference.locate.grammar.schema import LeakingSeal, LocateCase, SealLevel
from breachflow.inference.locate.sides import sides_of
from breachflow.theory.chance import chance_of_more
from breachflow.theory.emptying.seal import NetLoss, SealLaw, both_leaks

FURTHER: Final = (0.75, 0.5, 0.25)
"""Pressures of one more level, over that before the hatch, of which the gain is told."""


def seal_findings(case: LocateCase) -> Iterator[SealFinding]:
    """What the tables `[seal]` tell, in their order."""
    for name, seal in case.seal.items():
        law = SealLaw(seal.outside_pressure, seal.hull_exponent, seal.seal_exponent)
        levels = [_net_loss(case, name, seal, level) for level in seal.level]
        found = both_leaks(levels, law)
        hull, hull_deviation, spread, deviation, correlation = found[:5] if found else (None,) * 5
        extra = len(levels) - 2
        yield SealFinding(
            hatch=name,
            inside=seal.inside,
            outside_pressure=seal.outside_pressure,
            hull=hull,
            hull_uncertainty=hull_deviation,
            seal=spread,
            seal_uncertainty=deviation,
            correlation=correlation,
            fit=chance_of_more(found.misfit, extra) if found and extra > 0 else None,
            next_level=_next_levels(levels, law),
        )


def _net_loss(case: LocateCase, hatch: str, seal: LeakingSeal, level: SealLevel) -> NetLoss:
    """The net mass flow out of what is behind the hatch, kg/s."""
    if level.loss is not None:
        return NetLoss(level.pressure, *level.loss)
    assert level.slope is not None, "checked when the case is read"
    side = next(one for one in sides_of(case.compartment, case.hatch, [hatch]) if seal.inside in one)
    capacity = sum(
        case.compartment[name].volume
        / (case.gas_of(name).specific_gas_constant * case.compartment[name].temperature)
        for name in side
    )
    return NetLoss(level.pressure, -capacity * level.slope[0], capacity * level.slope[1])


def _next_levels(levels: Sequence[NetLoss], law: SealLaw) -> Mapping[str, float]:
    """Standard deviation of the seal's leak, kg/s, after one more level as well known as the others."""
    usual = math.sqrt(sum(level.deviation**2 for level in levels) / len(levels))
    found = {}
    for share in FURTHER:
        more = both_leaks([*levels, NetLoss(share * law.outside, 0.0, usual)], law)
        if more is not None:
            found[f"{share:g}"] = more.seal_deviation
    return found
