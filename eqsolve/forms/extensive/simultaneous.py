"""A game in normal form as a tree: each player moves once and knows nothing of the others' moves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.treeplex import Leaves, Names, Treeplex


def simultaneous(players: tuple[str, ...], actions: Sequence[tuple[str, ...]], payoffs: Array) -> SequenceForm:
    """Return the game with `payoffs` [N, A_1, …, A_N] in sequence form: one information set each, a leaf per profile.

    A policy [A_i] there begins with the 1 of the empty sequence: see `with_empty` and `without_empty`.
    """
    sizes = payoffs.shape[1:]
    treeplexes = tuple(
        Treeplex(np.zeros(1, int), np.ones(1, int), np.array([len(own)]), partial(_names, own)) for own in actions
    )
    sequences = 1 + np.indices(sizes, dtype=np.int32).reshape(len(sizes), -1)
    paid = payoffs.reshape(len(sizes), -1).astype(np.float64)
    spread = float(np.ptp(paid, axis=1).max())
    return SequenceForm(players, treeplexes, Leaves(sequences, np.ones(sequences.shape[1]), paid), spread)


def with_empty(profile: Profile) -> Profile:
    """Return a profile of the normal form as one of the tree."""
    return frozen(np.concatenate([np.ones(1), policy]) for policy in profile)


def without_empty(profile: Profile) -> Profile:
    """Return a profile of the tree as one of the normal form."""
    return frozen(policy[1:] for policy in profile)


def _names(actions: tuple[str, ...]) -> Names:
    """Return the labels of a player's one information set, which has none, and of their sequences."""
    return ("",), ("", *actions)
