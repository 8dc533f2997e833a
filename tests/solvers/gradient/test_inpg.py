"""Natural policy gradient against its formula, and against what is known of its dynamics."""

from __future__ import annotations

from fractions import Fraction
from math import exp
from statistics import median

import numpy as np
import pytest

from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Form, Profile
from eqsolve.forms.normal.congestion import CongestionGame
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import deviations
from eqsolve.run.iterating import iterates
from eqsolve.solvers.gradient.inpg import INPG, State
from eqsolve.solvers.parameters import configure
from eqsolve.spec.load import parse
from reference import draws, markov, normal
from reference.congestion import Congestion
from reference.distancing import Distancing
from reference.draws import Whole, on_random_games
from reference.forms import arrays, as_mixed, congestion_game, crowding_game, dense_game, tensor_game
from reference.specs import spec
from solvers.gradient.teams import assert_a_team_gains


def last(solver: INPG, form: Form, state: State) -> Profile:
    return solver.answers(as_mixed(form), state)["last"]


def reweighted(policy: list[Fraction], advantages: list[float], k: float) -> list[float]:
    """π exp(k A), normalised."""
    weights = [float(p) * exp(k * a) for p, a in zip(policy, advantages, strict=True)]
    return [w / sum(weights) for w in weights]


@on_random_games(150)
def test_a_step_multiplies_probabilities_by_exponentials_of_advantages(whole: Whole) -> None:
    game, k = draws.normal(whole), whole(1, 20) / 100
    profile = draws.profile(whole, game.sizes)
    for form in (tensor_game(game), congestion_game(rules := draws.congestion(whole))):
        if isinstance(form, CongestionGame):
            game, profile = rules.game, draws.profile(whole, rules.game.sizes)
        solver = INPG(step_size=k / max(1.0, form.payoff_range))
        after = last(solver, form, solver.step(form, solver.init(form, 0, arrays(profile)), 1))
        for i in game.players:
            value = normal.value(game, profile, i)
            advantages = [float(u - value) for u in normal.action_payoffs(game, profile, i)]
            expected = reweighted(profile[i], advantages, solver.effective_step(form))
            np.testing.assert_allclose(after[i], expected, rtol=0, atol=1e-12)


@on_random_games(80)
def test_in_a_markov_game_it_does_so_in_every_state(whole: Whole) -> None:
    game = draws.markov(whole)
    form, profile = dense_game(game), draws.stationary(whole, game)
    solver = INPG(step_size=0.01)
    after = last(solver, form, solver.step(form, solver.init(form, 0, arrays(profile)), 1))
    for i in game.players:
        values = markov.values(game, profile, i)
        for s, row in enumerate(markov.action_values(game, profile, i)):
            advantages = [float(q - values[s]) for q in row]
            np.testing.assert_allclose(after[i][s], reweighted(profile[i][s], advantages, 0.01), rtol=0, atol=1e-12)


def test_eta_is_the_step_in_the_papers_units() -> None:
    form = spec("asymmetric").form
    assert as_mixed(form).discount == 0.8
    assert INPG(eta=0.1).effective_step(as_mixed(form)) == pytest.approx(0.5)
    assert INPG(eta=0.1).effective_step(as_mixed(spec("ends").form)) == 0.1
    assert INPG(eta=0.1).effective_step(as_mixed(spec("pennies").form)) == 0.1
    assert INPG(step_size=0.1).effective_step(as_mixed(form)) == 0.1


def test_with_decay_the_step_of_iteration_t_is_divided_by_a_power_of_1_plus_t() -> None:
    form = spec("general 3x2").form
    solver = INPG(step_size=0.3, decay=0.5)
    state = solver.init(as_mixed(form), 1)
    for t in range(5):
        fixed = INPG(step_size=0.3 / (1 + t) ** 0.5)
        expected = fixed.step(as_mixed(form), state, 1)
        state = solver.step(as_mixed(form), state, 1)
        np.testing.assert_allclose(state.logits, expected.logits, rtol=0, atol=1e-15)


def test_steps_that_shrink_obey_chunking() -> None:
    form = spec("asymmetric").form
    solver = INPG(decay=0.75)
    whole = solver.step(as_mixed(form), solver.init(as_mixed(form), 1), 23)
    parts = solver.init(as_mixed(form), 1)
    for steps in (0, 5, 1, 17):
        parts = solver.step(as_mixed(form), parts, steps)
    assert parts.logits.tobytes() == whole.logits.tobytes()


