"""Games of three players whose payoffs tie, or nearly do, by the last of up to 13 decimals: decided as written."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.forms.base import Array
from eqsolve.forms.normal.game import TensorGame
from eqsolve.solvers.enumeration import _support_profiles as support_profiles
from eqsolve.solvers.enumeration._support_decisions import ROUNDED
from eqsolve.solvers.enumeration._supports import dominated
from eqsolve.spec.load import parse
from reference.draws import Whole, on_random_games
from reference.normal import Game, joints, pure_equilibria
from reference.three_players import IrregularError, on_supports

ALL = "every equilibrium"
#: Payoffs [A_1, A_2, A_3, player] as whole multiples of 10^-places.
Table = Any


def spec(table: Table, places: int) -> str:
    """The game as a user writes it, every payoff with all its decimals."""

    def nested(part: Table) -> str:
        if isinstance(part, np.ndarray):
            return f"[{', '.join(map(nested, part))}]"
        digits = f"{abs(part):0{places + 1}d}"
        return f"{'-' if part < 0 else ''}{digits[:-places]}.{digits[-places:]}"

    return f"{{kind: matrix, order: players-last, payoffs: {nested(table)}}}"


def form_of(text: str) -> TensorGame:
    form = parse(text, "game.yaml").form
    assert isinstance(form, TensorGame)
    return form


def listed(form: TensorGame) -> tuple[list[Array], list[int], str]:
    """The packed profiles found, what is known of each, and what is said of the list."""
    state = support_profiles.begun(form)
    while not support_profiles.ended(state):
        state = support_profiles.continued(form, state, 10**6)
    return list(state.profiles), state.sure.tolist(), support_profiles.coverage(state)


def drawn(whole: Whole, shape: tuple[int, ...]) -> tuple[Table, int]:
    """Draw a table and its decimals: of few values or of many, some actions as good as half of two others, and a few
    payoffs off by some units of the last place.
    """
    places = whole(1, 13)
    span, unit = ((2, 10**places), (9, 10**places), (10**places, 1))[whole(0, 2)]
    table = np.empty((*shape, 3), dtype=object)
    for joint in joints(shape):
        table[joint] = [2 * unit * whole(-span, span) for _ in range(3)]
    for _ in range(whole(0, 2)):
        i = whole(0, 2)
        a, b, c = (whole(0, shape[i] - 1) for _ in range(3))
        lines = np.moveaxis(table[..., i], i, 0)
        lines[a] = (lines[b] + lines[c]) // 2
    for _ in range(whole(0, 3)):
        table[(*(whole(0, size - 1) for size in shape), whole(0, 2))] += whole(-2, 2)
    return table, places


def packed(policies: Any) -> Array:
    return np.array([float(w) for policy in policies for w in policy])


@on_random_games(40)
def test_what_is_listed_near_ties_is_an_equilibrium_to_the_last_digit_and_none_is_missed(whole: Whole) -> None:
    shape = [(2, 2, 2), (3, 2, 2), (3, 3, 2)][whole(0, 2)]
    table, places = drawn(whole, shape)
    profiles, known, words = listed(form_of(spec(table, places)))
    game = Game(shape, lambda joint: [Fraction(payoff, 10**places) for payoff in table[joint]])
    choices = [[own for k in (1, 2) for own in combinations(range(size), k)] for size in shape]
    expected, is_regular = dict[Any, list[Array]](), shape == (2, 2, 2)
    for supports in product(*choices):
        try:
            expected[supports] = [packed(one) for one in on_supports(game, supports)]
        except IrregularError:
            is_regular = False
    starts = np.cumsum(shape)[:-1]
    for profile, sure in zip(profiles, known, strict=True):
        supports = tuple(tuple(np.flatnonzero(part).tolist()) for part in np.split(profile, starts))
        if supports in expected:
            assert sure != ROUNDED
            assert any(np.abs(profile - one).max() < 1e-9 for one in expected[supports])
    for one in (one for found in expected.values() for one in found):
        assert any(np.abs(profile - one).max() < (1e-9 if words == ALL else 1e-2) for profile in profiles)
    for joint in pure_equilibria(game):
        pure = np.concatenate([np.eye(size)[a] for size, a in zip(shape, joint, strict=True)])
        assert any(np.array_equal(pure, profile) for profile in profiles)
    if is_regular:
        assert words == ALL


@pytest.mark.parametrize("places", [10, 11, 13])
@pytest.mark.parametrize("last", [-1, 0, 1])
def test_a_pure_profile_is_an_equilibrium_if_nothing_pays_more_by_the_last_digit(places: int, last: int) -> None:
    """First's second action pays 1 where the first pays 1 ± 10^-places; nobody else minds."""
    table = np.zeros((2, 2, 2, 3), dtype=object)
    table[..., 0] = 10**places
    table[0, :, :, 0] += last
    table[:, 0, :, 1] = table[:, :, 0, 2] = 10**places
    profiles, _, words = listed(form_of(spec(table, places)))
    pure = [np.array([1, 0, 1, 0, 1, 0]), np.array([0, 1, 1, 0, 1, 0])]
    there = [any(np.array_equal(one, profile) for profile in profiles) for one in pure]
    assert there == [last >= 0, last <= 0]
    assert words == ALL if last else words.startswith("at least these equilibria (undecided: ")
    assert len(profiles) == 1 or last == 0


