"""The CFR family against its definition, its bounds, and published runs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout import side_by_side as single
from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.metrics.cce import cce_gap
from eqsolve.metrics.judge import deviations
from eqsolve.run.iterating import advanced
from eqsolve.solvers import SOLVERS
from eqsolve.solvers.cfr._hs_schedules import scheduled_average
from eqsolve.solvers.parameters import configure
from eqsolve.spec.load import load, parse
from reference import draws, extensive
from reference.draws import Whole, on_random_games
from reference.extensive import CHANCE, Node, Tree
from reference.forms import sequence_policies
from reference.minimisers import METHODS, Learner

FAMILY = [row for row in SOLVERS.values() if row.target.endswith(("CFR", "CFRPlus"))]
CARDS = {
    "kuhn": "{kind: kuhn, players: 2}",
    "kuhn, three players": "{kind: kuhn, players: 3}",
    # payoffs are drawn: in Kuhn poker regrets of four players are exactly 0 at once, and rounding would decide
    "leduc, four players": "{kind: leduc, players: 4, ranks: 2, suits: 3, raises: 1, general_sum: {noise: 2, seed: 3}}",
    "leduc of two ranks": "{kind: leduc, players: 2, ranks: 2, merge_suits: false}",
    "three players, one raise": "{kind: leduc, players: 3, ranks: 2, raises: 1}",
    "one die of three sides": "{kind: liars-dice, dice: 1, sides: 3}",
}


#: Chance may end it, then player A may, then B moves without having seen that.
ENDS_EARLY = Tree(
    ("A", "B"),
    Node(
        children=(
            ("over", Node(payoffs=(3, -1))),
            (
                "on",
                Node(
                    children=(
                        ("stop", Node(payoffs=(2, 5))),
                        (
                            "go",
                            Node(
                                children=(("l", Node(payoffs=(4, 0))), ("r", Node(payoffs=(0, 7)))), player=1, label="B"
                            ),
                        ),
                    ),
                    player=0,
                    label="A",
                ),
            ),
        ),
        chances=(Fraction(1, 3), Fraction(2, 3)),
        player=CHANCE,
    ),
)


def behaviours(form: SequenceForm, profile: Any) -> dict[tuple[int, str], list[float]]:
    """A profile as the references take it."""
    return {
        (i, label): probabilities.tolist()
        for i, policy in enumerate(profile)
        for label, _, probabilities in form.named_rows(i, policy)
    }


def same_run(form: SequenceForm, rules: Any, name: str, iterations: int, update: str) -> None:
    """Policies and averages agree after every iteration."""
    solver = SOLVERS[name].load()(update=update)
    learner, state = Learner(rules, METHODS[name]), solver.init(form, 0)
    for t in range(1, iterations + 1):
        learner = Learner(rules, METHODS[name])
        learner.run(t, update == "alternating")
        state = solver.step(form, state, 1)
        answers = solver.answers(form, state)
        for answer, expected in (("average", learner.average()), ("last", learner.policy)):
            for ours, theirs in zip(answers[answer], sequence_policies(form, expected), strict=True):
                np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-9)


@pytest.mark.parametrize("update", ["alternating", "simultaneous"])
def test_advancing_in_place_is_stepping(update: str) -> None:
    form = parse("{kind: leduc}", "t").form
    assert isinstance(form, SequenceForm)
    solver = SOLVERS["dcfr"].load()(update=update)
    before = solver.step(form, solver.init(form, 0), 7)
    expected = solver.step(form, before, 5)
    copied = before._replace(policy=before.policy.copy(), regrets=before.regrets.copy(), average=before.average.copy())
    found = advanced(solver, form, copied, 5)
    assert found.policy is copied.policy
    for name in ("policy", "regrets", "average"):
        assert getattr(found, name).tolist() == getattr(expected, name).tolist() != getattr(before, name).tolist()
    assert list(found.plays.realised) == list(expected.plays.realised)


@pytest.mark.parametrize("update", ["alternating", "simultaneous"])
@pytest.mark.parametrize("name", METHODS)
def test_every_method_is_its_papers(name: str, update: str) -> None:
    """On a game of drawn payoffs: where regrets tie, rounding chooses between the uniform policy and a pure one."""
    game = parse("{kind: leduc, ranks: 2, raises: 1, general_sum: {noise: 2, seed: 3}}", "t")
    form = game.form
    assert isinstance(form, SequenceForm)
    same_run(form, game.family.rules(), name, 5, update)  # type: ignore[attr-defined]  # families of cards have rules


@pytest.mark.parametrize("game", list(CARDS)[1:])
def test_lanes_of_hands_are_the_game_of_its_rules(game: str) -> None:
    spec = parse(CARDS[game], "t")
    form = spec.form
    assert isinstance(form, SequenceForm)
    same_run(form, spec.family.rules(), "pcfr+", 2, "alternating")  # type: ignore[attr-defined]  # as above


@on_random_games(150)
def test_regrets_of_any_tree_are_those_of_its_histories(whole: Whole) -> None:
    """After the first iteration: in later ones ties may be broken by rounding."""
    tree = draws.extensive(whole)
    form, learner = sequence_form(tree), Learner(tree, METHODS["cfr"])
    solver = SOLVERS["cfr"].load()(update="simultaneous")
    regrets = solver.step(form, solver.init(form, 0), 1).regrets
    learner.run(1, alternating=False)
    for i, treeplex in enumerate(form.treeplexes):
        expected = [r for label in treeplex.infosets for r in learner.regrets[i, label]]
        own = regrets[form.arrays.lane[int(form.offsets[i]) + 1 : int(form.offsets[i + 1])]]
        np.testing.assert_allclose(own, expected, rtol=0, atol=1e-12 * max(1.0, form.payoff_range))


@pytest.mark.parametrize("lanes", [1, 8])
@pytest.mark.parametrize("game", CARDS)
def test_a_card_game_has_the_same_regrets_by_hands_and_by_sequences(
    game: str, lanes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an iteration from a start where nothing ties; sums are ordered differently, so to rounding."""
    form = parse(CARDS[game], "t").form
    assert isinstance(form, SequenceForm)
    plain = SequenceForm(form.players, form.treeplexes, form.leaves, form.spread)
    monkeypatch.setattr(single, "WORTH_IT", 0.0 if lanes == 1 else 1.0)
    assert len(form.arrays.lanes) > 1
    assert len(plain.arrays.lanes) == lanes
    draws = np.random.default_rng(0).random(int(form.offsets[-1])) + 0.1
    start = form.check(
        form.unpack(draws / np.repeat(np.add.reduceat(draws, form.row_offsets[:-1]), np.diff(form.row_offsets)))
    ).profile
    solver = SOLVERS["cfr"].load()(update="simultaneous")
    regrets = []
    for one in (form, plain):
        state = solver.step(one, solver.init(one, 0, start), 1)
        regrets.append(state.regrets[one.arrays.lane])
    np.testing.assert_allclose(regrets[0], regrets[1], rtol=0, atol=1e-12 * form.payoff_range)


