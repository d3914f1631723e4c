"""Compiling the kernels before the first run: in processes of its own, each on a mesh of a few cells.

`python -m breachflow.runs.solve.warm_up PART MODEL DIMENSION` compiles one part into the cache on disk. The
compiler cannot be interrupted, but a process can be killed: so a run stops at once while its kernels are
compiled. Such a process ends when the one that started it does.

Kernels for the plane and for space lie in the same files. Those for space are compiled when the first mesh in
space is run; a mark beside the files then says so.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import Final, NamedTuple

import numpy as np

from breachflow.arrays import Floats
from breachflow.case.schema import Case
from breachflow.compiled import code_cache, has_compiler
from breachflow.errors import Stopped
from breachflow.mesh.metric import compute_metric
from breachflow.numerics.explicit.floor import Floor
from breachflow.numerics.explicit.local_steps import advance_cycle
from breachflow.numerics.explicit.stepper import ExplicitStepper
from breachflow.numerics.implicit import jacobian, krylov, newton, update
from breachflow.numerics.implicit.newton import ImplicitStepper
from breachflow.numerics.space.discretization import Discretization, Scheme
from breachflow.numerics.space.layout import Layout, make_layout
from breachflow.numerics.space.residual import temperatures
from breachflow.physics.fluxes import NumericalFlux
from breachflow.physics.gas import Gas
from breachflow.physics.limiters import Limiter
from breachflow.processes.child import end_with_parent
from breachflow.runs.progress import StopRequest
from breachflow.templates.hole_lines import OrificeShape
from breachflow.templates.library.block import BlockShape, block_family
from breachflow.templates.solid_hole import HoleInSpace, solid_hole_family

GASES: Final = {"inviscid": Gas(1.4), "laminar": Gas(1.4, viscosity=1e-3)}
"""A gas of each model of the flow."""

SCHEME: Final = Scheme(int(NumericalFlux["HLLC"]), int(Limiter["VAN_ALBADA"]), 2)

PAUSE: Final = 0.05
"""s between two questions whether to stop."""


class KernelPart(NamedTuple):
    """Kernels that one process compiles."""

    compile: Callable[[Gas, int], None]
    """Compile for a gas and a dimension."""
    last: tuple[Callable[..., object], ...]
    """Kernels that are compiled last: the part is on disk where they are."""
    of_friction: tuple[Callable[..., object], ...] = ()
    """Kernels that only laminar flow needs."""

    def is_on_disk(self, model: str) -> bool:
        """Whether a run of this model in the plane finds its machine code."""
        kernels = self.last + (self.of_friction if model == "laminar" else ())
        names = [f"{kernel.__module__.rpartition('.')[2]}.{kernel.__name__}-*.nbi" for kernel in kernels]
        return all(any(Path(code_cache().folder).rglob(name)) for name in names)


def warm_up(
    mode: str = "steady", model: str = "laminar", stop: StopRequest | None = None, dimension: int = 2
) -> float:
    """Compile the kernels of a run that are not in the cache on disk; the time, s.

    Raises Stopped where that is asked for meanwhile.
    """
    if not has_compiler():
        return 0.0
    missing = [name for name in MODES[mode] if not _is_compiled(name, model, dimension)]
    if not missing:
        return 0.0
    began = time.monotonic()
    _end_if_asked(stop)  # from the first question on, a signal is a request that ends here, not an abort
    with _processes([[name, model, str(dimension)] for name in missing]) as processes:
        while any(process.poll() is None for process in processes):
            _end_if_asked(stop)
            time.sleep(PAUSE)
    return time.monotonic() - began


def warm_up_for(case: Case, dimension: int, stop: StopRequest | None = None) -> float:
    """Compile the kernels of the run of a case that are not in the cache on disk; the time, s.

    Raises Stopped where that is asked for meanwhile.
    """
    implicit = case.run.mode == "steady" or case.run.time_step is not None
    model = "laminar" if case.flow.is_viscous else "inviscid"
    return warm_up("steady" if implicit else "transient", model, stop, dimension)


def _is_compiled(part: str, model: str, dimension: int) -> bool:
    """Whether a run finds the machine code of a part."""
    if dimension == 2:
        return PARTS[part].is_on_disk(model)
    return any(_mark(part, one).exists() for one in {model, "laminar"})


def _mark(part: str, model: str) -> Path:
    """The file that says that a part is compiled for space."""
    return Path(code_cache().folder, f"space-{part}-{model}")


def _end_if_asked(stop: StopRequest | None) -> None:
    reason = stop() if stop is not None else None
    if reason:
        raise Stopped(f"stopped while the kernels were compiled ({reason}); nothing was written")


@contextmanager
def _processes(arguments: list[list[str]]) -> Iterator[list[Popen[bytes]]]:
    """Processes of this module, which are killed at the end of the block if they still run."""
    command = [sys.executable, "-m", __name__]
    processes = [Popen([*command, *words], stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL) for words in arguments]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def _small_layout(dimension: int) -> Layout:
    """A few cells with walls around them."""
    if dimension == 2:
        mesh = block_family(BlockShape((0.0, 1.0), (0.0, 1.0), (2, 2), False, 0.0), 1)[0]
    else:
        mesh = solid_hole_family(HoleInSpace(OrificeShape(1.0, 0.0, 2), 0.0, "quarter"), 1)[0]
    walls = np.zeros(int(np.count_nonzero(mesh.face_cells[:, 1] < 0)), dtype=np.int32)
    states = np.tile([1.0, *[0.0] * dimension, 1.0], (len(walls), 1))
    return make_layout(mesh, compute_metric(mesh, axisymmetric=False), walls, states)


def _at_rest(gas: Gas, dimension: int) -> tuple[Discretization, Floats]:
    """Gas at rest, (n_cells, nvar) conserved."""
    layout = _small_layout(dimension)
    states = np.tile([1.0, *[0.0] * dimension, 2.5], (layout.n_cells, 1))
    return Discretization(layout, SCHEME, gas), states


def _copy(vector: Floats, out_product: Floats) -> None:
    out_product[:] = vector


def _compile_flow(gas: Gas, dimension: int) -> None:
    """Compile the right-hand side and GMRES."""
    discretization, conserved = _at_rest(gas, dimension)
    stepper = ImplicitStepper(discretization, 1.0)
    stepper.evaluate(conserved)
    space = stepper.arrays.space
    krylov.gmres(_copy, _copy, conserved, 0.1, space)
    newton.extents(space.fresh.reshape(-1), stepper.arrays.extents)


def _compile_linear(gas: Gas, dimension: int) -> None:
    """Compile the Jacobian, its preconditioner and the update of a step."""
    discretization, conserved = _at_rest(gas, dimension)
    stepper = ImplicitStepper(discretization, 1.0)
    stepper.prepare(conserved)
    arrays, space = stepper.arrays, stepper.arrays.space
    stepper.precondition(space.fresh, space.prepared)
    jacobian.move(conserved, space.prepared, arrays.scale, 0.0, arrays.moved)
    jacobian.difference(conserved, conserved, conserved, stepper.scaling, 1.0, space.fresh)
    stepper.update(conserved, np.zeros_like(conserved))


def _compile_steps(gas: Gas, dimension: int) -> None:
    """Compile the steps in time."""
    discretization, conserved = _at_rest(gas, dimension)
    stepper = ExplicitStepper(discretization, Floor(1e-8, 1e-8), 0.8)
    stepper.begin(conserved)
    stepper.take_cycle(conserved, 0.01, 0.01)


PARTS: Final = {
    "flow": KernelPart(_compile_flow, (newton.extents,), (temperatures,)),
    "linear": KernelPart(
        _compile_linear, (update.add_update,), of_friction=(jacobian.subtract_viscous_jacobians,)
    ),
    "steps": KernelPart(_compile_steps, (advance_cycle,), (temperatures,)),
}

MODES: Final = {"steady": ("flow", "linear"), "transient": ("steps",)}
"""Parts that a run needs, by its mode."""

if __name__ == "__main__":
    end_with_parent()
    part, model, dimension = sys.argv[1:]
    PARTS[part].compile(GASES[model], int(dimension))
    if dimension == "3":
        _mark(part, model).touch()
