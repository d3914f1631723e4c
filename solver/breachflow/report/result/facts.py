"""What a picture of a result says beside its title: gas, both sides, and the answer."""

from __future__ import annotations

from collections.abc import Iterator
from math import floor, isnan, log10

from breachflow.constants import SECONDS_PER_DAY, SPECIES, Species
from breachflow.errors import ResultError
from breachflow.results import Result
from breachflow.results.cautions import listed
from breachflow.results.text import is_alarming, summary_rows
from breachflow.units import Dimension, write_quantity
from breachflow.words import counted


def facts_of(result: Result) -> str:
    """Gas, cabin, outside, answer and number of cautions in a line; what is not known is left out."""
    count = len(listed(result.summary))
    cautions = counted(count, "caution") if count else ""
    return "; ".join(filter(None, [_conditions(result), *_answer(result), cautions]))


def untrusted(result: Result) -> str:
    """Why the numbers of the result must not be trusted; empty where they may be."""
    status = next((text for label, text in summary_rows(result.summary) if label == "status"), "")
    return status if is_alarming(status) else ""


def rounded(value: float, uncertainty: float) -> str:
    """A value with two digits of its uncertainty, or with four digits where there is none.

    >>> rounded(0.821598, 0.0103), rounded(53.337, 0.67), rounded(53.337, float("nan"))
    ('0.822 ± 0.010', '53.34 ± 0.67', '53.34')
    """
    if not uncertainty > 0.0:
        return f"{value:.4g}"
    places = max(1 - floor(log10(uncertainty)), 0)
    return f"{value:.{places}f} ± {uncertainty:.{places}f}"


def _conditions(result: Result) -> str:
    """The gas and both sides of the hole."""
    try:
        case = result.case
    except ResultError:
        return ""
    reservoir, outside = case.reservoir, case.outside_pressure
    if reservoir is None:
        return _gas(case.species)
    temperature = write_quantity(reservoir.temperature, Dimension.TEMPERATURE)
    text = f"{_gas(case.species)}, {_pressure(reservoir.pressure)}, {temperature}"
    if outside is None:
        return text
    return f"{text} into {'vacuum' if outside == 0.0 else _pressure(outside)}"


def _gas(species: Species) -> str:
    """The name, or the number of a gas without one."""
    is_named = species.name in SPECIES
    return species.name.replace("_", " ") if is_named else f"gas with gamma {species.heat_capacity_ratio:.4g}"


def _pressure(value: float) -> str:
    """A pressure with at most six digits: one given in psi has many in Pa."""
    return write_quantity(float(f"{value:.6g}"), Dimension.PRESSURE)


def _answer(result: Result) -> Iterator[str]:
    """Coefficient and mass flow with their uncertainties; none without a hole, where they mean nothing."""
    if text := untrusted(result):
        yield text
        return
    if "discharge_coefficient" not in result.summary:
        return
    coefficient = _with_uncertainty(result, "discharge_coefficient", 1.0)
    yield f"Cd {rounded(*coefficient)}"
    if "mass_flow" in result.summary:
        per = result.summary["mass_flow"].unit.removeprefix("kg/s")
        yield f"{rounded(*_with_uncertainty(result, 'mass_flow', SECONDS_PER_DAY))} kg/day{per}"
    if isnan(coefficient[1]):
        yield "mesh uncertainty not estimated"


def _with_uncertainty(result: Result, name: str, factor: float) -> tuple[float, float]:
    uncertainty = result.summary.get(f"{name}_uncertainty")
    spread = float(uncertainty.value) if uncertainty is not None else float("nan")
    return factor * float(result.summary[name].value), factor * spread
