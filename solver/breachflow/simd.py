"""Vector instructions that the compiler does not generate by itself, for states of four or five numbers.

A state is a row of numbers at any place in memory; a vector register holds one of these numbers for
eight rows. `gather` transposes rows into a block, four numbers of eight rows at a time; a loop over single
numbers takes twice as long. `subtract_product` keeps a state in one register while a small matrix multiplies
it, two to three times as fast as a loop over single numbers. Both have a plain loop for other widths.
`fetch_ahead` prefetches rows, which hides part of the memory's latency where arrays outgrow the cache.
`differentiate` adds up a least-squares gradient in registers, twice as fast as a loop over single numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from typing import Any, Final, NamedTuple

from llvmlite import ir
from numba import types
from numba.core import cgutils as numba_cgutils
from numba.core import config as numba_config
from numba.extending import intrinsic as numba_intrinsic

from breachflow.arrays import Blocks, FlatRows, Floats, Ints, StateRows
from breachflow.compiled import pointwise

LANES: Final = 64
"""Faces in a block."""

ROWS, COLUMNS = 8, 4
"""Rows and columns that one transposition handles."""

FUSED: Final = ("contract",)
"""Products and sums may be fused, as in all other kernels."""

_DOUBLE: Final = ir.DoubleType()

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


def _shuffled(builder: Any, a: Any, b: Any, *order: int) -> Any:
    return builder.shuffle_vector(a, b, ir.Constant(ir.VectorType(ir.IntType(32), len(order)), list(order)))


def _spread(builder: Any, number: Any, width: int) -> Any:
    """A vector with one number in all places."""
    vector = ir.Constant(ir.VectorType(number.type, width), ir.Undefined)
    vector = builder.insert_element(vector, number, ir.IntType(32)(0))
    return _shuffled(builder, vector, vector, *[0] * width)


def _as_vector(builder: Any, pointer: Any, count: int, number: Any = _DOUBLE) -> Any:
    return builder.bitcast(pointer, ir.VectorType(number, count).as_pointer())


def _exchanged(builder: Any, rows: list[Any]) -> list[Any]:
    """The 4 columns of 8 rows: rows are joined in pairs, then shuffled twice."""
    shuffled = partial(_shuffled, builder)
    pairs = [shuffled(rows[i], rows[i + 4], 0, 1, 2, 3, 4, 5, 6, 7) for i in range(4)]
    even = [shuffled(pairs[i], pairs[i + 1], 0, 8, 2, 10, 4, 12, 6, 14) for i in (0, 2)]
    odd = [shuffled(pairs[i], pairs[i + 1], 1, 9, 3, 11, 5, 13, 7, 15) for i in (0, 2)]
    low, high = (0, 1, 8, 9, 4, 5, 12, 13), (2, 3, 10, 11, 6, 7, 14, 15)
    return [shuffled(*quads, *half) for half in (low, high) for quads in (even, odd)]


class BlockRow(NamedTuple):
    """Blocks of a row of a block matrix, blocks[begin:end], and the columns in which they stand."""

    blocks: Blocks
    columns: Ints
    begin: int
    end: int


class BlockInstructions(NamedTuple):
    """`subtract_product`, `subtract_row` and `eliminate_row` for states of one number of variables."""

    subtract_block: Any
    subtract_blocks: Any
    eliminate_blocks: Any


def block_instructions(width: int) -> BlockInstructions:
    """Instructions that keep a state of `width` numbers in a register."""

    @intrinsic
    def subtract_block(
        context: Any, matrices: Any, number: Any, source: Any, first: Any, out: Any, at: Any
    ) -> Any:
        del context
        signature = types.void(matrices, number, source, first, out, at)
        return signature, partial(_subtract_block, width)

    @intrinsic
    def subtract_blocks(context: Any, row: Any, source: Any, out: Any, at: Any) -> Any:
        del context
        return types.void(row, source, out, at), partial(_subtract_blocks, width)

    @intrinsic
    def eliminate_blocks(context: Any, row: Any, inverse: Any, vector: Any, at: Any) -> Any:
        del context
        return types.void(row, inverse, vector, at), partial(_eliminate_blocks, width)

    return BlockInstructions(subtract_block, subtract_blocks, eliminate_blocks)


def _subtract_block(width: int, context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    matrices, source, out = (
        context.make_array(signature.args[i])(context, builder, arguments[i]).data for i in (0, 2, 4)
    )
    number, first, at = (
        context.cast(builder, arguments[i], signature.args[i], types.intp) for i in (1, 3, 5)
    )
    states = _States(builder, width, (matrices, source, out))
    target = builder.gep(out, [at])
    product = states.product(matrices, number, states.load(builder.gep(source, [first])))
    states.store(builder.fsub(states.load(target), product), target)
    return context.get_dummy_value()


class _States:
    """Instructions for states of `width` numbers in a register, and for the matrices that multiply them.

    Four numbers are multiplied in double precision. Five are so only where an array is in double precision:
    in single precision they take two thirds of the time, and factors differ by 5e-7.
    """

    def __init__(self, builder: Any, width: int, arrays: tuple[Any, ...]) -> None:
        self.builder, self.width = builder, width
        is_single = all(array.type.pointee == ir.FloatType() for array in arrays)
        self.number = ir.FloatType() if is_single and width > COLUMNS else _DOUBLE

    def load(self, pointer: Any) -> Any:
        """The numbers at a place, from either precision."""
        kept = pointer.type.pointee
        values = self.builder.load(_as_vector(self.builder, pointer, self.width, kept), align=4)
        return values if kept == self.number else self.builder.fpext(values, self._vector(self.number))

    def store(self, values: Any, pointer: Any) -> None:
        """Store the numbers, rounded where the array is less precise."""
        kept = pointer.type.pointee
        if kept != values.type.element:
            values = self.builder.fptrunc(values, self._vector(kept))
        self.builder.store(values, _as_vector(self.builder, pointer, self.width, kept), align=4)

    def product(self, matrices: Any, number: Any, given: Any) -> Any:
        """The matrix of this number times a state; the products are added in pairs."""
        builder, width = self.builder, self.width
        first = builder.mul(number, number.type(width * width))

        def column_product(column: int) -> Any:
            values = self.load(builder.gep(matrices, [_shifted(builder, first, width * column)]))
            factor = builder.extract_element(given, ir.IntType(32)(column))
            return builder.fmul(values, _spread(builder, factor, width), flags=FUSED)

        halves = [
            builder.fadd(column_product(i), column_product(i + 1), flags=FUSED)
            for i in range(0, width - 1, 2)
        ]
        rest = [column_product(width - 1)] if width % 2 else []
        return reduce(builder.fadd, [*halves, *rest])

    def _vector(self, number: Any) -> Any:
        return ir.VectorType(number, self.width)


def _subtract_blocks(width: int, context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    source, out = (context.make_array(signature.args[i])(context, builder, arguments[i]).data for i in (1, 2))
    target = builder.gep(out, [context.cast(builder, arguments[3], signature.args[3], types.intp)])
    row = _Row(context, builder, signature.args[0], arguments[0])
    states = _States(builder, width, (row.blocks, source, out))
    states.store(row.rest(states, source, target), target)
    return context.get_dummy_value()


def _eliminate_blocks(width: int, context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    vector = context.make_array(signature.args[2])(context, builder, arguments[2]).data
    inverse, at = (context.cast(builder, arguments[i], signature.args[i], types.intp) for i in (1, 3))
    target = builder.gep(vector, [at])
    row = _Row(context, builder, signature.args[0], arguments[0])
    states = _States(builder, width, (row.blocks, vector))
    product = states.product(row.blocks, inverse, row.rest(states, vector, target))
    states.store(builder.fneg(product), target)
    return context.get_dummy_value()


class _Row:
    """Instructions that multiply the blocks of a `BlockRow`."""

    def __init__(self, context: Any, builder: Any, kind: Any, row: Any) -> None:
        blocks, columns, *span = cgutils.unpack_tuple(builder, row)
        self.context, self.builder, self.dtype = context, builder, kind.types[1].dtype
        self.blocks = context.make_array(kind.types[0])(context, builder, blocks).data
        self.columns = context.make_array(kind.types[1])(context, builder, columns).data
        self.begin, self.end = (
            context.cast(builder, number, kind.types[i], types.intp) for i, number in enumerate(span, 2)
        )

    def rest(self, states: _States, source: Any, target: Any) -> Any:
        """The state at `target` less the products; in a register, so that no product waits for a store."""
        builder = self.builder
        total = cgutils.alloca_once_value(builder, states.load(target))
        step = self.begin.type(1)
        with cgutils.for_range_slice(builder, self.begin, self.end, step, inc=True) as (k, _):
            column = builder.load(builder.gep(self.columns, [k]))
            column = self.context.cast(builder, column, self.dtype, types.intp)
            place = builder.gep(source, [builder.mul(column, column.type(states.width))])
            product = states.product(self.blocks, k, states.load(place))
            builder.store(builder.fsub(builder.load(total), product), total)
        return builder.load(total)


subtract_four, subtract_fours, eliminate_fours = block_instructions(4)
subtract_five, subtract_fives, eliminate_fives = block_instructions(5)


class Stencil(NamedTuple):
    """The neighbors of a cell, others[begin:end], and their weights[begin:end, axis]."""

    others: Ints
    weights: Floats
    begin: int
    end: int


@intrinsic
def differentiate_quad(context: Any, values: Any, scalars: Any, row: Any, stencil: Any, out: Any) -> Any:
    """The plane gradients of `differentiate`; of the values alone where `scalars` is None."""
    del context
    return types.void(values, scalars, row, stencil, out), _differentiate_quad


def _differentiate_quad(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Sums of weight times difference stay in registers: a quad for each axis, and one number."""
    kinds = signature.args
    stencil = _Neighbors(context, builder, kinds[3], arguments[3])
    values, out = (context.make_array(kinds[i])(context, builder, arguments[i]) for i in (0, 4))
    row = context.cast(builder, arguments[2], kinds[2], types.intp)
    quads = _Differences(builder, values.data, row, COLUMNS)
    sums = [quads]
    if isinstance(kinds[1], types.Array):
        scalars = context.make_array(kinds[1])(context, builder, arguments[1])
        sums.append(_Differences(builder, scalars.data, row, 1))
    with cgutils.for_range_slice(builder, stencil.begin, stencil.end, row.type(1), inc=True) as (k, _):
        other = stencil.number(k)
        for differences in sums:
            differences.add(other, [stencil.weight(k, axis) for axis in range(2)])
    place = builder.mul(row, builder.extract_value(out.shape, 1))
    target = _as_vector(builder, builder.gep(out.data, [place]), 2 * COLUMNS)
    builder.store(_shuffled(builder, *quads.totals(), 0, 4, 1, 5, 2, 6, 3, 7), target, align=8)
    for column, total in enumerate(sums[1].totals() if len(sums) > 1 else (), 2 * COLUMNS):
        builder.store(total, builder.gep(out.data, [_shifted(builder, place, column)]))
    return context.get_dummy_value()


