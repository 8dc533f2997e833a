"""Normal-form games by definition: every figure is a sum or a maximum over joint actions, written out.

A game is a number of actions per player and a rule that gives each player's payoff at a joint action. A profile is
one list of probabilities per player. Exact as long as payoffs and probabilities are integers and fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations, product
from math import prod

from reference.linear import Number, solve

Joint = tuple[int, ...]
Profile = Sequence[Sequence[Number]]


@dataclass(frozen=True)
class Game:
    """`sizes`: actions per player; `payoff(joint)`: one payoff per player."""

    sizes: tuple[int, ...]
    payoff: Callable[[Joint], Sequence[Number]]

    @property
    def players(self) -> range:
        return range(len(self.sizes))


def joints(sizes: Sequence[int]) -> Iterator[Joint]:
    """Every joint action, the last player's fastest."""
    return product(*(range(size) for size in sizes))


def pure(size: int, action: int) -> list[int]:
    """The policy that always takes `action`."""
    return [int(k == action) for k in range(size)]


def replaced(profile: Profile, i: int, policy: Sequence[Number]) -> list[Sequence[Number]]:
    """The profile with another policy of player i."""
    return [*profile[:i], policy, *profile[i + 1 :]]


def probability(profile: Profile, joint: Joint) -> Number:
    """How likely independent mixing is to give `joint`."""
    return prod((policy[action] for policy, action in zip(profile, joint, strict=True)), start=Fraction(1))


def value(game: Game, profile: Profile, i: int) -> Number:
    """Player i's expected payoff."""
    return sum((probability(profile, joint) * game.payoff(joint)[i] for joint in joints(game.sizes)), Fraction(0))


def action_payoffs(game: Game, profile: Profile, i: int) -> list[Number]:
    """Player i's expected payoff of each own action while the others keep to the profile."""
    size = game.sizes[i]
    return [value(game, replaced(profile, i, pure(size, action)), i) for action in range(size)]


def regrets(game: Game, profile: Profile) -> list[Number]:
    """What each player's best deviation gains."""
    return [max(action_payoffs(game, profile, i)) - value(game, profile, i) for i in game.players]


def payoff_range(game: Game) -> Number:
    """max over players of (largest − smallest payoff)."""
    table = [game.payoff(joint) for joint in joints(game.sizes)]
    return max(max(column) - min(column) for column in zip(*table, strict=True))


def pure_equilibria(game: Game) -> list[Joint]:
    """The joint actions from which no player gains by deviating."""

    def stable(joint: Joint) -> bool:
        return all(
            game.payoff((*joint[:i], action, *joint[i + 1 :]))[i] <= game.payoff(joint)[i]
            for i in game.players
            for action in range(game.sizes[i])
        )

    return [joint for joint in joints(game.sizes) if stable(joint)]


def is_potential_game(game: Game) -> bool:
    """Whether gains sum to 0 around every closed path of four moves by two players (Monderer and Shapley 1996)."""
    for joint in joints(game.sizes):
        for i, j in combinations(game.players, 2):
            for a, b in product(range(game.sizes[i]), range(game.sizes[j])):
                corner = list(joint)
                around = 0
                for player, action in ((i, a), (j, b), (i, joint[i]), (j, joint[j])):
                    before = game.payoff(tuple(corner))[player]
                    corner[player] = action
                    around += game.payoff(tuple(corner))[player] - before
                if around != 0:
                    return False
    return True


def is_symmetric(game: Game) -> bool:
    """u_σ(i)(a) = u_i(a∘σ) for every permutation of the players."""
    if len(set(game.sizes)) > 1:
        return False
    return all(
        game.payoff(joint)[p[i]] == game.payoff(tuple(joint[k] for k in p))[i]
        for joint in joints(game.sizes)
        for p in permutations(game.players)
        for i in game.players
    )


