"""Leaves in rationals: those of the form, digit by digit where the form has the digits."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from eqsolve.errors import InputError
from eqsolve.forms.exact_payoffs import exact_leaves
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.spec.load import parse
from reference import draws, extensive
from reference.draws import Whole, on_random_games
from reference.extensive import Node, Tree

GAMES = (
    "{kind: kuhn, players: 3}",
    "{kind: leduc}",
    "{kind: leduc, merge_suits: false, raises: 1}",
    "{kind: leduc, general_sum: {noise: 1, seed: 3}}",
    "{kind: liars-dice, sides: 3}",
    "{kind: goofspiel, cards: 3, players: 3}",
)


@pytest.mark.parametrize("text", GAMES)
def test_they_are_the_leaves_of_the_form(text: str) -> None:
    spec = parse(text, "game")
    form = spec.form
    assert isinstance(form, SequenceForm)
    exact = exact_leaves(form, spec.family.rules())  # type: ignore[attr-defined]  # these families have them
    order = np.lexsort(exact.sequences[::-1])
    np.testing.assert_array_equal(exact.sequences[:, order], form.leaves.sequences)
    assert sum(exact.chance * 1) > 0
    np.testing.assert_allclose(
        [x / exact.denominator for x in exact.chance[order]], form.leaves.chance, rtol=1e-14, atol=0
    )
    for own, paid in zip(form.leaves.payoffs, exact.paid, strict=True):
        payoffs = [p / c for p, c in zip(paid[order], exact.chance[order], strict=True)]
        np.testing.assert_allclose(payoffs, own, rtol=1e-13, atol=1e-13)


@on_random_games(100)
def test_uniform_play_is_worth_what_the_histories_say(whole: Whole) -> None:
    tree = draws.extensive(whole)
    form = sequence_form(tree)
    exact = exact_leaves(form, tree)
    uniform = {place: [Fraction(1, len(actions))] * len(actions) for place, actions in extensive.infosets(tree).items()}
    plans = [
        [Fraction(p).limit_denominator(1000) for p in treeplex.plan(policy)]
        for treeplex, policy in zip(form.treeplexes, form.uniform(), strict=True)
    ]
    for i in range(len(tree.players)):
        total = Fraction(0)
        for z, paid in enumerate(exact.paid[i]):
            reach = Fraction(paid, exact.denominator)
            for plan, own in zip(plans, exact.sequences, strict=True):
                reach *= plan[own[z]]
            total += reach
        assert total == extensive.value(tree, uniform, i)


def test_payoffs_are_the_float64_numbers_that_they_are() -> None:
    tree = Tree(("A",), Node(payoffs=(0.1,)))
    exact = exact_leaves(sequence_form(tree), tree)
    assert Fraction(exact.paid[0, 0], exact.denominator) == Fraction(0.1) != Fraction(1, 10)


def test_ends_that_nobody_tells_apart_are_one_leaf() -> None:
    ends = tuple((str(k), Node(payoffs=(k,))) for k in (1, 2, 6))
    thirds = (Fraction(1, 2), Fraction(1, 3), Fraction(1, 6))
    tree = Tree(("A",), Node(children=ends, chances=thirds))
    exact = exact_leaves(sequence_form(tree), tree)
    assert exact.sequences.tolist() == [[0]]
    assert [Fraction(x, exact.denominator) for x in (exact.chance[0], exact.paid[0, 0])] == [1, Fraction(13, 6)]


def test_chances_that_miss_one_are_refused() -> None:
    text = "{kind: extensive, root: {chance: {a: [0.3333333333, {payoffs: [1]}], b: [0.6666666666, {payoffs: [0]}]}}}"
    spec = parse(text, "game")
    assert isinstance(spec.form, SequenceForm)
    with pytest.raises(InputError, match="not exactly to 1") as refusal:
        exact_leaves(spec.form, spec.family.rules())  # type: ignore[attr-defined]  # trees have them
    assert refusal.value.hint == "write them as rationals: 1/3"
