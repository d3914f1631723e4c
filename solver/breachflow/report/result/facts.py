"""What a picture of a result says beside its title: gas, both sides, and the answer."""

from __future__ import annotations

from collections.abc import Iterator

from breachflow.constants import SPECIES, Species
from breachflow.errors import ResultError
from breachflow.results import Result
from breachflow.results.answer_text import answer_rows
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


def is_done(result: Result) -> bool:
    """Whether the run converged, or reached its end time."""
    return "converged" not in result.summary or result.summary["converged"].value is True


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
    """What warns of the numbers; coefficient and mass flow of a run that is done."""
    if text := untrusted(result):
        yield text
    rows = dict(answer_rows(result.summary)) if is_done(result) else {}
    if "discharge coefficient" in rows:
        yield f"Cd {rows['discharge coefficient']}"
    if "leak rate" in rows:
        yield rows["leak rate"].partition(" (")[0]
