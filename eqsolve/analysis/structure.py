"""What kind of game this is, from its arrays: the facts by which `auto` and the registry choose."""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import CONSTANT_SUM_TOLERANCE, Form
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.normal.game import COMPUTED, TENSOR_BUDGET, NormalForm, TensorGame
from eqsolve.forms.potential import POTENTIAL_TOLERANCE, exact_potential
from eqsolve.forms.traits import Structure

#: Roundings of a sum of some payoffs, in those of a computed one.
OF_SUMS = 8


def structure(form: Form) -> frozenset[Structure]:
    """Return the structure that the game's arrays show."""
    found = set()
    if len(form.players) == 2:
        found.add(Structure.TWO_PLAYER)
    if form.has_potential:
        found.add(Structure.POTENTIAL)
    if isinstance(form, NormalForm) and form.tensor_bytes <= TENSOR_BUDGET:
        found.add(Structure.TENSOR)
    if isinstance(form, TensorGame) and np.ptp(form.payoffs.sum(axis=0)) <= CONSTANT_SUM_TOLERANCE * form.payoff_range:
        found.add(Structure.ZERO_SUM)
    if isinstance(form, SequenceForm) and form.constant_sum:
        found.add(Structure.ZERO_SUM)
    return frozenset(found)


def nearly(form: Form) -> frozenset[Structure]:
    """Which of 'zero-sum' and 'potential' the game is within their tolerance, but by more than rounding is not."""
    if not isinstance(form, TensorGame | SequenceForm):
        return frozenset()
    payoffs = form.payoffs if isinstance(form, TensorGame) else form.paid
    small, found = OF_SUMS * COMPUTED * float(np.abs(payoffs).max()), structure(form)
    near = set[Structure]()
    if np.ptp(payoffs.sum(axis=0)) > small:
        near.add(Structure.ZERO_SUM)
    if isinstance(form, TensorGame) and Structure.POTENTIAL in found:
        near |= {Structure.POTENTIAL} if exact_potential(payoffs, small / POTENTIAL_TOLERANCE) is None else set()
    return frozenset(near & found)
