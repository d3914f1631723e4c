"""Lines of cells across the flow: how two meshes of one template correspond line by line.

The cells of such a mesh are numbered line after line from upstream to downstream; every line has the same
number of cells, from the axis to the wall.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from breachflow.arrays import Floats, Ints


class LineCounts(NamedTuple):
    """Numbers of lines in the three parts of a mesh of a hole, and cells of each line."""

    upstream: int
    """Lines upstream of the hole's first corner."""
    bore: int
    """Lines between the hole's first and last corner; 0 for a knife edge."""
    downstream: int
    """Lines downstream of the hole's last corner."""
    rows: int
    """Cells of each line."""

    @property
    def lines(self) -> int:
        """Number of lines."""
        return self.upstream + self.bore + self.downstream

    @property
    def cells(self) -> int:
        """Number of cells of the mesh."""
        return self.lines * self.rows


class LineMatch(NamedTuple):
    """Lines of a mesh that correspond to lines of another; each lies between two lines of the other."""

    lines: Ints
    """(n,) lines of this mesh that the other one has too."""
    before: Ints
    """(n,) line of the other mesh at or upstream of each."""
    after: Ints
    """(n,) line of the other mesh at or downstream of each."""
    weight: Floats
    """(n,) weight of `after` in linear interpolation, 0 to 1; `before` has the rest."""


def matching_lines(own: LineCounts, other: LineCounts) -> LineMatch:
    """The lines of `other` that correspond to those of `own`, part by part.

    Upstream and downstream, lines are counted from the hole; lines farther out than those of `other` have no
    match. In the bore, lines at the same fraction of its length match. A bore that `other` lacks is
    interpolated between the two lines next to its knife edge.
    """
    upstream, downstream = min(own.upstream, other.upstream), min(own.downstream, other.downstream)
    end, other_end = own.upstream + own.bore, other.upstream + other.bore
    near = np.arange(other.upstream - upstream, other.upstream)
    far = np.arange(other_end, other_end + downstream)
    place = _bore_places(own.bore, other)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, other.lines - 1)
    return LineMatch(
        lines=np.arange(own.upstream - upstream, end + downstream, dtype=np.int32),
        before=np.concatenate([near, below, far]).astype(np.int32),
        after=np.concatenate([near, above, far]).astype(np.int32),
        weight=np.concatenate([np.zeros(upstream), place - below, np.zeros(downstream)]),
    )


def _bore_places(count: int, other: LineCounts) -> Floats:
    """Positions of the lines of a bore among those of the other mesh, (count,), in lines."""
    fraction = (np.arange(count) + 0.5) / count if count else np.zeros(0)
    if not other.bore:
        return other.upstream - 1 + fraction
    place = other.upstream + fraction * other.bore - 0.5
    return np.clip(place, other.upstream, other.upstream + other.bore - 1)
