"""No limiter: for smooth flows."""

from __future__ import annotations

from breachflow.compiled import pointwise


@pointwise
def limiter_none(_product: float, _squares: float, _threshold: float) -> tuple[float, float]:
    """Factor 1: no limiting."""
    return 1.0, 1.0
