"""The games of the references as eqsolve's forms, and their profiles as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from eqsolve.forms.base import Array, Form, Profile, frozen
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.markov.game import CrowdingGame, DenseMarkovGame
from eqsolve.forms.markov.sparse import HorizonGame, Moves, SparseMarkovGame
from eqsolve.forms.mixed import Mixed
from eqsolve.forms.normal.congestion import CongestionGame
from eqsolve.forms.normal.game import TensorGame
from eqsolve.spec.load import parse
from reference.congestion import Congestion
from reference.distancing import SAFE, SPREAD, Distancing
from reference.extensive import Behaviour
from reference.markov import MarkovGame
from reference.normal import Game, joints


def arrays(profile: Sequence[Any]) -> Profile:
    """Policies of fractions as policies of floats."""
    return frozen(np.array(policy, dtype=np.float64) for policy in profile)


def numbered(count: int) -> tuple[str, ...]:
    return tuple(str(k) for k in range(count))


def tensor_game(game: Game) -> TensorGame:
    """The payoff of every player at every joint action, looked up."""
    rows = [game.payoff(joint) for joint in joints(game.sizes)]
    payoffs = np.array(rows, dtype=np.float64).T.reshape(len(game.sizes), *game.sizes)
    return TensorGame(numbered(len(game.sizes)), tuple(map(numbered, game.sizes)), payoffs)


def congestion_game(rules: Congestion) -> CongestionGame:
    costs = np.array([[0, *table] for table in rules.costs.values()], dtype=np.float64)
    uses = tuple(np.array([[r in chosen for r in rules.costs] for chosen in own]) for own in rules.strategies)
    return CongestionGame(
        numbered(len(uses)),
        tuple(numbered(len(own)) for own in uses),
        np.array(rules.weights),
        costs,
        uses,
        tuple(rules.costs),
    )


def crowding_game(rules: Distancing) -> CrowdingGame:
    m, weights = len(rules.weights), [float(w) for w in rules.weights]
    return CrowdingGame(
        players=numbered(rules.players),
        actions=(numbered(m),) * rules.players,
        states=("safe", "spread"),
        slope=np.array([weights, weights]),
        offset=np.array([0.0, -float(rules.penalty)]),
        threshold=np.array([rules.spread_above, rules.safe_at_most]),
        below=np.array([SAFE, SAFE]),
        above=np.array([SPREAD, SPREAD]),
        discount=float(rules.discount),
        start=np.array(rules.start, dtype=np.float64),
    )


def dense_game(game: MarkovGame) -> DenseMarkovGame:
    """Rewards and transitions at every state and joint action, looked up."""
    rewards = np.empty((len(game.sizes), game.states, *game.sizes))
    transitions = np.empty((game.states, *game.sizes, game.states))
    for s in range(game.states):
        for joint in joints(game.sizes):
            transitions[s, *joint] = game.transition(s, joint)
            for i in game.players:
                rewards[i, s, *joint] = game.reward(i, s, joint)
    return DenseMarkovGame(
        players=numbered(len(game.sizes)),
        actions=tuple(map(numbered, game.sizes)),
        states=numbered(game.states),
        rewards=rewards,
        transitions=transitions,
        discount=float(game.discount),
        start=np.array(game.start, dtype=np.float64),
    )


def sparse_game(game: MarkovGame) -> SparseMarkovGame:
    """The same as `dense_game`, its transitions as a list."""
    dense = dense_game(game)
    return SparseMarkovGame(
        dense.players,
        dense.actions,
        dense.states,
        dense.rewards,
        Moves.of_table(dense.transitions),
        dense.discount,
        dense.start,
    )


def horizon_game(game: MarkovGame, horizon: int) -> HorizonGame:
    """The game that is over after `horizon` stages."""
    dense = dense_game(game)
    return HorizonGame(
        dense.players,
        dense.actions,
        dense.states,
        horizon,
        dense.rewards,
        Moves.of_table(dense.transitions),
        dense.discount,
        dense.start,
    )


def sequence_policies(form: SequenceForm, behaviour: Behaviour) -> Profile:
    """Distributions by player and information set as policies."""
    return frozen(
        [1.0, *(float(p) for label in treeplex.infosets for p in behaviour[i, label])]
        for i, treeplex in enumerate(form.treeplexes)
    )


def behaviour(form: SequenceForm, profile: Profile) -> dict[tuple[int, str], list[float]]:
    """Policies as distributions by player and information set."""
    return {
        (i, label): row.tolist() for i, policy in enumerate(profile) for label, _, row in form.named_rows(i, policy)
    }


def of_payoffs(payoffs: Array) -> TensorGame:
    """The game of a tensor [N, A_1, …, A_N], players and actions numbered."""
    players = tuple(str(i) for i in range(len(payoffs)))
    return TensorGame(players, tuple(tuple(str(a) for a in range(size)) for size in payoffs.shape[1:]), payoffs)


def tree_of(text: str, origin: str = "game") -> SequenceForm:
    """The extensive game in a text."""
    form = parse(text, origin).form
    assert isinstance(form, SequenceForm)
    return form


def as_mixed(form: Form) -> Mixed:
    """The same form, which is one of those whose policies are distributions."""
    assert isinstance(form, Mixed)
    return form
