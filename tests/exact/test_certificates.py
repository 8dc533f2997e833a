"""Certificates: of a method's solution in rationals, or of the answer as it is; what cannot have one."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.arithmetic import sequence_constraints
from eqsolve.errors import InputError, ProfileError, UsageError
from eqsolve.exact import certificates as exact
from eqsolve.exact.certificates import certificate, exact_game, rationals
from eqsolve.forms.exact_payoffs import ExactLeaves, exact_leaves, exact_payoffs
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.exact_regrets import exact_normal_deviations
from eqsolve.run.result import Exact, Result
from eqsolve.solvers.programmes.sequence_lp import SequenceLP
from eqsolve.spec.load import GameSpec, parse
from reference import correlated, draws, extensive, normal
from reference.draws import Whole, on_random_games
from reference.forms import as_mixed, tensor_game
from reference.specs import spec

ZERO = (Fraction(0), Fraction(0))


def solved(text: str, algorithm: str = "sequence-lp", max_iter: int | None = None) -> Result:
    return api.solve(parse(text, "game"), algorithm, exact=True, max_iter=max_iter)


#: The games' values to the first player. Kuhn 1950; Leduc's begins −0.0856064, as published.
VALUES = {
    "{kind: kuhn}": Fraction(-1, 18),
    "{kind: leduc}": Fraction(-1454920850547486749701863871533, 16995463438839962469905132501930),
    "{kind: leduc, merge_suits: false}": Fraction(-1454920850547486749701863871533, 16995463438839962469905132501930),
    "{kind: goofspiel, cards: 4}": Fraction(0),
    "{kind: liars-dice, sides: 5}": Fraction(1, 125),
    "{kind: extensive, root: {chance: {a: [1/3, {payoffs: [2, 1]}], b: [2/3, {payoffs: [3, 0]}]}}}": Fraction(8, 3),
    "{kind: extensive, root: {player: 1, actions: {a: {payoffs: [1e9, 1]}, b: {payoffs: [1000000001, 0]}}}}": 10**9,
}


@pytest.mark.parametrize(("text", "value"), VALUES.items(), ids=[text[:40] for text in VALUES])
def test_the_value_of_a_game_is_a_fraction(text: str, value: Fraction) -> None:
    result = solved(text)
    assert result.exact is not None
    assert result.answer is not None
    assert result.exact.of == "solution"
    assert result.exact.deviations.values[0] == value
    assert result.exact.deviations.regrets == ZERO
    assert all("policies are best replies" in note for note in result.notes)
    for policy, whole in zip(result.answer.answer, result.exact.policies, strict=True):
        np.testing.assert_allclose(policy, [float(p) for p in whole], rtol=0, atol=1e-11)


@on_random_games(200)
def test_solutions_are_exact_equilibria_by_the_histories(whole: Whole) -> None:
    tree = draws.zero_sum_tree(whole, whole(-3, 3))
    form, solver = sequence_form(tree), SequenceLP()
    state = solver.step(form, solver.init(form, 0), 1)
    policies = solver.solution(form, state, exact_leaves(form, tree), form.uniform())
    assert policies is not None
    behaviour = {
        (i, label): list(policies[i][first : first + count])
        for i, t in enumerate(form.treeplexes)
        for label, first, count in zip(t.infosets, t.first.tolist(), t.count.tolist(), strict=True)
    }
    assert [extensive.gains(tree, behaviour, i).from_root for i in (0, 1)] == [0, 0]


def test_the_answer_is_judged_as_it_is_where_there_is_no_solution() -> None:
    result = solved("{kind: kuhn}", "cfr", max_iter=20)
    assert result.exact is not None
    assert result.answer is not None
    assert result.exact.of == "answer"
    figures, judged = result.exact.deviations, result.answer.record.measured
    np.testing.assert_allclose(judged["regrets"], [float(r) for r in figures.regrets], rtol=1e-12, atol=1e-15)
    assert min(figures.regrets) > 0
    assert sum(figures.values) == 0


def test_a_basis_that_gives_no_plan_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SequenceLP, "solution", lambda self, game, state, told, answer: None)
    result = solved("{kind: leduc}")
    assert result.exact is not None
    assert result.exact.of == "answer"
    assert 0 < max(result.exact.deviations.regrets) < Fraction(1, 10**14)
    note = result.notes[0]
    assert note == "sequence-lp gave no better solution in fractions: the exact figures are those of its answer"


def test_a_basis_with_negative_probabilities_gives_no_solution(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where float64 took a vertex for feasible that is not, by less than the tolerance."""
    game = parse("{kind: kuhn}", "kuhn")
    form, solver = game.form, SequenceLP()
    assert isinstance(form, SequenceForm)
    state = solver.step(form, solver.init(form, 0), 1)
    monkeypatch.setattr(
        sequence_constraints, "solution", lambda equations, right: [Fraction(-1, 10**12)] * len(equations)
    )
    leaves = exact_game(game)
    assert isinstance(leaves, ExactLeaves)
    assert solver.solution(form, state, leaves, form.uniform()) is None


