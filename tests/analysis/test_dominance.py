"""What survives elimination: against the definition, one action at a time; on games where it is known."""

from __future__ import annotations

import numpy as np
import pytest

from eqsolve import api
from eqsolve.analysis import dominance as module
from eqsolve.analysis.dominance import Dominance, dominance
from eqsolve.forms.base import Array
from eqsolve.forms.normal.game import TensorGame
from eqsolve.spec.load import parse
from reference import draws, normal
from reference.dominance import advantages, dominated, survivors
from reference.draws import Whole, on_random_games
from reference.forms import numbered, tensor_game


def small(whole: Whole) -> normal.Game:
    """Of few payoffs, so that actions are often dominated and often tie."""
    shape = draws.sizes(whole, whole(1, 3), 4)
    table = {joint: tuple(whole(0, 3) for _ in shape) for joint in normal.joints(shape)}
    return normal.Game(shape, table.__getitem__)


@on_random_games(300)
def test_what_survives_strict_domination_is_what_survives_it_in_any_order(whole: Whole) -> None:
    game = small(whole)
    for found, kind in zip(dominance(tensor_game(game))[:2], ("pure", "mixed"), strict=True):
        assert found.kind == kind
        assert [list(own) for own in found.survivors] == survivors(game, kind)


@on_random_games(200)
def test_every_elimination_shows_the_mixture_that_pays_more(whole: Whole) -> None:
    """Of actions that were there in its round; and in the end nothing is weakly dominated by an action any more."""
    game = small(whole)
    for found in dominance(tensor_game(game)):
        left = [list(range(size)) for size in game.sizes]
        for number in range(1, 1 + max((one.round for one in found.eliminated), default=0)):
            here = [one for one in found.eliminated if one.round == number]
            assert here
            for one in here:
                ahead = advantages(game, left, one.player, one.action)
                assert one.action in left[one.player]
                assert set(np.flatnonzero(one.by)) <= set(left[one.player]) - {one.action}
                assert one.by.sum() == pytest.approx(1)
                gain = one.by[left[one.player]] @ np.array(ahead)
                assert gain.min() > 0 if found.kind != "weak" else gain.min() >= -1e-8 and gain.max() > 1e-8
                if found.kind == "pure":
                    assert one.by.max() == 1
            for one in here:
                left[one.player].remove(one.action)
        assert [list(own) for own in found.survivors] == left
        assert all(left)
        if found.kind == "weak":
            assert not any(dominated("weak", advantages(game, left, i, a)) for i in game.players for a in left[i])


def of(payoffs: list[list[tuple[int, int]]]) -> tuple[Dominance, Dominance, Dominance]:
    table = np.moveaxis(np.array(payoffs, dtype=float), -1, 0)
    return dominance(TensorGame(("Row", "Column"), tuple(map(numbered, table.shape[1:])), table))


def test_the_dilemma_is_solved_by_dominance() -> None:
    form = api.load("@matrix/prisoners-dilemma").form
    assert isinstance(form, TensorGame)
    for found in dominance(form):
        assert [len(own) for own in found.survivors] == [1, 1]


def test_a_mixture_may_dominate_where_no_action_does() -> None:
    """Half of the first and half of the second row pay 2 always, the third 1 (Osborne and Rubinstein 1994, 4.2)."""
    pure, mixed, _ = of([[(4, 0), (0, 0)], [(0, 0), (4, 0)], [(1, 0), (1, 0)]])
    assert pure.eliminated == ()
    [one] = mixed.eliminated
    assert (one.player, one.action) == (0, 2)
    assert one.by[:2].min() > 0.25
    assert mixed.survivors == ((0, 1), (0, 1))


def test_weak_domination_takes_all_of_a_round_at_once() -> None:
    """(1, 1) on the diagonal's first cell, 0 elsewhere: both second actions go together."""
    _, mixed, weak = of([[(1, 1), (0, 0)], [(0, 0), (0, 0)]])
    assert mixed.eliminated == ()
    assert weak.survivors == ((0,), (0,))
    assert {one.round for one in weak.eliminated} == {1}


def test_equal_actions_dominate_neither_one_another() -> None:
    for found in of([[(1, 1), (2, 2)], [(1, 1), (2, 2)]]):
        assert found.survivors[0] == (0, 1)


def test_no_more_is_looked_at_than_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    game = [[(1, 1), (0, 0)], [(0, 0), (0, 0)]]
    monkeypatch.setattr(module, "MOST_ENTRIES", 15)
    assert [one.examined for one in of(game)] == [True, False, False]
    monkeypatch.setattr(module, "MOST_COMPARISONS", 15)
    assert [one.examined for one in of(game)] == [False, False, False]
    assert of(game)[2].survivors == ((0, 1), (0, 1))


@pytest.mark.parametrize(
    ("rows", "strict"),
    [
        ("[[10000000000001, 1.1], [10000000000000, 1]]", True),
        ("[[10000000000000, 1.1], [10000000000000, 1]]", False),
        ("[[1/3, 1], [0.333333333333333333, 0]]", True),
        ("[[3/10, 1], [0.30, 0]]", False),
        ("[[100000000000.2, 100000000000.00001], [100000000000.1, 100000000000]]", True),
    ],
)
def test_payoffs_are_compared_as_they_are_written(rows: str, strict: bool) -> None:
    """The second row is strictly dominated by the first by whatever gap there is, else weakly."""
    form = parse(f"{{kind: matrix, row: {rows}, column: [[0, 0], [0, 0]]}}", "game.yaml").form
    assert isinstance(form, TensorGame)
    pure, _, weak = dominance(form)
    assert pure.survivors[0] == ((0,) if strict else (0, 1))
    assert weak.survivors[0] == (0,)


def test_computed_payoffs_are_compared_up_to_rounding() -> None:
    """.1 + .2 is more than .3 in floats."""
    table: Array = np.array([[[0.1 + 0.2, 1], [0.3, 0]], [[0, 0], [0, 0]]])
    pure, _, weak = dominance(TensorGame(("Row", "Column"), (numbered(2), numbered(2)), table))
    assert pure.survivors[0] == (0, 1)
    assert weak.survivors[0] == (0,)
