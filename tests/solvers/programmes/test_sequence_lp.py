"""The sequence-form programme against exact values of small trees, published values of games, and the judge."""

from __future__ import annotations

import threading
from fractions import Fraction
from math import prod
from time import perf_counter
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.arithmetic.linear_programmes import Optimum, Programme, maximum
from eqsolve.errors import MismatchError, UsageError
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.metrics.deviations import Deviations
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.programmes import sequence_lp as module
from eqsolve.solvers.programmes.sequence_lp import SequenceLP, behaviour
from eqsolve.spec.load import parse
from reference import draws, extensive, normal
from reference.draws import Whole, on_random_games
from reference.extensive import Tree
from solvers.programmes.long_step import assert_one_long_step

LEAF = extensive.Node


def solved(form: Any) -> tuple[Any, Deviations]:
    """The answer, and what the judge says of it."""
    assert isinstance(form, SequenceForm)
    solver = SequenceLP()
    (profile,) = solver.answers(form, solver.step(form, solver.init(form, 0), 1)).values()
    checked = form.check(profile)
    assert checked.notes == ()
    return profile, deviations(form, checked.profile)


def game(text: str) -> Any:
    return parse(text, "game").form


@on_random_games(300)
def test_both_plans_guarantee_the_exact_value(whole: Whole) -> None:
    constant = whole(-3, 3)
    tree = draws.zero_sum_tree(whole, constant)
    form = sequence_form(tree)
    _, found = solved(form)
    assert found.nash_gap <= 1e-13 * max(1.0, form.payoff_range)
    rows, columns = (
        list(extensive.pure_strategies(tree, i)) if count <= 6 else [] for i, count in enumerate(pure_counts(tree))
    )
    if rows and columns:
        matrix = [[extensive.value(tree, {**one, **two}, 0) for two in columns] for one in rows]
        value = float(normal.zero_sum_value(matrix))
        np.testing.assert_allclose(found.values, [value, constant - value], rtol=0, atol=1e-12)


def pure_counts(tree: Tree) -> list[int]:
    found = extensive.infosets(tree)
    return [prod(len(actions) for (player, _), actions in found.items() if player == i) for i in (0, 1)]


#: Kuhn 1950; Leduc's as computed by all who solve it (−0.0856064); the others by symmetry or from the rules.
VALUES = {
    "{kind: kuhn}": -1 / 18,
    "{kind: leduc}": -0.08560642407800256,
    "{kind: leduc, merge_suits: false}": -0.08560642407800256,
    "{kind: goofspiel, cards: 4}": 0.0,
    "{kind: goofspiel, cards: 5}": 0.0,
    "{kind: liars-dice, sides: 3}": None,
}


@pytest.mark.parametrize(("text", "value"), VALUES.items(), ids=VALUES)
def test_games_are_solved_to_the_last_digits(text: str, value: float | None) -> None:
    profile, found = solved(game(text))
    assert found.nash_gap <= 1e-14
    if value is not None:
        np.testing.assert_allclose(found.values, [value, -value], rtol=0, atol=1e-14)
    assert all(policy.min() >= 0 for policy in profile)


def test_leduc_takes_a_fraction_of_a_second() -> None:
    form = game("{kind: leduc}")
    solved(form)
    clock = perf_counter()
    solved(form)
    assert perf_counter() - clock < 0.5


@pytest.mark.parametrize("scale", [1e-30, 1e-9, 1e9, 1e30])
def test_tolerances_are_relative_to_the_payoffs(scale: float) -> None:
    form = game("{kind: leduc}")
    leaves = form.leaves._replace(payoffs=form.leaves.payoffs * scale)
    _, found = solved(SequenceForm(form.players, form.treeplexes, leaves, form.spread * scale))
    assert found.nash_gap <= 1e-14 * scale * form.payoff_range
    assert found.values[0] == pytest.approx(-0.08560642407800256 * scale, rel=1e-12)


def test_what_is_paid_in_any_case_costs_no_digits() -> None:
    """Kuhn poker among the rich: a constant of 2^30 beside stakes of 1; the plans are judged without it."""
    form = game("{kind: kuhn}")
    leaves = form.leaves._replace(payoffs=form.leaves.payoffs + 2.0**30)
    rich = SequenceForm(form.players, form.treeplexes, leaves, form.spread)
    profile, _ = solved(rich)
    assert deviations(form, profile).nash_gap <= 1e-14


