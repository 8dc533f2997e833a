"""What the catalogue states of its games, and the same from the definitions, in exact arithmetic.

Numbers of the catalogue are rationals with small denominators, which float64 hides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from eqsolve.families.extensive.extensive import Extensive
from eqsolve.families.extensive.kuhn import Kuhn
from eqsolve.families.markov.distancing import Distancing
from eqsolve.forms.base import Array, Form
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.markov.game import DenseMarkovGame
from eqsolve.forms.markov.sparse import HorizonGame
from eqsolve.forms.normal.game import NormalForm
from eqsolve.metrics.judge import deviations
from eqsolve.spec.known import Known
from eqsolve.spec.load import GameSpec
from reference import distancing, extensive, markov, normal
from reference.forms import as_mixed
from reference.linear import Number
from reference.normal import Joint

#: Exact policies: of a normal form one row per player, else one list of rows: by state, or by information set.
Profile: TypeAlias = Sequence[Any]


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
