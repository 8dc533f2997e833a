"""The text: a line per fact, which says what it is and claims no more than was measured."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from eqsolve.forms.normal import TensorGame
from eqsolve.report import regret_document, result_document, text
from eqsolve.result import Game, Status
from report.test_document import CASES, GAME, measured, result


def shown(width: int | None = None, **changes: Any) -> str:
    return text(result_document(result(**changes)), width=width)


def line(key: str, page: str) -> str:
    return next(line for line in page.splitlines() if line.startswith(f"{key} "))


def test_the_answer_its_figures_and_the_last_iterate_are_told_apart() -> None:
    page = shown()
    assert line("answer", page).endswith("average at iteration 7: the least Nash gap measured")
    assert line("figures", page).endswith("of this answer, in payoff units:")
    assert "0.5" in line("nash_gap", page)
    assert line("last_nash_gap", page).split(maxsplit=2)[1:] == ["1", "of the last iterate, which is not the answer"]


def test_max_regret_is_explained_by_the_form_of_the_game() -> None:
    assert line("max_regret", shown()).endswith("the same as nash_gap: each player decides once")


def test_what_auto_chose_and_why_is_said() -> None:
    assert line("algorithm", shown()).endswith("regret-matching+")
    assert line("chosen_by", shown()).endswith("auto: a general game")


@pytest.mark.parametrize(("tolerance", "words"), [(0.5, "met"), (0.4, "not met")])
def test_the_tolerance_is_said_to_be_met_only_where_the_measured_gap_meets_it(tolerance: float, words: str) -> None:
    assert line("tolerance", shown(tolerance=tolerance)).endswith(f"in payoff units: {words}")


def test_no_status_but_a_measured_one_speaks_of_the_tolerance_and_none_of_equilibrium() -> None:
    for status in Status:
        said = line("status", shown(status=status))
        assert ("tolerance" in said) == (status == Status.CONVERGED)
        assert "equilibri" not in said


def test_the_word_equilibrium_comes_only_beside_a_gap() -> None:
    for case in CASES.values():
        for said in shown(**case).splitlines():
            assert "quilibri" not in said or "gap" in said


def test_products_of_mixtures_are_told_by_the_numbers_of_equilibria() -> None:
    document = result_document(result(**CASES["products"]))
    players = document["game"]["players"]
    assert document["nash_subsets"] == [
        {"component": 1, "equilibria": {players[0]: [1], players[1]: [1]}},
        {"component": 2, "equilibria": {players[0]: [2], players[1]: [2, 3]}},
    ]
    page = text(document)
    assert page.count("\nnash_subset ") == 1, "no line for a point"
    assert line("nash_subset 1", page).split(maxsplit=2)[2] == f"component 2   {players[0]} of 2 × {players[1]} of 2, 3"


def test_long_lists_are_cut_and_counted() -> None:
    many = tuple(measured(0.0) for _ in range(50))
    page = shown(equilibria=many, complete="at least these")
    assert page.count("\nequilibrium ") == 20
    assert "30 others are not shown" in page


def test_a_mixed_equilibrium_is_listed_by_its_probabilities() -> None:
    page = shown(equilibria=(measured(0.0),))
    assert line("equilibrium 1", page).endswith("Ann: up, Bob: left=0.5 mid=0.5 right=0")


def test_lines_fold_to_the_terminal_and_nowhere_else() -> None:
    reason = " ".join(["because"] * 30)
    long = replace(result().algorithm, reason=reason)
    assert line("chosen_by", shown(algorithm=long)).endswith(reason)
    folded = shown(width=80, algorithm=long)
    assert max(map(len, folded.splitlines())) <= 80
    assert " ".join(folded.split()) == " ".join(shown(algorithm=long).split())


def test_a_judged_file_is_shown_with_what_it_records_of_itself() -> None:
    claimed = {
        "status": "converged",
        "algorithm": {"name": "inpg", "parameters": {}, "requested": "mwu", "reason": None},
        "seed": 5,
        "iterations": 9,
        "answer": {"name": "last", "chosen": "best", "iteration": 8, "polished": True},
    }
    page = text(regret_document(GAME, measured(), claimed=claimed), file="policy.npz")
    assert line("profile", page).endswith("policy.npz")
    assert line("recorded_as", page).endswith("last at iteration 8, its support polished, of inpg, seed 5")
    assert "status" not in page
    plain = text(regret_document(GAME, measured(), claimed=None), file="p.json")
    assert "recorded_as" not in plain
    assert line("figures", plain).endswith("of this profile, in payoff units:")


def test_control_characters_of_strangers_are_shown_as_escapes() -> None:
    evil = Game(GAME.form, "matrix", "a\x1b[2J\nstatus converged", GAME.hash)
    page = shown(game=evil)
    assert "\x1b" not in page
    assert line("game", page).endswith(r"a\x1b[2J\nstatus converged (matrix, 2 players)")


def test_many_players_are_cut_and_counted() -> None:
    players, actions = tuple(map(str, range(25))), (("a",),) * 25
    form = TensorGame(players, actions, np.zeros((25, *([1] * 25))))
    one = measured()
    deviations = replace(one.record.deviations, values=np.zeros(25), best_values=np.zeros(25), regrets=np.zeros(25))
    answer = replace(one, profile=(np.ones(1),) * 25, record=replace(one.record, deviations=deviations))
    page = shown(game=Game(form, "matrix", "crowd", GAME.hash), answer=answer)
    assert "5 players are not shown" in page
