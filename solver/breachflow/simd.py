"""Vector instructions that the compiler does not generate by itself, for states of four numbers.

A state is a row of four numbers at any place in memory; a vector register holds one of these numbers for
eight rows. `gather` transposes rows into a block, four numbers of eight rows at a time; a loop over single
numbers takes twice as long. `subtract_product` keeps a state in one register while a small matrix multiplies
it, three times as fast as a loop over single numbers. Both have a plain loop for other widths. `fetch_ahead`
prefetches rows, which hides part of the memory's latency where arrays outgrow the cache.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from llvmlite import ir
from numba import types
from numba.core import cgutils as numba_cgutils
from numba.core import config as numba_config
from numba.extending import intrinsic as numba_intrinsic

from breachflow.arrays import Blocks, FlatRows, Ints, StateRows
from breachflow.compiled import pointwise

LANES: Final = 64
"""Faces in a block."""

ROWS, COLUMNS = 8, 4
"""Rows and columns that one transposition handles."""

cgutils: Any = numba_cgutils
settings: Any = numba_config
COMPILED = not settings.DISABLE_JIT
"""False where Python runs the kernels (NUMBA_DISABLE_JIT): the plain loops then do all the work."""


def intrinsic(function: Callable[..., Any]) -> Any:
    """A function whose LLVM instructions are written here; kernels call it without its first argument."""
    return numba_intrinsic(function)


@intrinsic
def transpose(
    context: Any, array: Any, rows: Any, lane: Any, column: Any, out_block: Any, out_column: Any
) -> Any:
    """Transpose four columns of the eight rows rows[lane:lane + 8] of an array into a block.

    `array` (n, columns) and `out_block` (columns, LANES) are contiguous; `rows` (LANES,) holds row numbers.
    """
    del context
    signature = types.void(array, rows, lane, column, out_block, out_column)
    return signature, _transpose


def _transpose(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array, rows, out_block = (
        context.make_array(signature.args[i])(context, builder, arguments[i]) for i in (0, 1, 4)
    )
    lane, column, out_column = (
        context.cast(builder, arguments[i], signature.args[i], types.intp) for i in (2, 3, 5)
    )
    width = builder.extract_value(array.shape, 1)
    found = []
    for i in range(ROWS):
        number = builder.load(builder.gep(rows.data, [_shifted(builder, lane, i)]))
        number = context.cast(builder, number, signature.args[1].dtype, types.intp)
        place = builder.add(builder.mul(number, width), column)
        found.append(builder.load(_as_vector(builder, builder.gep(array.data, [place]), COLUMNS), align=8))
    for i, values in enumerate(_exchanged(builder, found)):
        place = builder.mul(_shifted(builder, out_column, i), ir.Constant(out_column.type, LANES))
        place = builder.add(place, lane)
        target = _as_vector(builder, builder.gep(out_block.data, [place]), ROWS)
        builder.store(values, target, align=8)
    return context.get_dummy_value()


def _shifted(builder: Any, index: Any, step: int) -> Any:
    return builder.add(index, ir.Constant(index.type, step))


def _as_vector(builder: Any, pointer: Any, count: int) -> Any:
    return builder.bitcast(pointer, ir.VectorType(ir.DoubleType(), count).as_pointer())


def _exchanged(builder: Any, rows: list[Any]) -> list[Any]:
    """The 4 columns of 8 rows: rows are joined in pairs, then shuffled twice."""

    def shuffled(a: Any, b: Any, *order: int) -> Any:
        mask = ir.Constant(ir.VectorType(ir.IntType(32), len(order)), list(order))
        return builder.shuffle_vector(a, b, mask)

    pairs = [shuffled(rows[i], rows[i + 4], 0, 1, 2, 3, 4, 5, 6, 7) for i in range(4)]
    even = [shuffled(pairs[i], pairs[i + 1], 0, 8, 2, 10, 4, 12, 6, 14) for i in (0, 2)]
    odd = [shuffled(pairs[i], pairs[i + 1], 1, 9, 3, 11, 5, 13, 7, 15) for i in (0, 2)]
    low, high = (0, 1, 8, 9, 4, 5, 12, 13), (2, 3, 10, 11, 6, 7, 14, 15)
    return [shuffled(*quads, *half) for half in (low, high) for quads in (even, odd)]


@intrinsic
def subtract_quad(
    context: Any, matrices: Any, number: Any, source: Any, first: Any, out: Any, at: Any
) -> Any:
    """out[at:at + 4] -= matrix @ source[first:first + 4].

    `matrices` (n, 4, 4) are stored by columns; `source` and `out` are one-dimensional.
    """
    del context
    return types.void(matrices, number, source, first, out, at), _subtract_quad


def _subtract_quad(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    matrices, source, out = (
        context.make_array(signature.args[i])(context, builder, arguments[i]) for i in (0, 2, 4)
    )
    number, first, at = (
        context.cast(builder, arguments[i], signature.args[i], types.intp) for i in (1, 3, 5)
    )
    quad = ir.VectorType(ir.DoubleType(), COLUMNS)

    def widened(pointer: Any, of: Any) -> Any:
        """Four numbers in double precision, from either precision."""
        kept = ir.VectorType(of, COLUMNS).as_pointer()
        values = builder.load(builder.bitcast(pointer, kept), align=4)
        return values if of == quad.element else builder.fpext(values, quad)

    def number_type(array: Any) -> Any:
        return array.data.type.pointee

    def product(column: int) -> Any:
        place = builder.add(builder.shl(number, ir.Constant(number.type, 4)), number.type(4 * column))
        values = widened(builder.gep(matrices.data, [place]), number_type(matrices))
        factor = builder.extract_element(given, ir.Constant(ir.IntType(32), column))
        lone = builder.insert_element(ir.Constant(quad, ir.Undefined), factor, ir.IntType(32)(0))
        spread = builder.shuffle_vector(lone, lone, ir.Constant(ir.VectorType(ir.IntType(32), 4), [0] * 4))
        return builder.fmul(values, spread, flags=("contract",))

    given = widened(builder.gep(source.data, [first]), number_type(source))
    halves = [builder.fadd(product(i), product(i + 1), flags=("contract",)) for i in (0, 2)]
    target = builder.gep(out.data, [at])
    rest = builder.fsub(widened(target, number_type(out)), builder.fadd(*halves))
    narrow = (
        rest
        if number_type(out) == quad.element
        else builder.fptrunc(rest, ir.VectorType(number_type(out), COLUMNS))
    )
    builder.store(narrow, builder.bitcast(target, narrow.type.as_pointer()), align=4)
    return context.get_dummy_value()


@intrinsic
def prefetch(context: Any, array: Any, row: Any) -> Any:
    """Prefetch a row of an array (n, columns)."""
    del context
    return types.void(array, row), _prefetch


def _prefetch(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    array = context.make_array(signature.args[0])(context, builder, arguments[0])
    row = context.cast(builder, arguments[1], signature.args[1], types.intp)
    width = builder.extract_value(array.shape, 1)
    byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
    order = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
    function = cgutils.get_or_insert_function(builder.module, order, "llvm.prefetch.p0")
    first = builder.mul(row, width)
    for place in (first, builder.add(first, builder.sub(width, ir.Constant(width.type, 1)))):
        pointer = builder.bitcast(builder.gep(array.data, [place]), byte)
        to_read, to_keep, data = number(0), number(3), number(1)
        builder.call(function, [pointer, to_read, to_keep, data])
    return context.get_dummy_value()


@pointwise
def fetch_ahead(array: StateRows, row: int) -> None:
    """Prefetch a row of an array (n, columns); changes nothing."""
    if COMPILED:
        prefetch(array, row)


@pointwise
def subtract_product(
    matrices: Blocks, number: int, source: FlatRows, first: int, width: int, out: FlatRows, at: int
) -> None:
    """out[at:at + width] -= matrices[number] @ source[first:first + width]; matrices by columns."""
    if COMPILED and width == COLUMNS:
        subtract_quad(matrices, number, source, first, out, at)
    else:
        for column in range(width):
            for i in range(width):
                out[at + i] -= matrices[number, column, i] * source[first + column]


@pointwise
def gather(array: StateRows, rows: Ints, width: int, out_block: StateRows, first: int) -> None:
    """Transpose the rows of an array with these numbers (LANES,) into a block, from its row `first` on."""
    quads = width - width % COLUMNS if COMPILED else 0
    for column in range(0, quads, COLUMNS):
        for lane in range(0, LANES, ROWS):
            transpose(array, rows, lane, column, out_block, first + column)
    for column in range(quads, width):
        for lane in range(LANES):
            out_block[first + column, lane] = array[rows[lane], column]