def test_the_published_curve_of_plain_cfr_on_leduc_poker() -> None:
    """NashConv / 2 of the average after t + 1 alternating iterations, as OpenSpiel's run of t = 0, 100, … has it."""
    form = parse("{kind: leduc, merge_suits: false}", "t").form
    solver = SOLVERS["cfr"].load()()
    state = solver.init(form, 0)
    for t, expected, relative in (
        (0, 2.37361, 1e-5),
        (100, 0.0939493, 1e-5),
        (200, 0.0533379, 1e-5),
        (500, 0.0214263, 1e-5),
        (999, 0.0118178, 2e-4),
    ):
        state = solver.step(form, state, t + 1 - state.iteration)
        measured = deviations(form, solver.answers(form, state)["average"])
        np.testing.assert_allclose(measured.regrets.sum() / 2, expected, rtol=relative)


@pytest.mark.parametrize("game", ["{kind: kuhn}", "{kind: leduc}"])
def test_regret_stays_under_the_bound_of_its_proof(game: str) -> None:
    """Simultaneous CFR: a player's regret in T iterations is at most Δ |I| √A √T, so the gap of the average is at most
    the sum of both players' bounds over T.
    """
    form = parse(game, "t").form
    assert isinstance(form, SequenceForm)
    solver = SOLVERS["cfr"].load()(update="simultaneous")
    state = solver.init(form, 0)
    bound = sum(form.payoff_range * len(tree.parent) * float(tree.count.max()) ** 0.5 for tree in form.treeplexes)
    for t in range(1, 200):
        state = solver.step(form, state, 1)
        assert deviations(form, solver.answers(form, state)["average"]).regrets.sum() <= bound / t**0.5


@pytest.mark.parametrize("row", FAMILY, ids=lambda row: row.name)
def test_every_member_solves_kuhn_and_leduc(row: Any) -> None:
    for game, tol, limit, value in (
        ("@kuhn/two-player", 1e-3, 3000, -1 / 18),
        ("@leduc/two-player", 0.05, 3000, -0.0856064),
    ):
        result = api.solve(load(game), row.name, tol=tol, max_iter=limit, answer="average")
        assert result.status == "converged"
        assert result.answer is not None
        assert abs(result.answer.record.measured["values"][0] - value) <= tol


