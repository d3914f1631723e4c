"""Least work of each kernel of the right-hand side, bytes and operations, and the time that it takes.

Bytes: every array that the kernel reads or writes counts once, as if each value stayed in a cache between its
first and last use. The tables of boundary faces are small and do not count.

Arithmetic: the operations of the formulas for HLLC and van Albada at second order, with each value computed
once and without multiplications by zero or one. An addition, a multiplication and a comparison count as one
each, so a fused multiply-add counts as two. Boundary faces count as interior faces.

The resulting times are lower bounds, not predictions. A fraction above 100 % means that the machine was
busier when its limits were measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from numpy.typing import NDArray

from breachflow.arrays import Floats
from breachflow.bench.measure.limits import Limits
from breachflow.numerics.space.layout import Layout
from breachflow.numerics.space.residual import Workspace


class Operations(NamedTuple):
    """Numbers of operations: flops (additions, multiplications, comparisons), divisions, square roots."""

    flops: float = 0.0
    divides: float = 0.0
    roots: float = 0.0

    def times(self, count: float) -> Operations:
        """The operations of `count` cells or faces."""
        return Operations(*(count * value for value in self))

    def plus(self, other: Operations) -> Operations:
        """The sum of both."""
        return Operations(*(a + b for a, b in zip(self, other, strict=True)))


STATE: Final = Operations(8, 1)
"""Primitive variables of a cell."""
GRADIENT_ENTRY: Final = Operations(20)
"""A neighbor in a gradient's stencil: four differences, each times two weights, added up."""
GRADIENT_START: Final = Operations(-8)
"""Correction per cell: the terms of the first neighbor need no addition."""
FACE: Final = Operations(268, 10, 5)
"""A face: two limited states and one flux."""
BALANCE_ENTRY: Final = Operations(4)
"""A face of a cell: a flux added or subtracted."""
BALANCE_START: Final = Operations(4 * -1 + 2)
"""Correction per cell: the first flux needs no addition; the pressure source of axisymmetric flow does."""


class Work(NamedTuple):
    """Least work of a kernel on a whole mesh."""

    bytes: float
    operations: Operations


def sweep_work(layout: Layout, work: Workspace, conserved: Floats) -> dict[str, Work]:
    """Work of each kernel on a mesh, and of a stage, which is all of them. `conserved` is (n_cells, 4)."""
    cells, faces, n = layout.cells, layout.faces, layout.n_cells
    entries, sides = len(cells.stencil), len(cells.faces)
    used = faces._replace(inverse_radius=faces.area[:0])  # friction alone asks for the radius
    sweeps = {
        "states": Work(_bytes(conserved, work.primitive), STATE.times(n)),
        "gradients": Work(
            _bytes(work.primitive, cells.stencil_offsets, cells.stencil, cells.weights, work.gradient),
            GRADIENT_ENTRY.times(entries).plus(GRADIENT_START.times(n)),
        ),
        "fluxes": Work(_bytes(work.primitive, work.gradient, *used, work.flux), FACE.times(len(faces.area))),
        "balances": Work(
            _bytes(work.primitive, work.flux, cells.face_offsets, cells.faces, faces.left)
            + _bytes(cells.source_area, conserved),
            BALANCE_ENTRY.times(sides).plus(BALANCE_START.times(n)),
        ),
    }
    return {**sweeps, "stage": _sum(sweeps.values())}


def _sum(sweeps: Iterable[Work]) -> Work:
    """Work of all kernels in turn, without arrays that stay in a cache from one to the next."""
    moved, operations = 0.0, Operations()
    for sweep in sweeps:
        moved += sweep.bytes
        operations = operations.plus(sweep.operations)
    return Work(moved, operations)


def _bytes(*arrays: NDArray[Any]) -> float:
    return float(sum(array.nbytes for array in arrays))


def bounds(work: Work, limits: Limits, cache: int) -> Mapping[str, float]:
    """Least time of each resource, s, for a kernel that is called repeatedly.

    Memory delivers the bytes that the last-level cache, of `cache` bytes, cannot hold between two calls.

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
