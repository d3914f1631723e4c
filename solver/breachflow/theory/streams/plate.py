"""The laminar boundary layer of a flat plate in a slow stream; needs no numpy.

H. Blasius, Z. Math. Phys. 56 (1908) 1: u/U = f'(eta), eta = y sqrt(U/(nu x)), with 2 f''' + f f'' = 0,
f(0) = f'(0) = 0 and f'(infinity) = 1. Symbols: U, nu speed and kinematic viscosity of the stream, x the
distance from the leading edge, y that from the plate.
"""

from __future__ import annotations

from math import sqrt
from typing import Final, NamedTuple

from breachflow.theory.ranges import require_positive

WALL_SHEAR: Final = 0.332057336
"""f''(0) (L. Howarth, Proc. R. Soc. A 164 (1938) 547, gives 0.33206)."""

EDGE: Final = 8.0
"""eta from which the stream is undisturbed, to 1e-5 of its speed."""
STEP: Final = 0.02


class LayerSpeed(NamedTuple):
    """The flow in the layer at a distance from the plate."""

    passing: float
    """f: what passes below, over sqrt(U nu x); v/U = (eta f' - f)/(2 sqrt(Re_x))."""
    speed: float
    """f' = u/U."""
    shear: float
    """f'', its derivative by eta."""


def blasius(eta: float) -> LayerSpeed:
    """f, f' and f'' at eta >= 0, by Runge and Kutta's fourth order; 1e-8.

    Raises OutOfRange for eta < 0. Howarth 1938: f' = 0.32979 at eta = 1, 0.62977 at 2, 0.95552 at 4.

    >>> [round(blasius(eta).speed, 5) for eta in (1.0, 2.0, 4.0)]
    [0.32978, 0.62977, 0.95552]
    """
    if eta != 0.0:
        require_positive("eta", eta)
    steps = max(1, round(min(eta, 2.0 * EDGE) / STEP))
    h = min(eta, 2.0 * EDGE) / steps
    state: tuple[float, ...] = (0.0, 0.0, WALL_SHEAR)
    for _ in range(steps):
        first = _slopes(state)
        second = _slopes(_moved(state, first, 0.5 * h))
        third = _slopes(_moved(state, second, 0.5 * h))
        last = _slopes(_moved(state, third, h))
        mean = tuple(
            (a + 2 * b + 2 * c + d) / 6 for a, b, c, d in zip(first, second, third, last, strict=True)
        )
        state = _moved(state, mean, h)
    return LayerSpeed(*state)


def _slopes(state: tuple[float, ...]) -> tuple[float, ...]:
    """Derivatives of f, f' and f''."""
    return state[1], state[2], -0.5 * state[0] * state[2]


def _moved(state: tuple[float, ...], slopes: tuple[float, ...], step: float) -> tuple[float, ...]:
    return tuple(value + step * slope for value, slope in zip(state, slopes, strict=True))


def plate_friction(reynolds: float) -> float:
    """c_f = 0.664/sqrt(Re_x), the shear stress over half rho U^2; for Re_x of 1000 to some 5e5, M << 1.

    Below, the leading edge counts; above, the layer becomes turbulent. Raises OutOfRange unless Re_x > 0.

    >>> round(plate_friction(1e4), 6)
    0.006641
    """
    require_positive("Reynolds number", reynolds)
    return 2.0 * WALL_SHEAR / sqrt(reynolds)
