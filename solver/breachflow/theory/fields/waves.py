"""Fields with their derivatives: products and powers of smooth functions of x and y."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats


class Wave(NamedTuple):
    """A field with its derivatives, arrays of one shape."""

    value: Floats
    by_x: Floats
    by_y: Floats

    def __mul__(self, other: object) -> Wave:
        """The product rule."""
        assert isinstance(other, Wave)
        return Wave(
            self.value * other.value,
            self.by_x * other.value + self.value * other.by_x,
            self.by_y * other.value + self.value * other.by_y,
        )

    def __add__(self, other: object) -> Wave:
        """The sum of two fields."""
        assert isinstance(other, Wave)
        return Wave(self.value + other.value, self.by_x + other.by_x, self.by_y + other.by_y)

    def scaled(self, factor: float) -> Wave:
        """The field times a number."""
        return Wave(factor * self.value, factor * self.by_x, factor * self.by_y)

    def raised(self, number: float) -> Wave:
        """The field, which is positive, plus a number."""
        return Wave(self.value + number, self.by_x, self.by_y)

    def power(self, exponent: float) -> Wave:
        """A power of a positive field."""
        slope = exponent * self.value ** (exponent - 1.0)
        return Wave(self.value**exponent, slope * self.by_x, slope * self.by_y)


class Ripple(NamedTuple):
    """mean + size cos(pi x + x_phase) cos(pi y + y_phase); its derivatives are ripples too."""

    mean: float
    size: float
    x_phase: float
    y_phase: float

    @property
    def along_x(self) -> Ripple:
        """The derivative by x."""
        return Ripple(0.0, np.pi * self.size, self.x_phase + 0.5 * np.pi, self.y_phase)

    @property
    def along_y(self) -> Ripple:
        """The derivative by y."""
        return Ripple(0.0, np.pi * self.size, self.x_phase, self.y_phase + 0.5 * np.pi)

    def at(self, x: Floats, y: Floats) -> Wave:
        """The field with its first derivatives, in the shape of x and y."""
        return Wave(self.value(x, y), self.along_x.value(x, y), self.along_y.value(x, y))

    def value(self, x: Floats, y: Floats) -> Floats:
        """The values at x and y, arrays of one shape, in half wavelengths.

        >>> float(Ripple(1.0, 0.5, 0.0, 0.0).value(np.ones(1), np.zeros(1))[0])
        0.5
        """
        across, up = np.cos(np.pi * x + self.x_phase), np.cos(np.pi * y + self.y_phase)
        return np.asarray(self.mean + self.size * across * up)