def test_shrinking_steps_calm_what_a_constant_step_keeps_going() -> None:
    """Two players on two equal links jump to and fro for ever at a large constant step."""
    form = congestion_game(Congestion({"a": [1, 2], "b": [1, 2]}, [[["a"], ["b"]]] * 2, [1, 1]))
    alike = (np.array([0.6, 0.4]),) * 2
    gaps = []
    for solver in (INPG(step_size=10.0), INPG(step_size=10.0, decay=0.75)):
        state = solver.step(form, solver.init(form, 0, alike), 2000)
        gaps.append(deviations(form, last(solver, form, state)).nash_gap)
    assert gaps[1] < 1e-6 < 0.1 < gaps[0]


@pytest.mark.parametrize("value", [-0.1, float("nan"), float("inf")])
def test_a_decay_below_0_is_refused(value: float) -> None:
    with pytest.raises(UsageError, match="decay: expected a number of at least 0"):
        configure(INPG, {"decay": value})


def test_the_default_step_is_one_over_the_range_of_stage_rewards() -> None:
    assert INPG().effective_step(as_mixed(spec("pennies").form)) == 0.5
    assert INPG().effective_step(as_mixed(spec("asymmetric").form)) == 1 / 4
    assert INPG().effective_step(as_mixed(spec("all alike").form)) == 1.0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"step": 0.1, "eta": 0.1}, "two units for one thing"),
        ({"step": 0.0}, "step: expected a positive number"),
        ({"step": -1.0}, "step: expected a positive number"),
        ({"eta": float("nan")}, "eta: expected a positive number"),
        ({"eta": float("inf")}, "eta: expected a positive number"),
        ({"init": "random"}, "init: expected one of dirichlet, uniform, logits-normal"),
        ({"step": "fast"}, "step: expected a number, got 'fast'"),
        ({"stepp": 0.1}, "unknown parameter 'stepp'"),
    ],
)
def test_senseless_hyperparameters_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        configure(INPG, values)


def test_a_probability_that_underflows_comes_back() -> None:
    """The opponent's action changes after ten thousand iterations: the other action must become probable again."""
    form = TensorGame(("Row", "Column"), (("a", "b"), ("l", "r")), np.array([[[1.0, 0], [0, 1]], [[0.0, 0], [0, 0]]]))
    solver = INPG(step_size=1.0)
    on_a, on_b = (form.check([[0.5, 0.5], policy]).profile for policy in ([1, 0], [0, 1]))
    state = solver.step(form, solver.init(form, 0, on_a), 10_000)
    assert last(solver, form, state)[0].tolist() == [1.0, 0.0]
    turned = State(state.iteration, np.concatenate([state.logits[:2], solver.init(form, 0, on_b).logits[2:]]), 0)
    assert last(solver, form, solver.step(form, turned, 10_001))[0][1] > 0.5


@pytest.mark.parametrize("name", ["general 3x2", "asymmetric"])
def test_the_largest_logit_of_a_row_stays_0_so_that_long_runs_lose_no_digits(name: str) -> None:
    form, solver = spec(name).form, INPG()
    logits = solver.step(as_mixed(form), solver.init(as_mixed(form), 0), 1000).logits
    assert [row.max() for row in np.split(logits, form.row_offsets[1:-1])] == [0.0] * (form.row_offsets.size - 1)


@pytest.mark.parametrize("name", ["coordination 2x3", "congestion", "one player"])
def test_the_potential_never_falls_in_a_potential_game(name: str) -> None:
    form, solver = spec(name).form, INPG()
    assert form.has_potential
    for seed in range(5):
        potentials = []
        for state in iterates(form, solver, seed=seed):
            potentials.append(form.potential(last(solver, form, state)) or 0.0)
            if state.iteration == 200:
                break
        assert np.diff(potentials).min() >= -1e-12 * as_mixed(form).payoff_range


def test_a_team_of_a_markov_game_never_loses_value() -> None:
    """A common reward: every player's value is the potential."""
    assert_a_team_gains(INPG())


def test_distancing_is_usually_solved_in_190_to_260_iterations() -> None:
    """k = 0.01 from Dirichlet starts, ten runs: the middle of the first iterations with a gap of 1e-6."""
    half = Fraction(1, 2)
    form, solver = crowding_game(Distancing(8, [1, 2, 4, 6], 100, 4, 2, Fraction(99, 100), [half, half])), INPG(0.01)
    counts = []
    for seed in range(10):
        for state in iterates(form, solver, seed=seed, until=lambda n: n + 5):
            if deviations(form, last(solver, form, state)).nash_gap <= 1e-6:
                counts.append(state.iteration)
                break
            assert state.iteration < 600
    assert 190 <= median(counts) <= 260


