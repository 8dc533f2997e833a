"""Structure with evidence: against brute force on tables, and by draws where tables would be large."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eqsolve.analysis import tables as module
from eqsolve.analysis.evidence import evidence, tables
from eqsolve.analysis.finding import Finding
from eqsolve.forms.base import Form
from eqsolve.forms.markov.game import DenseMarkovGame
from eqsolve.forms.normal.game import TensorGame
from eqsolve.spec.load import parse
from reference import draws, normal
from reference.congestion import Congestion
from reference.distancing import Distancing
from reference.draws import Whole, on_random_games
from reference.forms import congestion_game, crowding_game, dense_game, horizon_game, numbered, sparse_game, tensor_game


def findings(form: Form, **options: int) -> dict[str, Finding]:
    return {finding.name: finding for finding in evidence(form, **options)}


def holds(form: Form, **options: int) -> dict[str, bool | None]:
    return {name: finding.holds for name, finding in findings(form, **options).items()}


@on_random_games(100)
def test_findings_on_tables_are_those_by_definition(whole: Whole) -> None:
    game = draws.normal(whole, most=3)
    found = holds(tensor_game(game))
    degenerate = normal.is_degenerate(game) if len(game.sizes) == 2 else None
    assert found == {**normal.structure(game), "degenerate": degenerate}


@on_random_games(60)
def test_symmetric_and_anonymous_games_are_recognised(whole: Whole) -> None:
    """Payoffs by own action and the loads of the others; then player 0's doubled; then one of them changed."""
    n, m = whole(2, 4), whole(2, 3)
    table: dict[tuple[int, ...], int] = {}

    def payoff(joint: tuple[int, ...]) -> list[int]:
        keys = [(joint[i], *sorted(joint[:i] + joint[i + 1 :])) for i in range(n)]
        return [table.setdefault(key, whole(-9, 9)) for key in keys]

    game = normal.Game((m,) * n, payoff)
    form = tensor_game(game)
    found = holds(form)
    assert found["symmetric"] is found["anonymous"] is True
    other = form.payoffs.copy()
    other[0] += 1
    assert holds(TensorGame(form.players, form.actions, other))["anonymous"] is True
    assert holds(TensorGame(form.players, form.actions, other))["symmetric"] is False


def test_the_constant_and_a_counterexample_are_named() -> None:
    form = parse("{kind: matrix, payoffs: [[[7, 3], [2, 8]], [[1, 9], [6, 4]]]}", "x").form
    constant = findings(form)["constant-sum"]
    assert (constant.holds, constant.value) == (True, 10)
    form = parse("{kind: matrix, payoffs: [[[7, 3], [2, 8]], [[1, 9], [6, 5]]]}", "x").form
    assert findings(form)["constant-sum"].evidence == "payoffs sum to 10 at (a1, a1), to 11 at (a2, a2)"


def test_rewards_of_constant_sum_are_not_taken_for_values_where_play_decides_how_long_the_game_lasts() -> None:
    rewards = np.full((2, 1, 2, 1), 1.0)
    lasting = np.full((1, 2, 1, 1), 1.0)
    ending = lasting.copy()
    ending[0, 1] = 0.5
    actions = (("a", "b"), ("c",))
    for transitions, constant in ((lasting, True), (ending, False)):
        form = DenseMarkovGame(("0", "1"), actions, ("s",), rewards, transitions, 0.9, np.array([1.0]))
        assert findings(form)["constant-sum"].holds is constant


def test_a_team_of_a_markov_game_has_its_value_for_a_potential() -> None:
    rng = np.random.default_rng(1)
    rewards = np.stack([rng.normal(size=(2, 2, 3))] * 2)
    form = DenseMarkovGame(
        ("0", "1"),
        (("a", "b"), ("c", "d", "e")),
        ("s", "t"),
        rewards,
        rng.dirichlet(np.ones(2), (2, 2, 3)),
        0.8,
        np.array([1.0, 0]),
    )
    found = findings(form)
    assert found["common-interest"].holds is True
    assert found["potential"].holds is True
    assert "no violation found in 200 cycles" in found["potential"].evidence


@on_random_games(40)
def test_draws_never_contradict_what_tables_prove(whole: Whole) -> None:
    form = congestion_game(draws.congestion(whole))
    proved = holds(form)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BUILT", 0)
        drawn = holds(form, cycles=20)
    for name, verdict in proved.items():
        if drawn[name] is not None:
            assert drawn[name] == verdict, name


