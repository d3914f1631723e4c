"""Ringleb's flow: an exact flow about a blunt ridge, from subsonic to supersonic and back without a shock.

F. Ringleb, "Exakte Lösungen der Differentialgleichungen einer adiabatischen Gasströmung", Z. angew. Math.
Mech. 20 (1940) 185. Planar, irrotational, homentropic: in the hodograph plane the stream function is
1/k = sin(theta)/q, where q is the speed over the stagnation speed of sound, and k is constant along a
streamline: the largest q on it, reached on the x-axis, where the gas moves in the direction of -y. With

    c^2 = 1 - (gamma-1)/2 q^2,  rho = c^(2/(gamma-1)),  dJ/dc = -1/(c^(2/(gamma-1)+1) (1 - c^2)),
    x = (2/k^2 - 1/q^2)/(2 rho) - J/2,  y = +- sqrt(1 - (q/k)^2)/(k rho q),

and lines of equal speed are circles of radius R = 1/(2 rho q^2) about (-J/2, 0). J is a closed form where
2/(gamma-1) is an odd whole number, gamma = 5/3, 7/5, 9/7: J = 1/c + 1/(3 c^3) + ... - artanh(c). Streamlines
with k >= 4/(gamma+1) end in a limiting line, where the solution folds over itself: they are left out. The
rest, 0 < q <= k < 4/(gamma+1), covers the plane to the right of the streamline 4/(gamma+1) once, with y < 0
the mirror image of y > 0, at Mach numbers below 2.5 (gamma = 1.4).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.errors import OutOfRange
from breachflow.theory.fields.plane import PlaneState
from breachflow.theory.ranges import require_gamma

DEGREES_OF_FREEDOM: Final = (3, 5, 7)
"""2/(gamma-1) of the gases with a closed form."""

STEPS: Final = 100
"""Steps of the iteration, at most: bisection alone needs about 60, Newton's iteration rarely 10."""

ON_CIRCLE: Final = 1e-9
"""Logarithmic distance from a circle below which a point lies on it: far above rounding."""


class RinglebPoints(NamedTuple):
    """Arrays of one shape; lengths in the units of the formulas above."""

    x: Floats
    y: Floats


class _Circle(NamedTuple):
    """The circle about (center, 0) on which the speed is q, and derivatives by q; arrays of one shape."""

    center: Floats
    radius: Floats
    center_slope: Floats
    """d center/dq over the radius."""
    radius_slope: Floats
    """d ln(radius)/dq."""


def largest_streamline(gamma: float) -> float:
    """4/(gamma+1), the bound that k stays below: the limiting line lies where k^2 = q^4/(q^2 - c^2).

    There the Jacobian of (q, k) -> (x, y) vanishes; the least k on the line is at q^2 = 4/(gamma+1).
    Raises OutOfRange unless gamma is 5/3, 7/5 or 9/7.

    >>> round(largest_streamline(1.4), 4)
    1.6667
    """
    _degrees_of_freedom(gamma)
    return 4.0 / (gamma + 1.0)


def ringleb_place(q: Floats, k: Floats, gamma: float = 1.4) -> RinglebPoints:
    """Points of speed q on the streamline k, upper half-plane (y >= 0); q and k arrays of one shape.

    Valid for 0 < q <= k < 4/(gamma+1), gamma = 5/3, 7/5, 9/7; raises OutOfRange otherwise. By hand at q = k =
    sqrt(0.95), c = 0.9: rho = 0.59049, J = 0.434841, x = 1/(2 k^2 rho) - J/2.

    >>> place = ringleb_place(np.sqrt([0.95]), np.sqrt([0.95]))
    >>> round(float(place.x[0]), 6), round(float(place.y[0]), 6)
    (0.6739, 0.0)
    """
    _require_hodograph(q, k, gamma)
    circle = _circle(q, gamma)
    sine, cosine = q / k, np.sqrt((1.0 - q / k) * (1.0 + q / k))
    x = circle.center + circle.radius * (2.0 * sine * sine - 1.0)
    return RinglebPoints(x, 2.0 * circle.radius * sine * cosine)


def ringleb_state(q: Floats, k: Floats, gamma: float = 1.4) -> PlaneState:
    """State at `ringleb_place(q, k)`, in units in which stagnation density and pressure are 1.

    The stagnation speed of sound is then sqrt(gamma), so the speed is q sqrt(gamma), its angle to the x-axis
    -arcsin(q/k), and p = rho c^2. Raises OutOfRange outside the range of `ringleb_place`.

    >>> state = ringleb_state(np.sqrt([0.95]), np.sqrt([0.95]))
    >>> round(float(state.density[0]), 5), round(float(state.pressure[0]), 6)  # 0.9^5, 0.9^7
    (0.59049, 0.478297)
    """
    _require_hodograph(q, k, gamma)
    sine = q / k
    return _state(q, sine, np.sqrt((1.0 - sine) * (1.0 + sine)), gamma)


