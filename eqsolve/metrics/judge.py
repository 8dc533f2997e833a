"""`deviations(form, profile)` and `values(form, profile)`: the judge of the form at hand."""

from __future__ import annotations

from eqsolve.forms.base import Array, Form, Profile
from eqsolve.metrics.deviations import Deviations
from eqsolve.metrics.judges import judge_of


def deviations(form: Form, profile: Profile) -> Deviations:
    """Values, regrets and max regret of `profile` in `form`, in payoff units. `profile` must have passed form.check."""
    return judge_of(form).deviations(form, profile)


def values(form: Form, profile: Profile) -> Array:
    """Every player's value from every row of a policy, [N, rows], in payoff units.

    Of a normal form, which has one row, and of a sequence form: from the start, [N, 1].
    """
    return judge_of(form).values(form, profile)