def test_costs_of_loads_that_never_occur_leave_rounding_that_refutes_nothing() -> None:
    """Both pay 0 whatever they do: loads are 3 and 5, where costs are 0."""
    rules = Congestion(
        {"a": [8, 4, 0, 6, 9], "b": [0, -1, 7, 2, 0]}, [[["b"], ["b"]], [["a", "b"], ["a", "b"]]], [2, 3]
    )
    form = congestion_game(rules)
    assert form.payoff_range == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BUILT", 0)
        assert False not in holds(form, cycles=20).values()


def crowd() -> Form:
    half = Fraction(1, 2)
    return crowding_game(Distancing(4, (1, 2, 4), 100, 2, 2, Fraction(9, 10), (half, half)))


def test_draws_leave_the_symmetry_of_distancing_open_and_refute_its_potential() -> None:
    found = holds(crowd())
    assert found == {
        "constant-sum": False,
        "common-interest": False,
        "symmetric": None,
        "anonymous": None,
        "degenerate": None,
        "potential": False,
    }


@on_random_games(30)
def test_a_markov_game_of_exchangeable_players_is_symmetric(whole: Whole) -> None:
    """Rewards and transitions by own action and the sum of all."""
    one = draws.markov(whole)
    n = len(one.sizes)
    form = dense_game(one)
    if n < 2 or len(set(one.sizes)) > 1:
        return
    total = np.indices(one.sizes).sum(axis=0)
    own = np.indices(one.sizes)
    states = one.states
    rewards = np.stack([np.stack([own[i] * 10.0 + total * (s + 1) for s in range(states)]) for i in range(n)])
    moves = np.zeros((states, *one.sizes, states))
    moves[..., 0] = 1 / (1 + total)
    game = DenseMarkovGame(numbered(n), form.actions, numbered(states), rewards, moves, 0.5, form.start)
    assert holds(game)["symmetric"] is True
    assert holds(game)["anonymous"] is True


@on_random_games(60)
def test_a_list_of_moves_shows_what_its_table_shows(whole: Whole) -> None:
    game = draws.markov(whole)
    dense, sparse = (findings(form, cycles=2) for form in (dense_game(game), sparse_game(game)))
    for name in ("constant-sum", "common-interest", "symmetric", "anonymous"):
        assert sparse[name] == dense[name]


@on_random_games(60)
def test_a_game_over_a_horizon_is_as_symmetric_as_its_stage(whole: Whole) -> None:
    game = draws.markov(whole)
    stage, whole_game = (findings(form, cycles=2) for form in (dense_game(game), horizon_game(game, 3)))
    for name in ("common-interest", "symmetric", "anonymous"):
        assert whole_game[name] == stage[name]


def test_a_symmetric_list_of_moves_is_proved_so_and_an_asymmetric_move_is_named() -> None:
    text = (
        "{{kind: markov, discount: 0.8, {horizon}states: [s, t], actions: [[a, b], [a, b]], start: [1, 0],"
        " rewards: [[[[1, 0], [2, 1]], [[0, 3], [1, 1]]], [[[1, 2], [0, 1]], [[0, 1], [3, 1]]]],"
        " transitions: {{sparse: [[0, 0, 0, 1, 0.5], [0, 0, 1, 1, {p}], [0, 1, 0, 1, 0.25], [1, 1, 1, 0, 1]]}}}}"
    )
    for horizon in ("", "horizon: 3, "):
        for p, symmetric in ((0.25, True), (0.5, False)):
            found = findings(parse(text.format(horizon=horizon, p=p), "game.yaml").form, cycles=2)
            assert (found["symmetric"].holds, found["anonymous"].holds) == (symmetric, symmetric)
        assert "the next state depends on which of P1 and P2 takes which action" in found["symmetric"].evidence


def test_a_list_whose_table_would_be_large_is_judged_by_draws() -> None:
    form = sparse_game(draws.markov(draws.seeded("list", 4)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BUILT", 0)
        assert tables(form) is None
        assert findings(form, cycles=2)["constant-sum"].evidence.startswith("values sum to")
    assert findings(form, cycles=2)["constant-sum"].evidence.startswith("rewards sum to")


def test_seconds_limit_the_draws_but_for_two() -> None:
    form = crowd()
    search = findings(form)["potential"].search
    assert search is not None
    quick = {f.name: f for f in evidence(form, seconds=0.0)}["potential"].search
    assert quick is not None
    assert quick.cycles == 2 <= search.cycles
