"""The law of the fall: the pressure of a leaking volume, with jumps and with changes of the opening.

Between two marks dp/dt = -K p^n, of which K p0^(n-1) = k is the share of the gas that leaks in a second at
the start. With x = K p_s^(n-1) (t - t_s) from a start (t_s, p_s), p = p_s exp(-x) for n = 1, else
p = p_s (1 + (n - 1) x)^(-1/(n - 1)). A jump adds to p; a change adds to k.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats

LEAST_SHARE: Final = 1e-6
"""Of 1 + (n - 1) x: below it a law of n < 1 is empty, and one of n > 1 has no past."""


class Marks(NamedTuple):
    """Times at which something is known or supposed to have happened, s from the start."""

    jumps: tuple[float, ...] = ()
    """The pressure jumps, by an unknown amount."""
    changes: tuple[float, ...] = ()
    """The opening changes, by an unknown factor."""
    fed: tuple[tuple[float, float], ...] = ()
    """Gas is let in: times, and by how much the pressure rises. Pressures of the law are without it."""


class Piece(NamedTuple):
    """What holds from a mark on, or at each of many times, with derivatives by all unknowns of the law."""

    time: Floats
    pressure: Floats
    """With what was fed until then."""
    pressure_slope: Floats
    """(..., n_unknowns)"""
    conductance: Floats
    """K, of the pressure in units of the pressure scale."""
    conductance_slope: Floats
    """(..., n_unknowns)"""
    fed: Floats
    """By how much the pressure has risen by what was fed."""


@dataclass(frozen=True)
class FallLaw:
    """A fall with the exponent n. Its unknowns: p0, k, the jumps, the changes of k, in this order."""

    exponent: float
    marks: Marks

    @property
    def unknowns(self) -> int:
        """How many there are."""
        return 2 + len(self.marks.jumps) + len(self.marks.changes)

    def pieces(self, values: Floats) -> list[Piece]:
        """From the start and from each mark on, of values (n_unknowns,)."""
        n, start, rate = self.exponent, values[0], values[1]
        power = start ** (1.0 - n)
        slope = np.zeros(self.unknowns)
        slope[0], slope[1] = (1.0 - n) * rate * power / start, power
        none = np.asarray(0.0)
        pieces = [Piece(none, start, _unit(self.unknowns, 0), rate * power, slope, none)]
        for time, index, rise in self._events():
            last = pieces[-1]
            pressure, height_slope = self._at(last, np.asarray(time))
            height = pressure + last.fed + rise
            after, after_slope = last.conductance, last.conductance_slope
            if 2 <= index < 2 + len(self.marks.jumps):
                height, height_slope = height + values[index], height_slope + _unit(self.unknowns, index)
            elif index >= 2:
                after = after + values[index] * power
                after_slope = after_slope + power * _unit(self.unknowns, index)
                after_slope[0] += (1.0 - n) * values[index] * power / start
            pieces.append(Piece(np.asarray(time), height, height_slope, after, after_slope, last.fed + rise))
        return pieces

    def pressure(self, values: Floats, times: Floats) -> tuple[Floats, Floats]:
        """Pressures (n_times,) without what was fed, and their derivatives (n_times, n_unknowns)."""
        return self._at(self._pieces_at(values, times), times)

    def with_curvature(self, values: Floats, times: Floats) -> tuple[Floats, Floats, Floats]:
        """The same, and (n_times,) the second derivative by the time: n K^2 p^(2 n - 1)."""
        piece = self._pieces_at(values, times)
        pressures, slopes = self._at(piece, times)
        power = (pressures + piece.fed) ** (2.0 * self.exponent - 1.0)
        return pressures, slopes, np.asarray(self.exponent * piece.conductance**2 * power)

    def _pieces_at(self, values: Floats, times: Floats) -> Piece:
        """The piece that holds at each time."""
        pieces = self.pieces(values)
        which = np.searchsorted([piece.time for piece in pieces[1:]], times, side="right")
        return Piece(*(np.array(field)[which] for field in zip(*pieces, strict=True)))

    def _events(self) -> list[tuple[float, int, float]]:
        """Times of marks, the places of their unknowns, and rises that are known, in the order of time."""
        times = [*self.marks.jumps, *self.marks.changes]
        return sorted(
            [(time, 2 + index, 0.0) for index, time in enumerate(times)]
            + [(time, 0, rise) for time, rise in self.marks.fed]
        )

    def _at(self, piece: Piece, times: Floats) -> tuple[Floats, Floats]:
        """Pressures (n_times,) of pieces without what was fed, and derivatives (n_times, n_unknowns)."""
        n, start = self.exponent, piece.pressure
        elapsed = times - piece.time
        x = piece.conductance * start ** (n - 1.0) * elapsed
        share = share_left(x, n)
        pressures = start * share
        by_start = share - (n - 1.0) * x * share**n
        by_conductance = -(pressures**n) * elapsed
        slopes = (
            by_start[..., None] * piece.pressure_slope + by_conductance[..., None] * piece.conductance_slope
        )
        return pressures - piece.fed, slopes


def share_left(x: Floats, exponent: float) -> Floats:
    """(n,) share of the pressure left: dg/dx = -g^n from g = 1 at x = 0."""
    if exponent == 1.0:
        return np.asarray(np.exp(-np.minimum(np.maximum(x, -50.0), 50.0)))
    inside = np.maximum(1.0 + (exponent - 1.0) * x, LEAST_SHARE)
    return np.asarray(inside ** (-1.0 / (exponent - 1.0)))


def _unit(count: int, index: int) -> Floats:
    """(count,) one at the index, else zero."""
    found = np.zeros(count)
    found[index] = 1.0
    return found
