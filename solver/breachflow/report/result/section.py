"""Velocity and temperature across the bore of a laminar result, and the parabola of developed flow."""

from __future__ import annotations

from math import sqrt
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.boundaries import Slip
from breachflow.case.schema import Case
from breachflow.errors import OutOfRange, UsageError
from breachflow.leak.throat import gas_viscosity
from breachflow.report.result.geometry import Hole
from breachflow.results import Result
from breachflow.results.data import Patch
from breachflow.results.export.sampling import Line, line_columns
from breachflow.theory.rarefied.crack import SLIP

WALL: Final = "wall"
"""The kind of a wall that a case says nothing more of: the gas slips, by diffuse reflection."""

POINTS: Final = 81
"""Points across half of the bore."""

INSIDE: Final = 1.0 - 1e-6
"""Last point over the half-width: the wall itself may lie outside of every cell by rounding."""

SAMPLED: Final = ("velocity", "temperature", "pressure")


class BoreSection(NamedTuple):
    """The gas across half of the bore, from the axis to the wall; (n,) each."""

    depth: float
    """Distance from the upstream face over the depth of the bore."""
    place: Floats
    """Distance from the axis over radius or half-width."""
    speed: Floats
    """Along the bore, m/s."""
    temperature: Floats
    """K."""
    pressure: Floats
    """Pa."""
    mean_speed: float
    """Mean of the speed over the whole section, m/s."""


def bore_section(result: Result, hole: Hole, depth: float) -> BoreSection | None:
    """The section at a depth, a fraction of the bore's; None where the mesh has no gas there."""
    x, half = hole.plane + depth * hole.wall_thickness, 0.5 * hole.size
    fields = {name: result.fields[name] for name in SAMPLED}
    try:
        columns = line_columns(result, fields, Line((x, 0.0), (x, INSIDE * half), POINTS))
    except UsageError:
        return None
    rows = {name: np.asarray(column.values, dtype=np.float64) for name, column in columns.items()}
    place, speed = rows["y"] / half, rows["velocity_x"]
    sampled = np.array([place, speed, rows["temperature"], rows["pressure"]])
    if not np.isfinite(sampled).all():
        return None
    weight = place if hole.is_round else np.ones(len(place))
    mean = float(np.trapezoid(weight * speed, place) / np.trapezoid(weight, place))
    place, speed, temperature, pressure = sampled[:, : _within_centers(speed)]
    return BoreSection(depth, place, speed, temperature, pressure, mean)


def _within_centers(speed: Floats) -> int:
    """Number of points up to the center of the last cell: beyond it the speed (n,) is not extrapolated."""
    changes = np.flatnonzero(np.diff(speed))
    return int(changes[-1]) + 2 if len(changes) else len(speed)


def developed_speed(place: Floats, hole: Hole, slip: float) -> Floats:
    """The parabola with slip over its mean: (1 - y^2 + s)/(k + s), k = 1/2 (round) or 2/3 (slit).

    `slip` is s = 2 sigma l/a, l = mu sqrt(2 R T)/p, a the radius or half-width (H. Lamb, Hydrodynamics, 1932,
    articles 330 and 331).
    """
    return np.asarray((1.0 - place**2 + slip) / ((0.5 if hole.is_round else 2.0 / 3.0) + slip))


def slip_of(result: Result, hole: Hole, section: BoreSection) -> float:
    """s of the gas at the wall of a section; 0 where it sticks, or where its viscosity is not known."""
    gas = result.case.species
    sigma = max((_slip_coefficient(result.case, *item) for item in result.patches.items()), default=0.0)
    temperature, pressure = float(section.temperature[-1]), float(section.pressure[-1])
    try:
        viscosity = gas_viscosity(gas, temperature)
    except OutOfRange:
        return 0.0
    path = viscosity * sqrt(2.0 * gas.specific_gas_constant * temperature) / pressure
    return 2.0 * sigma * path / (0.5 * hole.size)


def _slip_coefficient(case: Case, name: str, patch: Patch) -> float:
    """sigma of a patch; 0 of one along which no gas slips."""
    if patch.kind == WALL:
        return SLIP
    entry = case.boundary.get(name)
    return SLIP * (2.0 - entry.accommodation) / entry.accommodation if isinstance(entry, Slip) else 0.0