def ringleb(x: Floats, y: Floats, gamma: float = 1.4) -> PlaneState:
    """State at the points (x, y), arrays of one shape; stagnation density and pressure are 1.

    Finds q from (x + J/2)^2 + y^2 = R^2 by Newton's iteration within a bracket, to rounding: about 1e-14 for
    k <= 1.5; near the limiting line, where the derivatives are unbounded, digits are lost. Circles of
    subsonic speed lie within each other, so a point outside the sonic circle has exactly one subsonic q.
    Valid right of the streamline 4/(gamma+1), for gamma = 5/3, 7/5, 9/7; raises OutOfRange otherwise.

    >>> place = ringleb_place(np.array([0.5, 1.2]), np.array([0.7, 1.5]))
    >>> back, state = ringleb(*place), ringleb_state(np.array([0.5, 1.2]), np.array([0.7, 1.5]))
    >>> bool(np.allclose(back, state, rtol=1e-13, atol=0.0))
    True
    """
    bound = largest_streamline(gamma)
    q = _speed(x, y, gamma)
    # On its circle a point at the angle alpha from the x-axis has sin(theta) = cos(alpha/2).
    half = 0.5 * np.arctan2(y, x - _circle(q, gamma).center)
    on_circle = np.abs(_distance(q, x, y, gamma)[0]) < ON_CIRCLE
    inside = on_circle & (q < bound * np.cos(half))
    if not np.all(inside):
        bad = int(np.argmin(inside))
        place = f"({np.broadcast_to(x, q.shape).flat[bad]:g}, {np.broadcast_to(y, q.shape).flat[bad]:g})"
        raise OutOfRange(
            f"Ringleb's flow is given right of its streamline k = {bound:g}, and not at (x, y) = {place}"
        )
    return _state(q, np.cos(half), np.sin(half), gamma)


def _speed(x: Floats, y: Floats, gamma: float) -> Floats:
    """q of the circle through each point, in its shape; the end of the bracket where the point is on none."""
    sonic, bound = np.sqrt(2.0 / (gamma + 1.0)), 4.0 / (gamma + 1.0)
    is_subsonic = _distance(np.full(np.broadcast(x, y).shape, sonic), x, y, gamma)[0] >= 0.0
    low, high = np.where(is_subsonic, 0.0, sonic), np.where(is_subsonic, sonic, bound)
    q: Floats = np.where(
        is_subsonic, np.minimum(0.9 * sonic, 1.0 / np.sqrt(2.0 * np.hypot(x, y) + 1.0)), 1.1 * sonic
    )
    for _ in range(STEPS):
        value, slope = _distance(q, x, y, gamma)
        low, high = np.where(value < 0.0, q, low), np.where(value < 0.0, high, q)
        newton = q - value / np.where(slope == 0.0, 1.0, slope)
        step = np.where((newton > low) & (newton < high), newton, 0.5 * (low + high)) - q
        q = q + step
        if np.all(np.abs(step) <= 4e-16 * q):
            break
    return q


def _distance(q: Floats, x: Floats, y: Floats, gamma: float) -> tuple[Floats, Floats]:
    """ln(distance from the center/radius) of the circle of speed q, and its derivative by q.

    The logarithm, as it is nearly linear in ln q where the gas is slow.
    """
    circle = _circle(q, gamma)
    offset = x - circle.center
    square = offset * offset + y * y
    slope = -offset * circle.center_slope * circle.radius / square - circle.radius_slope
    return 0.5 * np.log(square) - np.log(circle.radius), slope


def _circle(q: Floats, gamma: float) -> _Circle:
    """The circle of each speed, any shape."""
    sound_square = 1.0 - 0.5 * (gamma - 1.0) * q * q
    sound = np.sqrt(sound_square)
    powers = range(1, _degrees_of_freedom(gamma) + 1, 2)
    # artanh(c) without the loss of digits at c -> 1: (1 - c)(1 + c) = (gamma-1)/2 q^2.
    artanh = np.log((1.0 + sound) / (q * np.sqrt(0.5 * (gamma - 1.0))))
    j = sum((1.0 / (n * sound**n) for n in powers), -artanh)
    radius = 0.5 / (sound ** (2.0 / (gamma - 1.0)) * q * q)
    half_mach_square = 0.5 * q * q / sound_square
    return _Circle(-0.5 * j, radius, -2.0 * half_mach_square / q, -2.0 * (1.0 - half_mach_square) / q)


def _state(q: Floats, sine: Floats, cosine: Floats, gamma: float) -> PlaneState:
    """The state at a speed and the sine and cosine of the flow angle, any shape."""
    temperature = 1.0 - 0.5 * (gamma - 1.0) * q * q
    density = temperature ** (1.0 / (gamma - 1.0))
    speed = q * np.sqrt(gamma)
    return PlaneState(density, speed * cosine, -speed * sine, density * temperature)


def _degrees_of_freedom(gamma: float) -> int:
    """2/(gamma-1); raises OutOfRange unless gamma is 5/3, 7/5 or 9/7."""
    require_gamma(gamma)
    found = 2.0 / (gamma - 1.0)
    if round(found) not in DEGREES_OF_FREEDOM or abs(found - round(found)) > 1e-6:
        raise OutOfRange(f"Ringleb's flow is given for gamma = 5/3, 7/5 and 9/7, not {gamma:g}")
    return round(found)


def _require_hodograph(q: Floats, k: Floats, gamma: float) -> None:
    """Raises OutOfRange unless 0 < q <= k < 4/(gamma+1)."""
    bound = largest_streamline(gamma)
    if not (np.all(np.greater(q, 0.0)) and np.all(np.less_equal(q, k)) and np.all(np.less(k, bound))):
        raise OutOfRange(f"Ringleb's flow is given for 0 < q <= k < {bound:g}")
