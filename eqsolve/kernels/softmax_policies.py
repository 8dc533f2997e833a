"""Policies that are the softmax of logits: what a minimiser of kernels/regret_sweep.py with a `logit` method plays.

As with the other methods of a minimiser, the type of its NamedTuple picks the code when a kernel is compiled.
"""

from __future__ import annotations

from typing import Any

from numba.extending import overload

from eqsolve.kernels.jit import jit
from eqsolve.kernels.lanes import entry, splat, store
from eqsolve.kernels.regret_sweep import factors
from eqsolve.kernels.sequence import INLINED, inlined
from eqsolve.kernels.softmax import softmax


def logit(minimiser: Any, factors: Any, row: int, lanes: Any) -> Any:
    """Return the logits of row `row`, W lanes: `logit` of the minimiser's type. Jitted code only."""


@overload(logit, jit_options=INLINED, strict=False)
def _logit(minimiser, factors, row, lanes):
    """Return the `logit` of the minimiser's type, a function with these parameters."""
    return minimiser.instance_class.logit


@inlined
def respond(minimiser, factors, group, game, policy):
    """Write the policy of a group, the softmax of its logits; `policy` [R · W] is modified in place."""
    lanes, first = game.lanes, entry(game.first, group)
    end = first + entry(game.counts, group)
    for row in range(first, end):
        store(policy, row, logit(minimiser, factors, row, lanes))
    softmax(first, end, lanes, policy)


@jit
def play(game, minimiser, policy):
    """Write the policy of all groups by the factors of the last iteration; `policy` [R · W] is modified in place."""
    now = factors(minimiser, -1)
    for i in range(game.rows.size - 1):
        store(policy, game.rows[i], splat(1.0, game.lanes))
    for group in range(game.first.size):
        respond(minimiser, now, group, game, policy)
