"""Pressure on the inner wall beside the slit, by equation (*) of `free_streamline`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_pressure_ratio
from breachflow.theory.slit.chaplygin import (
    ACCELERATED,
    ChaplyginMode,
    alternating_sum,
    hodograph_speed,
    mode,
    require_slit_gamma,
)
from breachflow.theory.slit.supersonic import (
    STANDARD,
    THIN_LAYER,
    HodographSeries,
    SeriesResolution,
    neighbors,
    solve,
    width_weights,
)
from breachflow.theory.streams.nozzle import critical_pressure_ratio

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from breachflow.arrays import Floats

LOGITS: Final = (-30.0, 6.0)
"""log(tau/(tau_e - tau)) of the samples on the wall of a subsonic jet, from far away to the edge."""
SAMPLES: Final = 181
"""Samples on the wall, and on its far part where the jet is supersonic."""
LIP_DISTANCE: Final = 3e-6
"""Half-widths from a sonic lip to the nearest sample; nearer ones are lost in the truncated series."""
LAYER_STENCIL: Final = (0.0, -THIN_LAYER, -2.0 * THIN_LAYER)
"""r - r* of the walls between which the one next to r* is interpolated."""


class WallSamples(NamedTuple):
    """Points on the wall from far away to the edge; arrays (samples,)."""

    edge: float
    """tau where the wall ends."""
    tau: Floats
    distance: Floats
    """Distance from the edge over b."""


def wall_pressure(
    distance: ArrayLike, pressure_ratio: float, gamma: float, resolution: SeriesResolution = STANDARD
) -> Floats:
    """p/p0 on the wall at distances from the edge of the slit in half-widths b, 0 to infinity, any shape.

    0 <= r <= 1, 1.05 <= gamma <= 5/3; raises OutOfRange otherwise. The same for every r below choking. At the
    edge it is the pressure outside or the sonic one; near it p - p_e grows as distance^(1/2) (free
    streamline) or distance^(2/5) (sonic lip, Guderley 1957). Far away p0 - p falls as distance^-2, the flow
    into a sink. Error: below 1e-5 p0 farther out than 0.01 b, below 1e-3 p0 at any distance; within 0.02
    below r*, where the pressure is interpolated in r, below 3e-5 p0 farther out than 0.01 b.

    Constant density: y/b = (2/(pi+2)) (1/v + 2 atan v) with v^2 = (p0 - p)/(p0 - p_outside); v = 1/2 is at
    y/b = 1.138673:

    >>> round((1.0 - float(wall_pressure(0.138673, 0.9999, 1.4))) / 0.0001, 3)
    0.25
    """
    import numpy as np

    require_pressure_ratio(pressure_ratio)
    require_slit_gamma(gamma)
    places = np.asarray(distance, dtype=float)
    if not np.all(places >= 0.0):
        raise OutOfRange("distances from the slit's edge must not be negative")
    if pressure_ratio == 1.0:
        return np.ones_like(places)
    if pressure_ratio >= critical_pressure_ratio(gamma):
        return _pressure(places, samples(pressure_ratio, gamma), gamma)
    walls = neighbors(pressure_ratio, gamma, LAYER_STENCIL)
    parts = [w * _pressure(places, samples(ratio, gamma, resolution), gamma) for w, ratio in walls]
    return np.asarray(np.sum(parts, axis=0))


def _pressure(places: Floats, wall: WallSamples, gamma: float) -> Floats:
    """p/p0 at distances over b, any shape, between and beyond the samples."""
    import numpy as np
    from scipy.interpolate import CubicSpline

    # In these variables the curve is straight at both ends, beyond which it is continued as a line.
    x, y = np.log(wall.distance)[::-1], np.log((wall.edge - wall.tau) / wall.tau)[::-1]
    curve = CubicSpline(x, y)
    wanted = np.log(np.maximum(places, 1e-300))
    inner = np.clip(wanted, x[0], x[-1])
    logit = curve(inner) + np.where(wanted == inner, 0.0, curve(inner, 1) * (wanted - inner))
    tau = wall.edge / (1.0 + np.exp(np.minimum(logit, 700.0)))
    return np.asarray((1.0 - tau) ** (gamma / (gamma - 1.0)))


def samples(pressure_ratio: float, gamma: float, resolution: SeriesResolution = STANDARD) -> WallSamples:
    """tau and distance from the edge on the wall, 0 <= r < 1, by (*).

    Raises OutOfRange unless 0 <= r <= 1 and 1 < gamma <= 5/3.

    >>> wall = samples(0.9, 1.4)
    >>> bool((wall.distance[:-1] > wall.distance[1:]).all())
    True
    """
    if pressure_ratio >= critical_pressure_ratio(gamma):
        return _subsonic_samples(pressure_ratio, gamma)
    return _supersonic_samples(pressure_ratio, gamma, resolution)


def _subsonic_samples(ratio: float, gamma: float) -> WallSamples:
    """Samples on the wall of Chaplygin's jet."""
    import numpy as np

    edge = hodograph_speed(ratio, gamma)
    at_edge = [mode(2 * n, edge, gamma) for n in range(1, ACCELERATED + 1)]
    # Chaplygin's amplitudes 2/(n pi) without the sign, which `alternating_sum` supplies.
    weights = [4.0 / math.pi / (4 * n * n - 1) for n in range(1, ACCELERATED + 1)]

    def half_height(tau: float) -> float:
        terms = _terms(tau, edge, at_edge, gamma)
        total = alternating_sum([w * term for w, term in zip(weights, terms, strict=True)])
        return float((2.0 / math.pi + total) / _flux(tau, gamma))

    tau = edge / (1.0 + np.exp(np.linspace(-LOGITS[0], -LOGITS[1], SAMPLES)))
    height = np.array([half_height(float(t)) for t in tau]) / half_height(edge)
    return WallSamples(edge, tau, height - 1.0)


