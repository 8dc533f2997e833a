"""Regrets in a sequence form against sums over histories and every pure strategy; known values of poker."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import prod
from time import perf_counter

import numpy as np
import pytest

from eqsolve import api
from eqsolve.analysis.structure import structure
from eqsolve.errors import InputError
from eqsolve.forms.base import readonly
from eqsolve.forms.extensive import cards
from eqsolve.forms.extensive.cards import CardForm
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.metrics import extensive as sequence
from eqsolve.metrics import reach
from eqsolve.metrics.extensive import by_blocks
from eqsolve.metrics.judge import deviations, values
from eqsolve.spec.load import parse
from reference import draws, extensive
from reference.draws import Whole, on_random_games
from reference.extensive import Behaviour, Tree
from reference.forms import as_mixed, sequence_policies


def drawn(whole: Whole, moves: int = 4) -> tuple[Tree, Behaviour, SequenceForm]:
    tree = draws.extensive(whole, moves)
    return tree, draws.behaviour(whole, tree), sequence_form(tree)


@on_random_games(300)
def test_values_and_regrets_are_those_of_the_histories(whole: Whole) -> None:
    tree, behaviour, form = drawn(whole)
    found = deviations(form, sequence_policies(form, behaviour))
    gains = [extensive.gains(tree, behaviour, i) for i in range(len(tree.players))]
    exact = [extensive.value(tree, behaviour, i) for i in range(len(tree.players))]
    np.testing.assert_allclose(found.values, [float(v) for v in exact], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.regrets, [float(g.from_root) for g in gains], rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.max_regret, float(max(g.largest for g in gains)), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.best_values - found.values, found.regrets, rtol=0, atol=1e-12)
    np.testing.assert_allclose(values(form, sequence_policies(form, behaviour))[:, 0], found.values, rtol=0, atol=1e-12)


@on_random_games(150)
def test_no_pure_strategy_does_better_than_the_best_response(whole: Whole) -> None:
    tree, behaviour, form = drawn(whole, moves=3)
    found = deviations(form, sequence_policies(form, behaviour))
    for i in range(len(tree.players)):
        if prod(len(actions) for (player, _), actions in extensive.infosets(tree).items() if player == i) <= 300:
            best = extensive.best_by_enumeration(tree, behaviour, i)
            assert found.best_values[i] == pytest.approx(float(best), abs=1e-12)
            assert extensive.gains(tree, behaviour, i).from_root == best - extensive.value(tree, behaviour, i)


def test_max_regret_weighs_an_information_set_by_the_reach_of_the_others() -> None:
    """B gives away 4 at `there`, where A goes with probability p: 4 p, and nothing where A never goes."""
    leaf = extensive.Node
    there = extensive.Node(
        children=(("good", leaf(payoffs=(0, 4))), ("bad", leaf(payoffs=(0, 0)))), player=1, label="there"
    )
    top = extensive.Node(children=(("go", there), ("stay", leaf(payoffs=(0, 0)))), player=0, label="top")
    form = sequence_form(Tree(("A", "B"), top))
    for p in (1.0, 0.25, 0.0):
        assert deviations(form, form.check([[1, p, 1 - p], [1, 0, 1]]).profile).max_regret == 4 * p


def test_regrets_are_no_differences_of_large_values() -> None:
    """Player A gains 2^-20 where payoffs are about 2^40: the value itself has no such digit left beside many others."""
    small, large = Fraction(1, 2**20), 2**40
    leaf = extensive.Node
    choice = extensive.Node(
        children=(("l", leaf(payoffs=(0,))), ("r", leaf(payoffs=(small,)))), player=0, label="there"
    )
    top = extensive.Node(children=(("up", choice), ("down", leaf(payoffs=(large,)))), chances=(Fraction(1, 2),) * 2)
    form = sequence_form(Tree(("A",), top))
    found = deviations(form, form.check([[1, 1, 0]]).profile)
    assert found.regrets[0] == found.max_regret == float(small / 2)
    assert deviations(form, form.check([[1, 0, 1]]).profile).regrets[0] == 0


@pytest.mark.parametrize("alpha", [Fraction(0), Fraction(1, 10), Fraction(1, 3)])
def test_kuhns_equilibria_are_worth_an_eighteenth_to_the_second_player(alpha: Fraction) -> None:
    """Kuhn 1950: the first player bluffs with probability α and bets a king with 3 α."""
    bets = {
        (0, "J"): alpha,
        (0, "Q"): Fraction(0),
        (0, "K"): 3 * alpha,
        (0, "J check bet"): Fraction(0),
        (0, "Q check bet"): alpha + Fraction(1, 3),
        (0, "K check bet"): Fraction(1),
        (1, "J check"): Fraction(1, 3),
        (1, "J bet"): Fraction(0),
        (1, "Q check"): Fraction(0),
        (1, "Q bet"): Fraction(1, 3),
        (1, "K check"): Fraction(1),
        (1, "K bet"): Fraction(1),
    }
    behaviour = {place: [1 - p, p] for place, p in bets.items()}
    spec = parse("{kind: kuhn}", "kuhn")
    form = spec.form
    assert isinstance(form, SequenceForm)
    found = deviations(form, form.check(sequence_policies(form, behaviour)).profile)
    np.testing.assert_allclose(found.values, [-1 / 18, 1 / 18], rtol=0, atol=1e-15)
    assert found.nash_gap <= 1e-15
    assert found.max_regret <= 1e-15


@pytest.mark.parametrize("merged", ["true", "false"])
def test_the_uniform_profile_of_leduc_has_the_exploitability_that_is_published(merged: str) -> None:
    """OpenSpiel's exploitability of the first average of counterfactual regret minimisation is 2.37361."""
    form = parse(f"{{kind: leduc, merge_suits: {merged}}}", "leduc").form
    assert deviations(form, as_mixed(form).uniform()).nash_conv / 2 == pytest.approx(2.373611111111111, abs=1e-13)


