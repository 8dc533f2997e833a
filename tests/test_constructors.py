"""Games of Python values are those of the specs that say the same, and what is wrong is told by the argument."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import eqsolve
from eqsolve.constructors import as_game
from eqsolve.errors import InputError
from eqsolve.exact.certificates import exact_game
from eqsolve.spec.load import GameSpec, parse
from eqsolve.store.policy import read_policy, rebuild
from reference.forms import as_mixed
from reference.specs import text_of

A = [[3, 0], [5, 1]]
B = [[3, 5], [0, 1]]
U = np.array([[[3.0, 0, 1], [5, 1, 2], [0, 0, 1], [7, 2, 0]], [[3, 5, 0], [0, 1, 4], [1, 1, 2], [0, 6, 3]]])
REWARDS = np.arange(16.0).reshape(2, 2, 2, 2)
MOVES = np.full((2, 2, 2, 2), 0.5)
ROADS = {"up": {"affine": [1, 0]}, "down": {"table": [1, 2, 5]}}
PENNY = {"player": 0, "actions": {"heads": {"payoffs": [1, -1]}, "tails": {"payoffs": [Fraction(-1, 3), "1/3"]}}}


@pytest.mark.parametrize(
    ("made", "spec"),
    [
        (eqsolve.matrix([[1, -1], [-1, 1]]), "{kind: matrix, zero_sum: [[1, -1], [-1, 1]]}"),
        (eqsolve.matrix(A, B), "{kind: matrix, payoffs: [[[3, 3], [0, 5]], [[5, 0], [1, 1]]]}"),
        (eqsolve.matrix(np.array(A), np.array(B, dtype=float)), "{kind: matrix, symmetric: [[3, 0], [5, 1]]}"),
        (eqsolve.matrix((A, B)), "{kind: matrix, symmetric: [[3, 0], [5, 1]]}"),
        (
            eqsolve.matrix(A, B, players=["Row", "Column"], actions=[["u", "d"], ["l", "r"]]),
            "{kind: matrix, players: [Row, Column], actions: [[u, d], [l, r]], symmetric: [[3, 0], [5, 1]]}",
        ),
        (eqsolve.matrix(*[np.ones((2, 2, 2))] * 3), "{kind: matrix, common: [[[1, 1], [1, 1]], [[1, 1], [1, 1]]]}"),
        (
            eqsolve.matrix([[Fraction(1, 3), 0], ["1/7", Decimal("0.1")]]),
            "{kind: matrix, zero_sum: [[1/3, 0], [1/7, 0.1]]}",
        ),
        (
            eqsolve.congestion(3, ROADS, [["up"], ["down"]]),
            (
                "{kind: congestion, players: 3, resources: {up: {affine: [1, 0]}, down: {table: [1, 2, 5]}},"
                " strategies: [[up], [down]]}"
            ),
        ),
        (
            eqsolve.congestion(3, {"up": lambda load: load**2, "down": [1, 2, 5]}, [["up"], ["down"]]),
            (
                "{kind: congestion, players: 3, resources: {up: {table: [1, 4, 9]}, down: {table: [1, 2, 5]}},"
                " strategies: [[up], [down]]}"
            ),
        ),
        (
            eqsolve.extensive({"players": 2, "root": PENNY}),
            (
                "{kind: extensive, players: 2, root: {player: 0, actions: {heads: {payoffs: [1, -1]},"
                " tails: {payoffs: [-1/3, 1/3]}}}}"
            ),
        ),
        (eqsolve.load({"kind": "kuhn", "players": 3}), "{kind: kuhn, players: 3}"),
    ],
)  # fmt: skip
def test_a_game_made_in_python_has_the_hash_of_the_spec_that_says_the_same(made: GameSpec, spec: str) -> None:
    assert made.hash == parse(spec, "spec").hash
    assert text_of(made).hash == made.hash


@pytest.mark.parametrize(
    "made",
    [
        eqsolve.matrix(U),
        eqsolve.matrix(np.moveaxis(U, 0, -1), order="players-last"),
        eqsolve.matrix(np.moveaxis(U, 0, -1)),
        eqsolve.matrix(np.moveaxis(U, 0, -1).tolist(), order="players-last"),
        eqsolve.matrix(U.tolist(), order="players-first"),
        eqsolve.matrix(list(U)),
        eqsolve.matrix(tuple(U.tolist())),
        as_game(U),
        as_game((U[0], U[1])),
    ],
)
def test_one_array_holds_all_payoffs_in_either_order_of_axes(made: GameSpec) -> None:
    assert made.hash == eqsolve.matrix(U[0], U[1]).hash


def test_an_array_that_fits_two_orders_is_not_read_in_silence() -> None:
    pairs = [[[3, 2], [0, 0]], [[0, 0], [2, 3]]]
    for game in (pairs, np.array(pairs)):
        with pytest.raises(InputError, match="can be read as") as refusal:
            eqsolve.solve(game)
        assert "order='players-first' or order='players-last'" in str(refusal.value.hint)
    assert eqsolve.matrix(pairs, order="players-last").hash == eqsolve.matrix([[3, 0], [0, 2]], [[2, 0], [0, 3]]).hash
    assert eqsolve.matrix(pairs, order="players-first").hash == eqsolve.matrix(*pairs).hash


def test_numbers_are_as_exact_as_they_are_given() -> None:
    third = eqsolve.solve(eqsolve.matrix([[Fraction(1, 3), 0], [0, Decimal("0.2")]]), exact=True)
    assert third.exact is not None
    assert third.exact.deviations.values == (Fraction(1, 8), Fraction(-1, 8))
    written = eqsolve.solve(eqsolve.matrix([[0.1, 0], [0, 0.1]]), exact=True)
    assert written.exact is not None
    assert written.exact.deviations.values[0] == Fraction(1, 20)
    floats = eqsolve.solve(eqsolve.matrix(np.array([[0.1, 0], [0, 0.1]])), exact=True)
    assert floats.exact is not None
    assert floats.exact.deviations.values[0] == Fraction(0.1) / 2


def test_integers_that_float64_rounds_stay_exact_in_arrays() -> None:
    huge = 2**53 + 1
    game = eqsolve.matrix(np.array([[huge, 0], [0, huge]]))
    result = eqsolve.solve(game, exact=True)
    assert result.exact is not None
    assert result.exact.deviations.values[0] == Fraction(huge, 2)


class Table:
    """What a table of pandas offers, as far as it counts here."""

    def __init__(self, cells: list[list[float]], index: list[Any], columns: list[Any]) -> None:
        self.cells, self.index, self.columns = np.array(cells), index, columns
        self.ndim, self.shape = self.cells.ndim, self.cells.shape

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.cells.astype(dtype or float)


def test_tables_are_taken_with_their_labels() -> None:
    row = Table([[3, 0], [5, 1]], ["cooperate", "defect"], ["cooperate", "defect"])
    game = eqsolve.matrix(row, B)
    assert as_mixed(game.form).actions == (("cooperate", "defect"),) * 2
    assert eqsolve.matrix(Table([[3, 0], [5, 1]], [0, 1], [0, 1]), B).hash == eqsolve.matrix(A, B).hash


@given(
    st.lists(st.lists(st.floats(-1e6, 1e6) | st.fractions(max_denominator=10**6), min_size=2, max_size=2), min_size=1),
    st.booleans(),
)
def test_the_text_of_a_game_tells_the_same_game(rows: list[list[Any]], as_floats: bool) -> None:
    payoffs: Any = np.array([[float(x) for x in row] for row in rows]) if as_floats else rows
    game = eqsolve.matrix(payoffs)
    again = text_of(game)
    assert again.hash == game.hash
    for one in (again, as_game(game.form)):
        paid = zip(exact_game(one).paid, exact_game(game).paid, strict=True)
        assert all((own == same).all() for own, same in paid)


def test_a_policy_file_holds_the_game_with_its_arrays(tmp_path: Path) -> None:
    from eqsolve.store.policy import write_policy

    for game in (eqsolve.matrix(U), eqsolve.markov(REWARDS, MOVES, 0.5), eqsolve.extensive(PENNY)):
        path = tmp_path / f"{game.hash}.npz"
        write_policy(
            path, eqsolve.solve(game, max_iter=5, algo="best-response" if game.kind == "matrix" else "auto"), game
        )
        assert rebuild(read_policy(path), beside=tmp_path).hash == game.hash


class TestMarkov:
    """Tables of rewards and transitions."""

    def test_it_is_the_game_of_the_spec(self) -> None:
        spec = {"kind": "markov", "rewards": REWARDS.tolist(), "transitions": MOVES.tolist(), "discount": "1/2"}
        for start, written in (([0.25, 0.75], [0.25, 0.75]), (1, [0, 1]), ("s2", [0, 1]), (None, [0.5, 0.5])):
            made = eqsolve.markov(REWARDS, MOVES, 0.5, start=start)
            assert made.hash == eqsolve.load({**spec, "start": written}).hash == text_of(made).hash

    def test_rewards_may_be_a_list_and_transitions_rows(self) -> None:
        rows = [[*at, MOVES[at]] for at in np.ndindex(MOVES.shape)]
        made = [
            eqsolve.markov(rewards, transitions, 0.5)
            for rewards in (REWARDS, list(REWARDS))
            for transitions in ({"sparse": rows}, {"sparse": np.array(rows)})
        ]
        assert len({game.hash for game in made}) == 1
        assert eqsolve.deviations(made[0], as_mixed(made[0].form).uniform()).values == pytest.approx(
            eqsolve.deviations(eqsolve.markov(REWARDS, MOVES, 0.5), as_mixed(made[0].form).uniform()).values
        )

    def test_labels_and_a_horizon(self) -> None:
        game = eqsolve.markov(
            REWARDS, MOVES, 1, horizon=3, states=["calm", "tense"], players=["A", "B"], actions=[["x", "y"], 2],
            start="tense",
        )  # fmt: skip
        assert game.form.players == ("A", "B")
        assert as_mixed(game.form).actions[0] == ("x", "y")
        assert len(as_mixed(game.form).rows) == 6


WRONG: list[tuple[Callable[[], Any], str]] = [
    (lambda: eqsolve.matrix(), "expected payoffs, got nothing"),
    (lambda: eqsolve.matrix(None), "expected payoffs as nested lists or arrays, got nothing"),
    (lambda: eqsolve.matrix("ab"), "expected payoffs as nested lists or arrays, got 'ab'"),
    (lambda: eqsolve.matrix([1, 2]), "expected a matrix, rows of numbers, got 1 dimension(s)"),
    (lambda: eqsolve.matrix(np.zeros((4, 3, 4))), "expected the payoffs of N players"),
    (lambda: eqsolve.matrix([[1, 2], [3]]), "A[1]: expected 2 numbers as in the first, got 1"),
    (lambda: eqsolve.matrix(A, [[1, 2], [3]]), "B[1]: expected 2 numbers as in the first, got 1"),
    (lambda: eqsolve.matrix(A, [[1, 2], [3, None]]), "B[1][1]: expected a number, got nothing"),
    (lambda: eqsolve.matrix(A, [[1, 2], [3, "x"]]), "B[1][1]: expected a number, got 'x'"),
    (lambda: eqsolve.matrix(A, [[1, 2], [3, Fraction(1, 10**100)]]), "B[1][1]: expected a fraction of at most 100 dig"),
    (lambda: eqsolve.matrix(A, [[1, 2], [3, 1j]]), "B[1][1]: expected a number, got complex"),
    (lambda: eqsolve.matrix(A, [[1, 2], [3, float("nan")]]), "B[1][1]: expected a finite number"),
    (lambda: eqsolve.matrix(A, np.array([[1, 2], [3, np.inf]])), "B[1][1]: expected a finite number"),
    (lambda: eqsolve.matrix(A, np.array(B) * 1j), "B: expected numbers, got an array of complex numbers"),
    (lambda: eqsolve.matrix(np.array(A) > 1), "A: expected numbers, got an array of booleans"),
    (lambda: eqsolve.matrix(A, [[1, 2, 3], [4, 5, 6]]), "B: expected 2 × 2 numbers as in A, got 2 × 3"),
    (lambda: eqsolve.matrix(A, 7), "B: expected a list of numbers"),
    (lambda: eqsolve.matrix(A, B, players=["x"]), "players: expected 2 labels"),
    (lambda: eqsolve.matrix(A, B, players=["x", "x"]), "players[1]: the label 'x' is there twice"),
    (lambda: eqsolve.matrix(A, B, actions=[["x", "y"], 3]), "has 3 actions, but these are numbers for 2"),
    (lambda: eqsolve.matrix(A, B, order="rows"), "order: expected 'players-first' or 'players-last', got 'rows'"),  # type: ignore[arg-type]
    (lambda: eqsolve.matrix(A, B, order="players-first"), "order: is for one array"),
    (lambda: eqsolve.markov(REWARDS[0], MOVES, 0.5), "rewards: expected the shape [N, S, A_1, …, A_N], got [2, 2, 2]"),
    (lambda: eqsolve.markov(None, MOVES, 0.5), "rewards: expected a list of numbers"),
    (lambda: eqsolve.markov(REWARDS, MOVES[..., :1], 0.5), "transitions: expected the shape [S, A_1, …, A_N, S]"),
    (lambda: eqsolve.markov(REWARDS, 2 * MOVES, 0.5), "transitions[0][0][0]: the probabilities sum to 2, more than 1"),
    (lambda: eqsolve.markov(REWARDS, -MOVES, 0.5), "a probability is negative: -0.5"),
    (lambda: eqsolve.markov(REWARDS, MOVES, 1.5), "discount: expected a number of at most 1, got 1.5"),
    (lambda: eqsolve.markov(REWARDS, MOVES, 1), "discount 1 needs a game in which no state comes back"),
    (lambda: eqsolve.markov(REWARDS, MOVES, 0.5, start=[1, 1]), "start: the probabilities sum to 2, not 1"),
    (lambda: eqsolve.markov(REWARDS, MOVES, 0.5, start=2), "start: there is no state 2"),
    (lambda: eqsolve.markov([REWARDS[0], REWARDS[1][:1]], MOVES, 0.5), "rewards[1]: expected the shape [2, 2, 2]"),
    (lambda: eqsolve.congestion(3, [1], [["a"]]), "resources: expected a mapping"),  # type: ignore[arg-type]
    (lambda: eqsolve.congestion(3, {"a": [1]}, [["a"]]), "resources.a.table: expected costs up to load 3"),
    (lambda: eqsolve.congestion(2, {"a": {"affine": [1]}}, [["a"]]), "resources.a.affine: expected 2 numbers"),
    (lambda: eqsolve.congestion(2, ROADS, [["left"]]), "no such resource: 'left'"),
    (lambda: eqsolve.congestion("two", ROADS, [["up"]]), "players: expected a number or a list of labels, got 'two'"),
    (lambda: eqsolve.extensive(3), "expected rules or a tree of dicts, got 3 without players, root()"),
    (lambda: eqsolve.extensive({"root": {"payoff": [1]}}), "root: expected one of `payoffs`, `chance` and `actions`"),
    (lambda: eqsolve.load(3), "expected a path, '@family/name' or a dict, got 3"),
    (lambda: eqsolve.load({"kind": "matix"}), "kind: expected the name of a family, got 'matix'"),
    (lambda: eqsolve.parse(3), "expected a text, got 3"),  # type: ignore[arg-type]
    (lambda: eqsolve.solve(None), "expected a game, got nothing"),
    (lambda: eqsolve.solve(object()), "expected a game, got object"),
    (lambda: eqsolve.deviations([1, 2], []), "expected a matrix"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_what_is_wrong_is_told_by_the_argument_in_one_line(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(InputError) as refusal:
        call()
    assert message in refusal.value.lines()[0]


def test_a_tree_nested_without_end_is_refused() -> None:
    node: dict[str, Any] = {"payoffs": [1]}
    for _ in range(5000):
        node = {"player": 0, "actions": {"on": node}}
    with pytest.raises(InputError, match="nested too deep"):
        eqsolve.extensive(node)


def test_forms_and_families_are_games_too() -> None:
    chicken = eqsolve.load("@matrix/chicken")
    assert as_game(chicken) is chicken
    assert as_game(chicken.form).hash == chicken.hash
    assert as_game(chicken.family).hash == chicken.hash
    roads = eqsolve.load("@congestion/braess")
    assert as_game(roads.form).hash == as_game(roads.form).hash != as_game(eqsolve.load("@congestion/pigou").form).hash
    result = eqsolve.solve(roads.form, "best-response")
    assert result.answer is not None
    assert result.answer.record.nash_gap == 0
    assert (result.game.kind, result.game.name) == ("normal", "normal")
