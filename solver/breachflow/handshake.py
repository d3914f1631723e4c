"""Counts by which threads tell each other how far they are, so that they can share work that has an order.

A count is the first number of a row of `Counts`, of which no other thread writes the memory next to it.
Jobs are claimed in their order, and a job waits for earlier ones only. So whatever threads there are, one of
them can always go on.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.core import cgutils as numba_cgutils
from numba.core import config as numba_config
from numba.extending import intrinsic as numba_intrinsic

from breachflow.arrays import Indices

APART: Final = 8
"""Numbers in a row of counts: 64 bytes, what processors exchange at once."""

GLANCES: Final = 2000
"""Looks at a count, some microseconds, after which a waiting thread lets others have its core."""

GIVE_WAY: Final = "SwitchToThread" if sys.platform == "win32" else "sched_yield"

cgutils: Any = numba_cgutils
settings: Any = numba_config
COMPILED = not settings.DISABLE_JIT
"""False where Python runs the kernels (NUMBA_DISABLE_JIT): one thread then does all jobs in their order."""


def intrinsic(function: Callable[..., Any]) -> Any:
    """A function whose LLVM instructions are written here; kernels call it without its first argument."""
    return numba_intrinsic(function)


@intrinsic
def store_count(context: Any, counts: Any, row: Any, value: Any) -> Any:
    """See `announce`."""
    del context
    return types.void(counts, row, value), _store_count


def _store_count(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    value = context.cast(builder, arguments[2], signature.args[2], types.int64)
    builder.store_atomic(value, _count(context, builder, signature, arguments), "release", 8)
    return context.get_dummy_value()


@intrinsic
def await_count(context: Any, counts: Any, row: Any, value: Any) -> Any:
    """See `wait_until`."""
    del context
    return types.void(counts, row, value), _await_count


def _await_count(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    pointer = _count(context, builder, signature, arguments)
    value = context.cast(builder, arguments[2], signature.args[2], types.int64)
    glances = cgutils.alloca_once_value(builder, ir.IntType(32)(0))
    look, rest, yielding, end = (
        builder.append_basic_block(name) for name in ("look", "rest", "yield", "end")
    )
    builder.branch(look)
    builder.position_at_end(look)
    is_there = builder.icmp_signed(">=", builder.load_atomic(pointer, "acquire", 8), value)
    builder.cbranch(is_there, end, rest)
    builder.position_at_end(rest)
    builder.store(builder.add(builder.load(glances), ir.IntType(32)(1)), glances)
    is_long = builder.icmp_signed(">", builder.load(glances), ir.IntType(32)(GLANCES))
    builder.cbranch(is_long, yielding, look)
    builder.position_at_end(yielding)
    function = ir.FunctionType(ir.IntType(32), [])
    builder.call(cgutils.get_or_insert_function(builder.module, function, GIVE_WAY), [])
    builder.branch(look)
    builder.position_at_end(end)
    return context.get_dummy_value()


@intrinsic
def raise_count(context: Any, counts: Any, row: Any) -> Any:
    """See `claim`."""
    del context
    return types.int64(counts, row), _raise_count


def _raise_count(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    pointer = _count(context, builder, signature, arguments)
    return builder.atomic_rmw("add", pointer, ir.IntType(64)(1), "acq_rel")


def _count(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Where a count stands."""
    counts = context.make_array(signature.args[0])(context, builder, arguments[0])
    row = context.cast(builder, arguments[1], signature.args[1], types.intp)
    return builder.gep(counts.data, [builder.mul(row, row.type(APART))])


def _announce(counts: Indices, row: int, count: int) -> None:
    counts[row, 0] = count


def _wait_until(counts: Indices, row: int, count: int) -> None:
    if counts[row, 0] < count:
        raise RuntimeError("one thread cannot wait for itself")


def _claim(counts: Indices, row: int) -> int:
    counts[row, 0] += 1
    return int(counts[row, 0]) - 1


announce: Callable[[Indices, int, int], None] = store_count if COMPILED else _announce
"""announce(counts, row, count): set a count (n, APART); who waits for it sees all that was written before."""

wait_until: Callable[[Indices, int, int], None] = await_count if COMPILED else _wait_until
"""wait_until(counts, row, count): wait until a count is at least this high."""

claim: Callable[[Indices, int], int] = raise_count if COMPILED else _claim
"""claim(counts, row): the next number, 0 first, which no other thread gets."""
