"""The operations counted in `breachflow.bench.work` are those of the formulas.

The kernels run as plain Python, in a separate process, on numbers that count operations. An operation on
the same numbers counts once; a multiplication by 0 or 1 and an addition of 0 do not count.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

import breachflow
from breachflow.bench.block_flow import AIR, SCHEME, block_flow, block_mesh
from breachflow.bench.work import FACE, Operations, sweep_work
from breachflow.numerics.space.discretization import Discretization
from breachflow.numerics.space.layout import Boundary
from breachflow.numerics.space.reconstruction import Limiting, change_along, face_value, gradients
from breachflow.numerics.space.residual import balances, make_workspace, states
from breachflow.physics import euler as flux_module
from breachflow.physics.face import numerical_flux
from breachflow.physics.gas import Primitive
from breachflow.vectors import combine

TESTS = Path(__file__).parents[1]

KINDS = {"/": "divides", "sqrt": "roots", "neg": ""}
"""Kinds of operations; all others are flops. A change of sign does not count."""


class Number:
    """A number whose operations are counted in `Number.counts`."""

    counts: ClassVar[Counter[str]] = Counter()
    known: ClassVar[dict[Any, tuple[Any, Any]]] = {}
    """By operation and operands: the result. Operands are kept alive, since their ids are keys."""

    def __init__(self, value: float) -> None:
        self.value = value

    @classmethod
    def of(cls, operation: str, *parts: Any) -> Any:
        """The result of an operation; the operation is counted if it is new."""
        key = (operation, *(id(part) if isinstance(part, Number) else repr(part) for part in parts))
        if key not in cls.known:
            values = [part.value if isinstance(part, Number) else part for part in parts]
            cls.known[key] = (OPERATIONS[operation](*values), parts)
            cls.counts[KINDS.get(operation, "flops")] += 1
            if operation not in "<>":
                cls.known[key] = (Number(cls.known[key][0]), parts)
        return cls.known[key][0]

    def __add__(self, other: Any) -> Any:
        return self if _is(other, 0.0) else Number.of("+", *sorted((self, other), key=id))

    def __sub__(self, other: Any) -> Any:
        return self if _is(other, 0.0) else Number.of("-", self, other)

    def __rsub__(self, other: Any) -> Any:
        return -self if _is(other, 0.0) else Number.of("-", other, self)

    def __mul__(self, other: Any) -> Any:
        if _is(other, 0.0):
            return 0.0
        if _is(other, 1.0):
            return self
        return -self if _is(other, -1.0) else Number.of("*", *sorted((self, other), key=id))

    def __truediv__(self, other: Any) -> Any:
        return Number.of("/", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return Number.of("/", other, self)

    def __pow__(self, power: int) -> Any:
        assert power == 2
        return self * self

    def __neg__(self) -> Any:
        return Number.of("neg", self)

    def __lt__(self, other: Any) -> Any:
        return Number.of("<", self, other)

    def __gt__(self, other: Any) -> Any:
        return Number.of(">", self, other)

    __radd__, __rmul__, __le__, __ge__ = __add__, __mul__, __lt__, __gt__


OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "sqrt": lambda a: a**0.5,
    "neg": lambda a: -a,
}


def _is(number: Any, value: float) -> bool:
    return not isinstance(number, Number) and number == value


def counting(array: Any) -> Any:
    """The array with counting numbers as elements."""
    return np.vectorize(Number, otypes=[object])(array)


def counted(work: Callable[[], object]) -> Operations:
    Number.counts.clear()
    Number.known.clear()
    work()
    return Operations(**{name: Number.counts[name] for name in Operations._fields})


def operations_of_a_face() -> Operations:
    """Two limited states and the flux between them, of states and gradients without equal numbers."""
    rng = np.random.default_rng(5)
    here, there = (
        Primitive(Number(density), (Number(u), Number(v)), Number(pressure))
        for density, u, v, pressure in rng.uniform(0.9, 1.1, (2, 4))
    )
    gradient = counting(rng.uniform(-0.1, 0.1, (2, 8)))
    left_to_face, right_to_face, normal = (tuple(map(Number, pair)) for pair in rng.uniform(0.1, 1.0, (3, 2)))
    sides = ((here, there, left_to_face, right_to_face), (there, here, right_to_face, left_to_face))
    limiting, axes, area = Limiting(SCHEME.limiter, SCHEME.limiter_threshold), (0, 1), Number(0.7)

    def face() -> None:
        values = []
        for row, (own, other, to_face, neighbor_to_face) in enumerate(sides):
            to_neighbor = combine(1.0, to_face, -1.0, neighbor_to_face)
            change, jump = (change_along(gradient, row, path, axes) for path in (to_face, to_neighbor))
            values.append(face_value(own, other, change, jump, limiting, AIR))
        flux = numerical_flux(SCHEME.flux, *values, normal, AIR)
        _ = [area * part for part in (flux.density, *flux.momentum, flux.energy)]

    flux_module.sqrt = lambda number: Number.of("sqrt", number)  # type: ignore[attr-defined]
    return counted(face)


def operations_of_sweeps() -> dict[str, tuple[Operations, Operations]]:
    """Operations of each kernel over cells on a small mesh: counted, and by `bench.work`."""
    layout, conserved = block_flow(block_mesh(18, triangles=True), axisymmetric=True)
    work = make_workspace(layout)
    table = sweep_work(layout, work, conserved)
    primitive, gradient, flux = (
        np.empty(array.shape, object) for array in (work.primitive, work.gradient, work.flux)
    )
    given = {name: counting(getattr(layout.cells, name)) for name in ("weights", "source_area")}
    no_boundary = Boundary(*(part[:0] for part in layout.boundary))
    counting_layout = layout._replace(cells=layout.cells._replace(**given), boundary=no_boundary)
    discretization = Discretization(counting_layout, SCHEME, AIR)
    start, out = counting(conserved), np.empty(conserved.shape, object)
    found = {"states": counted(lambda: states(start, discretization, primitive))}
    primitive[:], flux[:] = counting(np.ones(primitive.shape)), counting(np.ones(flux.shape))
    found["gradients"] = counted(
        lambda: gradients(primitive, work.temperature, work.viscosity, discretization, gradient)
    )
    found["balances"] = counted(lambda: balances(primitive, gradient, flux, discretization, out))
    return {name: (operations, table[name].operations) for name, operations in found.items()}


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    """The counts of a face and of the kernels, by a process without the compiler."""
    script = (
        "import json, test_bench_operations as t; "
        "print(json.dumps([t.operations_of_a_face(), t.operations_of_sweeps()]))"
    )
    path = [str(TESTS / "unit"), str(Path(breachflow.__file__).parents[1])]
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(path)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    face, sweeps = json.loads(done.stdout)
    return {"face": face, **sweeps}


def test_a_face_takes_what_the_table_says(plain: dict[str, Any]) -> None:
    assert Operations(*plain["face"]) == FACE


@pytest.mark.parametrize("sweep", ["states", "gradients", "balances"])
def test_a_sweep_takes_what_the_table_says(sweep: str, plain: dict[str, Any]) -> None:
    found, table = plain[sweep]
    assert found == table
