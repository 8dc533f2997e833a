"""Learning dynamics of normal forms by definition, in plain numpy: every play is kept and every sum is taken anew.

`payoffs(profile)` gives each player's expected payoffs per own action. Each function returns the profiles of iterations
0 … T: what is played in iteration t + 1 is entry t.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = NDArray[np.float64]
Profile: TypeAlias = list[Vector]
Payoffs: TypeAlias = Callable[[Profile], Sequence[Vector]]


def tensor_payoffs(tensor: NDArray[np.float64]) -> Payoffs:
    """Of a tensor [N, A_1, …, A_N], by summing over the whole table with every opponent's weights multiplied in."""
    players = range(len(tensor))

    def payoffs(profile: Profile) -> list[Vector]:
        found = []
        for i in players:
            table = tensor[i].copy()
            for j in players:
                if j != i:
                    table *= profile[j].reshape([-1 if k == j else 1 for k in players])
            found.append(table.sum(axis=tuple(j for j in players if j != i)))
        return found

    return payoffs


def softmax(logits: Vector) -> Vector:
    weights = np.exp(logits - logits.max())
    return np.asarray(weights / weights.sum())


def best(payoffs: Vector) -> Vector:
    return np.asarray(np.eye(len(payoffs))[payoffs.argmax()])


def mean(plays: Sequence[Profile]) -> Profile:
    return [np.mean(own, axis=0) for own in zip(*plays, strict=True)]


def regret_matching(payoffs: Payoffs, sizes: Sequence[int], iterations: int) -> list[Profile]:
    """Unconditional: in proportion to what each action would have paid more, were it played throughout."""
    plays: list[Profile] = []
    for _ in range(iterations + 1):
        regrets = [np.zeros(size) for size in sizes]
        for play in plays:
            for R, u, x in zip(regrets, payoffs(play), play, strict=True):
                R += u - x @ u
        positive = [np.maximum(R, 0) for R in regrets]
        plays.append([p / p.sum() if p.sum() > 0 else np.full(len(p), 1 / len(p)) for p in positive])
    return plays


def optimistic_weights(payoffs: Payoffs, start: Profile, iterations: int, k: float) -> list[Profile]:
    """x_{t+1} ∝ x_1 exp(k (Σ_{s ≤ t} u_s + u_t − u_1)), the telescoped sum of 2 u_s − u_{s−1}."""
    plays = [start]
    seen: list[Sequence[Vector]] = []
    for _ in range(iterations):
        seen.append(payoffs(plays[-1]))
        plays.append(
            [softmax(np.log(x) + k * (sum(u[i] for u in seen) + seen[-1][i] - seen[0][i])) for i, x in enumerate(start)]
        )
    return plays


def replicator(payoffs: Payoffs, start: Profile, iterations: int, h: float) -> list[Profile]:
    """Each step of time h by a thousand small ones of the explicit midpoint rule."""

    def slope(x: Profile) -> Profile:
        return [p * (u - p @ u) for p, u in zip(x, payoffs(x), strict=True)]

    plays, small = [start], h / 1000
    for _ in range(iterations):
        x = plays[-1]
        for _ in range(1000):
            middle = [p + small / 2 * s for p, s in zip(x, slope(x), strict=True)]
            x = [p + small * s for p, s in zip(x, slope(middle), strict=True)]
        plays.append(x)
    return plays


def fictitious_play(
    payoffs: Payoffs, start: Profile, iterations: int, answer: Callable[[Vector], Vector], alternating: bool
) -> list[Profile]:
    """Each answers the means of all the others' plays, the start being the first; in turn, if alternating."""
    plays = [start]
    for _ in range(iterations):
        means = mean(plays)
        answers: Profile = []
        for i in range(len(start)):
            answers.append(answer(payoffs(means)[i]))
            if alternating:
                means[i] = np.mean([*(play[i] for play in plays), answers[i]], axis=0)
        plays.append(answers)
    return plays
