"""The slit's coefficients from a table, without numpy: an interpolation of the solutions of `supersonic`.

Below r* neither C_d nor the reaction is a smooth function of r. Where the edge's angle nu_b is 45, 22.5, 15,
11.25, ... degrees, a wave from the kink of the jet arrives at the point where the sonic line meets the axis,
and the second derivative jumps. So each piece between two such angles has five Chebyshev nodes in the edge's
Mach number, and gamma has four. The values are C_d and the mean cosine of the flow angle on the sonic line,
(reaction + r - r*)/(gamma r* C_d), which does not depend on the outside pressure.
`make_tables` computes them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from breachflow.errors import OutOfRange
from breachflow.theory.ranges import require_pressure_ratio
from breachflow.theory.slit.chaplygin import subsonic_discharge_coefficient
from breachflow.theory.slit.supersonic import CHOKING_ANGLE, supersonic_outflow
from breachflow.theory.streams.nozzle import (
    critical_pressure_ratio,
    mach_from_prandtl_meyer_angle,
    mach_from_pressure_ratio,
    prandtl_meyer_angle,
    pressure_ratio_from_mach,
    thrust_ratio,
)

Block: TypeAlias = Sequence[Sequence[Sequence[float]]]
"""Values by piece, node and gamma."""

PIECES: Final = (1.0, 1 / 2, 1 / 3, 1 / 4, 1 / 5, 1 / 6, 0.0)
"""Ends of the pieces as fractions of 45 degrees; jumps at smaller angles are too small to matter."""
TABLE_GAMMA: Final = (1.1, 5.0 / 3.0)
"""Range of gamma."""
TABLE_ERROR: Final = 2e-5
"""Largest error of both coefficients; at 600 random points it was 1.0e-5 (C_d) and 5e-6 (reaction)."""

DISCHARGE: Final[Block] = (
    (
        (0.859672, 0.854649, 0.845158, 0.840652),
        (0.859629, 0.854615, 0.845137, 0.840636),
        (0.858279, 0.853442, 0.844308, 0.839972),
        (0.853628, 0.849053, 0.840521, 0.836532),
        (0.850482, 0.845896, 0.837327, 0.833307),
    ),
    (
        (0.850482, 0.845896, 0.837327, 0.833307),
        (0.849262, 0.844748, 0.836323, 0.832373),
        (0.846069, 0.841700, 0.833573, 0.829774),
        (0.842097, 0.837827, 0.829906, 0.826216),
        (0.840093, 0.835843, 0.827967, 0.824299),
    ),
    (
        (0.840093, 0.835843, 0.827967, 0.824299),
        (0.838945, 0.834732, 0.826931, 0.823301),
        (0.835979, 0.831848, 0.824212, 0.820666),
        (0.832782, 0.828711, 0.821199, 0.817717),
        (0.831366, 0.827312, 0.819836, 0.816372),
    ),
    (
        (0.831366, 0.827312, 0.819836, 0.816372),
        (0.830433, 0.826401, 0.818968, 0.815526),
        (0.828034, 0.824049, 0.816715, 0.813322),
        (0.825467, 0.821522, 0.814269, 0.810918),
        (0.824368, 0.820436, 0.813210, 0.809873),
    ),
    (
        (0.824368, 0.820436, 0.813210, 0.809873),
        (0.823592, 0.819675, 0.812478, 0.809156),
        (0.821650, 0.817765, 0.810634, 0.807344),
        (0.819593, 0.815736, 0.808661, 0.805400),
        (0.818710, 0.814862, 0.807807, 0.804556),
    ),
    (
        (0.818710, 0.814862, 0.807807, 0.804556),
        (0.812100, 0.808476, 0.801847, 0.798798),
        (0.792137, 0.788946, 0.783166, 0.780534),
        (0.765071, 0.761943, 0.756320, 0.753780),
        (0.751286, 0.747986, 0.742029, 0.739325),
    ),
)
"""C_d by piece, node (falling edge angle) and gamma."""

COSINE: Final[Block] = (
    (
        (0.908883, 0.910138, 0.912729, 0.914059),
        (0.908917, 0.910166, 0.912745, 0.914072),
        (0.909970, 0.911085, 0.913401, 0.914600),
        (0.913588, 0.914512, 0.916384, 0.917321),
        (0.916027, 0.916968, 0.918886, 0.919857),
    ),
    (
        (0.916027, 0.916968, 0.918886, 0.919857),
        (0.916971, 0.917858, 0.919669, 0.920587),
        (0.919433, 0.920215, 0.921807, 0.922614),
        (0.922500, 0.923214, 0.924661, 0.925391),
        (0.924056, 0.924757, 0.926179, 0.926894),
    ),
    (
        (0.924056, 0.924757, 0.926179, 0.926894),
        (0.924950, 0.925625, 0.926991, 0.927679),
        (0.927265, 0.927881, 0.929127, 0.929754),
        (0.929766, 0.930340, 0.931498, 0.932080),
        (0.930877, 0.931440, 0.932575, 0.933144),
    ),
    (
        (0.930877, 0.931440, 0.932575, 0.933144),
        (0.931611, 0.932157, 0.933261, 0.933814),
        (0.933506, 0.934018, 0.935051, 0.935568),
        (0.935542, 0.936026, 0.937001, 0.937489),
        (0.936416, 0.936892, 0.937848, 0.938326),
    ),
    (
        (0.936416, 0.936892, 0.937848, 0.938326),
        (0.937034, 0.937499, 0.938433, 0.938901),
        (0.938585, 0.939026, 0.939913, 0.940357),
        (0.940235, 0.940657, 0.941504, 0.941927),
        (0.940946, 0.941361, 0.942194, 0.942610),
    ),
    (
        (0.940946, 0.941361, 0.942194, 0.942610),
        (0.946307, 0.946546, 0.947046, 0.947304),
        (0.962999, 0.962885, 0.962693, 0.962612),
        (0.987041, 0.986873, 0.986547, 0.986387),
        (1.000000, 1.000000, 1.000000, 1.000000),
    ),
)
"""Mean cosine on the sonic line by piece, node and gamma."""


def tabulated_discharge_coefficient(pressure_ratio: float, gamma: float) -> float:
    """`free_streamline.discharge_coefficient` from the table, 0 <= r <= 1; below r*, 1.1 <= gamma <= 5/3.

    At and above r* it is Chaplygin's series itself; below, off by at most 2e-5. Raises OutOfRange outside the
    range.

    >>> [round(tabulated_discharge_coefficient(r, 1.4), 4) for r in (0.0, 0.3, 0.8)]
    [0.8493, 0.8193, 0.6517]
    """
    require_pressure_ratio(pressure_ratio)
    if pressure_ratio >= critical_pressure_ratio(gamma):
        return subsonic_discharge_coefficient(pressure_ratio, gamma)
    return _interpolate(DISCHARGE, pressure_ratio, gamma)


def tabulated_reaction_coefficient(pressure_ratio: float, gamma: float) -> float:
    """`free_streamline.reaction_coefficient` from the table: thrust over p0 A, off by at most 2e-5.

    r* - r + gamma r* C_d times the mean cosine; at and above r* exact. Raises OutOfRange outside the range of
    `tabulated_discharge_coefficient`.

    >>> round(tabulated_reaction_coefficient(0.0, 1.4), 4)
    1.1008
    """
    flow = tabulated_discharge_coefficient(pressure_ratio, gamma)
    critical = critical_pressure_ratio(gamma)
    if pressure_ratio >= critical:
        return thrust_ratio(pressure_ratio, gamma, flow)
    return critical - pressure_ratio + gamma * critical * flow * _interpolate(COSINE, pressure_ratio, gamma)


def make_tables() -> tuple[Block, Block]:
    """`DISCHARGE` and `COSINE` computed from the solution, to six digits; takes a minute.

    >>> DISCHARGE[0][0][0] == round(supersonic_outflow(0.0, 1.1).discharge_coefficient, 6)
    True
    """
    gammas = [_place(fraction, *TABLE_GAMMA) for fraction in _nodes(len(DISCHARGE[0][0]))]
    places = [[_node_machs(piece, gamma) for gamma in gammas] for piece in range(len(PIECES) - 1)]

    def table(value: Callable[[float, float], float]) -> Block:
        return [
            [
                [round(value(mach, g), 6) for mach, g in zip(row, gammas, strict=True)]
                for row in zip(*piece, strict=True)
            ]
            for piece in places
        ]

    return table(_discharge), table(_mean_cosine)


def _discharge(mach: float, gamma: float) -> float:
    """C_d at a Mach number of the jet's edge."""
    if mach == 1.0:
        return subsonic_discharge_coefficient(critical_pressure_ratio(gamma), gamma)
    return supersonic_outflow(pressure_ratio_from_mach(mach, gamma), gamma).discharge_coefficient


