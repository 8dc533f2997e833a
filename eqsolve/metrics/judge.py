"""`deviations(form, profile)`: the judge of the form at hand."""

from __future__ import annotations

from eqsolve.forms.base import Form, Profile
from eqsolve.forms.markov import MarkovGame
from eqsolve.forms.normal import NormalForm
from eqsolve.metrics.deviations import Deviations
from eqsolve.metrics.markov import markov_deviations
from eqsolve.metrics.normal import normal_deviations


def deviations(form: Form, profile: Profile) -> Deviations:
    """Values, regrets and max regret of `profile` in `form`, in payoff units. `profile` must have passed form.check."""
    if isinstance(form, NormalForm):
        return normal_deviations(form, profile)
    if isinstance(form, MarkovGame):
        return markov_deviations(form, profile)
    raise TypeError(f"no judge for {type(form).__name__}")
