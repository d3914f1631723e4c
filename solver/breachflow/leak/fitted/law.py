"""A leak law fitted to the flows of a sweep: the discharge coefficient as a function of dimensionless groups.

The groups are r = p_outside/p0, t/d, gamma and others (`breachflow.case.similarity.Groups`), as far as they
vary.
C_d has a kink at the critical r, because the ideal flow has one. Therefore the law interpolates

    y = C_d phi(r, gamma)/sqrt(1 - r)   over   r, (t/d)/(t/d + 0.2) and gamma, and in space
    the square of the slant of the bore, in which C_d is even, and width/length of a slit

(`interpolant`), where phi is the ideal mass flux. y is smooth in r up to both ends. Errors measured on the
exact slit and on tubes that choke: C_d over r 3 times larger, the mass flow over r 10 times larger, y over
t/d itself 4 times larger; the ratio to the exact slit is no better. Points are met to within their noise.

A law of laminar flow interpolates the logarithm of

    y = C_d phi/(G sqrt(R T)/p0)   over   r, log(t/d + 0.2), gamma and log(delta),

delta the rarefaction parameter and G the mass flux by the quasi-one-dimensional law of long bores, carried
beyond its range (`theory.rarefied.laminar_bore.laminar_flux`). In a crack friction makes C_d a power of depth
and delta, over decades; y is 0.99 to 1.1. Where 55 cracks are left out one after the other, the largest error
is 0.2 %; without this scale it is 4 %.

The uncertainty of the law at a place is the sum of two parts.
- Interpolation: the spread of kriging, times the largest error of left-out points and rows over its own
  spread, times 2 (1 + 2/f), where f is the number of points less the coefficients of the trend. The factor
  corrects that the correlation was chosen by these same errors, which matters most for few points.
- Mesh: the root mean square of the points' uncertainties, weighted by the inverse fourth power of distance.
  Mesh errors of similar flows are similar; where they are not, the interpolation error shows it.
  A point that lies farther from the best estimate of the closed forms than its mesh error counts with that
  distance: what the computed flow lacks (friction, reattachment) is then within the band.
The true value lies within the uncertainty at 95 % of all places or more
(tests/validation/test_fitted_law_quality.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, Final, NamedTuple, Self, TypeVar

import numpy as np

from breachflow.arrays import Bools, Floats
from breachflow.errors import OutOfRange, ResultError
from breachflow.leak.breach import LARGEST_RATIO
from breachflow.leak.fitted.hull import Hull, HullGroup, hull, scaled, split
from breachflow.leak.fitted.interpolant import Correlation, Interpolant, chosen_correlation, design
from breachflow.theory.coefficient import Coefficient
from breachflow.theory.rarefied.laminar_bore import CRACK, TUBE, laminar_flux
from breachflow.theory.streams.nozzle import mass_flux
from breachflow.words import counted

Value = TypeVar("Value")

FORM: Final = (
    "C_d phi/sqrt(1-r), kriging by Matern 3/2, noise and a linear trend over r, t/(t + 0.2 d), gamma; "
    "laminar: logarithm of C_d over the quasi-one-dimensional law, r, log(t/d + 0.2), gamma, log(delta); "
    "distances to closed forms in the band"
)
"""Form of the law; a stored law of another form is refused."""

FORM_IN_SPACE: Final = FORM + "; over slant squared and width/length too"
"""Form of a law of slanted holes, or of slits with ends, which has two columns more."""

_HULL_GROUPS: Final = {
    "pressure_ratio": HullGroup("p_outside/p0", 1e-6),
    "thickness_ratio": HullGroup("depth/size", 1e-6),
    "heat_capacity_ratio": HullGroup("heat-capacity ratio", 1e-3),
    "slant": HullGroup("slant/degrees", 1e-6, may_be_0=True),
    "width_ratio": HullGroup("width/length", 1e-6, may_be_0=True),
    "rarefaction": HullGroup("rarefaction parameter", 0.005, is_logarithm=True),
}

GROUPS: Final = tuple(_HULL_GROUPS.values())
"""The groups of the law: those by which flows of one kind differ."""

DEPTH, SLANT, WIDTH, FRICTION = map(
    list(_HULL_GROUPS).index, ("thickness_ratio", "slant", "width_ratio", "rarefaction")
)
"""Columns of groups; the last, the logarithm of the rarefaction parameter, a law without friction lacks."""

SAME: Final = 1e-6
"""Values of a group closer together than this are one value."""

FEWEST: Final = 3
"""Fewest points for each coefficient of the linear trend, in each combination of listed values."""

STRETCH: Final = 0.2
"""t/d that is stretched to 1/2; errors with 0.05 to 0.5 are nearly the same."""

SAFETY: Final = 2.0
"""Safety factor of the interpolation error for many points."""

FEW_POINTS: Final = 2.0
"""Points less coefficients at which the safety factor is doubled."""

ASSUMED_UNCERTAINTY: Final = 0.02
"""Relative uncertainty of a point that states none; the largest stated one where that is larger."""

REACH: Final = 0.5
"""Decades of the rarefaction parameter up to which a law holds beside the single one of its points."""

DENSE: Final = 3.0
"""Logarithm of the rarefaction parameter from which y changes by at most `DRIFT[1]` per decade."""

DRIFT: Final = (0.10, 0.03)
"""Change of the logarithm of y per decade of the rarefaction parameter, in thin and in dense gas.

