"""The best equilibrium by a programme against the best of all, listed in fractions."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError
from eqsolve.solvers.parameters import configure
from eqsolve.solvers.selection_mip import OBJECTIVES, SelectionMIP, best
from eqsolve.spec.load import load
from reference.draws import Whole, on_random_games
from reference.equilibria import extreme_equilibria
from reference.forms import tensor_game
from reference.normal import Game, Joint, is_degenerate, value


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
        found = best(tensor_game(game).payoffs, objective, None)
        assert found is not None
        pair = found[: game.sizes[0]].tolist(), found[game.sizes[0] :].tolist()
        assert any(np.allclose(found, [float(p) for policy in one for p in policy], atol=1e-6) for one in everything)
        paid = [float(value(game, [[Fraction(p) for p in policy] for policy in pair], i)) for i in game.players]
        reached = {"welfare": sum(paid), "min": min(paid), "support": -np.count_nonzero(found)}[objective]
        assert reached == pytest.approx(float(wanted[objective]), abs=1e-4)


def test_a_bound_on_payoffs_chooses_among_equilibria_or_leaves_none() -> None:
    game = load("@matrix/chicken")  # equilibria pay (7, 2), (2, 7) and (14/3, 14/3)
    fair = api.solve(game, "selection-mip", {"least": 4.5}).answer
    assert fair is not None
    np.testing.assert_allclose(fair.profile, [[1 / 3, 2 / 3]] * 2, atol=1e-9)
    none = api.solve(game, "selection-mip", {"least": 5.0})
    assert none.answer is None
    assert none.status == "exhausted"


def test_the_answer_meets_the_default_tolerance() -> None:
    result = api.solve(load("@matrix/seventy-five-equilibria"), "selection-mip", {"objective": "support"})
    assert result.status == "converged"


def test_an_unknown_objective_is_refused() -> None:
    with pytest.raises(UsageError, match="objective: expected welfare, min, support; got 'fame'"):
        configure(SelectionMIP, {"objective": "fame"})
