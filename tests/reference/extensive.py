"""Extensive games by definition: every figure is a sum over histories, walked from the rules.

A behaviour gives, by (player, information set), one probability per action. Exact as long as chances, payoffs and
probabilities are integers and fractions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, Protocol, TypeAlias

from reference.linear import Number

CHANCE, TERMINAL = -1, -2

Place: TypeAlias = tuple[int, str]
Behaviour: TypeAlias = Mapping[Place, Sequence[Number]]


class Rules(Protocol):
    """What a game must tell."""

    @property
    def players(self) -> tuple[str, ...]: ...
    def root(self) -> Any: ...
    def turn(self, state: Any) -> int: ...
    def chances(self, state: Any) -> Sequence[tuple[str, Any]]: ...
    def infoset(self, state: Any) -> str: ...
    def actions(self, state: Any) -> Sequence[str]: ...
    def after(self, state: Any, choice: int) -> Any: ...
    def payoffs(self, state: Any) -> Sequence[Any]: ...


@dataclass(frozen=True)
class Node:
    """A node of a tree written out; a leaf has no children."""

    children: tuple[tuple[str, Node], ...] = ()
    chances: tuple[Fraction, ...] = ()
    player: int = CHANCE
    label: str = ""
    payoffs: tuple[Number, ...] = ()


@dataclass(frozen=True)
class Tree:
    """The rules of a tree written out."""

    players: tuple[str, ...]
    top: Node

    def root(self) -> Node:
        return self.top

    def turn(self, state: Node) -> int:
        return state.player if state.children else TERMINAL

    def chances(self, state: Node) -> list[tuple[str, Fraction]]:
        return [(label, p) for (label, _), p in zip(state.children, state.chances, strict=True)]

    def infoset(self, state: Node) -> str:
        return state.label

    def actions(self, state: Node) -> list[str]:
        return [label for label, _ in state.children]

    def after(self, state: Node, choice: int) -> Node:
        return state.children[choice][1]

    def payoffs(self, state: Node) -> tuple[Number, ...]:
        return state.payoffs


def nodes(rules: Rules) -> Iterator[Any]:
    """Every state, depth first."""

    def below(state: Any) -> Iterator[Any]:
        yield state
        turn = rules.turn(state)
        if turn != TERMINAL:
            size = len(rules.chances(state) if turn == CHANCE else rules.actions(state))
            for k in range(size):
                yield from below(rules.after(state, k))

    return below(rules.root())


def infosets(rules: Rules) -> dict[Place, tuple[str, ...]]:
    """The actions of every information set, in the order of first visits."""
    found: dict[Place, tuple[str, ...]] = {}
    for state in nodes(rules):
        if (turn := rules.turn(state)) >= 0:
            found.setdefault((turn, rules.infoset(state)), tuple(rules.actions(state)))
    return found


def terminals(rules: Rules) -> int:
    """How many histories end the game."""
    return sum(rules.turn(state) == TERMINAL for state in nodes(rules))


def moves(rules: Rules, behaviour: Behaviour, state: Any) -> list[Number]:
    """The probability of every choice at a state that is not terminal."""
    turn = rules.turn(state)
    if turn == CHANCE:
        return [p for _, p in rules.chances(state)]
    return list(behaviour[turn, rules.infoset(state)])


def value(rules: Rules, behaviour: Behaviour, i: int, state: Any = None) -> Number:
    """Player i's expected payoff from a state, the root unless told otherwise."""
    state = rules.root() if state is None else state
    if rules.turn(state) == TERMINAL:
        payoff: Number = rules.payoffs(state)[i]
        return payoff
    chosen = moves(rules, behaviour, state)
    return sum((p * value(rules, behaviour, i, rules.after(state, k)) for k, p in enumerate(chosen) if p), Fraction(0))


def pure_strategies(rules: Rules, i: int) -> Iterator[dict[Place, list[int]]]:
    """Every way of player i to choose an action at each of their information sets."""
    own = [(place, len(actions)) for place, actions in infosets(rules).items() if place[0] == i]
    for choices in product(*(range(size) for _, size in own)):
        yield {
            place: [int(k == choice) for k in range(size)] for (place, size), choice in zip(own, choices, strict=True)
        }


def best_by_enumeration(rules: Rules, behaviour: Behaviour, i: int) -> Number:
    """The best that any pure strategy of player i gives them against the others."""
    return max(value(rules, {**behaviour, **pure}, i) for pure in pure_strategies(rules, i))


def reaches(rules: Rules, behaviour: Behaviour, i: int) -> dict[str, tuple[Number, Number]]:
    """Return with what probability player i's own moves lead to each of their information sets, and how likely chance
    and the others come to one of its histories.
    """
    found: dict[str, tuple[Number, Number]] = {}

    def gather(state: Any, own: Number, others: Number) -> None:
        turn = rules.turn(state)
        if turn == TERMINAL:
            return
        if turn == i:
            label = rules.infoset(state)
            found[label] = (own, found.get(label, (own, Fraction(0)))[1] + others)
        for k, p in enumerate(moves(rules, behaviour, state)):
            mine = turn == i
            gather(rules.after(state, k), own * p if mine else own, others if mine else others * p)

    gather(rules.root(), Fraction(1), Fraction(1))
    return found


@dataclass(frozen=True)
class Gains:
    """What player i gains at most by deviating from `behaviour`, from the root and from each information set.

    From an information set: over its histories, each weighted by what chance and the others contribute to its reach.
    """

    from_root: Number
    anywhere: dict[str, Number]

    @property
    def largest(self) -> Number:
        return max([self.from_root, *self.anywhere.values()])


def gains(rules: Rules, behaviour: Behaviour, i: int) -> Gains:
    """By recursion over histories: an action is chosen for all histories of an information set together."""
    histories: dict[str, list[tuple[Any, Number]]] = {}

    def gather(state: Any, reach: Number) -> None:
        turn = rules.turn(state)
        if turn == TERMINAL:
            return
        if turn == i:
            histories.setdefault(rules.infoset(state), []).append((state, reach))
        for k, p in enumerate([1] * len(rules.actions(state)) if turn == i else moves(rules, behaviour, state)):
            gather(rules.after(state, k), reach * p)

    gather(rules.root(), Fraction(1))
    chosen: dict[str, int] = {}

    def best(state: Any) -> Number:
        turn = rules.turn(state)
        if turn == TERMINAL:
            payoff: Number = rules.payoffs(state)[i]
            return payoff
        if turn == i:
            return best(rules.after(state, choice(rules.infoset(state))))
        return sum((p * best(rules.after(state, k)) for k, p in enumerate(moves(rules, behaviour, state))), Fraction(0))

    def choice(label: str) -> int:
        if label not in chosen:
            size = len(rules.actions(histories[label][0][0]))
            worth = [sum(w * best(rules.after(state, k)) for state, w in histories[label]) for k in range(size)]
            chosen[label] = worth.index(max(worth))
        return chosen[label]

    anywhere = {
        label: sum((w * (best(state) - value(rules, behaviour, i, state)) for state, w in places), Fraction(0))
        for label, places in histories.items()
    }
    return Gains(best(rules.root()) - value(rules, behaviour, i), anywhere)
