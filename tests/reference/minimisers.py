"""Counterfactual regret minimisation by its definition: dictionaries, histories, one information set at a time.

Each method is written as its paper writes it: how regrets are summed, what the next policy is proportional to, how
much a plan counts in the average.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from reference.extensive import CHANCE, TERMINAL, Place, Rules, infosets

Vector: TypeAlias = list[float]


@dataclass(frozen=True)
class Method:
    """`summed(R, r, t)` after iteration t; `hoped(R, r, t)`: what the next policy is proportional to, where positive;
    `weight(t)` of the plan of iteration t.
    """

    summed: Callable[[float, float, int], float]
    hoped: Callable[[float, float, int], float]
    weight: Callable[[int], float]


def discount(t: int, exponent: float) -> float:
    return t**exponent / (t**exponent + 1) if t else 0.0


def floored(regret: float, r: float, t: int) -> float:
    return max(regret + r, 0.0)


METHODS = {
    "cfr": Method(lambda R, r, t: R + r, lambda R, r, t: R, lambda t: 1),
    "cfr+": Method(floored, lambda R, r, t: R, lambda t: t),
    "lcfr": Method(lambda R, r, t: R + t * r, lambda R, r, t: R, lambda t: t),
    "dcfr": Method(lambda R, r, t: R * discount(t - 1, 1.5 if R > 0 else 0) + r, lambda R, r, t: R, lambda t: t**2),
    "pcfr": Method(lambda R, r, t: R + r, lambda R, r, t: R + r, lambda t: t**2),
    "pcfr+": Method(floored, lambda R, r, t: R + r, lambda t: t**2),
    "dcfr+": Method(lambda R, r, t: max(R * discount(t - 1, 1.5) + r, 0), lambda R, r, t: R, lambda t: t**4),
    "pdcfr+": Method(
        lambda R, r, t: max(R * discount(t - 1, 2.3) + r, 0),
        lambda R, r, t: R * discount(t, 2.3) + r,
        lambda t: t**5,
    ),
    "sapcfr+": Method(floored, lambda R, r, t: R + r / 3, lambda t: t**5),
}


class Learner:
    """The regrets, policies and averages of all players."""

    def __init__(self, rules: Rules, method: Method) -> None:
        self.rules, self.method = rules, method
        sizes = {place: len(actions) for place, actions in infosets(rules).items()}
        self.regrets = {place: [0.0] * size for place, size in sizes.items()}
        self.policy = {place: [1 / size] * size for place, size in sizes.items()}
        self.sums = {place: [0.0] * size for place, size in sizes.items()}

    def run(self, iterations: int, alternating: bool) -> None:
        for t in range(1, iterations + 1):
            before = dict(self.policy)
            for i in range(len(self.rules.players)):
                play = dict(self.policy) if alternating else before
                self._average(i, play, self.method.weight(t))
                self._improve(i, play, t)

    def average(self) -> dict[Place, Vector]:
        return {
            place: [s / sum(sums) for s in sums] if sum(sums) > 0 else [1 / len(sums)] * len(sums)
            for place, sums in self.sums.items()
        }

    def _average(self, i: int, play: dict[Place, Vector], weight: float) -> None:
        """Adds the probability that player i's own moves allow each of their actions."""
        seen = set()

        def walk(state: Any, reach: float) -> None:
            turn = self.rules.turn(state)
            if turn == TERMINAL:
                return
            place = (turn, self.rules.infoset(state)) if turn >= 0 else (CHANCE, "")
            choices = len(self.rules.chances(state) if turn == CHANCE else self.rules.actions(state))
            for k in range(choices):
                walk(self.rules.after(state, k), reach * play[place][k] if turn == i else reach)
            if turn == i and place not in seen:
                seen.add(place)
                self.sums[place] = [s + weight * reach * p for s, p in zip(self.sums[place], play[place], strict=True)]

        walk(self.rules.root(), 1.0)

    def _improve(self, i: int, play: dict[Place, Vector], t: int) -> None:
        worth = {place: [0.0] * len(policy) for place, policy in play.items() if place[0] == i}

        def walk(state: Any, reach: float) -> float:
            """Player i's expected payoff; `reach`: the probability of chance and the others."""
            turn = self.rules.turn(state)
            if turn == TERMINAL:
                return float(self.rules.payoffs(state)[i])
            if turn == CHANCE:
                return sum(
                    float(p) * walk(self.rules.after(state, k), reach * float(p))
                    for k, (_, p) in enumerate(self.rules.chances(state))
                )
            place, total = (turn, self.rules.infoset(state)), 0.0
            for k, p in enumerate(play[place]):
                value = walk(self.rules.after(state, k), reach if turn == i else reach * p)
                total += p * value
                if turn == i:
                    worth[place][k] += reach * value
            return total

        walk(self.rules.root(), 1.0)
        for place, values in worth.items():
            mean = sum(p * v for p, v in zip(play[place], values, strict=True))
            regrets = [v - mean for v in values]
            method = self.method
            self.regrets[place] = [method.summed(R, r, t) for R, r in zip(self.regrets[place], regrets, strict=True)]
            hoped = [max(method.hoped(R, r, t), 0.0) for R, r in zip(self.regrets[place], regrets, strict=True)]
            total = sum(hoped)
            self.policy[place] = [h / total for h in hoped] if total > 0 else [1 / len(hoped)] * len(hoped)
