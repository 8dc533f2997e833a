"""The catalogue: every game loads, says where it comes from, and every fact it states is true, in exact arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from numpy.typing import ArrayLike

from eqsolve.errors import InputError
from eqsolve.families.extensive.extensive import Extensive
from eqsolve.families.extensive.kuhn import Kuhn
from eqsolve.families.markov.distancing import Distancing
from eqsolve.forms.base import Array, Form
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.markov.game import DenseMarkovGame, MarkovGame
from eqsolve.forms.markov.sparse import HorizonGame
from eqsolve.forms.normal.game import NormalForm
from eqsolve.metrics.judge import deviations
from eqsolve.spec import catalogue
from eqsolve.spec.kinds import FAMILIES
from eqsolve.spec.known import Known
from eqsolve.spec.load import GameSpec, load
from reference import distancing, extensive, markov, normal
from reference.forms import arrays, as_mixed, sequence_policies
from reference.linear import Number
from reference.normal import Joint

#: Exact policies: of a normal form one row per player, else one list of rows: by state, or by information set.
Profile: TypeAlias = Sequence[Any]

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


# Facts in exact arithmetic: the numbers of the catalogue are rationals with small denominators, which float64 hides.


def exact(numbers: ArrayLike) -> list[Fraction]:
    """The rationals that these floats stand for."""
    return [Fraction(x).limit_denominator(10_000) for x in np.ravel(numbers).tolist()]


def cycle_gains(form: Form) -> Iterator[float]:
    """Yield the gains summed around each of 300 cycles in which two players change their pure policies in turn."""
    rng = np.random.default_rng(0)
    for _ in range(300):
        i, j = rng.choice(len(form.players), 2, replace=False)
        base, moved = (form.unpack(_pure_policies(form, rng)) for _ in range(2))
        values = {}
        for at in product((0, 1), repeat=2):
            profile = [moved[p] if (p == i and at[0]) or (p == j and at[1]) else base[p] for p in range(len(base))]
            values[at] = deviations(form, tuple(profile)).values
        gains = values[1, 0][i] - values[0, 0][i] + values[1, 1][j] - values[1, 0][j]
        gains += values[0, 1][i] - values[1, 1][i] + values[0, 0][j] - values[0, 1][j]
        yield float(gains)


def _pure_policies(form: Form, rng: np.random.Generator) -> Array:
    """A pure profile drawn uniformly, packed."""
    preference = rng.random(int(form.offsets[-1]))
    if (legal := as_mixed(form).legal) is not None:
        preference[~np.concatenate([mask.reshape(-1) for mask in legal])] = -1.0
    rows = np.split(preference, form.row_offsets[1:-1])
    return np.concatenate([np.eye(len(row))[row.argmax()] for row in rows])


def facts(spec: GameSpec) -> Known:
    return spec.family.known or Known()


def table(form: Form) -> Array:
    assert isinstance(form, NormalForm)
    return form.tensor().payoffs


def normal_game(form: Form) -> normal.Game:
    payoffs = {joint: exact(table(form)[(slice(None), *joint)]) for joint in np.ndindex(*table(form).shape[1:])}
    return normal.Game(table(form).shape[1:], payoffs.__getitem__)


def markov_game(form: DenseMarkovGame) -> markov.MarkovGame:
    def reward(i: int, s: int, joint: Joint) -> Fraction:
        return exact([form.rewards[(i, s, *joint)]])[0]

    def transition(s: int, joint: Joint) -> list[Fraction]:
        return exact(form.transitions[(s, *joint)])

    sizes = tuple(len(labels) for labels in form.actions)
    [discount] = exact([form.discount])
    return markov.MarkovGame(sizes, len(form.states), reward, transition, discount, exact(form.start))


def horizon_rules(form: HorizonGame) -> markov.MarkovGame:
    """The game of one stage, unrolled; its transitions as a table."""
    table = np.zeros((len(form.moves.first) - 1, len(form.stage_states)))
    table[form.moves.cell, form.moves.following] = form.moves.probability
    transitions = table.reshape(*form.rewards.shape[1:], len(form.stage_states))
    one = DenseMarkovGame(
        form.players, form.actions, form.stage_states, form.rewards, transitions, form.discount, form.initial
    )
    return markov.unrolled(markov_game(one), form.horizon)


def rules_of(family: Distancing) -> distancing.Distancing:
    [penalty, discount] = exact([family.penalty, family.discount])
    return distancing.Distancing(
        players=len(family.players),
        weights=exact(list(family.weights.values())),
        penalty=penalty,
        spread_above=family.spread_above,
        safe_at_most=family.safe_at_most,
        discount=discount,
        start=exact(family.start),
    )


def stated_equilibria(spec: GameSpec) -> list[Profile]:
    """Labels replaced by pure rows, numbers by rationals."""

    def row(stated: str | Sequence[float], labels: Sequence[str]) -> list[Fraction]:
        if isinstance(stated, str):
            return [Fraction(label == stated) for label in labels]
        return exact(stated)

    profiles = facts(spec).equilibria
    if not profiles:
        return []
    form = spec.form
    assert all(len(profile) == len(form.players) for profile in profiles)
    if isinstance(form, NormalForm):
        return [[row(policy, labels) for policy, labels in zip(p, form.actions, strict=True)] for p in profiles]
    rows = [
        [labels for _, labels, _ in form.named_rows(i, policy)] for i, policy in enumerate(as_mixed(form).uniform())
    ]
    return [
        [[row(r, labels) for r, labels in zip(policy, own, strict=True)] for policy, own in zip(p, rows, strict=True)]
        for p in profiles
    ]


def by_place(form: SequenceForm, profile: Profile) -> extensive.Behaviour:
    """The same by player and information set."""
    return {
        (i, label): row
        for i, (treeplex, policy) in enumerate(zip(form.treeplexes, profile, strict=True))
        for label, row in zip(treeplex.infosets, policy, strict=True)
    }


def judged_exactly(spec: GameSpec, profile: Profile) -> list[tuple[Number, Number]]:
    """Per player: value, and gain of the best deviation, from the initial distribution."""
    if isinstance(spec.form, NormalForm):
        rows = normal_game(spec.form)
        values = [normal.value(rows, profile, i) for i in rows.players]
        return list(zip(values, normal.regrets(rows, profile), strict=True))
    if isinstance(spec.form, SequenceForm):
        assert isinstance(spec.family, Kuhn | Extensive)
        tree, behaviour = spec.family.rules(), by_place(spec.form, profile)
        return [
            (extensive.value(tree, behaviour, i), extensive.gains(tree, behaviour, i).from_root)
            for i in range(len(tree.players))
        ]
    if isinstance(spec.family, Distancing):
        rules = rules_of(spec.family)
        return [from_start(alone(rules, profile, i), [profile[i]], 0) for i in range(rules.players)]
    if isinstance(spec.form, HorizonGame):
        game = horizon_rules(spec.form)
    else:
        assert isinstance(spec.form, DenseMarkovGame)
        game = markov_game(spec.form)
    return [from_start(game, profile, i) for i in game.players]


def from_start(game: markov.MarkovGame, profile: Profile, i: int) -> tuple[Number, Number]:
    value = markov.from_start(game, markov.values(game, profile, i))
    return value, markov.from_start(game, markov.gains(game, profile, i))


def alone(rules: distancing.Distancing, profile: Profile, i: int) -> markov.MarkovGame:
    """Player i's own decision problem while the others keep to their pure policies."""
    chosen = [[row.index(1) for row in policy] for policy in profile]

    def joint(s: int, own: Joint) -> Joint:
        return tuple(own[0] if j == i else policy[s] for j, policy in enumerate(chosen))

    return replace(
        rules.game,
        sizes=(len(rules.weights),),
        reward=lambda _, s, own: rules.reward(i, s, joint(s, own)),
        transition=lambda s, own: rules.transition(s, joint(s, own)),
    )


def has_cycle(rules: distancing.Distancing) -> bool:
    """Whether two players' gains around some closed path of pure policies do not sum to 0 (from state safe)."""
    m = len(rules.weights)
    policies = [[normal.pure(m, a), normal.pure(m, b)] for a, b in product(range(m), repeat=2)]
    # One more would be too many where the others stand most densely: then two players' moves depend on each other.
    others = [0] * (rules.spread_above - 1) + [1 + k for k in range(m - 1)]
    rest = [policies[k * m + k] for k in others[: rules.players - 2]]
    difference = {
        (x, y): markov.values(alone(rules, profile, 0), [profile[0]], 0)[0]
        - markov.values(alone(rules, profile, 1), [profile[1]], 0)[0]
        for x, y in product(range(len(policies)), repeat=2)
        for profile in [[policies[x], policies[y], *rest]]
    }
    return any(difference[x, y] - difference[x, 0] != difference[0, y] - difference[0, 0] for x, y in difference)