def lone(children: dict[str, int], player: int) -> Tree:
    """One decision."""
    ends = tuple((label, LEAF(payoffs=(paid, -paid))) for label, paid in children.items())
    return Tree(("A", "B"), LEAF(children=ends, player=player, label="there"))


DEGENERATE = {
    "a single end": (Tree(("A", "B"), LEAF(payoffs=(3, -3))), 3.0),
    "chance only": (
        Tree(
            ("A", "B"),
            LEAF(
                children=(("l", LEAF(payoffs=(3, -3))), ("r", LEAF(payoffs=(0, 0)))),
                chances=(Fraction(1, 3), Fraction(2, 3)),
            ),
        ),
        1.0,
    ),
    "only the first moves": (lone({"l": 1, "r": 2}, 0), 2.0),
    "only the second moves": (lone({"l": 1, "r": 2}, 1), 1.0),
    "one action": (lone({"l": -4}, 0), -4.0),
    "nothing is paid": (lone({"l": 0, "r": 0, "s": 0}, 0), 0.0),
    "the same is paid everywhere": (lone({"l": 5, "r": 5}, 1), 5.0),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_trees(name: str) -> None:
    tree, value = DEGENERATE[name]
    _, found = solved(sequence_form(tree))
    assert found.values.tolist() == [value, -value]
    assert found.nash_gap == 0


def test_a_thousand_decisions_in_a_row() -> None:
    """Whoever ends the game at once does best: a centipede, each plan a chain."""
    moves = 1000
    text = "kind: extensive\nroot: n0\nnodes:\n" + "".join(
        f"  n{k}: {{player: {k % 2}, actions: {{stop: {{payoffs: [{s * (k + 1)}, {-s * (k + 1)}]}},"
        f" go: {f'n{k + 1}' if k + 1 < moves else '{payoffs: [0, 0]}'}}}}}\n"
        for k in range(moves)
        for s in (1 if k % 2 == 0 else -1,)
    )
    _, found = solved(game(text))
    assert found.nash_gap <= 1e-11
    assert found.values[0] >= 1


def test_actions_that_the_plan_does_not_come_to_are_uniform() -> None:
    stays = LEAF(
        children=(
            ("out", LEAF(payoffs=(2, -2))),
            (
                "in",
                LEAF(
                    children=(("l", LEAF(payoffs=(1, -1))), ("r", LEAF(payoffs=(0, 0))), ("s", LEAF(payoffs=(0, 0)))),
                    player=0,
                    label="inside",
                ),
            ),
        ),
        player=0,
        label="gate",
    )
    form = sequence_form(Tree(("A", "B"), stays))
    (policy, other), _ = solved(form)
    assert policy.tolist() == [1, 1, 0, 1 / 3, 1 / 3, 1 / 3]
    assert other.tolist() == [1]
    noisy = behaviour(form.treeplexes[0], np.array([1.0, 1.0, 1e-17, -1e-18, 1e-17, 0.0]))
    assert noisy.tolist() == policy.tolist()


def test_one_long_step_answers_and_later_ones_change_nothing() -> None:
    form, solver = game("{kind: kuhn}"), SequenceLP()
    assert_one_long_step(form, solver)
    with pytest.raises(UsageError, match="takes no --start"):
        solver.init(form, 0, form.uniform())


def test_without_a_proof_of_optimality_there_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "maximum", lambda programme: maximum(programme)._replace(solved=False))
    form, solver = game("{kind: kuhn}"), SequenceLP()
    state = solver.step(form, solver.init(form, 0), 1)
    assert solver.finished(state)
    assert solver.answers(form, state) == {}


def test_the_main_thread_stays_free_for_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def note(programme: Programme) -> Optimum:
        seen.append(threading.current_thread() is threading.main_thread())
        return maximum(programme)

    monkeypatch.setattr(module, "maximum", note)
    solved(game("{kind: kuhn}"))
    assert seen == [False]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{kind: kuhn, players: 3}", "it is not of two players"),
        ("{kind: leduc, general_sum: {rake: 0.1}}", "its payoffs do not sum to a constant"),
    ],
)
def test_other_games_are_refused(text: str, why: str) -> None:
    with pytest.raises(MismatchError, match=why):
        api.solve(parse(text, "x"), "sequence-lp")
