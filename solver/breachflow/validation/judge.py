"""The judgment of one number of a run against its reference or bounds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from breachflow.cabin.answer.answer import CabinAnswer
from breachflow.cabin.answer.summary import quantities_of
from breachflow.inference.answer.answer import Inference
from breachflow.inference.case.answer import quantities_of_inference
from breachflow.inference.locate.answer import LeakLocation
from breachflow.inference.locate.quantities import quantities_of_location
from breachflow.results import Column, Quantity, Result
from breachflow.results.quantities import label_of
from breachflow.validation.expected import Expected
from breachflow.validation.plan import Trial
from breachflow.words import suggested

PROBES = "probes"
"""First part of the names of quantities that a probe records: probes.NAME.FIELD."""


class Status(StrEnum):
    """The judgment of a number."""

    PASS = "pass"
    MISS = "known miss"
    """Outside its tolerance or bounds, with the cause stated in `expected.toml`."""
    FAIL = "FAIL"


@dataclass(frozen=True)
class TrialResult:
    """The parts of a run's result that are judged or drawn."""

    summary: Mapping[str, Quantity]
    probes: Mapping[str, Mapping[str, Column]]
    history: Mapping[str, Column]
    seconds: float
    """Wall time of the run, s."""
    failure: str = ""
    """Why the numbers cannot be trusted: the run failed or did not converge. Empty if they can."""


@dataclass(frozen=True)
class Finding:
    """One number of a trial with its judgment. Numbers are in SI units."""

    trial: Trial
    expected: Expected
    status: Status
    reason: str
    """Why the number does not pass; empty if it does."""
    unit: str
    computed: float | None
    """Number of the result; None where the result does not have it."""
    reference: float | None
    """The reference value; None where only bounds are known."""
    tolerance: float | None
    """Largest absolute error that passes; None for bounds."""
    least: float | None
    """Lower bound, where there is one."""
    most: float | None
    """Upper bound, where there is one."""
    uncertainty: float | None
    """Mesh uncertainty of the computed number, where the run estimates it."""
    observed_order: float | None
    """Order of accuracy observed on the meshes of the run, where it is known."""

    @property
    def label(self) -> str:
        """Name of the quantity in words."""
        name = self.expected.quantity
        return label_of(name.removeprefix(f"{PROBES}.")).replace(".", ": ")

    @property
    def error(self) -> float | None:
        """Computed number less reference."""
        if self.computed is None or self.reference is None:
            return None
        return self.computed - self.reference

    @property
    def relative_error(self) -> float | None:
        """Error over the absolute value of the reference; None where the reference is zero."""
        return self.error / abs(self.reference) if self.error is not None and self.reference else None


def trial_result(result: Result) -> TrialResult:
    """The judged parts of a result; a failure where the run did not converge."""
    failure, stopped = "", result.summary["stopped"].value
    if result.summary["converged"].value is not True:
        failure = f"the run was stopped: {stopped}" if stopped else "the run did not converge"
    seconds = float(result.summary["wall_time"].value)
    return TrialResult(result.summary, result.probes, result.history, seconds, failure)


def cabin_trial_result(answer: CabinAnswer, seconds: float) -> TrialResult:
    """The judged parts of the answer of a cabin; `seconds` is the wall time that it took."""
    stopped = answer.record.stopped
    return TrialResult(quantities_of(answer), {}, {}, seconds, stopped and f"the run was stopped: {stopped}")


def locate_trial_result(found: LeakLocation, seconds: float) -> TrialResult:
    """The judged parts of where a leak is; `seconds` is the wall time that it took."""
    return TrialResult(quantities_of_location(found), {}, {}, seconds)


def record_trial_result(found: Inference, seconds: float) -> TrialResult:
    """The judged parts of what a record says; `seconds` is the wall time that it took."""
    return TrialResult(quantities_of_inference(found), {}, {}, seconds)


def judge(
    trial: Trial, expected: Expected, result: TrialResult, reference: TrialResult | None, fast: bool
) -> Finding:
    """Judge one number of a trial.

    `reference` is the result of the case that `like` names. `fast` chooses the tolerance and the bounds.
    """
    computed, unit, trouble = _number(result, expected.quantity)
    target: float | None = expected.value
    if reference is not None:
        other, _, trouble_there = _number(reference, expected.quantity)
        trouble = trouble or (trouble_there and f"{expected.like}: {trouble_there}")
        target = None if other is None else expected.times * other
    least, most = expected.bounds_in(fast)
    tolerance = expected.tolerance_in(fast)
    status, reason = Status.FAIL, trouble
    if computed is not None and not trouble:
        reason = _deviation(computed, target, tolerance, least, most)
        status = Status.PASS if not reason else Status.MISS if expected.miss else Status.FAIL
    return Finding(
        trial, expected, status, reason, unit, computed, target, tolerance, least, most,
        *_mesh_error(result, expected.quantity),
    )  # fmt: skip


def _number(result: TrialResult, quantity: str) -> tuple[float | None, str, str]:
    """The number, its unit, and why it cannot be judged; an empty reason if it can."""
    if not result.summary:
        return None, "", result.failure
    try:
        value, unit = _find(result, quantity)
    except LookupError as error:
        return None, "", result.failure or str(error.args[0])
    if isinstance(value, bool | str) or not math.isfinite(value):
        return None, unit, result.failure or f"the run gives no number for it: {value}"
    return float(value), unit, result.failure


def _find(result: TrialResult, quantity: str) -> tuple[float | int | bool | str, str]:
    if quantity in result.summary:
        found = result.summary[quantity]
        return found.value, "" if found.unit == "1" else found.unit
    records = {
        f"{PROBES}.{probe}.{name}": column
        for probe, columns in result.probes.items()
        for name, column in columns.items()
    }
    if quantity not in records:
        raise LookupError(f"the result has no such number{suggested(quantity, [*result.summary, *records])}")
    column = records[quantity]
    return float(column.values[-1]), "" if column.unit == "1" else column.unit


def _deviation(
    computed: float, target: float | None, tolerance: float | None, least: float | None, most: float | None
) -> str:
    """Why a number does not pass; empty if it does."""
    if target is not None and tolerance is not None and not abs(computed - target) <= tolerance:
        return f"off by {abs(computed - target):.3g}, {tolerance:.3g} is allowed"
    if least is not None and computed < least:
        return f"below {least:.6g}"
    if most is not None and computed > most:
        return f"above {most:.6g}"
    return ""


def _mesh_error(result: TrialResult, quantity: str) -> tuple[float | None, float | None]:
    """Mesh uncertainty and observed order that the summary has for a quantity."""
    spread = _stated(result, f"{quantity}_uncertainty")
    stems = (quantity, quantity.removesuffix("_error"))
    orders = [_stated(result, f"{stem}_order") for stem in stems]
    if f"{quantity}_uncertainty" in result.summary:  # estimated from the same meshes
        orders.append(_stated(result, "observed_order"))
    return spread, next((order for order in orders if order is not None), None)


def _stated(result: TrialResult, name: str) -> float | None:
    found = result.summary.get(name)
    if found is None or isinstance(found.value, bool | str) or not math.isfinite(found.value):
        return None
    return float(found.value)
