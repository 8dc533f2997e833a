"""Small games as users write them: for each form the smallest, some degenerate and some asymmetric ones."""

from __future__ import annotations

from fractions import Fraction

import pytest

from eqsolve.errors import Problem, SpecError
from eqsolve.spec.load import GameSpec, parse

TEXTS = {
    # normal forms
    "pennies": "{kind: matrix, zero_sum: [[1, -1], [-1, 1]]}",
    "single actions": "{kind: matrix, payoffs: [[[3, -2]]]}",
    "one player": "{kind: matrix, payoffs: {Solo: [1, 4, 4, 2]}}",
    "all alike": "{kind: matrix, zero_sum: [[5, 5], [5, 5], [5, 5]]}",
    "tied": "{kind: matrix, payoffs: [[[1, 1], [1, 0]], [[1, 1], [0, 2]]]}",
    "zero-sum 2x3": "{kind: matrix, zero_sum: [[3, -1, 0], [-2, 4, 1]]}",
    "constant-sum 3x2": "{kind: matrix, payoffs: [[[7, 3], [2, 8]], [[1, 9], [6, 4]], [[5, 5], [5, 5]]]}",
    "general 3x2": "{kind: matrix, payoffs: [[[3, 2], [0, 0]], [[0, 0], [2, 3]], [[1, 4], [1, -1]]]}",
    "coordination 2x3": "{kind: matrix, common: [[2, 0, 1], [0, 3, -1]]}",
    "three players": (
        "{kind: matrix, payoffs: {A: [[[1, 0], [0, 2]], [[3, 1], [1, 0]], [[0, 0], [2, 2]]],"
        " B: [[[0, 1], [2, 0]], [[1, 1], [0, 3]], [[4, 0], [0, 1]]],"
        " C: [[[2, 0], [1, 1]], [[0, 2], [2, 0]], [[1, 3], [0, 0]]]}}"
    ),
    "congestion": (
        "{kind: congestion, players: 3, resources: {up: {affine: [1, 0]}, down: {table: [1, 2, 5]},"
        " bridge: {polynomial: [1, 0, 2]}}, strategies: [[up], [down], [up, bridge]]}"
    ),
    "weighted congestion": (
        "{kind: congestion, players: 3, weights: [1, 2, 1], resources: {a: {affine: [1, 0]}, b: {affine: [2, 1]}},"
        " strategies: [[[a], [b]], [[a], [b]], [[a, b], [b]]]}"
    ),
    # Markov games
    "one state": (
        "{kind: markov, discount: 0.5, states: [s], actions: [[a, b], [a, b]], start: [1],"
        " rewards: [[[[1, 0], [0, 1]]], [[[0, 1], [1, 0]]]], transitions: [[[[1], [1]], [[1], [1]]]]}"
    ),
    "no rewards": (
        "{kind: markov, discount: 0.9, states: [s, t], actions: [[a, b], [a]], start: [1, 0],"
        " rewards: [[[[0], [0]], [[0], [0]]], [[[0], [0]], [[0], [0]]]],"
        " transitions: [[[[0, 1]], [[1, 0]]], [[[1, 0]], [[0, 0]]]]}"
    ),
    "ends": (
        "{kind: markov, discount: 1, states: [s, t], actions: [[a, b], [a, b, c]], start: [1, 0],"
        " rewards: [[[[1, 0, 3], [2, 1, 0]], [[0, 2, 1], [4, 0, 0]]],"
        " [[[0, 1, 0], [1, 1, 2]], [[3, 0, 1], [0, 2, 1]]]],"
        " transitions: [[[[0, 1], [0, 0.5], [0, 0]], [[0, 1], [0, 1], [0, 0.25]]],"
        " [[[0, 0], [0, 0], [0, 0]], [[0, 0], [0, 0], [0, 0]]]]}"
    ),
    "asymmetric": (
        "{kind: markov, discount: 0.8, states: [s, t], actions: [[a, b], [a, b, c]], start: [0.25, 0.75],"
        " rewards: [[[[1, 0, 3], [2, 1, 0]], [[0, 2, 1], [4, 0, 0]]],"
        " [[[0, 1, 0], [1, 1, 2]], [[3, 0, 1], [0, 2, 1]]]],"
        " transitions: [[[[0.5, 0.5], [0, 1], [1, 0]], [[0.2, 0.8], [0.1, 0.1], [0, 0]]],"
        " [[[1, 0], [0, 1], [0.5, 0]], [[0.3, 0.7], [1, 0], [0, 1]]]]}"
    ),
    "a list of moves": (
        "{kind: markov, discount: 0.8, states: [s, t], actions: [[a, b], [a, b, c]], start: [0.25, 0.75],"
        " rewards: [[[[1, 0, 3], [2, 1, 0]], [[0, 2, 1], [4, 0, 0]]],"
        " [[[0, 1, 0], [1, 1, 2]], [[3, 0, 1], [0, 2, 1]]]],"
        " transitions: {sparse: [[0, 0, 0, 1, 0.5], [0, 0, 1, 1, 1], [0, 1, 0, 0, 0.25], [1, 1, 2, 0, 1]]}}"
    ),
    "over a horizon": (
        "{kind: markov, discount: 1, horizon: 3, states: [s, t], actions: [[a, b], [a, b, c]], start: [0.25, 0.75],"
        " rewards: [[[[1, 0, 3], [2, 1, 0]], [[0, 2, 1], [4, 0, 0]]],"
        " [[[0, 1, 0], [1, 1, 2]], [[3, 0, 1], [0, 2, 1]]]],"
        " transitions: {sparse: [[0, 0, 0, 1, 0.5], [0, 0, 1, 1, 1], [0, 1, 0, 0, 0.25], [1, 1, 2, 0, 1]]}}"
    ),
    "a random team": (
        "{kind: random-team, players: 2, actions: [2, 3], states: 2, discount: 0.7, distribution: normal, seed: 5}"
    ),
    "congestion by chance": (
        "{kind: random-congestion-markov, players: 3, links: 2, states: 2, discount: 0.6, seed: 3}"
    ),
    "distancing": (
        "{kind: distancing, players: 3, weights: {A: 1, B: 3}, penalty: 10, spread_above: 2, safe_at_most: 1,"
        " discount: 0.9, start: [1/2, 1/2]}"
    ),
    # extensive games
    "kuhn poker": "{kind: kuhn, players: 2}",
    "three at kuhn poker": "{kind: kuhn, players: 3}",
    "a small tree": (
        "{kind: extensive, players: 2, root: {chance: {over: [1/3, {payoffs: [3, -1]}],"
        " on: [2/3, {player: 0, infoset: A, actions: {stop: {payoffs: [2, 5]},"
        " go: {player: 1, infoset: B,"
        " actions: {l: {payoffs: [4, 0]}, m: {payoffs: [4, 1]}, r: {payoffs: [0, 7]}}}}}]}}}"
    ),
}


def problems(text: str, origin: str = "g.yaml") -> list[Problem]:
    """All that is wrong with a spec."""
    with pytest.raises(SpecError) as caught:
        parse(text, origin)
    return caught.value.problems


def spec(name: str) -> GameSpec:
    return parse(TEXTS[name], "game.yaml", name=name)


def text_of(game: GameSpec) -> GameSpec:
    """Return the game that the text of `game` tells: what a policy file would give back."""
    return parse(game.text, "text", files=game.files)


def near_potential(alpha: Fraction) -> GameSpec:
    """Game (7) of NePPO, arXiv:2603.06977."""
    one = [[Fraction(1), 1 - 2 * alpha], [(1 - 3 * alpha) / 2, alpha]]
    two = [[1 - 2 * alpha, (alpha + 1) / 2], [(7 - 3 * alpha) / 4, 2 - 3 * alpha]]
    cells = [[[str(one[r][c]), str(two[r][c])] for c in range(2)] for r in range(2)]
    return parse(f"{{kind: matrix, payoffs: {cells}}}".replace("'", ""), "near-potential")
