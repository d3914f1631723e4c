"""The leak of a liquid as text."""

from __future__ import annotations

from collections.abc import Iterator

from breachflow.constants import KILOGRAMS_PER_POUND
from breachflow.leak.liquid.leak import LiquidLeak
from breachflow.leak.liquid.liquids import LIQUIDS, TEMPERATURE
from breachflow.words import Row, duration, percent, significant


def liquid_text(found: LiquidLeak) -> str:
    """The answer as lines of text, its cautions last.

    >>> from breachflow.leak.liquid.leak import LiquidArguments, liquid_leak
    >>> found = liquid_leak(LiquidArguments("1 mm", "3 bar", "water"))
    >>> print(liquid_text(found).splitlines()[4])
      at most    69.2 kg/h = 153 lb/h = 19.2 g/s: the whole area at the whole pressure
    """
    rows = list(_rows(found))
    width = max(len(label) for label, _ in rows)
    lines = [f"  {label:<{width}}  {text}" for label, text in rows]
    return "\n".join([*lines, *(f"CAUTION: {caution}." for caution in found.cautions)])


def _rows(found: LiquidLeak) -> Iterator[Row]:
    at = f" at {TEMPERATURE:g} K" if found.liquid in LIQUIDS else ""
    boils = f"boils at {significant(1e-3 * found.vapor_pressure, 3)} kPa"
    yield "liquid", f"{found.liquid}{at}: {found.density:.5g} kg/m3, {boils}"
    yield (
        "hole",
        f"thin and round, {1e3 * found.diameter:.4g} mm, from {1e-3 * found.pressure:.5g} kPa into vacuum",
    )
    if found.expected is not None and found.least is not None:
        yield "expected", f"{_flow(found.expected)}: a jet that stays liquid, 0.61 of the ideal flow"
        yield "at least", f"{_flow(found.least)}: it boils in the hole"
    yield "at most", f"{_flow(found.most)}: the whole area at the whole pressure"
    yield from _drain_rows(found)
    if found.evaporated_share is not None and found.frozen_share is not None:
        cold, ice = percent(found.evaporated_share), percent(found.frozen_share)
        yield "in vacuum", f"about {cold} evaporates and cools the rest to its triple point, {ice} freezes it"


def _flow(flow: float) -> str:
    """A mass flow in kg/h, lb/h and SI."""
    hour = flow * 3600.0
    return f"{hour:.3g} kg/h = {hour / KILOGRAMS_PER_POUND:.3g} lb/h = {1e3 * flow:.3g} g/s"


def _drain_rows(found: LiquidLeak) -> Iterator[Row]:
    """Times in which the inventory leaks."""
    if found.inventory is None or found.least_drain_time is None:
        return
    yield "inventory", f"{found.inventory:.4g} kg: not gone before {duration(found.least_drain_time)}"
    if found.drain_time is None:
        return
    if found.gas_volume is None:
        yield "", f"{duration(found.drain_time)} by the expected flow, if the pressure of the loop stays"
        return
    behind = f"{1e3 * found.gas_volume:.4g} L of gas expand at constant temperature"
    if found.boils_after is None:
        yield "", f"{duration(found.drain_time)} by the expected flow: {behind}"
        return
    yield (
        "",
        (
            f"{found.boils_after:.3g} kg in {duration(found.drain_time)} by the expected flow: {behind}; "
            "then it boils before the hole: not covered"
        ),
    )