def test_a_wrong_basis_is_seen_through() -> None:
    game = parse("{kind: kuhn}", "kuhn")
    form, solver = game.form, SequenceLP()
    assert isinstance(form, SequenceForm)
    state = solver.step(form, solver.init(form, 0), 1)
    leaves = exact_game(game)
    assert isinstance(leaves, ExactLeaves)
    (answer,) = solver.answers(form, state).values()
    assert solver.solution(form, state._replace(basic_columns=~state.basic_columns), leaves, answer) is None
    better = certificate(form, leaves, answer, rationals(form, form.uniform()))
    assert better.of == "answer"
    assert max(better.deviations.regrets) < Fraction(1, 10**15)


def test_rounded_rows_become_distributions() -> None:
    form = parse("{kind: kuhn}", "kuhn").form
    thirds, halves = np.tile([1 / 3, 2 / 3], 6), np.full(12, 0.5)
    one, two = rationals(form, form.check([np.append(1.0, thirds), np.append(1.0, halves)]).profile)
    assert all(one[k] + one[k + 1] == 1 for k in range(1, 13, 2))
    assert one[1] == Fraction(1 / 3)
    assert one[2] == 1 - Fraction(1 / 3)
    assert two == (1, *[Fraction(1, 2)] * 12)


def test_nothing_is_certified_where_there_is_no_answer() -> None:
    assert solved("{kind: kuhn}", max_iter=0).exact is None
    assert api.solve(parse("{kind: kuhn}", "kuhn"), "sequence-lp").exact is None


def test_games_without_rules_or_with_rounded_chances_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="got one of the kind distancing"):
        api.solve(spec("distancing"), exact=True)
    text = "{kind: extensive, root: {chance: {a: [0.3333333333, {payoffs: [1]}], b: [0.6666666666, {payoffs: [0]}]}}}"
    with pytest.raises(InputError, match=r"^tree\.yaml: chances sum to 0\.9999999998\d* and not exactly to 1"):
        exact_game(parse(text, "tree.yaml"))
    monkeypatch.setattr(exact, "MAX_PAYOFFS", 7)
    with pytest.raises(UsageError, match="8 payoffs are more than the 7 that fractions are computed for"):
        exact_game(spec("pennies"))
    monkeypatch.setattr(exact, "MAX_PAYOFFS", 29)
    with pytest.raises(UsageError, match="30 leaves are more than the 29 that fractions are computed for"):
        exact_game(parse("{kind: kuhn}", "kuhn"))


def matrix(text: str, algorithm: str = "auto", **options: Any) -> Exact:
    found = api.solve(parse(f"{{kind: matrix, {text}}}", "game"), algorithm, exact=True, **options).exact
    assert found is not None
    return found


