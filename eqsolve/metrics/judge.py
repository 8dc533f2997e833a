"""The judge of the form at hand: `deviations`, `values`, and `figures_of`, all that is measured of a profile."""

from __future__ import annotations

from typing import Any

from eqsolve.forms.base import Array, Form, Profile
from eqsolve.forms.concept import Concept
from eqsolve.metrics.deviations import Deviations
from eqsolve.metrics.gap import Gap
from eqsolve.metrics.judges import judge_of
from eqsolve.metrics.quantal import quantal_deviation


def deviations(form: Form, profile: Profile) -> Deviations:
    """Values, regrets and max regret of `profile` in `form`, in payoff units. `profile` must have passed form.check."""
    return judge_of(form).deviations(form, profile)


def values(form: Form, profile: Profile) -> Array:
    """Every player's value from every row of a policy, [N, rows], in payoff units.

    Of a normal form, which has one row, and of a sequence form: from the start, [N, 1].
    """
    return judge_of(form).values(form, profile)


def figures_of(form: Form, profile: Profile, precision: float | None = None) -> tuple[Gap, dict[str, Any]]:
    """Return the gap that judges a profile, which must have passed form.check, and its figures by name.

    The names are those of metrics/figures.py. With a `precision` λ, in 1 / payoff units, the gap is the distance to
    logit responses, and not the Nash gap.
    """
    found = deviations(form, profile)
    figures = {**found.figures, "potential": form.potential(profile)}
    if precision is None:
        return found.gap, figures
    far = quantal_deviation(form, profile, precision)
    figures |= {"quantal_gap": far.gap, "quantal_precision": far.precision}
    return Gap.exactly(Concept.QUANTAL, far.gap), figures
