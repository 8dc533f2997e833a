"""Specs of routing games: defaults, both kinds of policies, sizes that would not fit."""

from __future__ import annotations

import pytest

from eqsolve.errors import SpecError
from eqsolve.forms.markov.routing import LocalRoutingGame, RoutingGame
from eqsolve.spec.load import parse


def test_the_defaults_are_two_layers_of_two_vertices_full_policies_and_a_last_edge_that_pays() -> None:
    form = parse("{kind: routing, players: 4}", "t").form
    assert isinstance(form, RoutingGame)
    assert (form.layers, form.width, form.final_edge, form.continuing, form.discount) == (2, 2, True, False, 1.0)
    assert form.shapes == ((33, 2),) * 4


def test_the_hash_is_the_same_with_the_defaults_written_out() -> None:
    short = parse("{kind: routing, players: 4}", "t").hash
    assert parse("{kind: routing, players: 4, layers: 2, width: 2, policy: full, final_edge: true}", "t").hash == short
    assert parse("{kind: routing, players: 4, final_edge: false}", "t").hash != short


def test_local_policies_have_a_row_per_own_vertex_and_continuing_games_a_discount() -> None:
    spec = "{kind: routing, players: 100, layers: 3, width: 5, policy: local, continuing: {discount: 0.9}}"
    form = parse(spec, "t").form
    assert isinstance(form, LocalRoutingGame)
    assert form.shapes[0] == (16, 5)
    assert form.continuing
    assert form.discount == 0.9


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{kind: routing, players: 40}", "more than 50000000 entries"),
        ("{kind: routing, players: 100000}", "more than 50000000 entries"),
        ("{kind: routing, players: 2, layers: 99999999999999999999}", "is too large"),
        ("{kind: routing, players: 2, layers: 99999999}", "more than 50000000 entries"),
        ("{kind: routing, players: 2, width: 1}", "width"),
        ("{kind: routing, players: 2, policy: some}", "expected 'full' or 'local'"),
        ("{kind: routing, players: 2, continuing: {discount: 1}}", "discount 1 needs a game that ends by itself"),
        ("{kind: routing, players: 2, continuing: {}}", "continuing"),
    ],
)
def test_what_cannot_be_is_one_line_each(text: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        parse(text, "t")
