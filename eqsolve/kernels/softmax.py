"""The softmax of the rows of one group: of as many information sets as there are lanes, at once."""

from __future__ import annotations

from math import factorial, log
from typing import Any

from llvmlite import ir

from eqsolve.kernels.lanes import fma, intrinsic, load, splat, store, where_positive
from eqsolve.kernels.sequence import inlined

#: Coefficients of the series of exp, of the 13th power first: enough for arguments up to log(2) / 2 in size.
SERIES = tuple(1 / factorial(k) for k in range(13, -1, -1))
LOG2 = log(2)
#: log(2) as a sum, the first part so short that its products with whole numbers are exact.
LOG2_HIGH, LOG2_LOW = float.fromhex("0x1.62e42feep-1"), float.fromhex("0x1.a39ef35793c76p-33")
#: A number added to this is rounded to a whole one, which is then in the last bits.
ROUNDS_TO_WHOLE = 1.5 * 2.0**52
#: exp of less than this is returned as 0: it would be no normal number.
LEAST_EXPONENT = -708.0


@intrinsic
def _power_of_two(typing: Any, a: Any) -> Any:
    """Return 2^n lane by lane, from ROUNDS_TO_WHOLE + n with |n| < 1023; W lanes."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.VectorType(ir.IntType(64), a.width)
        bits = builder.bitcast(args[0], kind)
        biased = builder.add(bits, ir.Constant(kind, [1023] * a.width))
        return builder.bitcast(builder.shl(biased, ir.Constant(kind, [52] * a.width)), args[0].type)

    return a(a), code


@inlined
def exponential(a, lanes):
    """Return exp(a) for a ≤ 0, W lanes, right to the last digit or two: 2^n times the series of the rest."""
    least, whole = splat(LEAST_EXPONENT, lanes), splat(ROUNDS_TO_WHOLE, lanes)
    kept = where_positive(a - least, a, least)
    shifted = fma(kept, splat(1.0 / LOG2, lanes), whole)
    n = shifted - whole
    rest = fma(n, splat(-LOG2_LOW, lanes), fma(n, splat(-LOG2_HIGH, lanes), kept))
    power = splat(0.0, lanes)
    for c in SERIES:
        power = fma(power, rest, splat(c, lanes))
    return where_positive(a - least, power * _power_of_two(shifted), splat(0.0, lanes))


@inlined
def softmax(first, end, lanes, policy):
    """Turn the logits in rows `first` … `end` − 1 of `policy` [R · W], modified in place, into probabilities.

    In every lane some logit is finite; those of −∞ get 0.
    """
    top = load(policy, first, lanes)
    for row in range(first + 1, end):
        logit = load(policy, row, lanes)
        top = where_positive(logit - top, logit, top)
    total = splat(0.0, lanes)
    for row in range(first, end):
        weight = exponential(load(policy, row, lanes) - top, lanes)
        store(policy, row, weight)
        total = total + weight
    inverse = splat(1.0, lanes) / total
    for row in range(first, end):
        store(policy, row, load(policy, row, lanes) * inverse)
