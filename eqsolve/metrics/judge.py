"""`deviations(form, profile)` and `values(form, profile)`: the judge of the form at hand."""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import Array, Form, Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.markov.game import MarkovGame
from eqsolve.forms.normal.game import NormalForm
from eqsolve.metrics.deviations import Deviations
from eqsolve.metrics.extensive import sequence_deviations, sequence_values
from eqsolve.metrics.markov import markov_deviations, markov_values
from eqsolve.metrics.normal import normal_deviations


def deviations(form: Form, profile: Profile) -> Deviations:
    """Values, regrets and max regret of `profile` in `form`, in payoff units. `profile` must have passed form.check."""
    if isinstance(form, NormalForm):
        return normal_deviations(form, profile)
    if isinstance(form, MarkovGame):
        return markov_deviations(form, profile)
    if isinstance(form, SequenceForm):
        return sequence_deviations(form, profile)
    raise TypeError(f"no judge for {type(form).__name__}")


def values(form: Form, profile: Profile) -> Array:
    """Every player's value from every row of a policy, [N, rows], in payoff units.

    Of a normal form, which has one row, and of a sequence form: from the start, [N, 1].
    """
    if isinstance(form, NormalForm):
        return np.array([[policy @ u] for policy, u in zip(profile, form.backup(profile), strict=True)])
    if isinstance(form, MarkovGame):
        return markov_values(form, profile)
    if isinstance(form, SequenceForm):
        return sequence_values(form, profile)[:, None]
    raise TypeError(f"no judge for {type(form).__name__}")
