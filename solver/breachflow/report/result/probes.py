"""The places of a result's probes."""

from __future__ import annotations

from breachflow.errors import ResultError
from breachflow.results import Result


def probe_places(result: Result) -> dict[str, tuple[float, float]]:
    """The places of the probes, m, by name; none where this version cannot read the case."""
    try:
        return dict(result.case.probes)
    except ResultError:
        return {}
