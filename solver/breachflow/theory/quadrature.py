"""Gauss rules on panels and Chebyshev sums, for integrals and integral equations.

`chebyshev_sum` and `gauss_points` need only `math`; the rest imports numpy when called.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from breachflow.arrays import Floats

GAUSS_EIGHT: Final = (
    (0.18343464249564980494, 0.36268378337836198297),
    (0.52553240991632898582, 0.31370664587788728734),
    (0.79666647741362673959, 0.22238103445337447054),
    (0.96028985649753623168, 0.10122853629037625915),
)
"""Positive nodes and weights of the 8-point rule on (-1, 1) (Abramowitz and Stegun 1964, table 25.4)."""


def chebyshev_sum(coefficients: Sequence[float], low: float, high: float, x: float) -> float:
    """sum_k c_k T_k(y), y = (2 x - low - high)/(high - low), by Clenshaw's recurrence (1955).

    >>> chebyshev_sum((0.0, 0.0, 1.0), -1.0, 1.0, 0.5)  # T_2 = 2 y^2 - 1
    -0.5
    """
    y = (2.0 * x - low - high) / (high - low)
    last = before = 0.0
    for coefficient in reversed(coefficients[1:]):
        last, before = 2.0 * y * last - before + coefficient, last
    return y * last - before + coefficients[0]


def gauss_points(low: float, high: float, panels: int) -> list[tuple[float, float]]:
    """Nodes and weights of the 8-point Gauss rule on each of equal panels; exact to degree 15.

    >>> round(sum(weight * x**7 for x, weight in gauss_points(0.0, 1.0, 1)), 12)
    0.125
    """
    half = 0.5 * (high - low) / panels
    middles = [low + (2 * k + 1) * half for k in range(panels)]
    return [
        (middle + sign * half * node, half * weight)
        for middle in middles
        for node, weight in GAUSS_EIGHT
        for sign in (-1.0, 1.0)
    ]


def gauss_panels(edges: Floats, order: int) -> tuple[Floats, Floats]:
    """Nodes and weights, both (panels * order,), of Gauss's rule on each panel between `edges` (panels + 1,).

    >>> import numpy as np
    >>> x, weight = gauss_panels(np.array([0.0, 0.1, 1.0]), 4)
    >>> round(float(weight @ x**7), 12)
    0.125
    """
    import numpy as np

    node, weight = np.polynomial.legendre.leggauss(order)
    half, middle = 0.5 * np.diff(edges), 0.5 * (edges[1:] + edges[:-1])
    return (middle[:, None] + half[:, None] * node).ravel(), (half[:, None] * weight).ravel()


def graded_edges(length: float, ratio: float, smallest: float, both: bool = False) -> Floats:
    """Edges on [0, length], each panel `ratio` times the next; the smallest at 0 is about smallest * length.

    With `both` the panels shrink toward both ends. Shape (panels + 1,).

    >>> [float(edge) for edge in graded_edges(1.0, 0.5, 0.2)]
    [0.0, 0.125, 0.25, 0.5, 1.0]
    """
    import numpy as np

    if both:
        half = graded_edges(0.5 * length, ratio, smallest)
        return np.concatenate([half, (length - half[:-1])[::-1]])
    count = int(np.ceil(np.log(smallest) / np.log(ratio)))
    return np.concatenate([[0.0], length * ratio ** np.arange(float(count), -1.0, -1.0)])


def interpolation(edges: Floats, order: int, points: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Indices and weights of nodes of `gauss_panels` that give the value of a function at each point.

    Both arrays are (points, order): the polynomial through the nodes of the panel that holds the point.

    >>> import numpy as np
    >>> edges = np.array([0.0, 0.5, 1.0])
    >>> index, weight = interpolation(edges, 4, np.array([0.7]))
    >>> round(float(weight[0] @ gauss_panels(edges, 4)[0][index[0]] ** 3), 12)
    0.343
    """
    import numpy as np
    from numpy.polynomial import legendre

    panel = np.clip(np.searchsorted(edges, points) - 1, 0, len(edges) - 2)
    place = (2.0 * points - edges[panel] - edges[panel + 1]) / (edges[panel + 1] - edges[panel])
    to_modes = np.linalg.inv(legendre.legvander(legendre.leggauss(order)[0], order - 1))
    weights: Floats = legendre.legvander(place, order - 1) @ to_modes
    return panel[:, None] * order + np.arange(order), weights
