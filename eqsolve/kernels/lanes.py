"""Short vectors of float64 for jitted code: LLVM's `<W x double>` as a type of numba's, and what sweeps do with it.

Loops over rows of W numbers are what the compiler's own vectoriser makes gathers of; written with these, every
operation on a row is one on registers, on any processor. W is the length of a tuple, `lanes`, so that it is part of
the type of whatever carries the tuple and the code is compiled for it. W = 1 is plain scalar code.

Rows are those of a flat float64 array: row r is entries r·W … r·W + W − 1.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import extending, types
from numba.core import cgutils
from numba.extending import lower_builtin, models, register_model, type_callable

DOUBLE = ir.DoubleType()
#: Untyped: numba calls what this decorates with the arguments after `typing` alone.
intrinsic: Any = extending.intrinsic


class Lanes(types.Type):
    """The type of `width` float64 side by side."""

    def __init__(self, width: int) -> None:
        self.width = width
        super().__init__(name=f"Lanes({width})")


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Lanes) -> None:
        super().__init__(manager, kind, ir.VectorType(DOUBLE, kind.width))


def _address(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:
    """Return the address of entry `index` of a flat array; nothing is checked."""
    data = cgutils.create_struct_proxy(array_type)(context, builder, array).data
    return builder.gep(data, [index])


def _splatted(builder: Any, scalar: Any, width: int) -> Any:
    """Return a vector of `width` lanes, all of them `scalar`."""
    kind = ir.VectorType(DOUBLE, width)
    one = builder.insert_element(ir.Constant(kind, ir.Undefined), scalar, ir.Constant(ir.IntType(32), 0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), width), [0] * width)
    return builder.shuffle_vector(one, ir.Constant(kind, ir.Undefined), mask)


@intrinsic
def load(typing: Any, array: Any, row: Any, lanes: Any) -> Any:
    """Return row `row` of a flat array [rows · W]: W lanes."""
    width = len(lanes)

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        index = builder.mul(args[1], ir.Constant(args[1].type, width))
        address = _address(context, builder, signature.args[0], args[0], index)
        pointer = builder.bitcast(address, ir.VectorType(DOUBLE, width).as_pointer())
        loaded = builder.load(pointer)
        loaded.align = 8
        return loaded

    return Lanes(width)(array, types.intp, lanes), code


@intrinsic
def store(typing: Any, array: Any, row: Any, value: Any) -> Any:
    """Write `value`, W lanes, into row `row` of a flat array [rows · W]."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        index = builder.mul(args[1], ir.Constant(args[1].type, value.width))
        address = _address(context, builder, signature.args[0], args[0], index)
        pointer = builder.bitcast(address, ir.VectorType(DOUBLE, value.width).as_pointer())
        builder.store(args[2], pointer).align = 8
        return context.get_dummy_value()

    return types.void(array, types.intp, value), code


@intrinsic
def splat(typing: Any, scalar: Any, lanes: Any) -> Any:
    """Return `scalar` in each of W lanes."""
    width = len(lanes)

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _splatted(builder, args[0], width)

    return Lanes(width)(types.float64, lanes), code


@intrinsic
def spread(typing: Any, array: Any, index: Any, lanes: Any) -> Any:
    """Return entry `index` of a flat array [n] in each of W lanes."""
    width = len(lanes)

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        scalar = builder.load(_address(context, builder, signature.args[0], args[0], args[1]))
        return _splatted(builder, scalar, width)

    return Lanes(width)(array, types.intp, lanes), code


