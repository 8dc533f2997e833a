"""Each player's best reply to a profile, as a policy: what the regrets are measured against.

Pure, computed by the judge's own code, and for every form optimal from every row, also from those that play never
reaches. Of actions that are equally good in float64 the first is taken; in a Markov game that goes on for ever one
within rounding of the best.
"""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import Form, Profile, frozen
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.markov.game import MarkovGame
from eqsolve.forms.normal.game import NormalForm
from eqsolve.metrics.extensive import best_policy, gradients
from eqsolve.metrics.markov import best_actions


def best_replies(form: Form, profile: Profile) -> Profile:
    """Return, of each player, a pure best reply to the others' policies in `profile`.

    `profile` must have passed form.check. Together they are in general no equilibrium.
    """
    if isinstance(form, NormalForm):
        return frozen(np.eye(len(payoffs))[payoffs.argmax()] for payoffs in form.backup(profile))
    if isinstance(form, MarkovGame):
        mdps = zip(profile, form.mdps(profile), strict=True)
        actions = (best_actions(mdp, policy, form.discount) for policy, mdp in mdps)
        return frozen(np.eye(shape[1])[own] for shape, own in zip(form.shapes, actions, strict=True))
    if isinstance(form, SequenceForm):
        paid = zip(form.treeplexes, gradients(form, profile), strict=True)
        return frozen(best_policy(treeplex, gradient) for treeplex, gradient in paid)
    raise TypeError(f"no judge for {type(form).__name__}")
