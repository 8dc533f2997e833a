"""Learning in extensive games by definition, beside regret matching (minimisers.py): one information set at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from math import exp, log
from typing import Any, TypeAlias

from reference.extensive import CHANCE, TERMINAL, Place, Rules, infosets

Vector: TypeAlias = list[float]
Play: TypeAlias = Mapping[Place, Vector]


def uniform(rules: Rules) -> dict[Place, Vector]:
    return {place: [1 / len(actions)] * len(actions) for place, actions in infosets(rules).items()}


def worths(rules: Rules, play: Play, i: int) -> tuple[dict[Place, Vector], dict[Place, float]]:
    """Of player i's information sets: the expected payoff after each action, summed over its histories weighted by the
    reach of chance and the others; and the sum of these weights.
    """
    worth = {place: [0.0] * len(policy) for place, policy in play.items() if place[0] == i}
    weight = dict.fromkeys(worth, 0.0)

    def walk(state: Any, reach: float) -> float:
        turn = rules.turn(state)
        if turn == TERMINAL:
            return float(rules.payoffs(state)[i])
        if turn == CHANCE:
            return sum(
                float(p) * walk(rules.after(state, k), reach * float(p))
                for k, (_, p) in enumerate(rules.chances(state))
            )
        place, total = (turn, rules.infoset(state)), 0.0
        for k, p in enumerate(play[place]):
            value = walk(rules.after(state, k), reach if turn == i else reach * p)
            total += p * value
            if turn == i:
                worth[place][k] += reach * value
        if turn == i:
            weight[place] += reach
        return total

    walk(rules.root(), 1.0)
    return worth, weight


def regrets(rules: Rules, play: Play, i: int) -> dict[Place, Vector]:
    """Counterfactual ones of player i."""
    worth, _ = worths(rules, play, i)
    means = {place: sum(p * w for p, w in zip(play[place], own, strict=True)) for place, own in worth.items()}
    return {place: [w - means[place] for w in own] for place, own in worth.items()}


def visits(rules: Rules, play: Play, i: int, without: int | None = None) -> dict[Place, float]:
    """How likely player i's information sets are, `without` doing all that they can; summed over histories."""
    found: dict[Place, float] = defaultdict(float)

    def walk(state: Any, reach: float) -> None:
        turn = rules.turn(state)
        if turn == TERMINAL:
            return
        if turn == i:
            found[turn, rules.infoset(state)] += reach
        chances = [float(p) for _, p in rules.chances(state)] if turn == CHANCE else play[turn, rules.infoset(state)]
        for k, p in enumerate(chances):
            walk(rules.after(state, k), reach if turn == without else reach * p)

    walk(rules.root(), 1.0)
    return dict(found)


def allowed(rules: Rules, play: Play, i: int) -> dict[Place, float]:
    """How likely player i makes each of their information sets, by own moves."""
    found: dict[Place, float] = {}

    def walk(state: Any, reach: float) -> None:
        turn = rules.turn(state)
        if turn == TERMINAL:
            return
        if turn == i:
            found[turn, rules.infoset(state)] = reach
        for k in range(len(rules.chances(state) if turn == CHANCE else rules.actions(state))):
            walk(rules.after(state, k), reach * play[turn, rules.infoset(state)][k] if turn == i else reach)

    walk(rules.root(), 1.0)
    return found


def mixture(rules: Rules, plays: list[Play]) -> dict[Place, Vector]:
    """The policies whose plans are the average of the plans of `plays`; uniform where none of them comes."""
    mixed = uniform(rules)
    for i in range(len(rules.players)):
        weights = [allowed(rules, play, i) for play in plays]
        for place in (place for place in mixed if place[0] == i):
            total = sum(weight[place] for weight in weights)
            if total > 0:
                mixed[place] = [
                    sum(w[place] * play[place][k] for w, play in zip(weights, plays, strict=True)) / total
                    for k in range(len(mixed[place]))
                ]
    return mixed


