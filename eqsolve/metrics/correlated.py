"""What each player would gain by deviating from a joint distribution: the gaps by which correlated answers are judged.

The device recommends to player i their action a of the pure profile drawn. Summed over all that they may be told,

    CE:   Σ_a max_{a'} Σ_{profiles with a_i = a} p · (u_i(a', a_-i) − u_i(a, a_-i)),   the best swap of recommendations,
    CCE:  max_{a'} Σ_{profiles} p · (u_i(a', a_-i) − u_i(a)),                          the best action, told nothing.

A distribution is a correlated equilibrium (Aumann 1974) if no swap gains, a coarse one (Moulin and Vial 1978) if no
fixed action does. Computed from the form and the distribution alone.
"""

from __future__ import annotations

from eqsolve.forms.base import Form
from eqsolve.forms.joint import Joint
from eqsolve.metrics.deviations import JointDeviations as JointDeviations
from eqsolve.metrics.judges import judge_of


def joint_deviations(form: Form, joint: Joint) -> JointDeviations:
    """Values and gains of `joint`, which must have passed `check_joint`; TypeError for a form without such."""
    judge = judge_of(form).joint
    if judge is None:
        raise TypeError(f"no joint distributions of {type(form).__name__}")
    return judge(form, joint)
