"""All extreme equilibria of a two-player game in fractions, by definition, and which of them hang together.

The mixtures of one player at which as many conditions "this action is not played", "this reply is among the best" hold
as determine it are the only candidates (von Stengel 2007, section 3.4); a pair of them is judged by its regrets.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from typing import TypeAlias

from reference.linear import solve
from reference.normal import Game, regrets

Mixture: TypeAlias = tuple[Fraction, ...]
Pair: TypeAlias = tuple[Mixture, Mixture]


def corners(game: Game, i: int) -> list[Mixture]:
    """The mixtures of player i that are determined by which actions are not played and which replies are best."""
    own, replies = (range(game.sizes[p]) for p in (i, 1 - i))
    worth = [[game.payoff((a, b) if i == 0 else (b, a))[1 - i] for b in replies] for a in own]
    conditions = [[*(int(a == absent) for a in own), 0] for absent in own]
    conditions += [[*(worth[a][b] for a in own), -1] for b in replies]
    found: dict[Mixture, None] = {}
    for chosen in combinations(conditions, len(own)):
        solution = solve([*chosen, [*(1 for _ in own), 0]], [*(0 for _ in own), 1])
        if solution is not None and min(solution[:-1]) >= 0:
            best = max(sum(solution[a] * worth[a][b] for a in own) for b in replies)
            if best == solution[-1]:
                found[tuple(solution[:-1])] = None
    return list(found)


def is_equilibrium(game: Game, pair: Pair) -> bool:
    return not any(regrets(game, pair))


def extreme_equilibria(game: Game) -> list[Pair]:
    """Those that are no mixture of others along which both players' policies change linearly."""
    return [pair for pair in product(corners(game, 0), corners(game, 1)) if is_equilibrium(game, pair)]


def components(game: Game, equilibria: list[Pair]) -> list[frozenset[Pair]]:
    """The extreme equilibria of each connected component: joined are any two whose policies may be exchanged.

    If (x, y), (x', y'), (x, y') and (x', y) are equilibria, then so are all mixtures, by linearity of payoffs. And the
    set of all equilibria is the union of such products of mixtures (Jansen 1981), connected where they share a corner.
    """
    left, parts = set(equilibria), []
    while left:
        part, fresh = set[Pair](), [left.pop()]
        while fresh:
            one = fresh.pop()
            part.add(one)
            joined = {
                other
                for other in left
                if is_equilibrium(game, (one[0], other[1])) and is_equilibrium(game, (other[0], one[1]))
            }
            left -= joined
            fresh += joined
        parts.append(frozenset(part))
    return parts