@intrinsic
def entry(typing: Any, array: Any, index: Any) -> Any:
    """Return entry `index` ≥ 0 of an array of integers as if it were flat; no index counts from the end."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        whole = builder.load(_address(context, builder, signature.args[0], args[0], args[1]))
        return context.cast(builder, whole, array.dtype, types.intp)

    return types.intp(array, types.intp), code


def _places(context: Any, builder: Any, kinds: Any, args: Any, width: int) -> list[Any]:
    """Return W addresses in the flat array args[0] [R · W]: those whose numbers row args[2] of args[1] [R, W] holds."""
    base = builder.mul(args[2], ir.Constant(args[2].type, width))
    found = []
    for k in range(width):
        index = builder.add(base, ir.Constant(base.type, k))
        stored = builder.load(_address(context, builder, kinds[1], args[1], index))
        place = context.cast(builder, stored, kinds[1].dtype, types.intp)
        found.append(_address(context, builder, kinds[0], args[0], place))
    return found


@intrinsic
def load_above(typing: Any, array: Any, above: Any, row: Any, lanes: Any) -> Any:
    """Return what stands above row `row`, W lanes of `array` [R · W]: the row above[row], `above` [R], or, where lanes
    go their own ways, the entries above[row], `above` [R, W].
    """
    width = len(lanes)

    def aligned(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = builder.load(_address(context, builder, signature.args[1], args[1], args[2]))
        index = builder.mul(context.cast(builder, place, above.dtype, types.intp), ir.Constant(args[2].type, width))
        address = _address(context, builder, signature.args[0], args[0], index)
        loaded = builder.load(builder.bitcast(address, ir.VectorType(DOUBLE, width).as_pointer()))
        loaded.align = 8
        return loaded

    def apart(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        gathered = ir.Constant(ir.VectorType(DOUBLE, width), ir.Undefined)
        for k, address in enumerate(_places(context, builder, signature.args, args, width)):
            gathered = builder.insert_element(gathered, builder.load(address), ir.Constant(ir.IntType(32), k))
        return gathered

    return Lanes(width)(array, above, types.intp, lanes), aligned if above.ndim == 1 else apart


@intrinsic
def add_above(typing: Any, array: Any, above: Any, row: Any, base: Any, value: Any) -> Any:
    """Add `value`, W lanes, to what stands above row `row`, `above` as in load_above.

    `array` [rows · W], modified in place, begins with row `base`.
    """
    width = value.width

    def aligned(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = builder.load(_address(context, builder, signature.args[1], args[1], args[2]))
        over = builder.sub(context.cast(builder, place, above.dtype, types.intp), args[3])
        address = _address(
            context, builder, signature.args[0], args[0], builder.mul(over, ir.Constant(over.type, width))
        )
        pointer = builder.bitcast(address, ir.VectorType(DOUBLE, width).as_pointer())
        loaded = builder.load(pointer)
        loaded.align = 8
        builder.store(builder.fadd(loaded, args[4]), pointer).align = 8
        return context.get_dummy_value()

    def apart(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        before = builder.neg(builder.mul(args[3], ir.Constant(args[3].type, width)))
        for k, whole in enumerate(_places(context, builder, signature.args, args, width)):
            address = builder.gep(whole, [before])
            lane = builder.extract_element(args[4], ir.Constant(ir.IntType(32), k))
            builder.store(builder.fadd(builder.load(address), lane), address)
        return context.get_dummy_value()

    return types.void(array, above, types.intp, types.intp, value), aligned if above.ndim == 1 else apart


@intrinsic
def fma(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """Return a·b + c lane by lane, rounded once; W lanes each."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = args[0].type
        signature = ir.FunctionType(kind, [kind] * 3)
        function = cgutils.get_or_insert_function(builder.module, signature, f"llvm.fma.v{a.width}f64")
        return builder.call(function, args)

    return a(a, a, a), code


@intrinsic
def positive(typing: Any, a: Any) -> Any:
    """Return max(a, 0) lane by lane; W lanes."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        zero = ir.Constant(args[0].type, [0.0] * a.width)
        return builder.select(builder.fcmp_ordered(">", args[0], zero), args[0], zero)

    return a(a), code


@intrinsic
def where_positive(typing: Any, a: Any, yes: Any, no: Any) -> Any:
    """Return `yes` where a > 0, else `no`, lane by lane; W lanes each."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        zero = ir.Constant(args[0].type, [0.0] * a.width)
        return builder.select(builder.fcmp_ordered(">", args[0], zero), args[1], args[2])

    return a(a, a, a), code


@intrinsic
def larger(typing: Any, a: Any, b: Any) -> Any:
    """Return max(a, b) lane by lane; W lanes each."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", args[0], args[1]), args[0], args[1])

    return a(a, a), code


@intrinsic
def smaller(typing: Any, a: Any, b: Any) -> Any:
    """Return min(a, b) lane by lane; W lanes each."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.select(builder.fcmp_ordered("<", args[0], args[1]), args[0], args[1])

    return a(a, a), code


def _operation(operation: Any, emit: str) -> None:
    """Give Lanes the `operation` of Python, lane by lane: LLVM's instruction `emit`."""

    @type_callable(operation)
    def typer(context: Any) -> Any:
        return lambda a, b: a if isinstance(a, Lanes) and a == b else None

    @lower_builtin(operation, Lanes, Lanes)
    def lower(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return getattr(builder, emit)(*args)


for _operator, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _operation(_operator, _instruction)