def _supersonic_samples(ratio: float, gamma: float, resolution: SeriesResolution) -> WallSamples:
    """Samples on the wall of the supersonic jet: the far part and the part next to the lip."""
    import numpy as np

    series = solve(ratio, gamma, resolution)
    near_tau, near_height = _near(series, gamma)
    far_tau, far_height = _far(series, gamma)
    edge, b = float(near_tau[-1]), near_height[-1]
    # Every eighth step is enough for the spline.
    near = slice(8, None, 8)
    tau = np.concatenate([far_tau, near_tau[near]])
    distance = np.concatenate([far_height, near_height[near]]) / b - 1.0
    kept = np.logical_and.accumulate(distance > LIP_DISTANCE)
    return WallSamples(edge, tau[kept], distance[kept])


def _near(series: HodographSeries, gamma: float) -> tuple[Floats, Floats]:
    """tau and half-height from tau*/5 to tau*, arrays (steps + 1,): the whole series."""
    import numpy as np

    march = series.march
    weights = width_weights(len(series.amplitudes)) * series.amplitudes
    total = 2.0 / math.pi + (np.exp(march.log_values) * (1.0 + 2.0 * march.slopes)) @ weights
    return march.tau, total / _flux(march.tau, gamma)


def _far(series: HodographSeries, gamma: float) -> tuple[Floats, Floats]:
    """tau and half-height below tau*/5, arrays (SAMPLES,): by the first modes, as the others fall as 5^-n."""
    import numpy as np

    start = float(series.march.tau[0])
    at_start = [mode(2 * n, start, gamma) for n in range(1, ACCELERATED + 1)]
    amplitudes = (series.amplitudes * np.exp(series.march.log_values[0]))[:ACCELERATED]
    weights = width_weights(ACCELERATED) * amplitudes
    tau = start * np.exp(np.linspace(LOGITS[0], 0.0, SAMPLES))
    terms = np.array([_terms(float(t), start, at_start, gamma) for t in tau])
    return tau, (2.0 / math.pi + terms @ weights) / _flux(tau, gamma)


def _terms(tau: float, reference: float, there: list[ChaplyginMode], gamma: float) -> list[float]:
    """Z_n(tau)/Z_n(reference) (1 + 2 s_n(tau)) of the first modes; `there` are the modes at the reference."""
    found = []
    for n, known in enumerate(there, start=1):
        here = mode(2 * n, tau, gamma)
        growth = n * math.log(tau / reference) + here.log_growth - known.log_growth
        found.append(math.exp(growth) * (1.0 + 2.0 * here.slope))
    return found


def _flux(tau: Any, gamma: float) -> Any:
    """rho q/(rho0 q_max) of a number or an array."""
    return tau**0.5 * (1.0 - tau) ** (1.0 / (gamma - 1.0))