def test_three_player_leduc_is_judged_within_milliseconds() -> None:
    form = parse("{kind: leduc, players: 3}", "leduc").form
    uniform = as_mixed(form).uniform()
    deviations(form, uniform)
    seconds = []
    for _ in range(5):
        clock = perf_counter()
        deviations(form, uniform)
        seconds.append(perf_counter() - clock)
    assert min(seconds) < 0.02


@pytest.mark.parametrize(
    "options",
    [
        "kuhn",
        "kuhn, players: 3",
        "kuhn, players: 4",
        "leduc",
        "leduc, merge_suits: false, ante: 2",
        "leduc, players: 3, ranks: 2, raises: 1",
        "leduc, players: 3, suits: 1, raises: 1, bets: [1, 5]",
        "leduc, general_sum: {noise: 1.5, seed: 3}",
        "liars-dice, sides: 4",
        "liars-dice, dice: 2, sides: 2",
        "liars-dice, players: 3, sides: 2",
    ],
)
def test_the_public_tree_and_the_list_of_leaves_judge_alike(options: str, monkeypatch: pytest.MonkeyPatch) -> None:
    form = parse(f"{{kind: {options}}}", "x").form
    assert isinstance(form, CardForm)
    monkeypatch.setattr(sequence, "LEAVES_A_BLOCK", 10**9)
    rng = np.random.default_rng(7)
    for sparse in (0.0, 0.5):
        weights = np.where(rng.random(int(form.offsets[-1])) < sparse, 1e-300, rng.random(int(form.offsets[-1])))
        sums = np.add.reduceat(weights, form.row_offsets[:-1])
        profile = form.check(form.unpack(weights / np.repeat(sums, np.diff(form.row_offsets)))).profile
        assert not by_blocks(form)
        expected, worth = deviations(form, profile), values(form, profile)
        monkeypatch.setattr(cards, "AT_ONCE", 20)  # chunks of a few ends
        monkeypatch.setattr(sequence, "LEAVES_A_BLOCK", 0)
        assert by_blocks(form)
        found = deviations(form, profile)
        for name in ("values", "best_values", "regrets", "max_regret"):
            np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=0, atol=1e-13)
        np.testing.assert_allclose(values(form, profile), worth, rtol=0, atol=1e-13)
        monkeypatch.setattr(sequence, "LEAVES_A_BLOCK", 10**9)


def test_a_game_whose_leaves_are_refused_is_solved_and_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """The figures are those that the list of leaves gives."""
    spec = parse("{kind: liars-dice, dice: 2, sides: 2}", "x")
    for module in (cards, sequence):
        monkeypatch.setattr(module, "MAX_LEAVES", 100)
    monkeypatch.setattr(reach, "MAX_LEAVES_READ", 100)
    result = api.solve(spec, "dcfr", max_iter=60, answer="average")
    assert isinstance(spec.form, SequenceForm)
    with pytest.raises(InputError, match="leaves is not written out"):
        spec.form.leaves  # noqa: B018  (asking is what is refused)
    assert result.answer is not None
    for module in (cards, sequence):
        monkeypatch.setattr(module, "MAX_LEAVES", 10**6)
    again = parse("{kind: liars-dice, dice: 2, sides: 2}", "x").form
    expected = deviations(again, result.answer.answer)
    assert isinstance(again, SequenceForm)
    assert not by_blocks(again)
    assert result.answer.record.measured["nash_conv"] == pytest.approx(expected.nash_conv, abs=1e-13)
    assert 0 < expected.nash_conv < 0.02


