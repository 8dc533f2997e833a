"""From a spec's text to the form: random games written down as users write them become the games of their rules."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import numpy as np

from eqsolve.forms.base import Form
from eqsolve.spec.load import parse
from reference import draws
from reference.draws import Whole, on_random_games
from reference.forms import as_mixed, congestion_game, crowding_game, dense_game, tensor_game
from reference.normal import joints


def built(spec: dict[str, Any]) -> Form:
    """The form of a spec; fractions are written as "1/3"."""

    def number(fraction: Fraction) -> int | str:
        return int(fraction) if fraction.denominator == 1 else str(fraction)

    return parse(json.dumps(spec, default=number), "game.yaml").form


def assert_same_arrays(found: Form, expected: Form) -> None:
    assert type(found) is type(expected)
    for name, ours, theirs in zip(found.arrays._fields, found.arrays, expected.arrays, strict=True):
        np.testing.assert_array_equal(ours, theirs, err_msg=name)
    assert as_mixed(found).payoff_range == as_mixed(expected).payoff_range


def nested(sizes: tuple[int, ...], entry: Any) -> Any:
    """entry(joint) at every joint action, as lists of lists."""
    values = iter([entry(joint) for joint in joints(sizes)])

    def fill(depth: int) -> Any:
        return next(values) if depth == len(sizes) else [fill(depth + 1) for _ in range(sizes[depth])]

    return fill(0)


@on_random_games(200)
def test_matrix_games(whole: Whole) -> None:
    game = draws.normal(whole)
    by_player = {f"p{i}": nested(game.sizes, lambda joint, i=i: game.payoff(joint)[i]) for i in game.players}
    assert_same_arrays(built({"kind": "matrix", "payoffs": by_player}), tensor_game(game))
    if len(game.sizes) == 2:
        pairs = nested(game.sizes, lambda joint: list(game.payoff(joint)))
        assert_same_arrays(built({"kind": "matrix", "payoffs": pairs}), tensor_game(game))


@on_random_games(200)
def test_congestion_games(whole: Whole) -> None:
    rules = draws.congestion(whole)
    distinct = [list(dict.fromkeys(map(tuple, own))) for own in rules.strategies]
    rules = type(rules)(rules.costs, distinct, rules.weights)
    spec = {
        "kind": "congestion",
        "players": len(rules.weights),
        "weights": rules.weights,
        "resources": {name: {"table": table} for name, table in rules.costs.items()},
        "strategies": rules.strategies,
    }
    assert_same_arrays(built(spec), congestion_game(rules))


@on_random_games(200)
def test_distancing(whole: Whole) -> None:
    rules = draws.distancing(whole)
    spec = {
        "kind": "distancing",
        "players": rules.players,
        "weights": {f"f{k}": weight for k, weight in enumerate(rules.weights)},
        "penalty": rules.penalty,
        "spread_above": rules.spread_above,
        "safe_at_most": rules.safe_at_most,
        "discount": rules.discount,
        "start": rules.start,
    }
    assert_same_arrays(built(spec), crowding_game(rules))


@on_random_games(150)
def test_markov_games(whole: Whole) -> None:
    for game in (draws.markov(whole), draws.acyclic(whole)):
        spec = {
            "kind": "markov",
            "discount": game.discount,
            "states": game.states,
            "actions": list(game.sizes),
            "rewards": [
                [nested(game.sizes, lambda joint, g=game, i=i, s=s: g.reward(i, s, joint)) for s in range(game.states)]
                for i in game.players
            ],
            "transitions": [
                nested(game.sizes, lambda joint, g=game, s=s: g.transition(s, joint)) for s in range(game.states)
            ],
            "start": game.start,
        }
        assert_same_arrays(built(spec), dense_game(game))
