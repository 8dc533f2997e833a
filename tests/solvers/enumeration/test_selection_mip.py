"""The best equilibrium by a programme against the best of all, listed in fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from eqsolve import api
from eqsolve.arithmetic.linear_programmes import WholeOptimum
from eqsolve.errors import UsageError
from eqsolve.solvers.enumeration import selection_mip
from eqsolve.solvers.enumeration.selection_mip import OBJECTIVES, SelectionMIP, best
from eqsolve.solvers.parameters import configure
from eqsolve.spec.load import load, parse
from reference.draws import Whole, on_random_games
from reference.equilibria import extreme_equilibria
from reference.forms import tensor_game
from reference.normal import Game, Joint, is_degenerate, value

#: No bounds on what two players receive.
UNBOUNDED = np.full(2, -np.inf), np.full(2, np.inf)


def small_game(whole: Whole) -> Game:
    """Payoffs of the second player on another scale than the first's."""
    sizes = (whole(1, 3), whole(1, 3))
    table: dict[Joint, Sequence[int]] = {
        (a, b): (whole(-9, 9), 10 * whole(-9, 9) + 30) for a in range(sizes[0]) for b in range(sizes[1])
    }
    return Game(sizes, table.__getitem__)


@on_random_games(60)
def test_the_answer_is_the_best_of_all_equilibria(whole: Whole) -> None:
    game = small_game(whole)
    if is_degenerate(game):  # a mixture of extreme equilibria may have the larger least payoff
        return
    everything = extreme_equilibria(game)
    values = [[value(game, pair, i) for i in game.players] for pair in everything]
    wanted = {
        "welfare": max(map(sum, values)),
        "min": max(map(min, values)),
        "support": -min(sum(p > 0 for policy in pair for p in policy) for pair in everything),
    }
    for objective in OBJECTIVES:
        found, proved = best(tensor_game(game).payoffs, objective, *UNBOUNDED)
        assert proved
        assert found is not None
        pair = found[: game.sizes[0]].tolist(), found[game.sizes[0] :].tolist()
        assert any(np.allclose(found, [float(p) for policy in one for p in policy], atol=1e-6) for one in everything)
        paid = [float(value(game, [[Fraction(p) for p in policy] for policy in pair], i)) for i in game.players]
        reached = {"welfare": sum(paid), "min": min(paid), "support": -np.count_nonzero(found)}[objective]
        assert reached == pytest.approx(float(wanted[objective]), abs=1e-4)


def test_games_that_the_programme_once_found_infeasible_have_an_equilibrium() -> None:
    first = [[-2, -1, 1], [-9, 8, -2], [5, -2, 2]]
    second = [[80, -30, 10], [60, 90, 110], [-40, 70, 60]]
    for objective in OBJECTIVES:
        found, _ = best(np.array([first, second], dtype=float), objective, *UNBOUNDED)
        assert found is not None
        np.testing.assert_allclose(found, [0, 1 / 3, 2 / 3, 0, 2 / 7, 5 / 7], rtol=0, atol=1e-9)


@on_random_games(80)
def test_bounds_choose_among_all_equilibria_or_prove_that_there_is_none(whole: Whole) -> None:
    """Bounds lie between what equilibria pay, half a unit off: rounding decides nothing."""
    game = small_game(whole)
    if is_degenerate(game):
        return
    values = [[value(game, pair, i) for i in game.players] for pair in extreme_equilibria(game)]
    paid = values[whole(0, len(values) - 1)]
    least = np.array([float(v) + whole(-6, 1) - 0.5 for v in paid])
    most = np.array([float(v) + whole(0, 6) - 0.5 for v in paid])
    inside = [v for v in values if all(a < x < b for a, x, b in zip(least, v, most, strict=True))]
    close = min(abs(float(x) - b) for v in values for x, a, c in zip(v, least, most, strict=True) for b in (a, c))
    if close < 1e-6:
        return
    found, proved = best(tensor_game(game).payoffs, "welfare", least, most)
    assert proved
    assert (found is not None) == bool(inside)
    if found is not None:
        pair = [[Fraction(p) for p in policy] for policy in np.split(found, [game.sizes[0]])]
        reached = sum(float(value(game, pair, i)) for i in game.players)
        assert reached == pytest.approx(float(max(map(sum, inside))), abs=1e-4)


