"""What hedge-cfr and mmd share: policies that are the softmax of logits (kernels/softmax_policies.py)."""

from __future__ import annotations

from typing import Any

import numpy as np

from eqsolve.forms.base import Array, Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout.hands import uninitialised
from eqsolve.forms.extensive.packing import in_lanes, lane_entries
from eqsolve.kernels.softmax_policies import play


def first_logits(game: SequenceForm, start: Profile | None) -> Array:
    """Return the logarithms of `start`, or of the uniform profile, in rows of lanes [R · W]."""
    policy = in_lanes(game, game.pack(game.uniform() if start is None else start))
    with np.errstate(divide="ignore"):  # a zero of the start is a logit of −∞, and stays one
        return np.asarray(np.log(policy))


def next_policy(game: SequenceForm, minimiser: Any) -> Array:
    """Return the policy that a minimiser with `logit` plays next, in rows of lanes [R · W]."""
    policy = uninitialised(lane_entries(game))
    play(game.arrays, minimiser, policy)
    return policy
