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
TABLE_GAMMA: Final = (1.05, 5.0 / 3.0)
"""Range of gamma."""
TABLE_ERROR: Final = 2e-5
"""Largest error of both coefficients; at 150 random points it was 0.9e-5 (C_d) and 5e-6 (reaction)."""

DISCHARGE: Final[Block] = (
    (
        (0.861495, 0.855959, 0.845563, 0.840652),
        (0.861449, 0.855923, 0.845542, 0.840636),
        (0.860035, 0.854703, 0.844698, 0.839972),
        (0.855297, 0.850242, 0.840881, 0.836532),
        (0.852155, 0.847088, 0.837690, 0.833307),
    ),
    (
        (0.852155, 0.847088, 0.837690, 0.833307),
        (0.850910, 0.845922, 0.836679, 0.832373),
        (0.847665, 0.842835, 0.833916, 0.829774),
        (0.843660, 0.838935, 0.830240, 0.826216),
        (0.841650, 0.836947, 0.828298, 0.824299),
    ),
    (
        (0.841650, 0.836947, 0.828298, 0.824299),
        (0.840488, 0.835825, 0.827259, 0.823301),
        (0.837494, 0.832920, 0.824534, 0.820666),
        (0.834276, 0.829766, 0.821515, 0.817717),
        (0.832854, 0.828363, 0.820149, 0.816372),
    ),
    (
        (0.832854, 0.828363, 0.820149, 0.816372),
        (0.831914, 0.827446, 0.819280, 0.815526),
        (0.829497, 0.825082, 0.817022, 0.813322),
        (0.826917, 0.822544, 0.814573, 0.810918),
        (0.825813, 0.821454, 0.813513, 0.809873),
    ),
    (
        (0.825813, 0.821454, 0.813513, 0.809873),
        (0.825032, 0.820689, 0.812780, 0.809156),
        (0.823079, 0.818771, 0.810932, 0.807344),
        (0.821013, 0.816734, 0.808957, 0.805400),
        (0.820126, 0.815858, 0.808102, 0.804556),
    ),
    (
        (0.820126, 0.815858, 0.808102, 0.804556),
        (0.813435, 0.809414, 0.802124, 0.798798),
        (0.793318, 0.789769, 0.783406, 0.780534),
        (0.766233, 0.762748, 0.756552, 0.753780),
        (0.752510, 0.748837, 0.742276, 0.739325),
    ),
)
"""C_d by piece, node (falling edge angle) and gamma."""

COSINE: Final[Block] = (
    (
        (0.908448, 0.909803, 0.912612, 0.914059),
        (0.908484, 0.909832, 0.912629, 0.914072),
        (0.909585, 0.910786, 0.913297, 0.914600),
        (0.913265, 0.914266, 0.916301, 0.917321),
        (0.915699, 0.916718, 0.918800, 0.919857),
    ),
    (
        (0.915699, 0.916718, 0.918800, 0.919857),
        (0.916661, 0.917622, 0.919589, 0.920587),
        (0.919160, 0.920006, 0.921737, 0.922614),
        (0.922251, 0.923024, 0.924597, 0.925391),
        (0.923810, 0.924571, 0.926116, 0.926894),
    ),
    (
        (0.923810, 0.924571, 0.926116, 0.926894),
        (0.924714, 0.925445, 0.926930, 0.927679),
        (0.927050, 0.927717, 0.929072, 0.929754),
        (0.929565, 0.930187, 0.931447, 0.932080),
        (0.930680, 0.931290, 0.932525, 0.933144),
    ),
    (
        (0.930680, 0.931290, 0.932525, 0.933144),
        (0.931419, 0.932012, 0.933212, 0.933814),
        (0.933326, 0.933882, 0.935005, 0.935568),
        (0.935372, 0.935898, 0.936958, 0.937489),
        (0.936250, 0.936766, 0.937806, 0.938326),
    ),
    (
        (0.936250, 0.936766, 0.937806, 0.938326),
        (0.936871, 0.937376, 0.938392, 0.938901),
        (0.938430, 0.938909, 0.939874, 0.940357),
        (0.940087, 0.940545, 0.941467, 0.941927),
        (0.940800, 0.941251, 0.942157, 0.942610),
    ),
    (
        (0.940800, 0.941251, 0.942157, 0.942610),
        (0.946225, 0.946482, 0.947024, 0.947304),
        (0.963043, 0.962914, 0.962701, 0.962612),
        (0.987101, 0.986917, 0.986561, 0.986387),
        (1.000000, 1.000000, 1.000000, 1.000000),
    ),
)
"""Mean cosine on the sonic line by piece, node and gamma."""


def tabulated_discharge_coefficient(pressure_ratio: float, gamma: float) -> float:
    """`free_streamline.discharge_coefficient` from the table, 0 <= r <= 1; below r*, 1.05 <= gamma <= 5/3.

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

    >>> DISCHARGE[0][0][0] == round(supersonic_outflow(0.0, 1.05).discharge_coefficient, 6)
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