Round holes into vacuum, t/d 0 to 2: up to 0.016 from delta = 700 to 14 000, up to 0.10 from 34 to 700.
"""

_LEAST_RAREFACTION: Final = 1e-9


def _quotient(depth: Floats) -> Floats:
    """t/d from 0 to 1, of flow without friction."""
    return depth / (depth + STRETCH)


def _logarithm(depth: Floats) -> Floats:
    """t/d over decades, of flow with friction."""
    return np.asarray(np.log(depth + STRETCH))


SHAPES: Final = {"round": "round hole", "slit": "slit"}
_FIXED: Final = {"shape": str, "chamfer_ratio": float, "rounding_ratio": float}


class FlowSample(NamedTuple):
    """One converged flow: its groups and its discharge coefficient."""

    pressure_ratio: float
    """p_outside/p0."""
    thickness_ratio: float
    """Wall thickness over diameter or width."""
    heat_capacity_ratio: float
    discharge_coefficient: float
    uncertainty: float
    """Uncertainty of the coefficient by meshes and fluxes, absolute; nan where it was not estimated."""
    distance: float = 0.0
    """Distance of the coefficient to the best estimate of the closed forms; 0 where there is none."""
    rarefaction: float = math.inf
    """delta = p0 a/(mu v0), a the radius or the width; infinite in flow without friction."""
    slant: float = 0.0
    """Angle between the bore and the normal of the wall, degrees."""
    width_ratio: float = 0.0
    """Width over length of a slit in space; 0 of a slit without ends and of a round hole."""


_COLUMNS: Final = FlowSample._fields
_IN_SPACE: Final = _COLUMNS[7:]
"""Columns that only a law with `FORM_IN_SPACE` stores; elsewhere they are 0."""


class HoleShape(NamedTuple):
    """The shape and edge of the hole, which all flows of a law have in common."""

    shape: str
    """round or slit."""
    chamfer_ratio: float = 0.0
    """Leg of the chamfer over diameter or width."""
    rounding_ratio: float = 0.0
    """Edge radius over diameter or width."""

    @property
    def description(self) -> str:
        """The shape in words.

        >>> HoleShape("round", rounding_ratio=0.05).description
        'round hole with edge radius/size 0.05'
        """
        edges = (("chamfer/size", self.chamfer_ratio), ("edge radius/size", self.rounding_ratio))
        edge = " and ".join(f"{name} {ratio:.6g}" for name, ratio in edges if ratio > 0.0)
        return f"{SHAPES[self.shape]} with {edge or 'a sharp edge'}"


@dataclass(frozen=True, eq=False)
class LeakLaw:
    """A fitted law. `fit_law` and `from_mapping` make one."""

    shape: HoleShape
    samples: Floats
    """(n_points, 9): the different flows in ascending order, in the columns of `FlowSample`."""
    correlation: Correlation
    """The correlation over the groups that vary."""

    def discharge_coefficient(
        self,
        pressure_ratio: float,
        thickness_ratio: float,
        heat_capacity_ratio: float,
        rarefaction: float = math.inf,
        slant: float = 0.0,
        width_ratio: float = 0.0,
    ) -> Coefficient:
        """C_d and its uncertainty. Raises OutOfRange outside the hull of the points.

        The arguments are those of `FlowSample`. A law of slits without ends does not ask for their length.

        A law of flow without friction does not depend on the rarefaction parameter. A law of laminar flow
        whose points have one rarefaction parameter holds up to `REACH` beside it, with a wider band.
        """
        ends = width_ratio if self.has_ends else 0.0
        groups, beside = [pressure_ratio, thickness_ratio, heat_capacity_ratio, slant, ends], 0.0
        if self.is_laminar:
            logarithm = math.log10(max(rarefaction, _LEAST_RAREFACTION))
            beside = self._beside(logarithm)
            groups.append(logarithm - beside)
        place = self.hull.held(groups)
        coordinates = _coordinates(place[None], self.hull)[0]
        found, nearness = self.interpolant.at(coordinates), self.interpolant.nearness(coordinates)
        place[FRICTION:] += beside
        per_reduced = float(_per_reduced(place[None], self.shape)[0])
        error = self._error_per_spread * found.spread + abs(beside) * _drift(place)
        if not self.is_laminar:
            near = math.sqrt(float(nearness @ self._of_points**2))
            return Coefficient(per_reduced * found.value, per_reduced * error + near)
        value = per_reduced * math.exp(found.value)
        near = math.sqrt(float(nearness @ (self._of_points / self.samples[:, 3]) ** 2))
        return Coefficient(value, value * (math.expm1(error) + near))

    @property
    def is_laminar(self) -> bool:
        """Whether friction acts on the flows, so that C_d depends on the rarefaction parameter."""
        return bool(np.isfinite(self.samples[0, 6]))

    @property
    def has_ends(self) -> bool:
        """Whether the flows are those of slits in space, whose ends count."""
        return bool(np.any(self.samples[:, 8] > 0.0))

    def _beside(self, logarithm: float) -> float:
        """Logarithm of the rarefaction parameter less the single one of the points; 0 where none is near."""
        values = self.hull.values[FRICTION]
        beside = logarithm - float(values[0])
        return beside if len(values) == 1 and abs(beside) <= REACH else 0.0

    @property
    def points(self) -> int:
        """Number of different flows that the law was fitted to."""
        return len(self.samples)

    @property
    def description(self) -> str:
        """The shape of the hole and the range of each group, in words."""
        return f"{self.shape.description}, {self.hull.description}"

    @cached_property
    def leave_one_out(self) -> float:
        """The largest error of C_d at a point that is left out of the fit; corners are extrapolated."""
        errors = self.interpolant.left_out_errors.errors[: self.points]
        if self.is_laminar:
            return float(np.max(np.expm1(np.abs(errors)) * self.samples[:, 3]))
        return float(np.max(np.abs(errors * _per_reduced(_places(self.samples), self.shape))))

    @property
    def not_estimated(self) -> int:
        """Number of points without an estimated uncertainty."""
        return int(np.sum(np.isnan(self.samples[:, 4])))

    @cached_property
    def uncertainty(self) -> Floats:
        """(n_points,) uncertainty of C_d that its run stated, assumed where it stated none."""
        coefficient, stated = self.samples[:, 3], self.samples[:, 4]
        missing = np.isnan(stated)
        relative = stated[~missing] / coefficient[~missing]
        assumed = max(ASSUMED_UNCERTAINTY, float(relative.max(initial=0.0)))
        uncertainty: Floats = np.where(missing, assumed * coefficient, stated)
        return uncertainty

    def to_mapping(self) -> dict[str, Any]:
        """Arrays, numbers and texts to store. `description` and `leave_one_out` are for other readers."""
        in_space = bool(np.any(self.samples[:, 7:] > 0.0))
        columns = dict(zip(_COLUMNS, self.samples.T.copy(), strict=True))
        return {
            "form": FORM_IN_SPACE if in_space else FORM,
            "description": self.description,
            "leave_one_out": self.leave_one_out,
            **self.shape._asdict(),
            **{name: column for name, column in columns.items() if in_space or name not in _IN_SPACE},
            "lengths": self.correlation.lengths.copy(),
            "noise": self.correlation.noise,
        }

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """The same law as `to_mapping` stored. Raises ResultError where it is damaged or outdated."""
        if mapping.get("form") not in (FORM, FORM_IN_SPACE):
            raise ResultError(
                "the law has a form that this version does not read: use the version that fitted it, or run "
                "`breachflow sweep` again"
            )
        try:
            shape = HoleShape(*(_stored(mapping, name, kind) for name, kind in _FIXED.items()))
            stored = _columns(mapping)
            absent = [np.zeros_like(stored[0])] * (len(_COLUMNS) - len(stored))
            samples = np.column_stack(stored + absent)
            correlation = Correlation(_numbers(mapping, "lengths"), _stored(mapping, "noise", float))
            _require_sound(shape, samples, correlation)
        except (ValueError, OutOfRange) as error:
            raise ResultError(f"the law is damaged: {error}") from error
        return cls(shape, samples, correlation)

    @cached_property
    def hull(self) -> Hull:
        """The range of the law."""
        return _hull(_places(self.samples))

    @cached_property
    def interpolant(self) -> Interpolant:
        """y over the stretched groups."""
        places = _coordinates(_places(self.samples), self.hull)
        return Interpolant(design(places), _reduced(self.samples, self.shape), self.correlation)

    @cached_property
    def _of_points(self) -> Floats:
        """(n_points,) uncertainty of C_d at the points: as stated, or the distance to closed forms."""
        return np.maximum(self.uncertainty, self.samples[:, 5])

    @cached_property
    def _error_per_spread(self) -> float:
        free = split(self.hull.values)[1]
        freedom = self.points / len(self.hull.faces) - len(free) - 1
        return SAFETY * (1.0 + FEW_POINTS / freedom) * self.interpolant.left_out_errors.largest


def fit_law(samples: Iterable[FlowSample], shape: HoleShape) -> LeakLaw:
    """The law fitted to converged flows in any order; of equal flows, the one with less uncertainty counts.

    Raises OutOfRange with the reason where no law can be fitted: too few points, or nothing that varies.
    """
    different = _different(samples)
    _require_enough(different)
    places = _places(different)
    places = _coordinates(places, _hull(places))
    return LeakLaw(shape, different, chosen_correlation(design(places), _reduced(different, shape)))


def _different(samples: Iterable[FlowSample]) -> Floats:
    """(n_points, 9) each flow once, in ascending order; nan for an uncertainty that is not valid.

    Of equal flows the largest distance counts: real flows of one shape may differ in their friction.
    """
    rows = np.array([tuple(sample) for sample in samples], dtype=np.float64).reshape(-1, len(_COLUMNS))
    rows = rows[np.all(np.isfinite(rows[:, :4]), axis=1) & (rows[:, 0] <= LARGEST_RATIO)]
    if not len(rows):
        raise OutOfRange("there is no converged flow to fit a law to")
    rows[~((rows[:, 4] >= 0.0) & np.isfinite(rows[:, 4])), 4] = np.nan
    for column in (0, 1, 2, 7, 8):
        rows[:, column] = _merged(rows[:, column])
    rows[:, 6] = _merged_ratios(rows[:, 6])
    rows = rows[np.lexsort(rows[:, [3, 4, 8, 7, 6, 2, 1, 0]].T)]
    _, first, flow = np.unique(rows[:, [0, 1, 2, 6, 7, 8]], axis=0, return_index=True, return_inverse=True)
    different: Floats = rows[first]
    np.maximum.at(different[:, 5], flow.ravel(), rows[:, 5])
    return different


def _merged(values: Floats) -> Floats:
    """The values of a group (n,) with values made equal that differ by rounding alone."""
    found = np.unique(values)
    found = found[np.concatenate([[True], np.diff(found) > SAME])]
    merged: Floats = found[np.searchsorted(found, values, side="right") - 1]
    return merged


def _merged_ratios(values: Floats) -> Floats:
    """The rarefaction parameters (n,) with values made equal that differ by rounding alone."""
    if not np.all(np.isfinite(values)):
        return np.full(len(values), np.inf)
    return np.asarray(10.0 ** _merged(np.log10(values)))


def _require_enough(different: Floats) -> None:
    places = _places(different)
    values = tuple(np.unique(column) for column in places.T)
    names = [group.name for group, found in zip(GROUPS, values, strict=False) if len(found) > 1]
    if not names:
        raise OutOfRange("all converged flows are the same flow: a law has nothing to depend on")
    listed, free = split(values)
    least = FEWEST * (len(free) + 1) * len(np.unique(places[:, listed], axis=0))
    if len(different) < least:
        raise OutOfRange(
            f"{len(different)} different converged flows are too few for a law over {' and '.join(names)}:"
            f" it takes {least}"
        )


def _stored_columns(mapping: Mapping[str, Any]) -> tuple[str, ...]:
    return _COLUMNS if mapping["form"] == FORM_IN_SPACE else _COLUMNS[: -len(_IN_SPACE)]


def _stored(mapping: Mapping[str, Any], name: str, kind: Callable[[Any], Value]) -> Value:
    """An entry as a kind of value. Raises ValueError, which names it, where it is missing or another kind."""
    if name not in mapping:
        raise ValueError(f"{name}: missing")
    try:
        return kind(mapping[name])
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name}: {error}") from None


def _numbers(mapping: Mapping[str, Any], name: str) -> Floats:
    """One row of numbers. Raises ValueError, which names it."""
    numbers: Floats = _stored(mapping, name, partial(np.asarray, dtype=np.float64))
    if numbers.ndim != 1:
        raise ValueError(f"{name}: has the shape {numbers.shape}")
    return numbers


def _columns(mapping: Mapping[str, Any]) -> list[Floats]:
    """The columns of the samples. Raises ValueError where they are not of one length."""
    names = _stored_columns(mapping)
    columns = [_numbers(mapping, name) for name in names]
    for name, column in zip(names, columns, strict=True):
        if len(column) != len(columns[0]):
            raise ValueError(f"{name}: {len(column)} values beside {len(columns[0])} of {names[0]}")
    return columns


LARGEST_LENGTH: Final = 1e6
"""Largest length of a correlation, in coordinates that are of order 1; the inverse is the least."""

LARGEST_NOISE: Final = 1.0
"""Of a correlation, whose variance is 1."""

_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "pressure_ratio": (0.0, LARGEST_RATIO),
    "thickness_ratio": (0.0, 1e15),
    "heat_capacity_ratio": (1.0 + 1e-9, 5.0 / 3.0 + 1e-6),
    "discharge_coefficient": (1e-9, 2.0),
    "uncertainty": (0.0, 10.0),
    "distance": (0.0, 2.0),
    "rarefaction": (1e-9, 1e12),
    "slant": (0.0, 89.999),
    "width_ratio": (0.0, 1.0),
}
"""Least and largest value of each column; beyond them no fit has any. An uncertainty may be not known (nan),
and without friction every rarefaction parameter is infinite."""


def _require_sound(shape: HoleShape, samples: Floats, correlation: Correlation) -> None:
    """Raise ValueError, which names the entry, or OutOfRange where these belong to no fitted law."""
    if shape.shape not in SHAPES:
        raise ValueError(f"shape: no shape {shape.shape!r}")
    for name, ratio in (("chamfer_ratio", shape.chamfer_ratio), ("rounding_ratio", shape.rounding_ratio)):
        if not 0.0 <= ratio < np.inf:
            raise ValueError(f"{name}: {ratio:g} is no ratio of lengths")
    for name, column in zip(_COLUMNS, samples.T, strict=True):
        least, most = _RANGES[name]
        is_one = (column >= least) & (column <= most)
        if name == "uncertainty":
            is_one |= np.isnan(column)
        elif name == "rarefaction":
            is_one |= bool(np.all(column == np.inf))
        _require(is_one, name, f"not from {least:g} to {most:g}")
    _require_enough(samples)
    _require_correlation(correlation, int(np.sum(np.ptp(_places(samples), axis=0) > 0.0)))


def _require_correlation(correlation: Correlation, varied: int) -> None:
    """Raise ValueError where a correlation is not that of as many groups as vary."""
    lengths = correlation.lengths
    if len(lengths) != varied:
        raise ValueError(f"lengths: {counted(len(lengths), 'value')} for {counted(varied, 'group')}")
    is_one = (lengths > 1.0 / LARGEST_LENGTH) & (lengths < LARGEST_LENGTH)
    _require(is_one, "lengths", f"not between {1.0 / LARGEST_LENGTH:g} and {LARGEST_LENGTH:g}")
    if not 0.0 < correlation.noise <= LARGEST_NOISE:
        raise ValueError(f"noise: {correlation.noise:g} is not above 0 and at most {LARGEST_NOISE:g}")


def _require(fine: Bools, name: str, why: str) -> None:
    """Raise ValueError, which names the entry and the first value that is not fine."""
    if not np.all(fine):
        raise ValueError(f"{name}: value {int(np.argmin(fine)) + 1} is {why}")


def _places(samples: Floats) -> Floats:
    """(n, 5) groups of samples (n, 9); with friction (n, 6), the logarithm of delta too."""
    groups = [*samples[:, :SLANT].T, *samples[:, 7:].T]
    return np.column_stack([*groups, np.log10(samples[:, 6])] if np.isfinite(samples[0, 6]) else groups)


def _hull(places: Floats) -> Hull:
    return hull(GROUPS[: places.shape[1]], places)


def _coordinates(places: Floats, hull: Hull) -> Floats:
    """(n, n_varied) coordinates of the interpolant: the groups that vary, stretched, from 0 to 1."""
    laminar = places.shape[1] > FRICTION
    columns = [_stretched(column, group, laminar) for group, column in enumerate(places.T)]
    values = tuple(_stretched(column, group, laminar) for group, column in enumerate(hull.values))
    return scaled(np.column_stack(columns), values)[:, hull.varied]


def _stretched(column: Floats, group: int, laminar: bool) -> Floats:
    """(n,) values of a group as the interpolant takes them."""
    if group == DEPTH:
        return _logarithm(column) if laminar else _quotient(column)
    return column**2 if group == SLANT else column


def _reduced(samples: Floats, shape: HoleShape) -> Floats:
    """(n_points,) y of samples (n_points, 9), or its logarithm in laminar flow."""
    reduced: Floats = samples[:, 3] / _per_reduced(_places(samples), shape)
    return np.log(reduced) if np.isfinite(samples[0, 6]) else reduced


def _per_reduced(places: Floats, shape: HoleShape) -> Floats:
    """(n,) C_d/y at places (n, 5 or 6): the scale of the flux over phi."""
    scale = _laminar_scale if places.shape[1] > FRICTION else _inviscid_scale
    rows = places.tolist()
    return np.array([scale(row, shape) / mass_flux(row[0], row[2]) for row in rows], dtype=np.float64)


def _drift(place: Floats) -> float:
    """How much y may change per decade of the rarefaction parameter at a place (6,) of laminar flow."""
    return DRIFT[1] if len(place) > FRICTION and place[FRICTION] >= DENSE else DRIFT[0]


def _inviscid_scale(place: Sequence[float], _shape: HoleShape) -> float:
    """sqrt(1 - r): the flow of a constant density."""
    return math.sqrt(1.0 - place[0])


def _laminar_scale(place: Sequence[float], shape: HoleShape) -> float:
    """G sqrt(R T)/p0 by the quasi-one-dimensional law of long bores."""
    ratio, depth, log_delta = place[0], place[DEPTH], place[FRICTION]
    per_size, section = (2.0, TUBE) if shape.shape == "round" else (1.0, CRACK)
    return laminar_flux(per_size * depth, 10.0**log_delta, ratio, section)
