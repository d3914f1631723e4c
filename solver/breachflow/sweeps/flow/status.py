"""The status of a flow among the points of a sweep."""

from __future__ import annotations

from typing import Final

from breachflow.results.data import Summary

CONVERGED: Final = "converged"
"""Status of a point with a converged answer."""

NOT_CONVERGED: Final = "not converged"


def flow_status(summary: Summary) -> str:
    """Whether the run of a flow converged."""
    return CONVERGED if summary["converged"].value else NOT_CONVERGED