@pytest.mark.parametrize("seed", range(3))
def test_distancing_of_eight_players_is_solved_in_a_few_hundred_iterations(seed: int) -> None:
    """k = 0.01 from Dirichlet starts."""
    half = Fraction(1, 2)
    form = crowding_game(Distancing(8, [1, 2, 4, 6], 100, 4, 2, Fraction(99, 100), [half, half]))
    solver = INPG(step_size=0.01)
    first = solver.init(form, seed)
    early, late = (deviations(form, last(solver, form, solver.step(form, first, n))).nash_gap for n in (100, 500))
    assert late <= 1e-6 < early


class TestTwoLinks:
    """Eight players on two links of costs load and 2·load: a symmetric equilibrium that large steps make unstable."""

    PLAYERS = 8
    #: (c₁ n − c₀) / ((n − 1)(c₀ + c₁)): the equilibrium's probability of the first link.
    EQUILIBRIUM = (2 * 8 - 1) / (7 * 3)
    #: 2 / ((n − 1)(c₀ + c₁) x (1 − x)): from this step on the equilibrium repels.
    CRITICAL = 2 / (7 * 3 * EQUILIBRIUM * (1 - EQUILIBRIUM))

    def orbit(self, k: float, skip: int, length: int, slope: int = 2, first: float = EQUILIBRIUM + 1e-3) -> Array:
        """Probabilities of the first link, the second one's cost being `slope` · load, after `skip` iterations.

        Each iteration starts where all players are exactly alike again: rounding would drive them apart.
        """
        costs = {"a": range(1, 9), "b": range(slope, 8 * slope + 1, slope)}
        rules = Congestion(costs, [[["a"], ["b"]]] * self.PLAYERS, [1] * self.PLAYERS)
        form, solver = congestion_game(rules), INPG(step_size=k)
        seen = [first]
        for _ in range(skip + length - 1):
            alike = (np.array([seen[-1], 1 - seen[-1]]),) * self.PLAYERS
            after = last(solver, form, solver.step(form, solver.init(form, 0, alike), 1))
            np.testing.assert_allclose([policy[0] for policy in after], after[0][0], rtol=0, atol=1e-12)
            seen.append(after[0][0])
        return np.array(seen[skip:])

    def test_the_critical_step_is_as_published(self) -> None:
        assert pytest.approx(0.467, abs=5e-4) == self.CRITICAL

    def test_below_the_critical_step_the_equilibrium_attracts(self) -> None:
        np.testing.assert_allclose(self.orbit(0.95 * self.CRITICAL, 500, 5), self.EQUILIBRIUM, atol=1e-9)

    def test_above_it_the_period_doubles(self) -> None:
        orbit = self.orbit(1.1 * self.CRITICAL, 200, 20)
        np.testing.assert_allclose(orbit[2:], orbit[:-2], atol=1e-6)
        assert abs(orbit[1] - orbit[0]) > 0.05

    def test_a_step_of_seven_tenths_is_chaotic(self) -> None:
        """Neighbours part at an exponential rate, and no short cycle is followed."""
        orbit, beside = (self.orbit(0.70, 0, 400, first=0.6 + shift) for shift in (0, 1e-9))
        apart = np.abs(beside - orbit)
        parted = int(np.argmax(apart > 1e-2))
        assert 20 < parted < 300
        assert np.log(apart[parted] / 1e-9) / parted > 0.05
        tail = orbit[100:]
        for period in range(1, 65):
            assert np.abs(tail[period:] - tail[:-period]).max() > 0.01

    @pytest.mark.parametrize("multiple", [1.1, 2, 4, 8])
    def test_equal_costs_give_a_cycle_of_two_however_large_the_step(self, multiple: float) -> None:
        """Equal links: x* = 1/2, so the critical step is 8 / ((n − 1) · 2 · slope) = 4/7 at slope 1."""
        orbit = self.orbit(multiple * 4 / 7, 300, 20, slope=1, first=0.4)
        np.testing.assert_allclose(orbit[2:], orbit[:-2], rtol=0, atol=1e-6)
        np.testing.assert_allclose(orbit[1:] + orbit[:-1], 1, rtol=0, atol=1e-2)  # slow where steps are large
        assert abs(orbit[1] - orbit[0]) > 0.05

    def test_a_step_of_14_fifteenths_has_period_3(self) -> None:
        orbit = self.orbit(0.933, 120, 12)
        np.testing.assert_allclose(orbit[3:], orbit[:-3], atol=1e-3)
        assert abs(orbit[1] - orbit[0]) > 0.1


def test_it_does_not_converge_in_shapleys_game() -> None:
    form = parse("{kind: shapley, a: [1.2, 1, 1], b: [1.2, 1, 1]}", "game.yaml").form
    solver = INPG(step_size=0.1)
    state = solver.init(as_mixed(form), 1)
    worst = []
    for _ in range(20):
        state = solver.step(as_mixed(form), state, 500)
        worst.append(deviations(form, last(solver, form, state)).nash_gap)
    assert max(worst[10:]) > 0.1