def _mean_cosine(mach: float, gamma: float) -> float:
    """Mean cosine on the sonic line at a Mach number of the jet's edge."""
    if mach == 1.0:
        return 1.0
    ratio, critical = pressure_ratio_from_mach(mach, gamma), critical_pressure_ratio(gamma)
    flow, force = supersonic_outflow(ratio, gamma)
    return (force + ratio - critical) / (gamma * critical * flow)


def _interpolate(table: Block, ratio: float, gamma: float) -> float:
    """Value of a table at r and gamma; raises OutOfRange outside its range of gamma."""
    low, high = TABLE_GAMMA
    if not low <= gamma <= high + 1e-9:
        raise OutOfRange(f"the table of the slit holds for {low:g} <= gamma <= 5/3, not {gamma:g}")
    choked = _mach(CHOKING_ANGLE, gamma)
    mach = min(mach_from_pressure_ratio(ratio, gamma), choked) if ratio > 0.0 else choked
    fraction = prandtl_meyer_angle(mach, gamma) / CHOKING_ANGLE
    piece = next((k for k, end in enumerate(PIECES[1:]) if fraction >= end), len(PIECES) - 2)
    ends = [_mach(part * CHOKING_ANGLE, gamma) for part in PIECES[piece : piece + 2]]
    columns = zip(*table[piece], strict=True)
    by_gamma = [_barycentric((mach - ends[0]) / (ends[1] - ends[0]), column) for column in columns]
    return _barycentric((gamma - low) / (high - low), by_gamma)


