"""Markov games by definition: rewards and transitions at every joint action, values from exact equations or sums.

A profile is, per player, one list of probabilities for every state. Probabilities that do not sum to 1 over next
states leave the rest to the end of the game, worth 0. Best responses: every deterministic stationary policy is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from reference.linear import Number, solve
from reference.normal import Joint, joints, probability, pure

Policy = Sequence[Sequence[Number]]
Profile = Sequence[Policy]


@dataclass(frozen=True)
class MarkovGame:
    """`reward(i, s, joint)`; `transition(s, joint)`: probability of each next state; `start`: of each first one."""

    sizes: tuple[int, ...]
    states: int
    reward: Callable[[int, int, Joint], Number]
    transition: Callable[[int, Joint], Sequence[Number]]
    discount: Fraction
    start: Sequence[Number]

    @property
    def players(self) -> range:
        return range(len(self.sizes))


def unrolled(game: MarkovGame, horizon: int) -> MarkovGame:
    """The game that is over after `horizon` stages: its states are (t, s), t first, and lead to stage t + 1."""

    def transition(row: int, joint: Joint) -> list[Number]:
        t, s = divmod(row, game.states)
        moves: list[Number] = [0] * (horizon * game.states)
        if t + 1 < horizon:
            moves[(t + 1) * game.states : (t + 2) * game.states] = game.transition(s, joint)
        return moves

    return MarkovGame(
        game.sizes,
        horizon * game.states,
        lambda i, row, joint: game.reward(i, row % game.states, joint),
        transition,
        game.discount,
        [*game.start, *[0] * ((horizon - 1) * game.states)],
    )


def decision_problem(game: MarkovGame, profile: Profile, i: int) -> tuple[list[list[Number]], list[list[list[Number]]]]:
    """Player i's expected rewards [s][a] and transitions [s][a][t] while the others keep to the profile."""
    rewards = [[Fraction(0)] * game.sizes[i] for _ in range(game.states)]
    moves = [[[Fraction(0)] * game.states for _ in range(game.sizes[i])] for _ in range(game.states)]
    for s in range(game.states):
        for joint in joints(game.sizes):
            others = [policy[s] for policy in profile]
            others[i] = pure(game.sizes[i], joint[i])
            p = probability(others, joint)
            rewards[s][joint[i]] += p * game.reward(i, s, joint)
            for t, q in enumerate(game.transition(s, joint)):
                moves[s][joint[i]][t] += p * q
    return rewards, moves


def values(game: MarkovGame, profile: Profile, i: int) -> list[Fraction]:
    """Player i's expected discounted return from each state: the exact solution of V = r + γ P V."""
    rewards, moves = decision_problem(game, profile, i)
    return _values(game, rewards, moves, profile[i])


def values_by_summing(game: MarkovGame, profile: Profile, i: int, stages: int) -> list[Number]:
    """The same from the definition: expected reward of stage 0, plus γ times that of stage 1, … of `stages` stages."""
    rewards, moves = decision_problem(game, profile, i)
    totals = []
    for first in range(game.states):
        here = [float(s == first) for s in range(game.states)]
        total, weight = 0.0, 1.0
        for _ in range(stages):
            following = [0.0] * game.states
            for s, (mass, row) in enumerate(zip(here, profile[i], strict=True)):
                for a, p in enumerate(row):
                    total += weight * mass * float(p) * float(rewards[s][a])
                    for t, q in enumerate(moves[s][a]):
                        following[t] += mass * float(p) * float(q)
            here, weight = following, weight * float(game.discount)
        totals.append(total)
    return totals


def action_values(game: MarkovGame, profile: Profile, i: int) -> list[list[Number]]:
    """Q_i[s][a]: the return of taking a in s once and following the profile from then on."""
    rewards, moves = decision_problem(game, profile, i)
    own = _values(game, rewards, moves, profile[i])
    return [
        [
            rewards[s][a] + game.discount * sum(q * v for q, v in zip(moves[s][a], own, strict=True))
            for a in range(game.sizes[i])
        ]
        for s in range(game.states)
    ]


def visits(game: MarkovGame, profile: Profile) -> list[Fraction]:
    """Discounted expected number of visits of each state: the exact solution of D = μ + γ Pᵀ D."""
    equations = [[Fraction(int(s == t)) for s in range(game.states)] for t in range(game.states)]
    for s in range(game.states):
        for joint in joints(game.sizes):
            p = probability([policy[s] for policy in profile], joint)
            for t, q in enumerate(game.transition(s, joint)):
                equations[t][s] -= game.discount * p * q
    solution = solve(equations, game.start)
    assert solution is not None, "the game ends or is discounted"
    return solution


def best_values(game: MarkovGame, profile: Profile, i: int) -> list[Fraction]:
    """The most that player i can get from each state, over all deterministic stationary policies."""
    rewards, moves = decision_problem(game, profile, i)
    size = game.sizes[i]
    candidates = [
        _values(game, rewards, moves, [pure(size, action) for action in choice])
        for choice in product(range(size), repeat=game.states)
    ]
    return [max(column) for column in zip(*candidates, strict=True)]


def gains(game: MarkovGame, profile: Profile, i: int) -> list[Fraction]:
    """What player i's best deviation gains from each state."""
    return [best - own for best, own in zip(best_values(game, profile, i), values(game, profile, i), strict=True)]


def from_start(game: MarkovGame, by_state: Sequence[Number]) -> Number:
    """The mean over first states."""
    return sum(p * v for p, v in zip(game.start, by_state, strict=True))


def _values(
    game: MarkovGame,
    rewards: Sequence[Sequence[Number]],
    moves: Sequence[Sequence[Sequence[Number]]],
    policy: Policy,
) -> list[Fraction]:
    expected = [sum(p * r for p, r in zip(row, own, strict=True)) for row, own in zip(policy, rewards, strict=True)]
    equations = [
        [
            int(s == t) - game.discount * sum(p * moves[s][a][t] for a, p in enumerate(policy[s]))
            for t in range(game.states)
        ]
        for s in range(game.states)
    ]
    solution = solve(equations, expected)
    assert solution is not None, "the game ends or is discounted"
    return solution
