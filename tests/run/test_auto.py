"""Which algorithm a game gets, why, and how an algorithm that does not fit is refused."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from eqsolve import api
from eqsolve.analysis.structure import structure
from eqsolve.errors import MismatchError
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.run import auto, fit
from eqsolve.run.method import check_fit
from eqsolve.solvers import SOLVERS
from eqsolve.solvers.limits import Counted, Limit
from eqsolve.spec.load import GameSpec, load, parse
from reference.specs import TEXTS, spec

CHOICES = {
    "pennies": "zero-sum-lp",
    "zero-sum 2x3": "zero-sum-lp",
    "constant-sum 3x2": "zero-sum-lp",
    "all alike": "zero-sum-lp",
    "single actions": "zero-sum-lp",
    "coordination 2x3": "bimatrix",
    "congestion": "best-response",
    "one player": "best-response",
    "general 3x2": "bimatrix",
    "tied": "bimatrix",
    "three players": "n-player",
    "weighted congestion": "n-player",
    "distancing": "inpg",
    "asymmetric": "inpg",
    "ends": "inpg",
    "kuhn poker": "sequence-lp",
    "three at kuhn poker": "pdcfr+",
    "a small tree": "portfolio",
}


@pytest.mark.parametrize(("name", "algorithm"), CHOICES.items(), ids=CHOICES)
def test_structure_decides(name: str, algorithm: str) -> None:
    row, reason, _ = auto.choose(spec(name).form)
    assert row.name == algorithm
    assert reason


ZERO_SUM = """
kind: markov
discount: 0.5
states: [s]
actions: [[a, b], [a, b]]
rewards: [[[[1, -1], [-1, 1]]], [[[-1, 1], [1, -1]]]]
transitions: %s
start: [1]
"""
STAYING, ENDING = "[[[[1], [1]], [[1], [1]]]]", "[[[[1], [1]], [[0], [0]]]]"


@pytest.mark.parametrize("game", [load("@markov/big-match"), parse(ZERO_SUM % ENDING, "g")])
def test_a_zero_sum_markov_game_is_told_that_nothing_here_is_known_to_converge(game: GameSpec) -> None:
    row, reason, _ = auto.choose(game.form)
    assert row.name == "inpg"
    assert "no method here is known to converge on games of this kind" in reason
    assert "ipg and best-response fit too" in reason


def test_where_no_action_moves_the_state_the_stage_games_can_be_solved_alone() -> None:
    reason = auto.choose(parse(ZERO_SUM % STAYING, "pennies").form).reason
    assert "no method here is known to converge on games of this kind" in reason
    assert "each state's game, written as a `matrix`, has exact methods" in reason


def test_other_markov_games_are_told_of_their_potential_or_of_none_found() -> None:
    assert "none was found" in auto.choose(spec("distancing").form).reason
    team = "{kind: random-team, players: 2, states: 2, actions: 2, discount: 0.5, seed: 1}"
    assert "with a potential" in auto.choose(parse(team, "team").form).reason


def test_the_last_rule_has_no_conditions_and_reasons_have_only_known_fields() -> None:
    assert [rule.conditions == () for rule in auto.RULES] == [False] * (len(auto.RULES) - 1) + [True]
    for rule in auto.RULES:
        assert rule.take.keys() <= SOLVERS.keys()
        known = auto.FACTS.keys() | ({"iterations", "gaps"} if len(rule.take) > 1 else set())
        assert set(re.findall(r"\{(\w+)\}", rule.reason)) <= known


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("start", [False, True])
def test_whatever_the_game_the_choice_accepts_it(name: str, start: bool) -> None:
    form = spec(name).form
    row = auto.choose(form, start).row
    assert fit.fits(row, form, structure(form))


def test_the_three_sorts_of_games_get_different_reasons() -> None:
    reasons = {auto.choose(spec(name).form)[1] for name in ("pennies", "congestion", "general 3x2", "distancing")}
    assert len(reasons) == 4


def test_with_a_start_the_choice_is_a_method_that_takes_one() -> None:
    row = auto.choose(spec("pennies").form, start=True).row
    assert row.name == "regret-matching+"
    result = api.solve(spec("pennies"), start=[[0.9, 0.1], [0.5, 0.5]], max_iter=5)
    assert result.algorithm.name == "regret-matching+"


def test_a_result_names_the_choice_and_the_reason() -> None:
    result = api.solve(spec("pennies"))
    assert (result.algorithm.requested, result.algorithm.name) == ("auto", "zero-sum-lp")
    assert result.algorithm.reason
    asked = api.solve(spec("pennies"), "zero-sum-lp")
    assert asked.algorithm.requested == "zero-sum-lp"
    assert asked.algorithm.reason is None


@pytest.mark.parametrize(
    ("algorithm", "game", "why", "fitting"),
    [
        (
            "zero-sum-lp",
            "general 3x2",
            "its payoffs do not sum to a constant",
            "bimatrix, regret-matching+, portfolio, inpg, best-response, n-player, ipg, softmax-pg and 14 more{}",
        ),
        (
            "zero-sum-lp",
            "three players",
            "it is not of two players",
            "n-player, regret-matching+, portfolio, inpg, best-response, ipg, softmax-pg, neppo and 7 more{}",
        ),
        ("pure", "distancing", "it is a Markov game", "inpg, best-response, ipg"),
        ("regret-matching+", "asymmetric", "it is a Markov game", "inpg, best-response, ipg"),
    ],
)
def test_a_game_that_does_not_fit_is_refused_with_the_algorithms_that_do(
    algorithm: str, game: str, why: str, fitting: str
) -> None:
    with pytest.raises(MismatchError, match=why) as refusal:
        check_fit(SOLVERS[algorithm], spec(game).form)
    assert algorithm in refusal.value.message
    assert refusal.value.hint is not None
    assert refusal.value.hint == f"algorithms that do: {fitting.format(' (eqsolve info GAME)')}"


def test_every_zero_sum_game_is_solved_by_default_to_nine_digits() -> None:
    for name in ("pennies", "zero-sum 2x3", "constant-sum 3x2", "all alike", "single actions"):
        result = api.solve(spec(name), rtol=1e-9)
        assert result.status == "converged"


def test_a_portfolio_is_for_tables_that_it_reads_in_no_time() -> None:
    small, large = (parse(f"{{kind: random-matrix, players: 3, actions: {n}, seed: 0}}", "g") for n in (6, 100))
    assert auto.choose(small.form).row.name == "n-player"
    assert auto.choose(small.form, start=True).row.name == "regret-matching+"
    assert auto.choose(large.form).row.name == "regret-matching+"


def test_a_potential_game_of_two_players_is_solved_exactly() -> None:
    result = api.solve(api.load("@matrix/chicken"), rtol=1e-12)
    assert (result.algorithm.name, result.status) == ("bimatrix", "converged")
    assert auto.choose(api.load("@matrix/chicken").form, start=True).row.name == "inpg"
    large = parse("{kind: random-matrix, players: 2, actions: [1030, 1030], structure: potential, seed: 0}", "g")
    assert auto.choose(large.form).row.name == "best-response"


def test_a_race_is_told_and_its_winner_led_it() -> None:
    form = spec("three at kuhn poker").form
    row, reason, parameters = auto.choose(form, wanted=1e-2)
    gaps = {name: float(gap) for name, gap in re.findall(r"(\S+) ([0-9.e-]+)(?:,|$)", reason)}
    assert set(gaps) == set(auto.RACERS)
    assert gaps[row.name] == min(gaps.values())
    assert parameters == auto.RACERS[row.name]


def test_nobody_races_in_games_so_large_that_it_takes_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auto, "RACED", 100)
    row, reason, parameters = auto.choose(spec("three at kuhn poker").form, wanted=1e-2)
    assert (row.name, parameters) == (auto.UNRACED, {})
    assert "a game of 312 leaves, too large to try several" in reason


def test_a_small_gap_is_not_left_to_a_short_race_and_parameters_of_the_user_win() -> None:
    result = api.solve(spec("three at kuhn poker"), tol=1e-7, max_iter=1)
    assert (result.algorithm.name, result.algorithm.parameters["gamma"]) == ("pcfr+", 5.0)
    result = api.solve(spec("three at kuhn poker"), "auto", {"gamma": 3}, tol=1e-7, max_iter=1)
    assert result.algorithm.parameters["gamma"] == 3.0


def test_games_with_too_many_leaves_are_not_sent_to_the_linear_programme(monkeypatch: pytest.MonkeyPatch) -> None:
    form = spec("kuhn poker").form
    assert auto.choose(form).row.name == "sequence-lp"
    fewer = replace(SOLVERS["sequence-lp"], limits=(Limit(Counted.LEAVES, 29),))
    monkeypatch.setattr(auto, "SOLVERS", {**SOLVERS, "sequence-lp": fewer})
    assert auto.choose(form).row.name in auto.RACERS
    with pytest.raises(MismatchError, match="it has 30 leaves, more than 29"):
        check_fit(fewer, form)


def test_games_that_miss_a_structure_by_less_than_its_tolerance_are_solved_alike_and_not_called_so() -> None:
    """Payoffs sum to 1, and to 1 + 10^-13; a common payoff differs by 10^-13."""
    sums = "{{kind: matrix, payoffs: [[[0.7, 0.3], [0.2, 0.8]], [[0.1, 0.9], [0.6, {}]]]}}"
    common = "{{kind: matrix, payoffs: [[[0.7, 0.7], [0.2, 0.2]], [[0.1, 0.1], [0.6, {}]]]}}"
    for text, exact, near, told in (
        (sums, "0.4", "0.4000000000001", "nearly constant-sum payoffs: one linear programme comes near"),
        (common, "0.6", "0.6000000000001", "a small near-potential game"),
    ):
        first, second = (auto.choose(parse(text.format(last), "g").form) for last in (exact, near))
        assert first.row.name == second.row.name
        assert not {"nearly", "near-potential"} & set(first.reason.split())
        assert told in second.reason


def test_a_race_is_shorter_where_an_iteration_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    form = spec("a small tree").form
    monkeypatch.setattr(auto, "RULES", tuple(rule for rule in auto.RULES if "portfolio" not in rule.take))
    long = auto.choose(form)
    assert isinstance(form, SequenceForm)
    monkeypatch.setattr(auto, "RACE_VISITS", 50 * form.size * len(form.players))
    short = auto.choose(form)
    assert "after 300 iterations" in long.reason
    assert "after 50 iterations" in short.reason
