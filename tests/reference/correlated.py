"""Correlated equilibria by definition: every swap of recommendations, every fixed action, summed over what is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import product

from reference.linear import Number
from reference.normal import Game, Joint, Profile, joints, probability

#: Pure profile -> its probability.
Distribution = Mapping[Joint, Number]


def value(game: Game, drawn: Distribution, i: int, act: Callable[[int], int] = lambda a: a) -> Number:
    """Player i's expected payoff if they take act(a) where a is recommended and the others follow."""
    return sum((p * game.payoff((*a[:i], act(a[i]), *a[i + 1 :]))[i] for a, p in drawn.items()), Fraction(0))


def swaps(size: int) -> Iterator[tuple[int, ...]]:
    """Every map of the actions to actions."""
    return product(range(size), repeat=size)


def ce_gains(game: Game, drawn: Distribution) -> list[Number]:
    """What each player's best swap gains."""
    return [
        max(value(game, drawn, i, phi.__getitem__) for phi in swaps(game.sizes[i])) - value(game, drawn, i)
        for i in game.players
    ]


def cce_gains(game: Game, drawn: Distribution) -> list[Number]:
    """What each player's best fixed action gains."""
    return [
        max(value(game, drawn, i, lambda a, b=b: b) for b in range(game.sizes[i])) - value(game, drawn, i)  # type: ignore[misc]
        for i in game.players
    ]


def independent(game: Game, profile: Profile) -> dict[Joint, Number]:
    """The distribution of play where all mix independently."""
    return {a: p for a in joints(game.sizes) if (p := probability(profile, a)) > 0}
