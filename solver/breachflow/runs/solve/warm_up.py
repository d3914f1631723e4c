"""Compiling the kernels before the first run: two processes at once, each on a mesh of a few cells.

`python -m breachflow.runs.solve.warm_up PART` compiles one part into the cache on disk.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from subprocess import DEVNULL, Popen

import numpy as np

from breachflow.arrays import Floats
from breachflow.compiled import cache_is_cold
from breachflow.mesh.metric import compute_metric
from breachflow.numerics.implicit import jacobian, krylov, newton
from breachflow.numerics.implicit.newton import ImplicitStepper
from breachflow.numerics.space.discretization import Discretization, Scheme
from breachflow.numerics.space.layout import Layout, make_layout
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Gas
from breachflow.physics.limiters import Limiter
from breachflow.templates.library.block import BlockShape, block_family

AIR = Gas(1.4)
SCHEME = Scheme(int(NumericalFlux["HLLC"]), int(Limiter["VAN_ALBADA"]), 2)


def warm_up() -> float:
    """Compile the kernels of a steady run in two processes, if none is in the cache on disk; the time, s."""
    if not cache_is_cold():
        return 0.0
    began = time.monotonic()
    command = [sys.executable, "-m", __name__, "linear"]
    with Popen(command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL) as beside:
        try:
            PARTS["flow"]()
        except BaseException:
            beside.kill()
            raise
    return time.monotonic() - began


def _small_layout() -> Layout:
    """Four cells with walls around them."""
    mesh = block_family(BlockShape((0.0, 1.0), (0.0, 1.0), (2, 2), False, 0.0), 1)[0]
    walls = np.zeros(int(np.count_nonzero(mesh.face_cells[:, 1] < 0)), dtype=np.int32)
    states = np.tile([1.0, 0.0, 0.0, 1.0], (len(walls), 1))
    return make_layout(mesh, compute_metric(mesh, axisymmetric=False), walls, states)


def _stepper() -> tuple[ImplicitStepper, Floats]:
    layout = _small_layout()
    discretization = Discretization(layout, SCHEME, AIR)
    return ImplicitStepper(discretization, 1.0), np.tile([1.0, 0.0, 0.0, 2.5], (layout.n_cells, 1))


def _copy(vector: Floats, out_product: Floats) -> None:
    out_product[:] = vector


def _compile_flow() -> None:
    """Compile the right-hand side and GMRES."""
    stepper, conserved = _stepper()
    stepper.evaluate(conserved)
    space = stepper.arrays.space
    krylov.gmres(_copy, _copy, conserved, 0.1, space)
    newton.extents(space.fresh.reshape(-1), stepper.arrays.extents)


def _compile_linear() -> None:
    """Compile the Jacobian, its preconditioner and the update of a step."""
    stepper, conserved = _stepper()
    stepper.prepare(conserved)
    arrays, space = stepper.arrays, stepper.arrays.space
    stepper.precondition(space.basis[0].reshape(conserved.shape), space.prepared)
    jacobian.move(conserved, space.prepared, arrays.scale, 0.0, arrays.moved)
    jacobian.difference(conserved, conserved, conserved, stepper.scaling, 1.0, space.fresh)
    stepper.update(conserved, np.zeros_like(conserved))


PARTS: dict[str, Callable[[], None]] = {"flow": _compile_flow, "linear": _compile_linear}

if __name__ == "__main__":
    PARTS[sys.argv[1]]()
