"""What kind of game this is, from its arrays: the facts by which `auto` and the registry choose."""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import CONSTANT_SUM_TOLERANCE, Form
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.normal.game import COMPUTED, TENSOR_BUDGET, NormalForm, TensorGame
from eqsolve.forms.potential import POTENTIAL_TOLERANCE, exact_potential

#: Roundings of a sum of some payoffs, in those of a computed one.
OF_SUMS = 8


def structure(form: Form) -> frozenset[str]:
    """The words that hold of the game: 'tensor', 'two-player', 'zero-sum' (constant sums count), 'potential'.

    'tensor' says that the payoff tensor fits the default budget.
    """
    found = set()
    if len(form.players) == 2:
        found.add("two-player")
    if form.has_potential:
        found.add("potential")
    if isinstance(form, NormalForm) and form.tensor_bytes <= TENSOR_BUDGET:
        found.add("tensor")
    if isinstance(form, TensorGame) and np.ptp(form.payoffs.sum(axis=0)) <= CONSTANT_SUM_TOLERANCE * form.payoff_range:
        found.add("zero-sum")
    if isinstance(form, SequenceForm) and form.constant_sum:
        found.add("zero-sum")
    return frozenset(found)


def nearly(form: Form) -> frozenset[str]:
    """Which of 'zero-sum' and 'potential' the game is within their tolerance, but by more than rounding is not."""
    if not isinstance(form, TensorGame | SequenceForm):
        return frozenset()
    payoffs = form.payoffs if isinstance(form, TensorGame) else form.leaves.payoffs
    small, found = OF_SUMS * COMPUTED * float(np.abs(payoffs).max()), structure(form)
    near = {"zero-sum"} if np.ptp(payoffs.sum(axis=0)) > small else set[str]()
    if isinstance(form, TensorGame) and "potential" in found:
        near |= {"potential"} if exact_potential(payoffs, small / POTENTIAL_TOLERANCE) is None else set()
    return frozenset(near & found)
