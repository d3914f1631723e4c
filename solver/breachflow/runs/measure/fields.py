"""The solution in SI units, as it is written."""

from __future__ import annotations

from typing import Final

import numpy as np

from breachflow.arrays import Floats
from breachflow.results import Field
from breachflow.runs.setup.problem import Problem
from breachflow.runs.setup.states import primitive_rows

_VELOCITY: Final = {2: "velocity along x, and y (or the radius), and 0", 3: "velocity along x, y and z"}
"""What the components of a velocity are, by the dimension of the mesh."""


def state_fields(problem: Problem, conserved: Floats) -> dict[str, Field]:
    """Fields in SI units of conserved states (n, nvar) in units of the reference."""
    reference, gamma = problem.reference, problem.gas.gamma
    primitive = primitive_rows(conserved, gamma)
    density, velocity, pressure = primitive[:, 0], primitive[:, 1:-1], primitive[:, -1]
    space = np.zeros((len(density), 3))
    space[:, : velocity.shape[1]] = velocity * reference.velocity
    temperature = pressure / density
    mach = np.linalg.norm(velocity, axis=1) / np.sqrt(gamma * temperature)
    return {
        "density": Field(density * reference.density, "kg/m3", "density"),
        "velocity": Field(space, "m/s", _VELOCITY[velocity.shape[1]]),
        "pressure": Field(pressure * reference.pressure, "Pa", "static pressure"),
        "temperature": Field(temperature * reference.temperature, "K", "static temperature"),
        "mach": Field(mach, "1", "Mach number"),
    }