def test_a_potential_is_had_without_the_leaves() -> None:
    """Paid as a team: both receive what the first one does."""
    form = parse("{kind: leduc}", "x").form
    assert isinstance(form, CardForm)
    assert form.potential(form.uniform()) is None
    alike = readonly(np.repeat(form.tree.payoffs[:, :1], 2, axis=1))
    team = replace(form, tree=replace(form.tree, payoffs=alike))
    assert structure(team) == {"two-player", "potential"}
    assert team.potential(team.uniform()) == pytest.approx(deviations(form, form.uniform()).values[0], abs=1e-14)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{kind: kuhn}", {"two-player", "zero-sum"}),
        ("{kind: kuhn, players: 3}", {"zero-sum"}),
        ("{kind: leduc, general_sum: {pot: 0.5}}", {"two-player"}),
    ],
)
def test_the_structure_shows_in_the_leaves(text: str, found: set[str]) -> None:
    assert structure(parse(text, "x").form) == found


def test_a_team_is_a_potential_game_and_its_potential_the_common_value() -> None:
    leaf = extensive.Node
    low = extensive.Node(
        children=(("l", leaf(payoffs=(1, 1))), ("r", leaf(payoffs=(4, 4)))), player=1, label="after low"
    )
    top = extensive.Node(children=(("low", low), ("high", leaf(payoffs=(2, 2)))), player=0, label="first")
    form = sequence_form(Tree(("A", "B"), top))
    assert structure(form) == {"two-player", "potential"}
    profile = form.check([[1, 0.5, 0.5], [1, 0.25, 0.75]]).profile
    assert form.potential(profile) == deviations(form, profile).values[0] == 0.5 * 3.25 + 0.5 * 2


@on_random_games(150)
def test_regrets_do_not_depend_on_payoff_shifts_nor_on_the_order_of_players(whole: Whole) -> None:
    _, behaviour, form = drawn(whole)
    profile = sequence_policies(form, behaviour)
    before = deviations(form, profile)
    shift = np.array([whole(-50, 50) for _ in form.players])
    moved = replace(form, leaves=form.leaves._replace(payoffs=form.leaves.payoffs + shift[:, None]))
    after = deviations(moved, profile)
    np.testing.assert_allclose(after.regrets, before.regrets, rtol=0, atol=1e-11)
    np.testing.assert_allclose(after.max_regret, before.max_regret, rtol=0, atol=1e-11)
    np.testing.assert_allclose(after.values, before.values + shift, rtol=0, atol=1e-11)
    turned = replace(
        form,
        players=form.players[::-1],
        treeplexes=form.treeplexes[::-1],
        leaves=form.leaves._replace(sequences=form.leaves.sequences[::-1], payoffs=form.leaves.payoffs[::-1]),
    )
    np.testing.assert_allclose(deviations(turned, profile[::-1]).regrets, before.regrets[::-1], rtol=0, atol=1e-12)


def test_regrets_scale_with_payoffs() -> None:
    """Powers of two scale floats without rounding, so every digit must scale."""
    for n in range(100):
        _, behaviour, form = drawn(draws.seeded("scale", n))
        profile = sequence_policies(form, behaviour)
        for factor in (2.0**-60, 2.0**30):
            scaled = replace(form, leaves=form.leaves._replace(payoffs=form.leaves.payoffs * factor))
            found, expected = deviations(scaled, profile), deviations(form, profile)
            assert found.regrets.tolist() == (expected.regrets * factor).tolist()
            assert found.max_regret == expected.max_regret * factor


def test_a_player_without_a_choice_has_no_regret() -> None:
    form = sequence_form(Tree(("A", "B"), extensive.Node(payoffs=(3, -1))))
    found = deviations(form, form.uniform())
    assert (found.values.tolist(), found.regrets.tolist(), found.max_regret) == ([3, -1], [0, 0], 0)


@pytest.mark.parametrize(
    ("text", "printed"),
    [("{kind: kuhn}", True), ("{kind: kuhn, players: 3}", False), ("{kind: leduc, general_sum: {rake: 0.1}}", False)],
)
def test_exploitability_is_half_of_nash_conv_where_two_play_for_a_constant_sum_and_nothing_elsewhere(
    text: str, printed: bool
) -> None:
    form = parse(text, "x").form
    found = deviations(form, as_mixed(form).uniform())
    assert found.exploitability == (found.nash_conv / 2 if printed else None)
    assert found.nash_conv > 0