class _Neighbors:
    """Instructions that read a `Stencil`."""

    def __init__(self, context: Any, builder: Any, kind: Any, stencil: Any) -> None:
        others, weights, *span = cgutils.unpack_tuple(builder, stencil)
        self.context, self.builder, self.dtype = context, builder, kind.types[0].dtype
        self.others = context.make_array(kind.types[0])(context, builder, others).data
        self.weights = context.make_array(kind.types[1])(context, builder, weights).data
        self.begin, self.end = (
            context.cast(builder, number, kind.types[i], types.intp) for i, number in enumerate(span, 2)
        )

    def number(self, k: Any) -> Any:
        """Row of the neighbor k."""
        other = self.builder.load(self.builder.gep(self.others, [k]))
        return self.context.cast(self.builder, other, self.dtype, types.intp)

    def weight(self, k: Any, axis: int) -> Any:
        """Weight of the neighbor k along an axis."""
        place = self.builder.shl(k, k.type(1))
        return self.builder.load(self.builder.gep(self.weights, [_shifted(self.builder, place, axis)]))


class _Differences:
    """Instructions that add up differences of rows of `width` numbers, for two axes."""

    def __init__(self, builder: Any, data: Any, row: Any, width: int) -> None:
        self.builder, self.data, self.width = builder, data, width
        self.kind = ir.VectorType(ir.DoubleType(), width) if width > 1 else ir.DoubleType()
        self.here = self._row(row)
        zero = ir.Constant(self.kind, [0.0] * width if width > 1 else 0.0)
        self.sums = [cgutils.alloca_once_value(builder, zero) for _ in range(2)]

    def _row(self, number: Any) -> Any:
        place = self.builder.gep(self.data, [self.builder.mul(number, number.type(self.width))])
        return self.builder.load(self.builder.bitcast(place, self.kind.as_pointer()), align=8)

    def add(self, other: Any, weights: list[Any]) -> None:
        """Add the difference to another row, times each of the weights."""
        jump = self.builder.fsub(self._row(other), self.here)
        for total, weight in zip(self.sums, weights, strict=True):
            factor = _spread(self.builder, weight, self.width) if self.width > 1 else weight
            product = self.builder.fmul(factor, jump, flags=FUSED)
            self.builder.store(self.builder.fadd(self.builder.load(total), product, flags=FUSED), total)

    def totals(self) -> list[Any]:
        """The sums, for each axis."""
        return [self.builder.load(total) for total in self.sums]


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
    if COMPILED and width == 4:
        subtract_four(matrices, number, source, first, out, at)
    elif COMPILED and width == 5:
        subtract_five(matrices, number, source, first, out, at)
    else:
        for column in range(width):
            for i in range(width):
                out[at + i] -= matrices[number, column, i] * source[first + column]


