"""Iterated elimination by definition, one action at a time; whether a mixture dominates, by the maximin theorem.

A mixture strictly dominates an action iff the game of advantages u(b, ·) − u(a, ·) has a positive value.
"""

from __future__ import annotations

from itertools import product

from reference.normal import Game, zero_sum_value

Left = list[list[int]]


def advantages(game: Game, left: Left, i: int, action: int) -> list[list[int]]:
    """By how much each action of i that is left pays more than `action`, against all that the others have left."""
    others = list(product(*(own for j, own in enumerate(left) if j != i)))

    def payoff(a: int, rest: tuple[int, ...]) -> int:
        return int(game.payoff((*rest[:i], a, *rest[i:]))[i])

    return [[payoff(b, rest) - payoff(action, rest) for rest in others] for b in left[i]]


def dominated(kind: str, ahead: list[list[int]]) -> bool:
    """Strictly by an action ('pure'), by a mixture ('mixed'), or weakly by an action ('weak')."""
    if kind == "pure":
        return any(min(row) > 0 for row in ahead)
    if kind == "mixed":
        return zero_sum_value(ahead) > 0
    return any(min(row) >= 0 and max(row) > 0 for row in ahead)


def survivors(game: Game, kind: str) -> Left:
    """One action at a time, until none is left to take away (strict domination: whatever the order)."""
    left = [list(range(size)) for size in game.sizes]
    while True:
        found = next(
            ((i, a) for i in game.players for a in left[i] if dominated(kind, advantages(game, left, i, a))), None
        )
        if found is None:
            return left
        left[found[0]].remove(found[1])