def is_anonymous(game: Game) -> bool:
    """u_i does not change with any permutation of the others' actions."""
    if len(set(game.sizes)) > 1:
        return False
    return all(
        game.payoff(joint)[i] == game.payoff(tuple(joint[k] for k in p))[i]
        for joint in joints(game.sizes)
        for i in game.players
        for p in permutations(game.players)
        if p[i] == i
    )


def structure(game: Game) -> dict[str, bool]:
    """What holds of the game, by name."""
    table = [game.payoff(joint) for joint in joints(game.sizes)]
    return {
        "constant-sum": len({sum(payoffs) for payoffs in table}) == 1,
        "common-interest": all(len(set(payoffs)) == 1 for payoffs in table),
        "symmetric": is_symmetric(game),
        "anonymous": is_anonymous(game),
        "potential": is_potential_game(game),
    }


def is_degenerate(game: Game) -> bool:
    """Whether some mixture of k actions of one of two players has more than k pure best replies (von Stengel 2007).

    If one has, then so does one at which as many conditions "this action is not played", "this reply is among the
    best" hold as determine it: every such choice of conditions is solved.
    """
    for i in game.players:
        own, replies = (range(game.sizes[p]) for p in (i, 1 - i))

        def worth(a: int, b: int, i: int = i) -> Number:
            return game.payoff((a, b) if i == 0 else (b, a))[1 - i]

        # unknown: the weights and the best reply's worth
        conditions = [[*(int(a == absent) for a in own), 0] for absent in own]
        conditions += [[*(worth(a, b) for a in own), -1] for b in replies]
        for chosen in combinations(conditions, len(own)):
            solution = solve([*chosen, [*(1 for _ in own), 0]], [*(0 for _ in own), 1])
            if solution is None or min(solution[:-1]) < 0:
                continue
            worths = [sum(solution[a] * worth(a, b) for a in own) for b in replies]
            if max(worths) == solution[-1] and worths.count(solution[-1]) > sum(w > 0 for w in solution[:-1]):
                return True
    return False


def zero_sum_value(matrix: Sequence[Sequence[Number]]) -> Fraction:
    """The value of the game in which the row player receives `matrix` and the column player its negative.

    Some square part of the matrix has equalising policies that are optimal in the whole game (Shapley and Snow
    1950); that part is invertible where the value is not 0, so payoffs are first raised to be positive.
    """
    rows, columns = len(matrix), len(matrix[0])
    raised = 1 - min(min(row) for row in matrix)
    a = [[entry + raised for entry in row] for row in matrix]
    for k in range(1, min(rows, columns) + 1):
        for chosen_rows in combinations(range(rows), k):
            for chosen_columns in combinations(range(columns), k):
                part = [[a[r][c] for c in chosen_columns] for r in chosen_rows]
                x = _equaliser([list(column) for column in zip(*part, strict=True)])
                y = _equaliser(part)
                if x is None or y is None:
                    continue
                least = min(sum(p * a[r][c] for p, r in zip(x, chosen_rows, strict=True)) for c in range(columns))
                most = max(sum(q * a[r][c] for q, c in zip(y, chosen_columns, strict=True)) for r in range(rows))
                if least == most:
                    return Fraction(least - raised)
    raise AssertionError("every matrix game has a value")


def _equaliser(matrix: list[list[Number]]) -> list[Fraction] | None:
    """The distribution over columns that makes all rows pay alike; None where there is none."""
    weights = solve(matrix, [1] * len(matrix))
    if weights is None or sum(weights) == 0:
        return None
    shares = [w / sum(weights) for w in weights]
    return shares if min(shares) >= 0 else None


def cce_gap(game: Game, plays: Sequence[Profile]) -> Number:
    """max over players of what the best fixed action would have gained, per iteration, against these plays."""
    gaps = []
    for i in game.players:
        realised = sum(value(game, play, i) for play in plays)
        fixed = [sum(column) for column in zip(*(action_payoffs(game, play, i) for play in plays), strict=True)]
        gaps.append(max(fixed) - realised)
    return max(gaps) / len(plays)