@pointwise
def subtract_row(row: BlockRow, source: FlatRows, width: int, out: FlatRows, at: int) -> None:
    """out[at:at + width] -= the blocks of a row times the states of `source` in their columns."""
    if COMPILED and width == 4:
        subtract_fours(row, source, out, at)
    elif COMPILED and width == 5:
        subtract_fives(row, source, out, at)
    else:
        for k in range(row.begin, row.end):
            subtract_product(row.blocks, k, source, row.columns[k] * width, width, out, at)


@pointwise
def eliminate_row(row: BlockRow, inverse: int, vector: FlatRows, width: int, at: int) -> None:
    """Subtract the blocks of a row from vector[at:at + width], then multiply it by blocks[inverse].

    That block is the negative inverse of a diagonal block, and the result has its sign changed.
    """
    if COMPILED and width == 4:
        eliminate_fours(row, inverse, vector, at)
    elif COMPILED and width == 5:
        eliminate_fives(row, inverse, vector, at)
    else:
        subtract_row(row, vector, width, vector, at)
        rest = vector[at : at + width].copy()
        vector[at : at + width] = 0.0
        subtract_product(row.blocks, inverse, rest, 0, width, vector, at)


@pointwise
def differentiate(
    values: StateRows, scalars: Floats, row: int, stencil: Stencil, axes: tuple[int, ...], out: StateRows
) -> None:
    """Gradients at a row of `values` (n, nvar) and, where there are any, of `scalars` (n,) after them.

    out[row, variable * dimension + axis] = sum over the stencil of weight[axis] times the difference.
    """
    if COMPILED and len(axes) == 2:
        if len(scalars) > 0:
            differentiate_quad(values, scalars, row, stencil, out)
        else:
            differentiate_quad(values, None, row, stencil, out)
        return
    n, width = len(axes), (len(axes) + 2) * len(axes)
    for entry in range(width + n if len(scalars) > 0 else width):
        out[row, entry] = 0.0
    for k in range(stencil.begin, stencil.end):
        other = stencil.others[k]
        for axis in range(n):
            weight = stencil.weights[k, axis]
            for variable in range(n + 2):
                out[row, variable * n + axis] += weight * (values[other, variable] - values[row, variable])
            if len(scalars) > 0:
                out[row, width + axis] += weight * (scalars[other] - scalars[row])


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
