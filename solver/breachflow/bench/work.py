"""What a sweep must do at least, bytes to move and arithmetic, and how long each resource takes for that.

Bytes: every array that the sweep reads or writes, once. So a value that several cells or faces gather is
counted as if it stayed in a cache from its first use to its last; the tables of boundary faces, few, are left
out.

Arithmetic: that of the formulas for HLLC and van Albada at second order, each value worked out once, without
what multiplies by zero or one. Additions, multiplications and comparisons count as one each, so that a fused
multiplication and addition counts as two. Boundary faces count as interior ones. Code that does not fuse, or
works on one number at a time, stays below these bounds: they are limits, not predictions. More than 100 % of
one means that the machine was busier when its limits were measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from breachflow.arrays import Floats
from breachflow.bench.measure.limits import Limits
from breachflow.numerics.space.layout import Layout
from breachflow.numerics.space.residual import Workspace


class Operations(NamedTuple):
    """Arithmetic: additions, multiplications and comparisons; divisions; square roots."""

    flops: float = 0.0
    divides: float = 0.0
    roots: float = 0.0

    def times(self, count: float) -> Operations:
        return Operations(*(count * value for value in self))

    def plus(self, other: Operations) -> Operations:
        return Operations(*(a + b for a, b in zip(self, other, strict=True)))


STATE: Final = Operations(8, 1)
"""Of each cell: primitive variables."""
GRADIENT_ENTRY: Final = Operations(20)
"""Of each neighbor in a stencil: four differences, each times the two weights, added up."""
GRADIENT_START: Final = Operations(-8)
"""Of each cell: the first neighbor has nothing to be added to."""
FACE: Final = Operations(268, 10, 5)
"""Of each face: two limited states and one flux."""
BALANCE_ENTRY: Final = Operations(4)
"""Of each face of a cell: a flux added or subtracted."""
BALANCE_START: Final = Operations(4 * -1 + 2)
"""Of each cell: the first flux has nothing to be added to; the push of the pressure."""


class Work(NamedTuple):
    """What a sweep over a whole mesh takes."""

    bytes: float
    operations: Operations


def sweep_work(layout: Layout, work: Workspace, conserved: Floats) -> dict[str, Work]:
    """The work of each sweep, and of a stage, which is all of them, on one mesh."""
    cells, faces, n = layout.cells, layout.faces, layout.n_cells
    entries, sides = len(cells.stencil), len(cells.faces)
    sweeps = {
        "states": Work(_bytes(conserved, work.primitive), STATE.times(n)),
        "gradients": Work(
            _bytes(work.primitive, cells.stencil_offsets, cells.stencil, cells.weights, work.gradient),
            GRADIENT_ENTRY.times(entries).plus(GRADIENT_START.times(n)),
        ),
        "fluxes": Work(_bytes(work.primitive, work.gradient, *faces, work.flux), FACE.times(len(faces.area))),
        "balances": Work(
            _bytes(work.primitive, work.flux, cells.face_offsets, cells.faces, faces.left)
            + _bytes(cells.source_area, conserved),
            BALANCE_ENTRY.times(sides).plus(BALANCE_START.times(n)),
        ),
    }
    return {**sweeps, "stage": _sum(sweeps.values())}


def _sum(sweeps: Iterable[Work]) -> Work:
    """The work of sweeps one after the other, none of whose arrays stays in a cache for the next."""
    moved, operations = 0.0, Operations()
    for sweep in sweeps:
        moved += sweep.bytes
        operations = operations.plus(sweep.operations)
    return Work(moved, operations)


def _bytes(*arrays: Any) -> float:
    return float(sum(array.nbytes for array in arrays))


def bounds(work: Work, limits: Limits, cache: int) -> Mapping[str, float]:
    """Least time of each resource, s, for a sweep that is done again and again.

    What the last-level cache (B) can hold may still be there from the last time; memory delivers the rest.

    >>> work = Work(6e6, Operations(flops=8e6, divides=1e6, roots=2e6))
    >>> limits = Limits(memory=1e9, cache=3e9, multiply_add=4e9, divide=1e9, square_root=5e8)
    >>> dict(bounds(work, limits, cache=4_000_000))
    {'memory': 0.002, 'cache': 0.002, 'arithmetic': 0.002, 'divider': 0.005}
    """
    flops, divides, roots = work.operations
    return {
        "memory": max(work.bytes - cache, 0.0) / limits.memory,
        "cache": work.bytes / limits.cache,
        "arithmetic": flops / limits.multiply_add,
        "divider": divides / limits.divide + roots / limits.square_root,
    }
