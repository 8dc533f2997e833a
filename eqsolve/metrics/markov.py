"""Regrets in a Markov game: exact best responses by policy iteration, one player's decision problem at a time.

Policy iteration (Howard 1960; Puterman 1994, section 6.4) ends after finitely many improvements at an optimal
policy, whatever the discount; value iteration would need a tolerance near 1e-12 · (1 − γ). The gain of the best
response is solved from its advantages over the profile, (I − γ P_d) gain = A_d (performance difference), not as a
difference of two large values.
"""

from __future__ import annotations

import numpy as np

from eqsolve.forms.base import Array, Profile
from eqsolve.forms.markov import MDP, MarkovGame
from eqsolve.metrics.deviations import Deviations

#: An action replaces the current one only if it is better by more than this fraction of the largest value or reward.
IMPROVEMENT = 1e-14


def markov_deviations(game: MarkovGame, profile: Profile) -> Deviations:
    """Values and regrets from the initial distribution; `max_regret` over all start states. Discounted payoff units."""
    values, gains = [], []
    for policy, mdp in zip(profile, game.mdps(profile), strict=True):
        value, gain = best_response_gain(mdp, policy, game.discount)
        values.append(game.start @ value)
        gains.append(gain)
    regrets = np.array([game.start @ gain for gain in gains])
    own = np.array(values)
    return Deviations(own, own + regrets, regrets, float(np.max(gains)))


def best_response_gain(mdp: MDP, policy: Array, discount: float) -> tuple[Array, Array]:
    """(V^π, V^BR − V^π), each [S]: the policy's values and what a best response gains from each start state."""
    value = _solve(discount, *_under(mdp, policy))
    action_values = mdp.rewards + discount * mdp.transitions @ value
    shortfall = action_values.max(axis=1, keepdims=True) - action_values
    advantages = (policy * shortfall).sum(axis=1, keepdims=True) - shortfall
    states = np.arange(len(value))
    best = advantages.argmax(axis=1)
    small = IMPROVEMENT * max(float(np.abs(value).max()), float(np.abs(mdp.rewards).max()))
    gain = np.full(len(value), -np.inf)
    while True:
        before, gain = gain, _solve(discount, advantages[states, best], mdp.transitions[states, best])
        # advantages over the current best response, from its gain over π
        better = advantages + discount * mdp.transitions @ gain - gain[:, None]
        improved = better.max(axis=1) > small
        # every true improvement raises the gain; one that does not is rounding, and could go round in circles
        if not improved.any() or gain.sum() <= before.sum():
            return value, np.maximum(gain, before)
        best = np.where(improved, better.argmax(axis=1), best)


def _under(mdp: MDP, policy: Array) -> tuple[Array, Array]:
    """Expected rewards [S] and transitions [S, S] when the player follows `policy`."""
    return (policy * mdp.rewards).sum(axis=1), np.einsum("sk,skt->st", policy, mdp.transitions)


def _solve(discount: float, rewards: Array, chain: Array) -> Array:
    """V of (I − γ P) V = r."""
    return np.asarray(np.linalg.solve(np.eye(len(rewards)) - discount * chain, rewards), dtype=np.float64)
