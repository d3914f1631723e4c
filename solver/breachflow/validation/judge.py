"""Judging: one number of a run against what is expected of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from breachflow.results import Column, Quantity, Result
from breachflow.results.text import LABELS
from breachflow.validation.expected import Expected
from breachflow.validation.plan import Trial
from breachflow.words import suggested

PROBES = "probes"


class Status(StrEnum):
    """How a number did."""

    PASS = "pass"
    MISS = "known miss"
    """Wrong, with its cause stated."""
    FAIL = "FAIL"


@dataclass(frozen=True)
class TrialResult:
    """What a run gave, as far as judging and figures need it."""

    summary: Mapping[str, Quantity]
    probes: Mapping[str, Mapping[str, Column]]
    history: Mapping[str, Column]
    seconds: float
    failure: str = ""
    """Why its numbers are not to be trusted; empty if they are."""


@dataclass(frozen=True)
class Finding:
    """One number and how it did. Numbers are in SI units."""

    trial: Trial
    expected: Expected
    status: Status
    reason: str
    """Why it is not a pass; empty if it is."""
    unit: str
    computed: float | None
    """None where there is no such number."""
    reference: float | None
    """What it should be; None where only bounds are known."""
    tolerance: float | None
    least: float | None
    most: float | None
    uncertainty: float | None
    """Of the computed number, from the meshes, where the run estimates it."""
    observed_order: float | None
    """Order of convergence that the run observed on its meshes."""

    @property
    def label(self) -> str:
        """The quantity as people say it."""
        name = self.expected.quantity
        return LABELS.get(name) or name.removeprefix(f"{PROBES}.").replace("_", " ").replace(".", ": ")

    @property
    def error(self) -> float | None:
        """Computed less reference."""
        if self.computed is None or self.reference is None:
            return None
        return self.computed - self.reference

    @property
    def relative_error(self) -> float | None:
        """The error over the reference; None where that is zero."""
        return self.error / abs(self.reference) if self.error is not None and self.reference else None


def trial_result(result: Result) -> TrialResult:
    """What a finished run gave."""
    failure, stopped = "", result.summary["stopped"].value
    if result.summary["converged"].value is not True:
        failure = f"the run was stopped: {stopped}" if stopped else "the run did not converge"
    seconds = float(result.summary["wall_time"].value)
    return TrialResult(result.summary, result.probes, result.history, seconds, failure)


def judge(
    trial: Trial, expected: Expected, result: TrialResult, reference: TrialResult | None, fast: bool
) -> Finding:
    """One number of a trial; `reference` is the result of the case that `like` names."""
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
    """The number, its unit, and why it cannot be judged (or nothing)."""
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
    """In words what is wrong with a number; nothing if it is right."""
    if target is not None and tolerance is not None and not abs(computed - target) <= tolerance:
        return f"off by {abs(computed - target):.3g}, {tolerance:.3g} is allowed"
    if least is not None and computed < least:
        return f"below {least:.6g}"
    if most is not None and computed > most:
        return f"above {most:.6g}"
    return ""


def _mesh_error(result: TrialResult, quantity: str) -> tuple[float | None, float | None]:
    """Mesh uncertainty and observed order that the run states of a quantity."""
    spread = _stated(result, f"{quantity}_uncertainty")
    stems = (quantity, quantity.removesuffix("_error"))
    orders = [_stated(result, f"{stem}_order") for stem in stems]
    if f"{quantity}_uncertainty" in result.summary:  # seen on the same meshes
        orders.append(_stated(result, "observed_order"))
    return spread, next((order for order in orders if order is not None), None)


def _stated(result: TrialResult, name: str) -> float | None:
    found = result.summary.get(name)
    if found is None or isinstance(found.value, bool | str) or not math.isfinite(found.value):
        return None
    return float(found.value)
