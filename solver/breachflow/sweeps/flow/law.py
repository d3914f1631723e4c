"""The law of the discharge coefficient that is fitted to the points of a sweep of flows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from breachflow.case.similarity import groups_of, has_scaled_flow, rounded
from breachflow.errors import OutOfRange
from breachflow.results.quantities import EXPECTED
from breachflow.runs.summary.comparison import has_plain_walls
from breachflow.runs.summary.model import LEAST_ACCURATE
from breachflow.sweeps.columns import PointRow
from breachflow.sweeps.flow.similarity import kind_of
from breachflow.sweeps.flow.status import CONVERGED

if TYPE_CHECKING:
    from breachflow.case.schema import Case
    from breachflow.leak.fitted.law import HoleShape, LeakLaw


def law_of(rows: Sequence[PointRow]) -> tuple[LeakLaw | None, str]:
    """The law of the discharge coefficient over the converged rows, or the reason why there is none."""
    from breachflow.leak.fitted.law import FlowSample, fit_law

    good = [row for row in rows if row.status == CONVERGED and _is_accurate(row.case)]
    cases = [row.case for row in good]
    if not all(has_scaled_flow(case) for case in cases):
        return None, "only steady flow through the holes of the template follows one law"
    if not cases and any(row.status == CONVERGED for row in rows):
        return None, f"the gas is too thin for laminar flow: delta is below {LEAST_ACCURATE:g} at all points"
    if not cases:
        return None, "no points converged"
    if len({str(kind_of(case)) for case in cases}) > 1:
        return (
            None,
            "models, edges, meshes, walls, starts, numerics or viscosity laws differ from point to point",
        )
    if not has_plain_walls(cases[0]):
        return None, "its walls slide or are not as warm as the gas, which no leak is asked for"
    samples = [
        FlowSample(
            **groups_of(case)._asdict(),
            discharge_coefficient=row.number("discharge_coefficient"),
            uncertainty=row.number("discharge_coefficient_uncertainty"),
            distance=_distance(row),
        )
        for row, case in zip(good, cases, strict=True)
    ]
    try:
        return fit_law(samples, _hole_shape(cases[0])), ""
    except OutOfRange as reason:
        return None, str(reason)


def _is_accurate(case: Case) -> bool:
    """Whether the gas is dense enough for the model of a case; without friction the law itself asks."""
    return not has_scaled_flow(case) or groups_of(case).rarefaction >= LEAST_ACCURATE


def _distance(row: PointRow) -> float:
    """Distance of the coefficient of a point to its best estimate; 0 where there is none."""
    if EXPECTED not in row.summary:
        return 0.0
    return abs(row.number("discharge_coefficient") - row.number(EXPECTED))


def _hole_shape(case: Case) -> HoleShape:
    """The shape and the edge of the hole of a case."""
    from breachflow.leak.fitted.law import HoleShape

    hole = case.hole
    return HoleShape(
        hole.shape, rounded(hole.chamfer / hole.diameter), rounded(hole.rounding / hole.diameter)
    )
