"""The text: a line per fact, which says what it is and claims no more than was measured."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from eqsolve.forms.normal.game import TensorGame
from eqsolve.report import regret_document, result_document, text
from eqsolve.report.lines import mixed
from eqsolve.run.result import Game, Status
from reference.forms import as_mixed
from report.test_document import CASES, GAME, measured, result


def shown(width: int | None = None, *, verbose: bool = False, hidden_rows: int = 0, **changes: Any) -> str:
    document = result_document(result(**changes), profile=not hidden_rows)
    return text(document, width=width, verbose=verbose, hidden_rows=hidden_rows)


def line(key: str, page: str) -> str:
    return next(line for line in page.splitlines() if line.startswith(f"{key} "))


def keys(page: str) -> list[str]:
    return [line.split()[0] for line in page.splitlines()]


def test_what_people_came_for_comes_first_and_the_rest_only_if_asked_for() -> None:
    first = ["game", "policy", "policy", "value", "value", "nash_gap", "status", "algorithm"]
    assert keys(shown()) == first
    rest = shown(verbose=True).removeprefix(shown())
    assert set(keys("".join(rest.split("\n\n")[0]).strip())) >= {"hash", "seed", "payoff_range", "max_regret", "answer"}


def test_the_answer_its_figures_and_the_last_iterate_are_told_apart() -> None:
    page = shown(verbose=True)
    assert line("answer", page).endswith("of iteration 7, the best found")
    assert line("nash_gap", page).split(maxsplit=2)[1:] == ["0.5", "most that a player gains by deviating alone"]
    last = ["1", "Nash gap of the last iterate, which is not the answer"]
    assert line("last_nash_gap", page).split(maxsplit=2)[1:] == last


def test_max_regret_is_explained_by_the_form_of_the_game() -> None:
    assert line("max_regret", shown(verbose=True)).endswith("the same as nash_gap: each player decides once")


def test_what_auto_chose_and_why_is_said() -> None:
    said = line("algorithm", shown())
    assert said.split(maxsplit=2)[1:] == ["regret-matching+", "chosen by auto: a general game"]


@pytest.mark.parametrize(("tolerance", "word"), [(0.5, "within"), (0.4, "above")])
def test_the_tolerance_is_said_to_be_met_only_where_the_measured_gap_meets_it(tolerance: float, word: str) -> None:
    for status in (Status.CONVERGED, Status.ITERATION_LIMIT, Status.TIME_LIMIT, Status.INTERRUPTED, Status.DIVERGED):
        said = line("status", shown(tolerance=tolerance, status=status))
        assert f"nash_gap {word} the tolerance, {tolerance}" in said


def test_no_status_speaks_of_equilibrium() -> None:
    for status in Status:
        assert "equilibri" not in line("status", shown(status=status))


def test_a_search_that_may_have_missed_some_is_not_called_complete() -> None:
    found: dict[str, Any] = {"equilibria": (measured(0.0),), "status": Status.EXHAUSTED}
    assert line("status", shown(**found, complete="every equilibrium")).split()[1] == "complete"
    assert line("status", shown(**found, complete="at least these equilibria")).split()[1] == "ended"


def test_a_policy_of_too_many_rows_is_counted_and_the_way_to_see_it_said() -> None:
    page = shown(hidden_rows=288)
    assert line("policy", page).split(maxsplit=3)[1:] == ["288", "rows", "--profile shows them"]
    assert page.count("\npolicy ") == 1


def test_of_many_actions_only_those_that_are_played_are_shown() -> None:
    few = {f"a{k}": float(k == 3) for k in range(6)}
    assert mixed(few) == "a0=0 a1=0 a2=0 a3=1 a4=0 a5=0"
    assert mixed(few | {"b": 1e-17, "c": 0.5}) == "a3=1 c=0.5 (6 others 0)"


@pytest.mark.parametrize(
    ("gap", "tolerance", "printed"),
    [
        (1e-41, 1e-6, "0"),
        (4.9e-15, 1e-6, "0"),  # the payoff range is 5
        (5.1e-15, 1e-6, "5.1e-15"),
        (1e-20, 1e-21, "1e-20"),  # above the tolerance: 0 would deny what the status says
        (1e-20, 0.0, "1e-20"),
        (1e-20, None, "0"),
    ],
)
def test_rounding_noise_is_printed_as_0_and_nothing_else_is(gap: float, tolerance: float | None, printed: str) -> None:
    case: dict[str, Any] = {"answer": measured(2 * gap), "tolerance": tolerance}
    assert as_mixed(GAME.form).payoff_range == 5
    assert line("nash_gap", shown(**case)).split()[1] == printed
    assert result_document(result(**case))["nash_gap"] == gap


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
    factors = f"{players[0]}: as in 2; {players[1]}: any mixture of those in 2 and 3"
    assert line("nash_subset 1", page).split(maxsplit=2)[2] == f"component 2   {factors}"


def test_long_lists_are_cut_and_counted() -> None:
    many = tuple(measured(0.0) for _ in range(50))
    page = shown(equilibria=many, complete="at least these")
    assert page.count("\nequilibrium ") == 20
    assert "30 others are not shown" in page


def test_a_mixed_equilibrium_is_listed_by_its_probabilities() -> None:
    page = shown(equilibria=(measured(0.0),))
    assert "Ann: up, Bob: left=0.5 mid=0.5 right=0  (values " in line("equilibrium 1", page)


def test_lines_fold_to_the_terminal_and_nowhere_else() -> None:
    reason = " ".join(["because"] * 30)
    long = replace(result().algorithm, reason=reason)
    assert line("algorithm", shown(algorithm=long)).endswith(reason)
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
    recorded = ["policy.npz", "last at iteration 8, its support polished, of inpg, seed 5"]
    assert line("profile", page).split(maxsplit=2)[1:] == recorded
    assert "status" not in page
    plain = text(regret_document(GAME, measured(), claimed=None), file="p.json")
    assert line("profile", plain).split() == ["profile", "p.json"]


def test_control_characters_of_strangers_are_shown_as_escapes() -> None:
    evil = Game(GAME.form, "matrix", "a\x1b[2J\nstatus converged", GAME.hash)
    page = shown(game=evil)
    assert "\x1b" not in page
    assert line("game", page).endswith(r"a\x1b[2J\nstatus converged (matrix, 2 players)")


def test_many_players_are_cut_and_counted() -> None:
    players, actions = tuple(map(str, range(25))), (("a",),) * 25
    form = TensorGame(players, actions, np.zeros((25, *([1] * 25))))
    one = measured()
    measured_of_each = dict.fromkeys(("values", "best_response_values", "regrets"), np.zeros(25))
    record = replace(one.record, measured={**one.record.measured, **measured_of_each})
    answer = replace(one, answer=(np.ones(1),) * 25, record=record)
    page = shown(game=Game(form, "matrix", "crowd", GAME.hash), answer=answer)
    assert "5 players are not shown" in page
