"""The law of the discharge coefficient that is fitted to the points of a sweep of flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from breachflow.case.similarity import Number, groups_of, has_scaled_flow, rounded
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


MOST_NAMED: Final = 4
"""Keys that are named where a sweep has no law."""


def law_of(rows: Sequence[PointRow]) -> tuple[LeakLaw | None, str]:
    """The law of the discharge coefficient over the converged rows, or the reason why there is none."""
    from breachflow.leak.fitted.law import FlowSample, fit_law

    good = [row for row in rows if row.status == CONVERGED and _is_accurate(row.case)]
    cases = [row.case for row in good]
    without = next((reason for case in cases if (reason := _why_no_scaled_flow(case))), "")
    if without:
        return None, without
    if not cases and any(row.status == CONVERGED for row in rows):
        return None, f"the gas is too thin for laminar flow: delta is below {LEAST_ACCURATE:g} at all points"
    if not cases:
        return None, "no points converged"
    differing = _differing([kind_of(case) for case in cases])
    if differing:
        named = ", ".join(differing[:MOST_NAMED]) + ", ..." * (len(differing) > MOST_NAMED)
        verb = "differs" if len(differing) == 1 else "differ"
        return None, f"{named} {verb} from point to point, in the scales of each"
    if cases[0].hole.shape == "outline":
        return None, "no other hole is asked for by its outline"
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


def _why_no_scaled_flow(case: Case) -> str:
    """Why the flow of a case is not that of others with its dimensionless values; empty where it is."""
    if has_scaled_flow(case):
        return ""
    if case.run.mode != "steady":
        return "only steady flow follows a law, and [run] mode is transient"
    if case.probes:
        return "[probes] stand at places in meters, so that no two flows are alike: leave them out"
    return "only flow through the holes of a template follows a law, and the mesh is that of a file"


def _differing(kinds: Sequence[Mapping[str, Number]]) -> list[str]:
    """Keys of cases whose dimensionless values are not the same in all."""
    keys = dict.fromkeys(key for kind in kinds for key in kind)
    return [key for key in keys if any(kind.get(key) != kinds[0].get(key) for kind in kinds)]


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
