"""Regrets in a Markov game: exact best responses, one player's decision problem at a time.

Where the number of decisions is bounded, by backward induction. Else by policy iteration (Howard 1960; Puterman 1994,
section 6.4), which ends after finitely many improvements at an optimal policy, whatever the discount; value iteration
would need a tolerance near 1e-12 · (1 − γ). The gain of a best response d over the profile is solved from its
advantages, gain = A_d + γ P_d gain (performance difference), not as a difference of two large values.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from eqsolve import memory
from eqsolve.forms.base import Array, Profile, frozen
from eqsolve.forms.markov.game import MarkovGame
from eqsolve.forms.markov.mdp import MDP, TableMDP
from eqsolve.forms.tolerances import ADVANTAGE_ROUNDING
from eqsolve.metrics.deviations import Deviations
from eqsolve.metrics.judges import Judge


def markov_deviations(game: MarkovGame, profile: Profile) -> Deviations:
    """Values and regrets from the initial distribution; `max_regret` over all start states. Discounted payoff units."""
    values, regrets, worst = [], [], []
    for policy, mdp in zip(profile, game.mdps(profile), strict=True):
        value, gain = best_response_gain(mdp, policy, game.discount)
        values.append(mdp.start @ value)
        regrets.append(mdp.start @ gain)
        worst.append(gain.max())
    own, gains = np.array(values), np.array(regrets)
    return Deviations(own, own + gains, gains, float(max(worst)))


def markov_values(game: MarkovGame, profile: Profile) -> Array:
    """Every player's value from every row of their policy, [N, S]; discounted payoff units."""
    mdps = game.mdps(profile)
    return np.array([policy_values(mdp, pi, game.discount) for pi, mdp in zip(profile, mdps, strict=True)])


def markov_replies(game: MarkovGame, profile: Profile) -> Profile:
    """Each player's best actions in all rows, as a policy."""
    mdps = zip(profile, game.mdps(profile), strict=True)
    actions = (best_actions(mdp, policy, game.discount) for policy, mdp in mdps)
    return frozen(np.eye(shape[1])[own] for shape, own in zip(game.shapes, actions, strict=True))


def markov_table_bytes(game: MarkovGame, profile: Profile) -> int:
    """Bytes of one decision problem at a time, with what solving it copies."""
    return 3 * memory.held(next(iter(game.mdps(profile))))


def policy_values(mdp: MDP, policy: Array, discount: float) -> Array:
    """V^π, [S], of the player whose decision problem this is."""
    if mdp.stages is not None:
        return _induced(mdp, _played(mdp, policy, discount), discount)[0]
    return _solve(discount, *_under(_table(mdp), policy))


def best_response_gain(mdp: MDP, policy: Array, discount: float) -> tuple[Array, Array]:
    """(V^π, V^BR − V^π), each [S]: the policy's values and what a best response gains from each row."""
    value, gain, _ = _best_response(mdp, policy, discount)
    return value, gain


def best_actions(mdp: MDP, policy: Array, discount: float) -> NDArray[np.intp]:
    """[S]: the actions of a best response, optimal from every row; of equally good ones mostly the first.

    `policy` is what the player does now, from which improvements start.
    """
    return _best_response(mdp, policy, discount)[2]


def _best_response(mdp: MDP, policy: Array, discount: float) -> tuple[Array, Array, NDArray[np.intp]]:
    """V^π, V^BR − V^π and the actions of BR, each [S]."""
    if mdp.stages is not None:
        return _by_stages(mdp, policy, discount)
    mdp = _table(mdp)
    value = _solve(discount, *_under(mdp, policy))
    small = ADVANTAGE_ROUNDING * max(float(np.abs(value).max()), float(np.abs(mdp.rewards).max()))
    advantages = _advantages(mdp, policy, mdp.rewards + discount * mdp.expect(value))
    return value, *_iterated_gain(mdp, advantages, discount, small)


def _table(mdp: MDP) -> TableMDP:
    """The problem itself, which must be given by tables where no number of stages bounds it."""
    if not isinstance(mdp, TableMDP):
        raise TypeError(f"{type(mdp).__name__} has neither stages nor a table")
    return mdp


