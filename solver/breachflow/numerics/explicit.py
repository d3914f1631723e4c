"""Time-accurate steps: strong-stability-preserving Runge-Kutta with one step for all cells.

Shu and Osher 1988 (J. Comput. Phys. 77), third order in three stages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from breachflow.compiled import kernel, parallel_kernel, prange
from breachflow.errors import NonPhysicalState
from breachflow.mesh.mesh import Floats
from breachflow.numerics.jacobian import scale_and_rate
from breachflow.numerics.layout import Layout
from breachflow.numerics.records import load_conserved, store_conserved
from breachflow.numerics.residual import Scheme, make_workspace, residual
from breachflow.physics.gas import Gas, Primitive, conserved_of, primitive_of
from breachflow.vectors import combine

STAGES = ((0.0, 1.0), (0.75, 0.25), (1.0 / 3.0, 2.0 / 3.0))
"""Shares of the old state and of the Euler step from the last stage."""


class Floor(NamedTuple):
    """Least density and pressure: the background that stands for a vacuum (as shares of the reference)."""

    density: float
    pressure: float


class ExplicitStepper:
    """Steps in physical time on one mesh."""

    def __init__(self, layout: Layout, gas: Gas, scheme: Scheme, floor: Floor, cfl: float) -> None:
        n, nvar = layout.n_cells, layout.n_variables
        self.layout, self.gas, self.scheme, self.floor, self.cfl = layout, gas, scheme, floor, cfl
        self.work = make_workspace(layout)
        self.residual, self.old, self.scale = np.empty((3, n, nvar))
        self.rate = np.empty(n)
        self.floored = 0
        """Cells in which the floor had to hold, in the worst stage so far."""

    def longest_step(self, conserved: Floats) -> float:
        """The stable step: the time in which waves cross the worst cell, times the CFL number."""
        axes, cells, faces, _ = self.layout
        scale_and_rate(conserved, cells, faces, axes, self.gas, self.scale, self.rate)
        return self.cfl * shortest_time(cells.volume, self.rate)

    def step(self, conserved: Floats, duration: float) -> None:
        """Move the state (in place) by `duration`.

        Raises NonPhysicalState, with the number of the cell, where a state is no longer finite.
        """
        self.old[:] = conserved
        for old_share, new_share in STAGES:
            residual(conserved, self.layout, self.scheme, self.gas, self.work, self.residual)
            volume = self.layout.cells.volume
            stage(conserved, self.old, self.residual, volume, duration, old_share, new_share)
            first_bad, floored = enforce_floor(conserved, self.floor, self.layout.axes, self.gas)
            if first_bad >= 0:
                raise NonPhysicalState(f"cell {first_bad} has no finite density or pressure")
            self.floored = max(self.floored, int(floored))

    def advance(self, conserved: Floats, duration: float, after_step: Callable[[float], bool]) -> float:
        """Step until `duration` is over or `after_step(time)` says to stop; returns the time reached."""
        time = 0.0
        while time < duration * (1.0 - 1e-12):
            step = min(self.longest_step(conserved), duration - time)
            self.step(conserved, step)
            time += step
            if after_step(time):
                break
        return time


@kernel
def shortest_time(volume: Any, rate: Any) -> float:
    """Least volume over rate of all cells."""
    least = np.inf
    for cell in range(len(volume)):
        least = min(least, volume[cell] / rate[cell])
    return least


@parallel_kernel
def stage(
    conserved: Any, old: Any, residual_here: Any, volume: Any, duration: float, old_share: float,
    new_share: float,
) -> None:  # fmt: skip
    """conserved = old_share * old + new_share * (conserved - duration/volume * residual)."""
    for cell in prange(conserved.shape[0]):
        factor = duration / volume[cell]
        for variable in range(conserved.shape[1]):
            euler = conserved[cell, variable] - factor * residual_here[cell, variable]
            conserved[cell, variable] = old_share * old[cell, variable] + new_share * euler


@kernel
def enforce_floor(conserved: Any, floor: Floor, axes: tuple[int, ...], gas: Gas) -> tuple[int, int]:
    """Hold density and pressure at the floor; returns the first cell not finite (or -1), and the cuts.

    Gas thinner than the floor is replaced by the floor's at rest; gas colder than it allows is warmed.
    """
    floored = 0
    for cell in range(conserved.shape[0]):
        state = primitive_of(load_conserved(conserved, cell, axes), gas)
        if not (abs(state.density) < np.inf and abs(state.pressure) < np.inf):
            return cell, floored
        if state.density < floor.density or state.pressure < floor.pressure:
            floored += 1
            kept = 0.0 if state.density < floor.density else 1.0
            velocity = combine(kept, state.velocity, 0.0, state.velocity)
            density, pressure = max(state.density, floor.density), max(state.pressure, floor.pressure)
            lifted = conserved_of(Primitive(density, velocity, pressure), gas)
            store_conserved(lifted, 1.0, conserved, cell)
    return -1, floored
