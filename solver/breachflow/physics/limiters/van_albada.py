"""Van Albada's limiter: smooth; the default."""

from __future__ import annotations

from breachflow.compiled import pointwise


@pointwise
def limiter_van_albada(product: float, squares: float, threshold: float) -> tuple[float, float]:
    """2 a b/(a^2 + b^2) for a b > 0 (van Albada, van Leer and Roberts 1982, Astron. Astrophys. 108)."""
    return max(2.0 * product + threshold, 0.0), squares + threshold
