"""Conserved and primitive states in rows of arrays, in any number of dimensions."""

from __future__ import annotations

import numpy as np

from breachflow.arrays import Floats


def conserved_rows(primitive: Floats, gamma: float) -> Floats:
    """Density, momentum and energy per volume (n, nvar) of density, velocity and pressure (n, nvar)."""
    density, velocity, pressure = primitive[:, 0], primitive[:, 1:-1], primitive[:, -1]
    energy = pressure / (gamma - 1.0) + 0.5 * density * np.sum(velocity**2, axis=1)
    return np.column_stack([density, density[:, None] * velocity, energy])


def primitive_rows(conserved: Floats, gamma: float) -> Floats:
    """Density, velocity and pressure (n, nvar) of density, momentum and energy per volume (n, nvar).

    A vacuum is at rest.
    """
    density, momentum, energy = conserved[:, 0], conserved[:, 1:-1], conserved[:, -1]
    velocity = np.zeros_like(momentum)
    np.divide(momentum, density[:, None], out=velocity, where=density[:, None] != 0.0)
    pressure = (gamma - 1.0) * (energy - 0.5 * np.sum(momentum * velocity, axis=1))
    return np.column_stack([density, velocity, pressure])


def lengths(vectors: Floats) -> Floats:
    """Lengths (n,) of vectors (n, dimension)."""
    return np.asarray(np.hypot.reduce(vectors, axis=1))


def mach_numbers(primitive: Floats, gamma: float) -> Floats:
    """Mach numbers (n,) of primitive states (n, nvar)."""
    sound = np.sqrt(gamma * primitive[:, -1] / primitive[:, 0])
    return np.asarray(lengths(primitive[:, 1:-1]) / sound)