def softmax(logits: Vector) -> Vector:
    weights = [exp(x - max(logits)) for x in logits]
    return [w / sum(weights) for w in weights]


def best_response(rules: Rules, play: Play, i: int) -> dict[Place, Vector]:
    """Of player i: by recursion over histories, the first of equally good actions."""
    histories: dict[Place, list[tuple[Any, float]]] = defaultdict(list)
    chosen: dict[Place, int] = {}

    def gather(state: Any, reach: float) -> None:
        turn = rules.turn(state)
        if turn == TERMINAL:
            return
        if turn == i:
            histories[turn, rules.infoset(state)].append((state, reach))
        chances = [float(p) for _, p in rules.chances(state)] if turn == CHANCE else play[turn, rules.infoset(state)]
        for k, p in enumerate(chances):
            gather(rules.after(state, k), reach if turn == i else reach * p)

    def best(state: Any) -> float:
        turn = rules.turn(state)
        if turn == TERMINAL:
            return float(rules.payoffs(state)[i])
        if turn == i:
            return best(rules.after(state, choice((turn, rules.infoset(state)))))
        chances = [float(p) for _, p in rules.chances(state)] if turn == CHANCE else play[turn, rules.infoset(state)]
        return sum(p * best(rules.after(state, k)) for k, p in enumerate(chances) if p > 0)

    def choice(place: Place) -> int:
        if place not in chosen:
            worth = [
                sum(w * best(rules.after(state, k)) for state, w in histories[place] if w > 0)
                for k in range(len(play[place]))
            ]
            chosen[place] = worth.index(max(worth))
        return chosen[place]

    gather(rules.root(), 1.0)
    return {place: [float(k == choice(place)) for k in range(len(play[place]))] for place in histories}


def hedge(rules: Rules, iterations: int, eta: float, decay: float, alternating: bool) -> tuple[Play, Play]:
    """CFR with Hedge: the average policy and the last one."""
    play, plays = uniform(rules), list[Play]()
    total = {place: [0.0] * len(policy) for place, policy in play.items()}
    for t in range(1, iterations + 1):
        before = dict(play)
        plays.append(before)
        for i in range(len(rules.players)):
            for place, own in regrets(rules, dict(play) if alternating else before, i).items():
                total[place] = [R + r for R, r in zip(total[place], own, strict=True)]
                play[place] = softmax([eta / t**decay * R for R in total[place]])
    return mixture(rules, plays), play


def magnetic(rules: Rules, iterations: int, alpha: float, eta: float, decay: float) -> Play:
    """Magnetic mirror descent with a uniform magnet: the last policy."""
    play = uniform(rules)
    for t in range(1, iterations + 1):
        before, a, e = dict(play), alpha / t**decay, eta / t**decay
        for i in range(len(rules.players)):
            worth, weight = worths(rules, before, i)
            for place, own in worth.items():
                q = [w / weight[place] for w in own]
                magnet = 1 / len(q)
                play[place] = softmax(
                    [
                        (log(p) + e * a * log(magnet) + e * x) / (1 + e * a)
                        for p, x in zip(before[place], q, strict=True)
                    ]
                )
    return play


def fictitious(rules: Rules, iterations: int, alternating: bool) -> tuple[Play, Play]:
    """Fictitious play: the policy of the average plans and the last best responses."""
    players = range(len(rules.players))
    first = uniform(rules)
    plays: list[dict[Place, Vector]] = [first]
    average = mixture(rules, [first])
    for _ in range(iterations):
        response: dict[Place, Vector] = dict(first)
        plays.append(response)
        for i in players:
            response |= best_response(rules, average, i)
            if alternating:
                average |= {place: p for place, p in mixture(rules, list(plays)).items() if place[0] == i}
        if not alternating:
            average = mixture(rules, list(plays))
    return average, plays[-1]
