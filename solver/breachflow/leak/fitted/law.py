"""A leak law fitted to the flows of a sweep: the discharge coefficient as a function of dimensionless groups.

r = p_outside/p0, t/d and gamma, as far as they vary. Interpolated (`interpolant`) is not C_d, which bends
suddenly at the critical r because the ideal flow does, but

    y = C_d phi(r, gamma)/sqrt(1 - r)   over   r, (t/d)/(t/d + 0.2) and gamma,

with phi the ideal mass flux: the flow over its root at r = 1, smooth in r up to both ends. On the exact slit
and on tubes that choke, C_d over r was 3 times worse and the flow over r 10 times, and y over t/d itself 4
times; the ratio to the exact slit is no better. Points are met as closely as their scatter allows.

The uncertainty of the law at a place is the sum of
- interpolation: the spread of kriging there, times the largest miss of points and rows that are left out, in
  spreads of theirs (a corner is farther from the others than any place inside, and that counts), times
  2 (1 + 2/f), f the points less the coefficients of the trend: misses by which the correlation was chosen
  are too small, the more so the fewer the points;
- the mesh: the root mean square of the points' uncertainties, by the inverse fourth power of distance. Meshes
  err alike on flows that are alike; where they do not, that shows in the misses.
The truth lies within at 95 % of all places and more (tests/validation/test_fitted_law_quality.py).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from breachflow.errors import OutOfRange, ResultError
from breachflow.leak.breach import LARGEST_RATIO
from breachflow.leak.fitted.hull import Group, Hull, hull, scaled, split
from breachflow.leak.fitted.interpolant import Correlation, Interpolant, chosen_correlation, design
from breachflow.theory.coefficient import Coefficient
from breachflow.theory.streams.nozzle import mass_flux

Floats: TypeAlias = NDArray[np.float64]

FORM: Final = (
    "C_d phi/sqrt(1-r), kriging by Matern 3/2, noise and a linear trend over r, t/(t + 0.2 d), gamma"
)
"""What an older or newer program may do differently."""

DEPTH: Final = Group("depth/size", 1e-6)
GROUPS: Final = (Group("p_outside/p0", 1e-6), DEPTH, Group("heat-capacity ratio", 1e-3))
SAME: Final = 1e-6
"""Values of a group closer together than this are one value."""

FEWEST: Final = 3
"""Points for each coefficient of the linear trend, and for each combination of values that are listed."""
STRETCH: Final = 0.2
"""t/d at which half of the effect of a wall is taken as done; 0.05 to 0.5 are nearly as good."""
SAFETY: Final = 2.0
FEW_POINTS: Final = 2.0
"""Points less coefficients at which the safety factor is doubled."""

ASSUMED_UNCERTAINTY: Final = 0.02
"""Relative, where a point states none: the error of coarse meshes, or the largest that others state."""

SHAPES: Final = {"round": "round hole", "slit": "slit"}
_COLUMNS: Final = (
    "pressure_ratio",
    "thickness_ratio",
    "heat_capacity_ratio",
    "discharge_coefficient",
    "uncertainty",
)
_FIXED: Final = {"shape": str, "chamfer_ratio": float, "rounding_ratio": float}


class Sample(NamedTuple):
    """One converged flow."""

    pressure_ratio: float
    """p_outside/p0."""
    thickness_ratio: float
    """Wall thickness over diameter or width."""
    heat_capacity_ratio: float
    discharge_coefficient: float
    uncertainty: float
    """Of the coefficient, by the mesh; nan where it was not estimated."""


class Fixed(NamedTuple):
    """What all flows of a law have in common."""

    shape: str
    """round or slit."""
    chamfer_ratio: float = 0.0
    """Leg of the chamfer over diameter or width."""
    rounding_ratio: float = 0.0
    """Edge radius over diameter or width."""

    @property
    def description(self) -> str:
        """In words.

        >>> Fixed("round", rounding_ratio=0.05).description
        'round hole with edge radius/size 0.05'
        """
        edges = (("chamfer/size", self.chamfer_ratio), ("edge radius/size", self.rounding_ratio))
        edge = " and ".join(f"{name} {ratio:.6g}" for name, ratio in edges if ratio > 0.0)
        return f"{SHAPES[self.shape]} with {edge or 'a sharp edge'}"


@dataclass(frozen=True, eq=False)
class LeakLaw:
    """The fitted law: `fit_law` and `from_mapping` make one."""

    fixed: Fixed
    samples: Floats
    """(points, 5): the different flows in order, in the columns of `Sample`."""
    correlation: Correlation
    """Over the groups that vary."""

    def discharge_coefficient(
        self, pressure_ratio: float, thickness_ratio: float, heat_capacity_ratio: float
    ) -> Coefficient:
        """C_d and its uncertainty; OutOfRange outside the hull of the points."""
        place = self.hull.held((pressure_ratio, thickness_ratio, heat_capacity_ratio))
        coordinates = _coordinates(place[None], self.hull)[0]
        found, nearness = self.interpolant.at(coordinates), self.interpolant.nearness(coordinates)
        mesh = math.sqrt(float(nearness @ self.mesh_uncertainty**2))
        per_reduced = float(_per_reduced(place[None])[0])
        error = per_reduced * self._error_per_spread * found.spread
        return Coefficient(per_reduced * found.value, error + mesh)

    @property
    def points(self) -> int:
        """How many different flows it was fitted to."""
        return len(self.samples)

    @property
    def description(self) -> str:
        """Its range, in words."""
        return f"{self.fixed.description}, {self.hull.description}"

    @cached_property
    def leave_one_out(self) -> float:
        """The largest error of C_d at a point that is left out of the fit; at a corner it is extrapolated."""
        errors = self.interpolant.misses.errors[: self.points]
        return float(np.max(np.abs(errors * _per_reduced(self.samples))))

    @property
    def not_estimated(self) -> int:
        """How many points state no uncertainty."""
        return int(np.sum(np.isnan(self.samples[:, 4])))

    @cached_property
    def mesh_uncertainty(self) -> Floats:
        """Of C_d at each point, assumed where it was not estimated."""
        coefficient, stated = self.samples[:, 3], self.samples[:, 4]
        missing = np.isnan(stated)
        relative = stated[~missing] / coefficient[~missing]
        assumed = max(ASSUMED_UNCERTAINTY, float(relative.max(initial=0.0)))
        uncertainty: Floats = np.where(missing, assumed * coefficient, stated)
        return uncertainty

    def to_mapping(self) -> dict[str, Any]:
        """Arrays, numbers and texts to be stored; what `from_mapping` does not read is for other readers."""
        return {
            "form": FORM,
            "description": self.description,
            "leave_one_out": self.leave_one_out,
            **self.fixed._asdict(),
            **dict(zip(_COLUMNS, self.samples.T.copy(), strict=True)),
            "lengths": self.correlation.lengths.copy(),
            "noise": self.correlation.noise,
        }

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """The law that `to_mapping` stored, exactly; raises ResultError where it cannot be one."""
        if mapping.get("form") != FORM:
            raise ResultError("the law was fitted by another version: run `breachflow sweep` again")
        try:
            fixed = Fixed(*(kind(mapping[name]) for name, kind in _FIXED.items()))
            samples = np.column_stack([_numbers(mapping, name) for name in _COLUMNS])
            correlation = Correlation(_numbers(mapping, "lengths"), float(mapping["noise"]))
            _require_sound(fixed, samples, correlation)
        except (KeyError, ValueError, TypeError) as error:
            raise ResultError(f"the law is damaged: {error}") from error
        return cls(fixed, samples, correlation)

    @cached_property
    def hull(self) -> Hull:
        return hull(GROUPS, self.samples[:, :3])

    @cached_property
    def interpolant(self) -> Interpolant:
        places = _coordinates(self.samples[:, :3], self.hull)
        return Interpolant(design(places), _reduced(self.samples), self.correlation)

    @cached_property
    def _error_per_spread(self) -> float:
        free = split(self.hull.values)[1]
        freedom = self.points / len(self.hull.faces) - len(free) - 1
        return SAFETY * (1.0 + FEW_POINTS / freedom) * self.interpolant.misses.largest


def fit_law(samples: Iterable[Sample], fixed: Fixed) -> LeakLaw:
    """The law through converged flows, in whatever order; of flows given twice the better known counts.

    Raises OutOfRange with the reason where no law can be fitted: too few points, or nothing that varies.
    """
    different = _different(samples)
    _require_enough(different)
    places = _coordinates(different[:, :3], hull(GROUPS, different[:, :3]))
    return LeakLaw(fixed, different, chosen_correlation(design(places), _reduced(different)))


def _different(samples: Iterable[Sample]) -> Floats:
    """Each flow once, in order; nan for an uncertainty that is none."""
    rows = np.array([tuple(sample) for sample in samples], dtype=np.float64).reshape(-1, len(_COLUMNS))
    rows = rows[np.all(np.isfinite(rows[:, :4]), axis=1) & (rows[:, 0] <= LARGEST_RATIO)]
    if not len(rows):
        raise OutOfRange("there is no converged flow to fit a law to")
    rows[~((rows[:, 4] >= 0.0) & np.isfinite(rows[:, 4])), 4] = np.nan
    for column in range(len(GROUPS)):
        rows[:, column] = _merged(rows[:, column])
    rows = rows[np.lexsort(rows[:, [3, 4, 2, 1, 0]].T)]
    different: Floats = rows[np.unique(rows[:, :3], axis=0, return_index=True)[1]]
    return different


def _merged(values: Floats) -> Floats:
    """Values that are the same but for rounding made equal."""
    found = np.unique(values)
    found = found[np.concatenate([[True], np.diff(found) > SAME])]
    merged: Floats = found[np.searchsorted(found, values, side="right") - 1]
    return merged


def _require_enough(different: Floats) -> None:
    values = tuple(np.unique(column) for column in different[:, :3].T)
    names = [group.name for group, found in zip(GROUPS, values, strict=True) if len(found) > 1]
    if not names:
        raise OutOfRange("all converged flows are the same flow: a law has nothing to depend on")
    listed, free = split(values)
    least = FEWEST * (len(free) + 1) * len(np.unique(different[:, listed], axis=0))
    if len(different) < least:
        raise OutOfRange(
            f"{len(different)} different converged flows are too few for a law over {' and '.join(names)}:"
            f" it takes {least}"
        )


def _numbers(mapping: Mapping[str, Any], name: str) -> Floats:
    numbers = np.asarray(mapping[name], dtype=np.float64)
    if numbers.ndim != 1:
        raise ValueError(f"{name} has the shape {numbers.shape}")
    return numbers


def _require_sound(fixed: Fixed, samples: Floats, correlation: Correlation) -> None:
    if fixed.shape not in SHAPES:
        raise ValueError(f"no shape {fixed.shape!r}")
    if not np.all(np.isfinite(samples[:, :4])) or not np.all(samples[:, 0] <= LARGEST_RATIO):
        raise ValueError("points that are no flows")
    _require_enough(samples)
    varied = int(np.sum(np.ptp(samples[:, :3], axis=0) > 0.0))
    if len(correlation.lengths) != varied or not np.all(
        np.append(correlation.lengths, correlation.noise) > 0.0
    ):
        raise ValueError("lengths and noise of no correlation")


def _coordinates(places: Floats, hull: Hull) -> Floats:
    """What is interpolated over: the groups that vary, stretched, from 0 to 1."""
    columns = [_stretched(group, column) for group, column in enumerate(places.T)]
    values = tuple(_stretched(group, column) for group, column in enumerate(hull.values))
    return scaled(np.column_stack(columns), values)[:, hull.varied]


def _stretched(group: int, values: Floats) -> Floats:
    return values / (values + STRETCH) if GROUPS[group] is DEPTH else values


def _reduced(samples: Floats) -> Floats:
    """y."""
    reduced: Floats = samples[:, 3] / _per_reduced(samples)
    return reduced


def _per_reduced(places: Floats) -> Floats:
    """C_d over y: sqrt(1 - r)/phi."""
    groups = places[:, [0, 2]].tolist()
    return np.array([math.sqrt(1.0 - r) / mass_flux(r, gamma) for r, gamma in groups], dtype=np.float64)
