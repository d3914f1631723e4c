"""The places of a result's probes."""

from __future__ import annotations

from typing import Final

from breachflow.errors import ResultError
from breachflow.report.result.cut import PlaneCut, on_plane
from breachflow.results import Result

NEAR: Final = 0.02
"""Distance of a probe from a plane, over the size of the hole, up to which it is shown there."""


def probe_places(result: Result) -> dict[str, tuple[float, ...]]:
    """The places of the probes, m, by name; none where this version cannot read the case."""
    try:
        places = dict(result.case.probes)
    except ResultError:
        return {}
    if isinstance(result, PlaneCut):
        return on_plane(result, places, NEAR * result.case.hole.diameter)
    return places