def test_an_equilibrium_of_a_matrix_is_found_in_fractions_from_the_answers_support() -> None:
    """Two by two: each mixes so that the other has no preference, 10/23 from payoffs 3, -10, -5 and 5."""
    found = matrix("zero_sum: [[3, -10], [-5, 5]]")
    assert found.of == "support"
    assert found.policies == ((Fraction(10, 23), Fraction(13, 23)), (Fraction(15, 23), Fraction(8, 23)))
    assert found.deviations.values == (Fraction(-35, 23), Fraction(35, 23))
    assert found.deviations.regrets == ZERO


def test_the_equilibrium_certified_is_the_one_beside_the_answer() -> None:
    """Not another one on the support of what has nearly vanished."""
    result = api.solve(api.load("@matrix/chicken"), "inpg", exact=True)
    assert result.exact is not None
    assert result.answer is not None
    assert 0 < min(policy.min() for policy in result.answer.answer) < 1e-3
    assert result.exact.of == "support"
    assert all(sorted(policy) == [0, 1] for policy in result.exact.policies)
    assert sorted(result.exact.deviations.values) == [2, 7]


def test_without_an_equilibrium_nearby_the_answer_is_certified_as_it_is() -> None:
    rough = matrix("zero_sum: [[3, -10], [-5, 5]]", "inpg", max_iter=3, parameters={"init": "uniform"})
    assert rough.of == "answer"
    assert max(rough.deviations.regrets) > Fraction(1, 100)
    three = spec("three players")
    form = three.form
    judged = certificate(form, exact_game(three), as_mixed(form).uniform())
    assert judged.of == "answer"
    assert judged.deviations.regrets == tuple(normal.regrets(normal_game(three), judged.policies))
    assert max(judged.deviations.regrets) == pytest.approx(0.25)


def normal_game(game: GameSpec) -> normal.Game:
    """Of integer payoffs."""
    assert isinstance(game.form, TensorGame)
    payoffs = np.moveaxis(game.form.payoffs, 0, -1)
    return normal.Game(payoffs.shape[:-1], lambda joint: [int(x) for x in payoffs[joint]])


@on_random_games(200)
def test_exact_figures_of_a_normal_form_are_those_of_the_definition(whole: Whole) -> None:
    game = draws.normal(whole)
    profile = draws.profile(whole, game.sizes)
    policies = tuple(tuple(map(Fraction, policy)) for policy in profile)
    found = exact_normal_deviations(exact_payoffs(tensor_game(game).payoffs), policies)
    assert found.values == tuple(normal.value(game, profile, i) for i in game.players)
    assert found.regrets == tuple(normal.regrets(game, profile))


@on_random_games(150)
def test_what_is_called_an_exact_equilibrium_is_one_by_the_definition(whole: Whole) -> None:
    """Of zero-sum games, which tie often, from the linear programme's answer: nearly always found."""
    rows = draws.zero_sum(whole)
    text = f"{{kind: matrix, zero_sum: {rows}}}"
    found = api.solve(parse(text, "game"), "zero-sum-lp", exact=True).exact
    assert found is not None
    game = normal.Game((len(rows), len(rows[0])), lambda joint: (rows[joint[0]][joint[1]], -rows[joint[0]][joint[1]]))
    assert found.deviations.regrets == tuple(normal.regrets(game, found.policies))
    assert max(found.deviations.regrets) == 0
    assert found.deviations.values[0] == normal.zero_sum_value(rows)


def test_fractions_of_a_matrix_give_equilibria_in_small_fractions() -> None:
    """With 1/3 rounded the row player's three actions would not be alike anywhere; so with 0.1, 0.2 and 0.3."""
    found = matrix("zero_sum: [[1/3, -1/3], [-1/7, 1/9]]")
    assert found.of == "support"
    assert found.policies == ((Fraction(16, 58), Fraction(42, 58)), (Fraction(28, 58), Fraction(30, 58)))
    assert found.deviations.regrets == ZERO
    tied = matrix("payoffs: {Row: [[0.1, 0.7], [0.3, 0.1], [0.6, 0]], Column: [[0, 1], [1, 0], [0.5, 0.5]]}")
    assert tied.deviations.regrets == ZERO


