"""The planar slit in a thin wall: exact inviscid mass flow and reaction by the hodograph method.

A stream function psi (0 on the axis, 1 on the wall and the jet's edge) obeys Chaplygin's linear equation
(`chaplygin`) in the flow angle theta and tau = (q/q_max)^2, q the speed, with solutions

    psi = 2 theta/pi + sum_n a_n Z_n(tau) sin 2 n theta,        s_n = tau Z_n'/Z_n.

Integrating dy = (rho0/(rho q)) (sin theta 2 tau psi_tau + cos theta psi_theta) dtheta over one speed from
the axis to the wall gives the wall's coordinate at that speed,

    y = (rho0/(rho q)) {2/pi + sum_n a_n Z_n (-1)^(n+1) 2n/(4 n^2 - 1) (1 + 2 s_n)},                  (*)

and where the wall ends, at the speed of the jet's edge or at sonic speed (Z_n = 1 there), the half-width b:
1/C_d is the bracket. C_d is the mass flow over the isentropic one through the whole slit at the same pressure
ratio r = p_outside/p0 (choked where r < r*). Subsonic jet: S. A. Chaplygin 1904; supersonic: F. I. Frankl
1947 and K. G. Guderley 1957 (`supersonic`).

The reaction is the thrust on the vessel over p0 A: momentum flux and excess pressure p - p_outside through
the plane of the slit. A momentum balance over the vessel gives it as 1 - r, for the missing piece of wall,
plus the defect (p0 - p)/p0 integrated over the inner wall. Integrated by parts, with dp = -rho q dq and (*),
the integral is elementary, as the derivative of sqrt(tau) Z_n is (1 + 2 s_n) Z_n/(2 sqrt(tau)). With p_e and
q_e where the wall ends

    reaction = p_e/p0 - r + (rho_e q_e^2/p0) C_d {2/pi + sum_n a_n (-1)^(n+1) 2n/(4 n^2 - 1)}.       (**)

The bracket is the mean cosine of the flow angle, by mass, over the curve of speed q_e, so (**) is also the
momentum balance over that curve. Subsonic: the curve is the end of the jet, the bracket is 1, and the
reaction is mass flow times jet speed. Supersonic: the curve is the sonic line, rho_e q_e^2 = gamma r* p0.
`wall_pressure` has the pressure on the wall, `table` the coefficients as a table.
"""

from __future__ import annotations

import math
from typing import Final

from breachflow.theory.ranges import require_pressure_ratio
from breachflow.theory.slit.chaplygin import subsonic_discharge_coefficient
from breachflow.theory.slit.supersonic import choking_pressure_ratio, supersonic_outflow
from breachflow.theory.slit.table import tabulated_discharge_coefficient, tabulated_reaction_coefficient
from breachflow.theory.streams.nozzle import critical_pressure_ratio, thrust_ratio

__all__ = [
    "INCOMPRESSIBLE",
    "choking_pressure_ratio",
    "discharge_coefficient",
    "reaction_coefficient",
    "subsonic_discharge_coefficient",
    "tabulated_discharge_coefficient",
    "tabulated_reaction_coefficient",
]

INCOMPRESSIBLE: Final = math.pi / (math.pi + 2.0)
"""0.6110155: contraction of a plane jet of constant density (Kirchhoff 1869)."""


def discharge_coefficient(pressure_ratio: float, gamma: float) -> float:
    """Exact C_d of a thin slit at any r = p_outside/p0 in [0, 1]; dimensionless; 1.05 <= gamma <= 5/3.

    Chaplygin's series at and above r* (10 digits), Frankl and Guderley below (1e-5). Raises OutOfRange
    outside the range.

    >>> round(discharge_coefficient(0.8, 1.4), 7)
    0.6516801
    """
    require_pressure_ratio(pressure_ratio)
    if pressure_ratio >= critical_pressure_ratio(gamma):
        return subsonic_discharge_coefficient(pressure_ratio, gamma)
    return supersonic_outflow(pressure_ratio, gamma).discharge_coefficient


def reaction_coefficient(pressure_ratio: float, gamma: float) -> float:
    """Exact thrust of a thin slit over p0 A, equation (**), at any r in [0, 1]; 1.05 <= gamma <= 5/3.

    As accurate as `discharge_coefficient`; raises OutOfRange outside the range. Choked, the reaction is a
    constant less r. Into vacuum, gamma = 1.4, the defect of pressure on the wall is 0.10085 p0 b per
    half-slit:

    >>> round(reaction_coefficient(0.0, 1.4), 5)
    1.10085
    """
    require_pressure_ratio(pressure_ratio)
    if pressure_ratio >= critical_pressure_ratio(gamma):
        flow = subsonic_discharge_coefficient(pressure_ratio, gamma)
        return thrust_ratio(pressure_ratio, gamma, flow)
    return supersonic_outflow(pressure_ratio, gamma).reaction_coefficient
