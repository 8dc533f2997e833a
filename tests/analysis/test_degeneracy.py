"""Degeneracy of two-player matrices against its definition in exact arithmetic."""

from __future__ import annotations

from time import process_time

import numpy as np
import pytest

from eqsolve import api
from eqsolve.analysis.degeneracy import Tie, find_pure_tie, find_tie, systems
from eqsolve.analysis.evidence import evidence
from eqsolve.analysis.finding import Finding
from eqsolve.forms.normal.game import NormalForm, TensorGame
from eqsolve.spec.load import parse
from reference import draws, normal
from reference.draws import Whole, on_random_games
from reference.forms import numbered, tensor_game


def finding(text: str) -> Finding:
    return {one.name: one for one in evidence(parse(text, "game.yaml").form, cycles=2)}["degenerate"]


def matrix(payoffs: str) -> str:
    return f"{{kind: matrix, players: [Row, Column], payoffs: {payoffs}}}"


def is_true(tie: Tie, form: TensorGame) -> bool:
    """Whether the witness has as many best replies as it says, and more than it mixes actions."""
    worth = form.payoffs[1] if tie.player == 0 else form.payoffs[0].T
    replies = tie.policy @ worth
    best = np.flatnonzero(replies >= replies.max() - 1e-8 * form.payoff_range)
    return bool(best.tolist() == list(tie.replies) and len(best) > np.count_nonzero(tie.policy))


@on_random_games(400)
def test_it_is_decided_as_by_definition_and_shown_by_a_mixture(whole: Whole) -> None:
    shape, reach = (whole(1, 3), whole(1, 4)), 10 ** whole(0, 2)
    table = {joint: (whole(-reach, reach), whole(-reach, reach)) for joint in normal.joints(shape)}
    game = normal.Game(shape, table.__getitem__)
    form = tensor_game(game)
    tie = find_tie(form)
    assert (tie is not None) == normal.is_degenerate(game)
    assert tie is None or is_true(tie, form)
    pure = find_pure_tie(form)
    assert pure is None or (np.count_nonzero(pure.policy) == 1 and is_true(pure, form))


def test_both_kinds_of_games_are_drawn() -> None:
    verdicts = {normal.is_degenerate(draws.normal(draws.seeded("kinds", n), 2, 2)) for n in range(30)}
    assert verdicts == {True, False}


@pytest.mark.parametrize(
    ("name", "degenerate"),
    [
        ("degenerate", True),
        ("chicken", False),
        ("rock-paper-scissors", False),
        ("three-by-two", False),
        ("oneill", True),
    ],
)
def test_named_games(name: str, degenerate: bool) -> None:
    form = api.load(f"@matrix/{name}").form
    assert isinstance(form, NormalForm)
    assert {one.name: one.holds for one in evidence(form, cycles=2)}["degenerate"] is degenerate


def test_a_mixture_is_named_with_its_replies() -> None:
    """Against half and half all three columns pay 1; against either row alone there is one best column."""
    found = finding(
        "{kind: matrix, players: [Row, Column], payoffs: [[[0, 2], [0, 0], [0, 1]], [[0, 0], [0, 2], [0, 1]]]}"
    )
    assert found.holds is True
    assert "Row has 2 best replies to a1 of Column: a1, a2" in found.evidence
    found = finding(
        "{kind: matrix, players: [Row, Column], payoffs: [[[3, 2], [2, 0], [0, 1]], [[0, 0], [3, 2], [5, 1]]]}"
    )
    assert found.evidence == "Column has 3 best replies to a1=0.5 a2=0.5 of Row: a1, a2, a3"


def test_more_players_and_markov_games_are_not_examined() -> None:
    for text in (
        "{kind: routing, players: 2}",
        "{kind: random-matrix, players: 3, actions: 2, seed: 1}",
    ):
        found = finding(text)
        assert (found.holds, found.examined) == (None, False)


def test_large_matrices_are_looked_at_by_single_actions_in_no_time() -> None:
    rng = np.random.default_rng(0)
    payoffs = rng.random((2, 300, 400))
    labels = tuple(tuple(map(str, range(size))) for size in payoffs.shape[1:])
    clock = process_time()
    assert find_pure_tie(TensorGame(("Row", "Column"), labels, payoffs)) is None
    tied = payoffs.copy()
    tied[0, :, 7] = 2.0
    tie = find_pure_tie(TensorGame(("Row", "Column"), labels, tied))
    assert tie is not None
    assert (tie.player, np.flatnonzero(tie.policy).tolist(), len(tie.replies)) == (1, [7], 300)
    assert process_time() - clock < 5


def test_two_players_of_eight_actions_are_decided() -> None:
    payoffs = np.random.default_rng(0).random((2, 8, 8))
    assert systems((8, 8)) == 12_869
    labels = (numbered(8), numbered(8))
    assert find_tie(TensorGame(("Row", "Column"), labels, payoffs)) is None
    payoffs[1, :, 5] = payoffs[1, :, 4]
    tie = find_tie(TensorGame(("Row", "Column"), labels, payoffs))
    assert tie is not None


@pytest.mark.parametrize(
    ("row", "degenerate"),
    [
        ("[[1, 0], [0, 1], [0.4999999999, 0.5000000001]]", True),
        ("[[1, 0], [0, 1], [0.4999999999, 0.5]]", False),
        ("[[1, 0], [0, 1], [1/3, 2/3]]", True),
        ("[[1, 0], [0, 1], [1/3, 0.6666666666666666]]", False),
        ("[[100000000000.1, 100000000000], [100000000000, 100000000000.1], [100000000000.05, 100000000000.05]]", True),
        ("[[10000000000001, 0], [10000000000000, 1], [0, 0.1]]", False),
        ("[[10000000000000, 0], [10000000000000, 1], [0, 0.1]]", True),
    ],
)
def test_ties_are_those_of_the_payoffs_as_they_are_written(row: str, degenerate: bool) -> None:
    """The third row pays as much as the others at a mixture of the columns, or the first two to a column; or nearly."""
    found = finding(f"{{kind: matrix, row: {row}, column: [[0, 1], [1, 0], [0, 0.1]]}}")
    assert found.holds is degenerate
