"""What closed forms expect of a case, in words, as `breachflow check` prints it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from breachflow.constants import KILOGRAMS_PER_POUND, SECONDS_PER_DAY
from breachflow.results.cautions import listed
from breachflow.results.quantities import EXPECTED, UNCERTAINTY
from breachflow.units import Dimension, write_quantity
from breachflow.words import plus_minus, significant

if TYPE_CHECKING:
    from breachflow.results.data import Summary


def expected_lines(expected: Summary) -> Iterator[str]:
    """The hole's area, the flow and the coefficient to expect, groups, regime and cautions, a line each."""
    if not expected:
        return
    per = expected["ideal_mass_flow"].unit.removeprefix("kg/s")
    yield f"area of the hole: {significant(1e6 * _number(expected, 'hole_area'), 4)} mm2{per}"
    if "perimeter" in expected:
        sizes = [
            write_quantity(float(f"{_number(expected, name):.4g}"), Dimension.LENGTH)
            for name in ("equal_area_diameter", "hydraulic_diameter", "perimeter")
        ]
        yield "equal-area diameter {}, hydraulic diameter {}, perimeter {}".format(*sizes)
    yield f"expected flow: {_flow(expected, per)}"
    yield f"expected discharge coefficient: {_coefficient(expected)}"
    ideal = SECONDS_PER_DAY * _number(expected, "ideal_mass_flow")
    yield f"ideal nozzle: {significant(ideal, 4)} kg/day{per}; no hole of this area passes more"
    yield (
        f"Reynolds number {_group(expected, 'reynolds')}, Knudsen number {_group(expected, 'knudsen')}, "
        f"rarefaction delta {_group(expected, 'rarefaction_parameter')}"
    )
    for label, name in (("model", "flow_model"), ("regime", "regime")):
        yield f"{label}: {expected[name].value}. {_sentence(expected[name].description)}"
    for caution in listed(expected):
        yield f"caution: {caution}"


def _flow(expected: Summary, per: str) -> str:
    flow = _number(expected, "expected_mass_flow")
    spread = _number(expected, f"expected_mass_flow{UNCERTAINTY}")
    if flow != flow:
        return "not known: no closed form holds for this case"
    pounds = SECONDS_PER_DAY / KILOGRAMS_PER_POUND
    units = (("kg/day", SECONDS_PER_DAY), ("lb/day", pounds), ("g/s", 1e3))
    return " = ".join(f"{plus_minus(factor * flow, factor * spread)} {unit}{per}" for unit, factor in units)


def _coefficient(expected: Summary) -> str:
    value, spread = _number(expected, EXPECTED), _number(expected, EXPECTED + UNCERTAINTY)
    return (
        f"{plus_minus(value, spread)} ({expected[EXPECTED].description})" if value == value else "not known"
    )


def _group(expected: Summary, name: str) -> str:
    value = _number(expected, name)
    return significant(value, 3) if value == value else "not known"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _number(expected: Summary, name: str) -> float:
    return float(expected[name].value)