def _mach(angle: float, gamma: float) -> float:
    """Mach number at a Prandtl-Meyer angle from 0 on."""
    return mach_from_prandtl_meyer_angle(angle, gamma) if angle > 0.0 else 1.0


def _node_machs(piece: int, gamma: float) -> list[float]:
    """Mach numbers of the nodes of a piece."""
    ends = [_mach(part * CHOKING_ANGLE, gamma) for part in PIECES[piece : piece + 2]]
    return [_place(fraction, *ends) for fraction in _nodes(len(DISCHARGE[0]))]


def _place(fraction: float, low: float, high: float) -> float:
    """The point at a fraction of the way from `low` to `high`."""
    return (1.0 - fraction) * low + fraction * high


def _nodes(count: int) -> list[float]:
    """Extrema of a Chebyshev polynomial on [0, 1]."""
    return [0.5 - 0.5 * math.cos(math.pi * k / (count - 1)) for k in range(count)]


def _barycentric(x: float, values: Sequence[float]) -> float:
    """The polynomial through `values` at `_nodes` (Berrut and Trefethen 2004, eq. 5.4)."""
    top = bottom = 0.0
    last = len(values) - 1
    for k, (node, value) in enumerate(zip(_nodes(len(values)), values, strict=True)):
        if abs(x - node) < 1e-12:
            return value
        weight = (-1.0) ** k * (0.5 if k in (0, last) else 1.0) / (x - node)
        top += weight * value
        bottom += weight
    return top / bottom
