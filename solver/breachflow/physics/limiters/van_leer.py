"""Van Leer's limiter: steeper than van Albada's."""

from __future__ import annotations

from breachflow.compiled import pointwise


@pointwise
def limiter_van_leer(product: float, squares: float, threshold: float) -> tuple[float, float]:
    """4 a b/(a + b)^2 for a b > 0: the harmonic mean (van Leer 1974, J. Comput. Phys. 14)."""
    positive = max(product, 0.0)
    return 4.0 * positive + threshold, squares + 2.0 * positive + threshold
