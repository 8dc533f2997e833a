"""What kind of game this is, from its arrays: the facts by which `auto` and the registry choose."""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import CONSTANT_SUM_TOLERANCE, Form
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.normal.game import TENSOR_BUDGET, NormalForm, TensorGame


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