def _advantages(mdp: MDP, policy: Array, action_values: Array) -> Array:
    """Q − V as V's expected shortfall less each action's, so that equal actions have exactly 0; −∞ where illegal."""
    if mdp.legal is not None:
        action_values = np.where(mdp.legal, action_values, -np.inf)
    shortfall = action_values.max(axis=1, keepdims=True) - action_values
    with np.errstate(invalid="ignore"):  # 0 · ∞ at an illegal action, which has no probability
        played = np.where(policy > 0, policy * shortfall, 0.0)
    return np.asarray(played.sum(axis=1, keepdims=True) - shortfall)


def _by_stages(mdp: MDP, policy: Array, discount: float) -> tuple[Array, Array, NDArray[np.intp]]:
    """Backward induction on the values, then on the gains: G = max_a (A + γ E G), of the advantages A over π."""

    value, back = _induced(mdp, _played(mdp, policy, discount), discount)
    advantages = _advantages(mdp, policy, mdp.rewards + discount * mdp.expect(value, back))

    def best(gains: Array, back: float) -> Array:
        return np.asarray((advantages + discount * mdp.expect(gains, back)).max(axis=1))

    gain, back = _induced(mdp, best, discount)
    return value, gain, (advantages + discount * mdp.expect(gain, back)).argmax(axis=1)


def _played(mdp: MDP, policy: Array, discount: float) -> Callable[[Array, float], Array]:
    """One decision by `policy`: from the values of what comes next to those of the rows."""

    def stage(values: Array, back: float) -> Array:
        return np.asarray((policy * (mdp.rewards + discount * mdp.expect(values, back))).sum(axis=1))

    return stage


def _induced(mdp: MDP, stage: Callable[[Array, float], Array], discount: float) -> tuple[Array, float]:
    """Fixed point of `stage` on the rows, and the value of being back at the start.

    Nothing is known before the last decision; each application settles one decision more. Where the game returns to
    its start, all rounds are alike: a geometric series.
    """
    stages = mdp.stages or 0

    def settled(back: float) -> Array:
        values = np.zeros(len(mdp.rewards))
        for _ in range(stages):
            values = stage(values, back)
        return values

    once = settled(0.0)
    if not mdp.returns:
        return once, 0.0
    back = float(mdp.start @ once) / (1 - discount**stages)
    return settled(back), back


def _iterated_gain(mdp: TableMDP, advantages: Array, discount: float, small: float) -> tuple[Array, NDArray[np.intp]]:
    """V^BR − V^π and BR by policy iteration on gains, from the greedy policy on; below `small` nothing improves."""
    states = np.arange(len(advantages))
    best = advantages.argmax(axis=1)
    gain = np.full(len(advantages), -np.inf)
    while True:
        before, gain = gain, _solve(discount, advantages[states, best], mdp.transitions[states, best])
        # advantages over the current best response, from its gain over π
        better = advantages + discount * mdp.expect(gain) - gain[:, None]
        improved = better.max(axis=1) > small
        # every true improvement raises the gain; one that does not is rounding, and could go round in circles
        if not improved.any() or gain.sum() <= before.sum():
            return np.asarray(np.maximum(gain, before)), best
        best = np.where(improved, better.argmax(axis=1), best)


def _under(mdp: TableMDP, policy: Array) -> tuple[Array, Array]:
    """Expected rewards [S] and transitions [S, S] when the player follows `policy`."""
    return (policy * mdp.rewards).sum(axis=1), np.einsum("sk,skt->st", policy, mdp.transitions)


def _solve(discount: float, rewards: Array, chain: Array) -> Array:
    """V of (I − γ P) V = r."""
    return np.asarray(np.linalg.solve(np.eye(len(rewards)) - discount * chain, rewards), dtype=np.float64)


JUDGE = Judge(
    deviations=markov_deviations,
    values=markov_values,
    best_replies=markov_replies,
    table_bytes=markov_table_bytes,
)
