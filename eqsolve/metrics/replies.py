"""Each player's best reply to a profile, as a policy: what the regrets are measured against.

Pure, computed by the judge's own code, and for every form optimal from every row, also from those that play never
reaches. Of actions that are equally good in float64 the first is taken; in a Markov game that goes on for ever one
within rounding of the best.
"""

from __future__ import annotations

from eqsolve.forms.base import Form, Profile
from eqsolve.metrics.judges import judge_of


def best_replies(form: Form, profile: Profile) -> Profile:
    """Return, of each player, a pure best reply to the others' policies in `profile`.

    `profile` must have passed form.check. Together they are in general no equilibrium.
    """
    replies = judge_of(form).best_replies
    if replies is None:
        raise TypeError(f"no best replies in {type(form).__name__}")
    return replies(form, profile)
