"""What kind of game this is, from its arrays: the facts by which `auto` and the registry choose."""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import Form
from eqsolve.forms.normal import TENSOR_BUDGET, NormalForm, TensorGame
from eqsolve.forms.sequence import SequenceForm

#: Payoff sums that vary by less than this fraction of the payoff range count as constant.
CONSTANT_SUM_TOLERANCE = 1e-12


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
    if isinstance(form, TensorGame | SequenceForm):
        sums = (form.payoffs if isinstance(form, TensorGame) else form.paid).sum(axis=0)
        if np.ptp(sums) <= CONSTANT_SUM_TOLERANCE * form.payoff_range:
            found.add("zero-sum")
    return frozenset(found)