def test_a_prediction_that_counts_nothing_is_none() -> None:
    form = parse("{kind: leduc, general_sum: {noise: 1.0, seed: 2}}", "leduc").form
    pairs: tuple[tuple[str, dict[str, float], str, dict[str, float]], ...] = (
        ("pcfr+", {"p": 0.0, "gamma": 1.0}, "cfr+", {"gamma": 1.0}),
        ("pcfr", {"p": 0.0, "gamma": 0.0}, "cfr", {}),
        ("pcfr+", {"p": 1 / 3, "gamma": 5.0}, "sapcfr+", {"alpha": 2.0, "gamma": 5.0}),
    )
    for name, values, other, same in pairs:
        states = [
            solver.step(form, solver.init(form, 0), 200)
            for solver in (configure(SOLVERS[name].load(), values), configure(SOLVERS[other].load(), same))
        ]
        np.testing.assert_array_equal(states[0].regrets, states[1].regrets)
        np.testing.assert_array_equal(states[0].average, states[1].average)
    once, thrice = (configure(SOLVERS["pdcfr+"].load(), {"p": p}) for p in (1.0, 3.0))
    t = np.arange(1.0, 4.0)
    np.testing.assert_array_equal(thrice.weights(t).predicted, 3 * once.weights(t).predicted)


def test_a_schedule_multiplies_the_average_as_published() -> None:
    t = np.arange(1.0, 300.0)
    weights = scheduled_average(t, 100, 30)
    gammas = 30 - 5 * np.minimum(t[:-1] / 100, 1)
    np.testing.assert_allclose(weights[1:] / weights[:-1], (t[1:] / t[:-1]) ** gammas, rtol=1e-10)
    assert np.isfinite(scheduled_average(np.array([1e9]), 1000, 30)).all()


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("cfr", {"update": "random"}, "expected one of alternating, simultaneous"),
        ("cfr+", {"gamma": -1.0}, "at least 0"),
        ("dcfr", {"alpha": float("nan")}, "finite"),
        ("hs-dcfr", {"planned": 0}, "at least 1"),
        ("sapcfr+", {"alpha": -0.5}, "at least 0"),
    ],
)
def test_what_cannot_be_is_refused(name: str, values: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        SOLVERS[name].load()(**values)


@pytest.mark.parametrize("update", ["simultaneous", "alternating-summed"])
@pytest.mark.parametrize("text", [CARDS["kuhn"], "an end before every move"])
def test_the_coarse_correlated_gap_is_that_of_the_plays_themselves(text: str, update: str) -> None:
    """Rebuilt from the profiles that the iterations began with: the best fixed pure strategy against all of them."""
    rules: Any = ENDS_EARLY if text not in CARDS.values() else parse(text, "t").family.rules()  # type: ignore[attr-defined]
    form = sequence_form(rules)
    solver = SOLVERS["cfr"].load()(update=update)
    state, plays = solver.init(form, 0), []
    for _ in range(4):
        plays.append(behaviours(form, solver.answers(form, state)["last"]))
        state = solver.step(form, state, 1)
    regrets = []
    for i in range(len(rules.players)):
        fixed = max(
            sum(extensive.value(rules, {**play, **pure}, i) for play in plays)
            for pure in extensive.pure_strategies(rules, i)
        )
        regrets.append((fixed - sum(extensive.value(rules, play, i) for play in plays)) / len(plays))
        assert state.plays.realised[i] == pytest.approx(
            float(sum(extensive.value(rules, p, i) for p in plays)), abs=1e-12
        )
    gap = cce_gap(form, state.plays)
    assert gap is not None
    assert gap == pytest.approx(float(max(regrets)), abs=1e-12)


@pytest.mark.parametrize("name", ["kuhn", "three players, one raise"])
def test_summing_the_play_changes_nothing_else(name: str) -> None:
    form = parse(CARDS[name], "t").form
    plain, summed = (SOLVERS["pcfr+"].load()(update=update) for update in ("alternating", "alternating-summed"))
    first, second = plain.step(form, plain.init(form, 0), 30), summed.step(form, summed.init(form, 0), 30)
    for key in ("policy", "regrets", "average"):
        assert np.array_equal(getattr(first, key), getattr(second, key)), key
    in_parts = summed.step(form, summed.step(form, summed.init(form, 0), 7), 23)
    assert np.array_equal(in_parts.plays.deviation, second.plays.deviation)
    assert (first.plays.iterations, second.plays.iterations) == (0, 30)


def test_alternating_updates_sum_their_play_when_asked() -> None:
    result = api.solve(load("@kuhn/two-player"), "cfr", max_iter=3)
    assert result.answer is not None
    assert result.answer.record.measured["cce_gap"] is None
    result = api.solve(load("@kuhn/two-player"), "cfr", {"update": "simultaneous"}, max_iter=300)
    assert result.answer is not None
    gap = result.answer.record.measured["cce_gap"]
    assert gap is not None
    assert 0 < gap < 0.05
    result = api.solve(load("@kuhn/two-player"), "cfr", {"update": "alternating-summed"}, max_iter=300)
    assert result.answer is not None
    gap = result.answer.record.measured["cce_gap"]
    assert gap is not None
    assert abs(gap) < 0.05
