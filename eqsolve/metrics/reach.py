"""Where play goes in an extensive game: which information sets a profile reaches, and whose moves keep it from others.

An information set is reached with the probability that the player's own moves lead there times that of chance and the
others coming to one of its histories. Nothing is rounded away: out of reach means a probability of 0.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Array, Form, Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.treeplex import Treeplex
from eqsolve.metrics.deviations import Unreached as Unreached
from eqsolve.metrics.judges import judge_of

#: Leaves of games in which it is looked for; beyond, lists of leaves take seconds and gigabytes.
MAX_LEAVES_READ = 2_000_000

Flags: TypeAlias = NDArray[np.bool_]


class Reach(NamedTuple):
    """Whether a player's own moves, and those of chance and the others, lead to each of the information sets, [I]."""

    own: Flags
    others: Flags


def looked_for(game: SequenceForm) -> bool:
    """Whether a game has few enough leaves."""
    return game.size <= MAX_LEAVES_READ


def reach(game: SequenceForm, profile: Profile, player: int) -> Reach:
    """Who leads to the information sets of one player."""
    treeplex = game.treeplexes[player]
    own = treeplex.plan(profile[player])[treeplex.parent] > 0
    weights = others_weights(game, game.reaches(profile), player)
    came = np.bincount(game.leaves.sequences[player], weights, treeplex.sequences).astype(np.float64, copy=False)
    return Reach(own, _at_sets(treeplex, came) > 0)


def others_weights(game: SequenceForm, reaches: list[Array], player: int) -> Array:
    """[Z]: the probability of every leaf by chance and the others, if the player makes all moves towards it."""
    weights = game.leaves.chance.copy()
    for j, reached in enumerate(reaches):
        if j != player:
            weights *= reached
    return weights


def unreached(form: Form, profile: Profile) -> tuple[tuple[Unreached | None, ...], ...] | None:
    """Why play under `profile` does not come to each information set, player by player; None where it does.

    None for the whole where there are no information sets, or more leaves than MAX_LEAVES_READ.
    """
    reasons = judge_of(form).unreached
    return None if reasons is None else reasons(form, profile)


def unreached_sets(game: SequenceForm, profile: Profile) -> tuple[tuple[Unreached | None, ...], ...] | None:
    """The reasons that `unreached` gives, in a game whose judge has them."""
    if not looked_for(game):
        return None
    found = []
    for player in range(len(profile)):
        own, others = reach(game, profile, player)
        reasons = np.where(others, Unreached.OWN, Unreached.OTHERS)
        found.append(
            tuple(
                None if reached else Unreached(why)
                for reached, why in zip((own & others).tolist(), reasons.tolist(), strict=True)
            )
        )
    return tuple(found)


def _at_sets(treeplex: Treeplex, weights: Array) -> Array:
    """[I]: what of the leaves' `weights` [Q], which are modified in place, lies below one action of each set.

    It is the same below every action, but for rounding, as the others' moves do not depend on which one is taken.
    """
    found = np.zeros(len(treeplex.parent))
    for start, end in reversed(treeplex.levels):
        first, parent = treeplex.first[start:end], treeplex.parent[start:end]
        here = slice(int(first[0]), int(first[-1] + treeplex.count[end - 1]))
        found[start:end] = np.maximum.reduceat(weights[here], first - first[0])
        np.add.at(weights, parent, found[start:end])
    return found
