"""What a run of vertex enumeration answers, lists and says, and which games it refuses."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import eqsolve
from eqsolve import api
from eqsolve.errors import MismatchError
from eqsolve.report import text
from eqsolve.spec.load import load, parse
from reference.forms import as_mixed


def test_a_game_of_6_by_6_has_75_equilibria() -> None:
    """von Stengel 1999, who showed by it that there may be more than 2^n − 1, the conjecture of Quint and Shubik.

    lrsnash 7.1 lists as many.
    """
    game = load("@matrix/seventy-five-equilibria")
    result = api.solve(game, "vertex-enumeration")
    assert result.equilibria is not None
    assert len(result.equilibria) == 75
    assert result.components == tuple(range(1, 76))
    assert result.complete == "every equilibrium"
    full = sum(all(policy.min() > 0 for policy in one.answer) for one in result.equilibria)
    assert full == 1
    assert max(one.record.nash_gap for one in result.equilibria) <= 1e-9 * as_mixed(game.form).payoff_range


def test_the_component_of_a_degenerate_game_is_told_in_words() -> None:
    result = api.solve(load("@matrix/degenerate"), "vertex-enumeration")
    assert result.components == (1, 2, 2)
    assert result.complete == "every extreme equilibrium (3 corner equilibria in 2 components)"


def test_a_run_cut_short_says_that_there_may_be_more() -> None:
    result = api.solve(load("@matrix/seventy-five-equilibria"), "vertex-enumeration", max_iter=150)
    assert result.equilibria is not None
    assert result.complete == "at least these equilibria (150 vertices visited)"
    assert 0 < len(result.equilibria) < 75


def test_answers_are_the_best_by_each_criterion() -> None:
    game = load("@matrix/seventy-five-equilibria")
    everything = api.solve(game, "vertex-enumeration").equilibria or ()
    welfare = [one.record.measured["welfare"] for one in everything]
    least = [min(one.record.measured["values"]) for one in everything]
    size = [sum(int((policy > 0).sum()) for policy in one.answer) for one in everything]

    def answer(name: str) -> Any:
        found = api.solve(game, "vertex-enumeration", answer=name).answer
        assert found is not None
        return found

    scale = as_mixed(game.form).payoff_range
    assert answer("max-welfare").record.measured["welfare"] == pytest.approx(max(welfare), abs=1e-9 * scale)
    assert min(answer("max-min").record.measured["values"]) == pytest.approx(max(least), abs=1e-9 * scale)
    assert sum(int((p > 0).sum()) for p in answer("smallest-support").answer) == min(size)
    chicken = api.solve(load("@matrix/chicken"), "vertex-enumeration", answer="max-entropy").answer
    assert chicken is not None
    exact = api.solve(load("@matrix/chicken"), "vertex-enumeration", answer="max-entropy", exact=True).exact
    assert exact is not None
    assert exact.of == "solution"
    assert exact.policies == ((Fraction(1, 3), Fraction(2, 3)),) * 2
    np.testing.assert_allclose(chicken.answer, [[1 / 3, 2 / 3]] * 2, atol=1e-12)


@pytest.mark.parametrize("name", ["vertex-enumeration", "support-enumeration"])
def test_more_actions_than_bits_are_refused(name: str) -> None:
    row = f"[{', '.join(['1'] * 61)}]"
    game = parse(f"{{kind: matrix, zero_sum: [{row}, {row}]}}", "game.yaml")
    with pytest.raises(MismatchError, match="it has 63 actions in all, more than 62"):
        api.solve(game, name)


def test_what_a_tolerance_leaves_out_of_the_list_is_said() -> None:
    """Floats of a mixture of sevenths have a gap above 0: the search found it, and the list does not have it."""
    game = eqsolve.matrix([[8, 3, 5], [3, 3, 7], [4, 0, 6]], [[8, 1, 2], [4, 1, 5], [8, 6, 8]])
    every, within = (eqsolve.solve(game, "vertex-enumeration", tol=tol) for tol in (None, 0))
    assert (len(every.equilibria or ()), every.complete) == (3, "every equilibrium")
    assert len(within.equilibria or ()) == 2
    assert within.complete == (
        "at least these equilibria: 1 more was found and is not listed, the measured gap being above 0; "
        "with it: every equilibrium"
    )
    assert within.components == (1, 3)
    shown = text(within.to_dict())
    assert re.search(r"^status +ended", shown, re.MULTILINE)
    assert "at least these equilibria" in shown
