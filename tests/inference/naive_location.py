"""Where a leak is, by plain enumeration: slow, without numpy, and without code of the program."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import combinations

MOLAR = 8.31446261815324 / 28.9644e-3
"""Gas constant of air, J/(kg K)."""
MMHG_H = 133.322387415 / 3600.0
KG_DAY = 1.0 / 86400.0


@dataclass
class Station:
    """Volumes, m3, at 295 K, and hatches; the suspicion in kg/day."""

    volumes: dict[str, float]
    hatches: dict[str, tuple[str, str]]
    weights: dict[str, float]
    rate: float = 1.6
    spread: float = 0.3
    two: float = 0.1
    shut: list[str] = field(default_factory=list)
    """Hatches that are always shut."""

    def places(self) -> list[tuple[dict[str, float], float]]:
        """Shares and probability of each place."""
        whole = sum(self.weights.values())
        found = [({name: 1.0}, (1 - self.two) * weight / whole) for name, weight in self.weights.items()]
        pairs = list(combinations(self.volumes, 2))
        products = {pair: self.weights[pair[0]] * self.weights[pair[1]] for pair in pairs}
        for (one, other), product in products.items():
            for share in (0.25, 0.5, 0.75):
                chance = self.two * product / sum(products.values()) / 3
                found.append(({one: share, other: 1 - share}, chance))
        return found

    def side_of(self, name: str, closed: list[str]) -> set[str]:
        """All that open hatches join to a compartment: repeated until nothing is added."""
        side, before = {name}, 0
        while len(side) > before:
            before = len(side)
            for hatch, (one, other) in self.hatches.items():
                if hatch not in closed and hatch not in self.shut and (one in side or other in side):
                    side |= {one, other}
        return side

    def fall(self, shares: dict[str, float], side: set[str]) -> float:
        """Rate of the side's pressure by a leak of 1 kg/day, mmHg/h."""
        share = sum(value for name, value in shares.items() if name in side)
        volume = sum(self.volumes[name] for name in side)
        return share * MOLAR * 295.0 / volume * KG_DAY / MMHG_H


def density(slopes: list[float], mean: list[float], covariance: list[list[float]]) -> float:
    """Normal density by Gauss elimination; scaled by no constant."""
    n = len(slopes)
    rows = [[*covariance[i], slopes[i] - mean[i]] for i in range(n)]
    determinant = 1.0
    for i in range(n):
        determinant *= rows[i][i]
        for j in range(i + 1, n):
            factor = rows[j][i] / rows[i][i]
            rows[j] = [a - factor * b for a, b in zip(rows[j], rows[i], strict=True)]
    solved = [0.0] * n
    for i in reversed(range(n)):
        solved[i] = (rows[i][n] - sum(rows[i][j] * solved[j] for j in range(i + 1, n))) / rows[i][i]
    distance = sum((slopes[i] - mean[i]) * solved[i] for i in range(n))
    return math.exp(-0.5 * distance) / math.sqrt(determinant)


def predicted(
    station: Station, shares: dict[str, float], sides: list[set[str]], variances: list[float]
) -> tuple[list[float], list[list[float]]]:
    """Mean, without what is known beside, and covariance of the slopes of the sides."""
    falls = [station.fall(shares, side) for side in sides]
    covariance = [[station.spread**2 * a * b for b in falls] for a in falls]
    for i, variance in enumerate(variances):
        covariance[i][i] += variance
    return [-station.rate * fall for fall in falls], covariance


def after(
    station: Station,
    chances: list[float],
    closed: list[str],
    slopes: dict[str, tuple[float, float]],
    known: dict[str, tuple[float, float]],
) -> list[float]:
    """Probabilities of all places after a test; slopes in mmHg/h."""
    sides = [station.side_of(name, closed) for name in slopes]
    extra = [next((known[one] for one in known if one in side), (0.0, 0.0)) for side in sides]
    values = [slope - other for (slope, _), (other, _) in zip(slopes.values(), extra, strict=True)]
    variances = [a**2 + b**2 for (_, a), (_, b) in zip(slopes.values(), extra, strict=True)]
    weights = [
        chance * density(values, *predicted(station, shares, sides, variances))
        for (shares, _), chance in zip(station.places(), chances, strict=True)
    ]
    return [weight / sum(weights) for weight in weights]


def of_compartments(station: Station, chances: list[float]) -> dict[str, float]:
    """Probability of a share in each compartment."""
    places = station.places()
    return {
        name: sum(c for (shares, _), c in zip(places, chances, strict=True) if name in shares)
        for name in station.volumes
    }