@pytest.mark.parametrize("spoilt", [(Fraction(1),), (Fraction(2), Fraction(-1)), (Fraction(1, 2), Fraction(1, 3))])
def test_what_is_no_policy_of_a_normal_form_is_not_judged(spoilt: tuple[Fraction, ...]) -> None:
    form = spec("pennies").form
    assert isinstance(form, TensorGame)
    with pytest.raises(ProfileError, match="probabilities that sum to exactly 1"):
        exact_normal_deviations(exact_payoffs(form.payoffs), ((Fraction(1), Fraction(0)), spoilt))


def written_out(game: normal.Game) -> str:
    """The spec of a two-player game."""
    rows, columns = (range(size) for size in game.sizes)
    table = [[[str(u) for u in game.payoff((a, b))] for b in columns] for a in rows]
    return f"{{kind: matrix, payoffs: {table}}}".replace("'", "")


@on_random_games(60)
def test_every_listed_equilibrium_of_two_players_comes_in_fractions_with_regrets_of_0(whole: Whole) -> None:
    drawn = draws.normal(whole, 2, 2)
    game = parse(written_out(drawn), "game")
    for algorithm in ("vertex-enumeration", "support-enumeration", "pure"):
        result = api.solve(game, algorithm, exact=True)
        assert result.equilibria is not None
        assert result.exact_equilibria is not None
        for one, found in zip(result.equilibria, result.exact_equilibria, strict=True):
            assert found.deviations.regrets == ZERO
            assert normal.regrets(drawn, found.policies) == [0, 0]
            for ours, theirs in zip(found.policies, one.answer, strict=True):
                np.testing.assert_allclose([float(p) for p in ours], theirs, rtol=0, atol=1e-9)


def test_a_mixed_equilibrium_of_three_players_may_be_irrational_and_then_its_regrets_are_not_0() -> None:
    """Staying out pays 1/2, entering alone 1, with others 0: all enter with 1 − √½."""
    paid = np.empty((3, 2, 2, 2))
    for choices in np.ndindex(2, 2, 2):
        paid[:, *choices] = [float(sum(choices) == 1) if entered else 0.5 for entered in choices]
    result = api.solve(parse(f"{{kind: matrix, payoffs: {paid.tolist()}}}", "entry"), "support-enumeration", exact=True)
    assert result.equilibria is not None
    assert result.exact_equilibria is not None
    found = dict(
        zip((round(float(one.answer[0][1]), 6) for one in result.equilibria), result.exact_equilibria, strict=True)
    )
    assert not any(found[1.0].deviations.regrets)
    symmetric = found[round(1 - 0.5**0.5, 6)]
    assert (symmetric.of, 0 < max(symmetric.deviations.regrets) < 1e-12) == ("answer", True)


@on_random_games(40)
def test_correlated_answers_come_in_fractions_with_no_regret_above_0(whole: Whole) -> None:
    drawn = draws.normal(whole, 2, 2)
    game = parse(written_out(drawn), "game")
    methods = (("ce", correlated.ce_gains), ("cce", correlated.cce_gains))
    for (algorithm, gains), objective in product(methods, ("welfare", "max-min", "1,-1/2")):
        result = api.solve(game, algorithm, {"objective": objective}, exact=True)
        found = result.exact_joint
        assert found is not None
        assert result.joint is not None
        assert found.of == "solution"
        chances = {tuple(a): p for a, p in zip(found.joint.actions.tolist(), found.probabilities, strict=True)}
        assert max(gains(drawn, chances)) <= 0
        values = tuple(correlated.value(drawn, chances, i) for i in drawn.players)
        assert found.deviations.values == values
        np.testing.assert_allclose(np.array(values, float), result.joint.record.measured["values"], atol=1e-8)
