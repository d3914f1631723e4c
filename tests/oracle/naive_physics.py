"""Slow, plain reference formulas at one face, by their textbook definitions: arrays of four numbers.

HLL and HLLC with all of their regions (Toro 2009, sections 10.3 and 10.4), walls and openings by bracketing.
They share nothing with the program. Tests fail for a flux, limiter or boundary kind without a reference here.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

IMPERMEABLE = ("wall", "isothermal_wall", "adiabatic_wall")


def to_primitive(u: np.ndarray, gamma: float) -> np.ndarray:
    velocity = u[1:3] / u[0]
    return np.array([u[0], *velocity, (gamma - 1.0) * (u[3] - 0.5 * u[0] * velocity @ velocity)])


def to_conserved(w: np.ndarray, gamma: float) -> np.ndarray:
    rho, velocity, p = w[0], w[1:3], w[3]
    return np.array([rho, *(rho * velocity), p / (gamma - 1.0) + 0.5 * rho * velocity @ velocity])


def euler(w: np.ndarray, n: np.ndarray, gamma: float) -> np.ndarray:
    rho, velocity, p = w[0], w[1:3], w[3]
    speed, energy = velocity @ n, to_conserved(w, gamma)[3]
    return np.array([rho * speed, *(rho * speed * velocity + p * n), speed * (energy + p)])


def mirror(w: np.ndarray, n: np.ndarray) -> np.ndarray:
    return np.array([w[0], *(w[1:3] - 2.0 * (w[1:3] @ n) * n), w[3]])


def einfeldt_speeds(left, right, n, gamma: float, share: float | None = None) -> tuple[float, float]:
    """Bounds of the waves (Toro 2009, equations 10.52 to 10.54: factor 1/2; Roe's average: (gamma-1)/2)."""
    share = 0.5 if share is None else share
    (rl, ul, pl), (rr, ur, pr) = ((w[0], w[1:3] @ n, w[3]) for w in (left, right))
    al, ar = np.sqrt(gamma * pl / rl), np.sqrt(gamma * pr / rr)
    a, b = np.sqrt(rl), np.sqrt(rr)
    mean = (a * ul + b * ur) / (a + b)
    d = np.sqrt((a * al**2 + b * ar**2) / (a + b) + share * a * b / (a + b) ** 2 * (ur - ul) ** 2)
    return min(ul - al, mean - d), max(ur + ar, mean + d)


def roe_speeds(left, right, n, gamma: float) -> tuple[float, float]:
    return einfeldt_speeds(left, right, n, gamma, 0.5 * (gamma - 1.0))


def star_of_hllc(w: np.ndarray, n: np.ndarray, s: float, s_star: float, gamma: float) -> np.ndarray:
    """U*_K (Toro 2009, equation 10.39)."""
    rho, velocity, p = w[0], w[1:3], w[3]
    u = velocity @ n
    energy = to_conserved(w, gamma)[3]
    factor = rho * (s - u) / (s - s_star)
    tangential = velocity - u * n
    inner = energy / rho + (s_star - u) * (s_star + p / (rho * (s - u)))
    return factor * np.array([1.0, *(s_star * n + tangential), inner])


def hllc(left: np.ndarray, right: np.ndarray, n: np.ndarray, gamma: float) -> np.ndarray:
    """Toro's four regions (equation 10.26)."""
    s_left, s_right = roe_speeds(left, right, n, gamma)
    (rl, ul, pl), (rr, ur, pr) = ((w[0], w[1:3] @ n, w[3]) for w in (left, right))
    numerator = pr - pl + rl * ul * (s_left - ul) - rr * ur * (s_right - ur)  # equation 10.37
    s_star = numerator / (rl * (s_left - ul) - rr * (s_right - ur))
    if s_left >= 0.0:
        return euler(left, n, gamma)
    if s_right <= 0.0:
        return euler(right, n, gamma)
    side, s = (left, s_left) if s_star >= 0.0 else (right, s_right)
    star = star_of_hllc(side, n, s, s_star, gamma)
    return euler(side, n, gamma) + s * (star - to_conserved(side, gamma))


def hlle(left: np.ndarray, right: np.ndarray, n: np.ndarray, gamma: float) -> np.ndarray:
    """Toro's three regions (equation 10.21)."""
    s_left, s_right = roe_speeds(left, right, n, gamma)
    if s_left >= 0.0:
        return euler(left, n, gamma)
    if s_right <= 0.0:
        return euler(right, n, gamma)
    jump = to_conserved(right, gamma) - to_conserved(left, gamma)
    both = s_right * euler(left, n, gamma) - s_left * euler(right, n, gamma)
    return (both + s_left * s_right * jump) / (s_right - s_left)


def rusanov(left: np.ndarray, right: np.ndarray, n: np.ndarray, gamma: float) -> np.ndarray:
    """Toro's equation 10.55, with the largest of the four speeds."""
    largest = max(abs(speed) for speed in roe_speeds(left, right, n, gamma))
    jump = to_conserved(right, gamma) - to_conserved(left, gamma)
    return 0.5 * (euler(left, n, gamma) + euler(right, n, gamma)) - 0.5 * largest * jump


FLUXES = {"hllc": hllc, "hlle": hlle, "rusanov": rusanov}


def wall(w: np.ndarray, n: np.ndarray, gamma: float) -> np.ndarray:
    """Pressure at which the wave into the gas brings it to rest: root of Toro's f (equation 4.6)."""
    rho, u, p0 = w[0], w[1:3] @ n, w[3]
    sound = np.sqrt(gamma * p0 / rho)

    def f(p: float) -> float:
        if p > p0:
            shock = np.sqrt(2.0 / ((gamma + 1.0) * rho) / (p + (gamma - 1.0) / (gamma + 1.0) * p0))
            return (p - p0) * shock - u
        return 2.0 * sound / (gamma - 1.0) * ((p / p0) ** ((gamma - 1.0) / (2.0 * gamma)) - 1.0) - u

    pressure = brentq(f, 1e-12 * p0, 1e3 * p0, xtol=1e-15, rtol=1e-15) if f(1e-12 * p0) < 0.0 else 0.0
    return np.array([0.0, *(pressure * n), 0.0])


def vacuum(w: np.ndarray, n: np.ndarray, gamma: float) -> np.ndarray:
    """The fan into vacuum at x/t = 0 (Toro 2009, equation 4.77)."""
    rho, u, p = w[0], w[1:3] @ n, w[3]
    a = np.sqrt(gamma * p / rho)
    if u - a >= 0.0:
        return euler(w, n, gamma)
    if u + 2.0 * a / (gamma - 1.0) <= 0.0:
        return np.zeros(4)
    ratio = 2.0 / (gamma + 1.0) + (gamma - 1.0) / (gamma + 1.0) * u / a
    density, pressure = rho * ratio ** (2.0 / (gamma - 1.0)), p * ratio ** (2.0 * gamma / (gamma - 1.0))
    velocity = w[1:3] + (a * ratio - u) * n
    return euler(np.array([density, *velocity, pressure]), n, gamma)


def opening(w: np.ndarray, n: np.ndarray, room: np.ndarray, gamma: float) -> np.ndarray:
    """A room of gas at rest: its gas enters with the room's total state, or gas leaves into the room."""
    rho, u, p = w[0], w[1:3] @ n, w[3]
    sound = np.sqrt(gamma * p / rho)
    if u >= sound and room[3] / p <= 1.0 + 2.0 * gamma / (gamma + 1.0) * ((u / sound) ** 2 - 1.0):
        return euler(w, n, gamma)
    impedance = rho * sound
    arriving = p + impedance * u
    if arriving > room[3]:
        exit_pressure = max(room[3], arriving / (1.0 + gamma))
        velocity = w[1:3] + ((arriving - exit_pressure) / impedance - u) * n
        return euler(
            np.array([rho * (exit_pressure / p) ** (1.0 / gamma), *velocity, exit_pressure]), n, gamma
        )
    return euler(entering(room, p + impedance * u, impedance, n, gamma), n, gamma)


def entering(room: np.ndarray, arriving: float, impedance: float, n: np.ndarray, gamma: float) -> np.ndarray:
    """Gas of the room at the speed, sonic at most, at which p(u) + Z u equals the value inside."""
    sound = np.sqrt(gamma * room[3] / room[0])

    def at(speed: float) -> np.ndarray:
        cooling = 1.0 - 0.5 * (gamma - 1.0) * (speed / sound) ** 2
        density, pressure = (
            room[0] * cooling ** (1.0 / (gamma - 1.0)),
            room[3] * cooling ** (gamma / (gamma - 1.0)),
        )
        return np.array([density, *(speed * n), pressure])

    def f(speed: float) -> float:
        return at(speed)[3] + impedance * speed - arriving

    sonic = -sound * np.sqrt(2.0 / (gamma + 1.0))
    return at(sonic if f(sonic) >= 0.0 else brentq(f, sonic, 0.0, xtol=1e-15, rtol=1e-14))


def boundary(kind: str, flux, w: np.ndarray, n: np.ndarray, outside: np.ndarray, gamma: float) -> np.ndarray:
    """Flux out of the gas through a boundary face."""
    if kind in IMPERMEABLE:
        return wall(w, n, gamma)
    if kind == "opening":
        return opening(w, n, outside, gamma)
    given = {
        "vacuum": lambda: vacuum(w, n, gamma),
        "extrapolate": lambda: euler(w, n, gamma),
        "riemann": lambda: flux(w, outside, n, gamma),
        "room": lambda: flux(w, outside, n, gamma),
    }
    return given[kind]()


def van_albada(a: np.ndarray, b: np.ndarray, noise: float) -> float:
    return max(2.0 * a @ b + noise, 0.0) / (a @ a + b @ b + noise)


def van_leer(a: np.ndarray, b: np.ndarray, noise: float) -> float:
    """Parallel jumps: 4 a b/(a + b)^2; opposed jumps: the fraction from the limiter threshold alone."""
    if a @ b <= 0.0:
        return noise / (a @ a + b @ b + noise)
    return (4.0 * a @ b + noise) / ((a + b) @ (a + b) + noise)


LIMITERS = {"van_albada": van_albada, "van_leer": van_leer, "none": lambda *_: 1.0}
