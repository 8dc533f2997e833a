"""The catalogue: every game loads, says where it comes from, and every fact it states is true, in exact arithmetic."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from eqsolve.errors import InputError
from eqsolve.families.markov.distancing import Distancing
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.markov.game import DenseMarkovGame, MarkovGame
from eqsolve.forms.markov.sparse import HorizonGame
from eqsolve.metrics.judge import deviations
from eqsolve.spec import catalogue
from eqsolve.spec.kinds import FAMILIES
from eqsolve.spec.known import Known
from eqsolve.spec.load import GameSpec, load
from reference import normal
from reference.catalogue_facts import (
    by_place,
    cycle_gains,
    exact,
    facts,
    has_cycle,
    judged_exactly,
    normal_game,
    rules_of,
    stated_equilibria,
    table,
)
from reference.forms import arrays, as_mixed, sequence_policies

NAMES = catalogue.names()


@pytest.fixture(params=NAMES, scope="module")
def spec(request: pytest.FixtureRequest) -> GameSpec:
    """A game of the catalogue: all tests of one game run in a row, so that each is built once."""
    return load(f"@{request.param}")


def test_a_game_has_a_title_a_description_and_a_source(spec: GameSpec) -> None:
    assert spec.family.name
    assert spec.family.description
    assert spec.family.source


def test_a_game_lies_in_the_folder_of_its_family(spec: GameSpec) -> None:
    assert spec.origin.startswith(f"@{spec.kind}/")


def test_a_game_states_facts(spec: GameSpec) -> None:
    assert facts(spec) != Known()


def test_every_family_has_a_game() -> None:
    assert {name.split("/")[0] for name in NAMES} == set(FAMILIES)


def test_the_games_of_textbooks_and_papers_are_there() -> None:
    wanted = """
        matrix/prisoners-dilemma matrix/chicken matrix/battle-of-the-sexes matrix/matching-pennies
        matrix/asymmetric-matching-pennies matrix/rock-paper-scissors shapley/shapley matrix/neppo-alpha-0
        matrix/neppo-alpha-3-10 matrix/neppo-alpha-3-5 matrix/three-player-matching-pennies matrix/three-by-two
        matrix/degenerate matrix/oneill congestion/pigou congestion/braess distancing/eight-agents
        distancing/four-agents markov/commons
    """
    assert set(wanted.split()) <= set(NAMES)


def test_the_distancing_game_is_the_one_of_the_reference() -> None:
    family = load("@distancing/eight-agents").family
    assert isinstance(family, Distancing)
    assert len(family.players) == 8
    assert family.weights == {"A": 1, "B": 2, "C": 4, "D": 6}
    assert (family.penalty, family.spread_above, family.safe_at_most) == (100, 4, 2)
    assert (family.discount, family.start) == (0.99, (0.5, 0.5))


def test_the_neppo_games_follow_the_formula_of_the_paper() -> None:
    for name, a in {"0": Fraction(0), "3-10": Fraction(3, 10), "3-5": Fraction(3, 5)}.items():
        payoffs = table(load(f"@matrix/neppo-alpha-{name}").form)
        u1 = [Fraction(1), 1 - 2 * a, (1 - 3 * a) / 2, a]
        u2 = [1 - 2 * a, (a + 1) / 2, (7 - 3 * a) / 4, 2 - 3 * a]
        assert exact(payoffs) == u1 + u2


def test_a_zero_sum_game_sums_to_one_constant_and_no_other_does(spec: GameSpec) -> None:
    if (stated := facts(spec).zero_sum) is not None:
        form = spec.form
        if isinstance(form, SequenceForm):
            payoffs = form.paid
        else:
            payoffs = form.rewards if isinstance(form, DenseMarkovGame | HorizonGame) else table(form)
        sums = payoffs.sum(axis=0)
        assert (len(form.players) == 2 and sums.min() == sums.max()) == stated


def test_a_potential_is_exact_and_there_is_none_where_none_is_stated(spec: GameSpec) -> None:
    if (stated := facts(spec).potential) is not None:
        if isinstance(spec.family, Distancing):
            assert stated is False
            assert has_cycle(rules_of(spec.family))
        elif isinstance(spec.form, MarkovGame | SequenceForm):
            assert all(abs(gain) < 1e-9 for gain in cycle_gains(spec.form)) is stated
        else:
            assert normal.is_potential_game(normal_game(spec.form)) is stated


def test_there_are_as_many_pure_equilibria_as_stated(spec: GameSpec) -> None:
    if (stated := facts(spec).pure_equilibria) is not None:
        assert len(normal.pure_equilibria(normal_game(spec.form))) == stated


def test_no_player_gains_by_leaving_a_stated_equilibrium(spec: GameSpec) -> None:
    for profile in stated_equilibria(spec):
        assert all(gain == 0 for _, gain in judged_exactly(spec, profile))


def test_stated_values_and_welfare_are_those_of_the_equilibria(spec: GameSpec) -> None:
    known = facts(spec)
    found = [[value for value, _ in judged_exactly(spec, profile)] for profile in stated_equilibria(spec)]
    if known.values is not None:
        assert all(values == exact(known.values) for values in found)
    if known.welfare is not None:
        assert [sum(values) for values in found] == exact(known.welfare)


def test_the_judge_agrees_that_they_are_equilibria(spec: GameSpec) -> None:
    for profile in stated_equilibria(spec):
        form = spec.form
        policies = (
            sequence_policies(form, by_place(form, profile)) if isinstance(form, SequenceForm) else arrays(profile)
        )
        checked = form.check(policies).profile
        assert deviations(spec.form, checked).nash_gap <= 1e-12 * as_mixed(spec.form).payoff_range


def test_a_wrong_fact_would_be_noticed() -> None:
    spec = load("@matrix/chicken")
    assert [gain for _, gain in judged_exactly(spec, [[1, 0], [1, 0]])] == [2, 2]


def test_an_unknown_game_comes_with_the_nearest_ones() -> None:
    with pytest.raises(InputError) as caught:
        load("@matrix/chickn")
    assert caught.value.hint == "did you mean `@matrix/chicken`?"
    with pytest.raises(InputError) as caught:
        load("@eight-agents")
    assert caught.value.hint == "did you mean `@distancing/eight-agents`?"


@pytest.mark.parametrize("name", ["../pyproject", "", "/etc/passwd", "matrix/../matrix/chicken", "matrix"])
def test_a_name_that_is_no_game_of_the_list_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="the catalogue has no such game"):
        catalogue.path(name)


def test_the_entries_tell_kind_and_title() -> None:
    entries = {entry.name: entry for entry in catalogue.entries()}
    assert list(entries) == NAMES
    assert tuple(entries["matrix/chicken"])[:3] == ("matrix/chicken", "matrix", "Chicken")


def test_the_games_of_a_wheel_lie_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "eqsolve" / "games").mkdir(parents=True)
    monkeypatch.setattr(catalogue, "__file__", str(tmp_path / "eqsolve" / "spec" / "catalogue.py"))
    assert catalogue.folder() == tmp_path / "eqsolve" / "games"