def test_bounds_by_player_name() -> None:
    game = load("@matrix/chicken")
    row, column = game.form.players
    for least, most, first in ((f"{row}=5", None, 7), (f" {column} = 5", None, 2), (None, f"{row}=4,{column}=15/2", 2)):
        answer = api.solve(game, "selection-mip", {"least": least, "most": most}).answer
        assert answer is not None
        assert answer.record.measured["values"][0] == pytest.approx(first)


def test_that_no_equilibrium_is_within_the_bounds_is_said() -> None:
    game = load("@matrix/chicken")
    row, column = game.form.players
    none = api.solve(game, "selection-mip", {"least": f"{row}=4.7", "most": f"{column}=6,{row}=6.5"})
    assert none.answer is None
    assert none.notes == (f"no equilibrium gives {row} at least 4.7 and {row} at most 6.5 and {column} at most 6",)
    assert api.solve(game, "selection-mip", {"least": f"{row}=4.6"}).notes == ()


def test_what_is_not_proved_is_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection_mip, "whole_maximum", lambda *_: WholeOptimum(None, False))
    (note,) = api.solve(load("@matrix/chicken"), "selection-mip", {"least": 5.0}).notes
    assert "without a proof" in note


@pytest.mark.parametrize("name", ["least", "most"])
@pytest.mark.parametrize(
    ("bound", "message"),
    [
        ("Nobody=3", "there is no player 'Nobody', players are Row, Column"),
        ("Row=x", "expected a number, or some by player, Row=1/2; got 'Row=x'"),
        ("Row=1/0", "expected a number, or some by player, Row=1/2; got 'Row=1/0'"),
        ("much", "expected a number, or some by player, Row=1/2; got 'much'"),
        ("Row=1,", "there is no player '', players are Row, Column"),
        (float("nan"), "expected a number, or some by player, Row=1/2; got 'nan'"),
    ],
)
def test_bounds_that_say_nothing_are_refused(name: str, bound: str | float, message: str) -> None:
    game = parse("{kind: matrix, players: [Row, Column], zero_sum: [[1, 0], [0, 1]]}", "game")
    with pytest.raises(UsageError) as caught:
        api.solve(game, "selection-mip", {name: bound})
    assert caught.value.message == f"{name}: {message}"


def test_a_bound_on_payoffs_chooses_among_equilibria_or_leaves_none() -> None:
    game = load("@matrix/chicken")  # equilibria pay (7, 2), (2, 7) and (14/3, 14/3)
    fair = api.solve(game, "selection-mip", {"least": 4.5}).answer
    assert fair is not None
    np.testing.assert_allclose(fair.answer, [[1 / 3, 2 / 3]] * 2, atol=1e-9)
    none = api.solve(game, "selection-mip", {"least": 5.0})
    assert none.answer is None
    assert none.status == "exhausted"
    assert api.solve(game, "selection-mip", {"most": 14 / 3 + 1e-6}).answer is not None


def test_the_answer_meets_the_default_tolerance() -> None:
    result = api.solve(load("@matrix/seventy-five-equilibria"), "selection-mip", {"objective": "support"})
    assert result.status == "converged"


def test_an_unknown_objective_is_refused() -> None:
    with pytest.raises(UsageError, match="objective: expected welfare, min, support; got 'fame'"):
        configure(SelectionMIP, {"objective": "fame"})


def test_the_answer_printed_keeps_to_the_bounds() -> None:
    """What makes it exact must not lead to another equilibrium: one that gives Row 671 is not far away."""
    rows = [[792, 760, 671], [939, 850, 190], [252, 874, 666], [927, 526, 137], [206, 277, 431]]
    columns = [[467, 718, 734], [696, 805, 61], [510, 571, 384], [57, 584, 42], [549, 926, 475]]
    game = parse(f"{{kind: matrix, players: [R, C], payoffs: {{R: {rows}, C: {columns}}}}}", "t")
    result = api.solve(game, "selection-mip", parameters={"least": 672})
    assert result.answer is not None
    record = result.answer.record
    assert record.nash_gap <= 1e-9
    np.testing.assert_allclose(record.measured["values"][0], 80294 / 119, rtol=1e-9)


def test_a_player_is_bounded_once() -> None:
    with pytest.raises(UsageError, match="expected one bound for 'Row', got two"):
        selection_mip.by_player("least", "Row=5,Row=6", ("Row", "Column"), -np.inf)