@pytest.mark.parametrize("places", [10, 11, 13])
@pytest.mark.parametrize("last", [-1, 0, 1])
def test_an_action_beside_a_mixture_is_told_by_the_last_digit(places: int, last: int) -> None:
    """First and Second play matching pennies while Third looks on; First's third action pays 1/2 ± 10^-places."""
    unit = 10**places
    table = np.zeros((3, 2, 2, 3), dtype=object)
    for a, b in product(range(2), repeat=2):
        table[a, b, :, :2] = [unit * (a == b), unit * (a != b)]
    table[2, :, :, 0] = unit // 2 + last
    table[2, 1, :, 1] = unit
    table[:, :, 0, 2] = unit
    profiles, known, words = listed(form_of(spec(table, places)))
    pennies = np.array([0.5, 0.5, 0, 0.5, 0.5, 1, 0])
    assert any(np.abs(profile - pennies).max() < 1e-12 for profile in profiles) == (last <= 0)
    assert ROUNDED not in known
    assert (words == ALL) == (last != 0)


IRRATIONAL = np.zeros((3, 2, 2, 3), dtype=object)
"""What first actions pay, second ones nothing: 3 − 7 q + r, 2 p + 3 r − 3, −1 + p + q + p q; then First's third one."""
for _q, _r in product(range(2), repeat=2):
    IRRATIONAL[0, 1 - _q, 1 - _r, 0] = 3 - 7 * _q + _r
    IRRATIONAL[:2, 0, 1 - _r, 1] = [2 + 3 * _r - 3, 3 * _r - 3]
    IRRATIONAL[:2, 1 - _q, 0, 2] = [2 * _q, _q - 1]
    # 2 p = 3 − 3 r in 2 (−1 + p + q + p q): nothing, wherever Second and Third are indifferent
    IRRATIONAL[2, 1 - _q, 1 - _r, 0] = 1 + 5 * _q - 3 * _r - 3 * _q * _r


def with_slack(last: int, places: int) -> Table:
    table = IRRATIONAL * 10**places
    table[2, :, :, 0] += last
    return table


@pytest.mark.parametrize("places", [10, 13])
def test_a_near_tie_at_an_irrational_mixture_is_decided_and_an_exact_one_said_to_be_open(places: int) -> None:
    mixed = on_supports(Game((3, 2, 2), lambda joint: list(IRRATIONAL[joint])), ((0, 1), (0, 1), (0, 1)))
    assert len(mixed) == 1
    for last in (-1, 0, 1):
        profiles, known, words = listed(form_of(spec(with_slack(last, places), places)))
        there = [sure for one, sure in zip(profiles, known, strict=True) if np.abs(one - packed(mixed[0])).max() < 1e-8]
        if last:
            assert len(there) == (last < 0)
            assert ROUNDED not in there
        else:
            assert there == [ROUNDED]
            assert words.startswith("at least these equilibria, ")
            assert " of them up to rounding (undecided: " in words


def test_two_actions_that_differ_in_the_tenth_place_are_mixed_all_the_same() -> None:
    """Pennies of 10^-10 in payoffs of size 1: floats take all mixtures for nearly equilibria."""
    table = np.zeros((2, 2, 2, 3), dtype=object)
    for a, b, c in joints((2, 2, 2)):
        table[a, b, c] = [10**10 * (b + 1) + (a == b), 10**10 * (a + 1) + (a != b), 10**10 * (1 - c)]
    profiles, _, words = listed(form_of(spec(table, 10)))
    np.testing.assert_allclose(profiles, [[0.5, 0.5, 0.5, 0.5, 1, 0]], rtol=0, atol=1e-12)
    assert words == ALL


def test_near_ties_of_floats_are_those_of_the_floats_and_said_to_be() -> None:
    """0.1 + 0.2 is more than 0.3 in floats only: Second's actions if Third plays their first."""
    payoffs = np.array([np.zeros((1, 2, 2)), [[[0.1 + 0.2, 1], [0.3, 0]]], [[[1, 0], [0, 1]]]])
    profiles, _, words = listed(TensorGame(("1", "2", "3"), (("a",), ("a", "b"), ("a", "b")), payoffs))
    np.testing.assert_array_equal(profiles, [[1, 1, 0, 1, 0]])
    assert words == f"{ALL}, payoffs compared as float64 numbers"
    text = "{kind: matrix, payoffs: [[[[0, 0], [0, 0]]], [[[0.3, 1], [0.30, 0]]], [[[1, 0], [0, 1]]]]}"
    result = api.solve(parse(text, "game.yaml"), "support-enumeration")
    assert (result.complete or "").startswith("at least these equilibria (undecided: 1 of 9 ")


@pytest.mark.parametrize(("near", "close"), [(0.5, False), (1.0, True), (1.5, True)])
def test_a_dominance_by_just_what_counts_as_near_is_looked_at_again(near: float, close: bool) -> None:
    """The row player's second action pays 1 and 2 more than the first, which is their support."""
    payoffs = np.array([[[0.0, 0.0], [1.0, 2.0]], [[0.0, 0.0], [0.0, 0.0]]])
    game = TensorGame(("R", "C"), (("a", "b"),) * 2, payoffs).arrays
    members, starts = np.array([0, 0, 1]), np.array([0, 1, 3])
    assert dominated.interpreted(game, game, np.zeros(2), near, members, starts) == (True, close)
