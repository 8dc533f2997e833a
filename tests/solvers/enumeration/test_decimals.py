"""Degenerate games whose payoffs are decimals of any length: the numbers as written decide what is a tie."""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from itertools import product

import numpy as np
import pytest

from eqsolve import api
from eqsolve.forms.normal.game import TensorGame
from eqsolve.solvers.enumeration.support_enumeration import State, SupportEnumeration
from eqsolve.solvers.enumeration.vertex_enumeration import VertexEnumeration
from eqsolve.spec.load import GameSpec, parse
from reference.draws import Whole, on_random_games
from reference.equilibria import components, extreme_equilibria
from reference.normal import Game, Joint, is_degenerate
from solvers.ending import at_end

#: Payoffs of both players, [row][column], as whole multiples of 10^-places.
Tables = list[list[list[int]]]


def decimal(whole: int, places: int) -> str:
    """Write whole · 10^-places with all its digits."""
    digits = f"{abs(whole):0{places + 1}d}"
    cut = len(digits) - places
    return f"{'-' if whole < 0 else ''}{digits[:cut]}{'.' if places else ''}{digits[cut:]}"


def spec(tables: Tables, places: int) -> GameSpec:
    """The game as a user writes it."""
    rows, columns = tables
    pairs = [
        f"[{', '.join(f'[{decimal(a, places)}, {decimal(b, places)}]' for a, b in zip(own, other, strict=True))}]"
        for own, other in zip(rows, columns, strict=True)
    ]
    return parse(f"{{kind: matrix, payoffs: [{', '.join(pairs)}]}}", "game.yaml")


def degenerate(whole: Whole, most: int) -> tuple[Tables, int]:
    """Draw a game of up to `most` actions each, with ties or what is one but for the last place: (tables, places).

    Payoffs are of few kinds, or one line of a table is (but for the last place, now and then) what half of one line
    and half of another pay, so that a mixture has a best reply more than it has actions.
    """
    places, sizes = whole(1, 8), (whole(1, most), whole(1, most))
    size = 10**places
    few = [2 * whole(-size, size) for _ in range(whole(1, 4))]
    kind = whole(0, 2)
    tables = [
        [
            [few[whole(0, len(few) - 1)] if kind else 2 * whole(-size, size) for _ in range(sizes[1])]
            for _ in range(sizes[0])
        ]
        for _ in range(2)
    ]
    if kind < 2:
        for i in range(2):
            # the lines of the first table are its rows, those of the second its columns
            lines = tables[0] if i == 0 else [list(line) for line in zip(*tables[1], strict=True)]
            one, two, three = (whole(0, len(lines) - 1) for _ in range(3))
            lines[three] = [(a + b) // 2 for a, b in zip(lines[one], lines[two], strict=True)]
            lines[three][whole(0, len(lines[0]) - 1)] += max(0, whole(-3, 1))
            tables[i] = lines if i == 0 else [list(line) for line in zip(*lines, strict=True)]
    return tables, places


def reference(tables: Tables, places: int) -> Game:
    def payoff(joint: Joint) -> list[Fraction]:
        return [Fraction(table[joint[0]][joint[1]], 10**places) for table in tables]

    return Game((len(tables[0]), len(tables[0][0])), payoff)


def agrees(tables: Tables, places: int) -> int:
    """Assert that what is listed are the equilibria by definition, and their components; how many these are."""
    game, form, solver = reference(tables, places), spec(tables, places).form, VertexEnumeration()
    assert isinstance(form, TensorGame)
    state = solver.step(form, solver.init(form, 0), 10**9)
    found = [solver.solution(form, state, None, profile) or () for profile in solver.enumeration(form, state).profiles]
    expected = extreme_equilibria(game)
    assert len(found) == len(set(found))
    assert set(found) == set(expected)
    parts: dict[int, set[object]] = {}
    for number, pair in zip((solver.enumeration(form, state).components or ()), found, strict=True):
        parts.setdefault(number, set()).add(pair)
    assert set(map(frozenset, parts.values())) == set(components(game, expected))
    subsets = solver.enumeration(form, state).nash_subsets
    assert subsets is not None
    assert {(found[x][0], found[y][1]) for own, other in subsets for x, y in product(own, other)} == set(expected)
    assert "float64" not in solver.enumeration(form, state).coverage
    return len(expected)


@on_random_games(300)
def test_every_equilibrium_of_degenerate_games_in_decimals_is_found(whole: Whole) -> None:
    agrees(*degenerate(whole, 3))


@on_random_games(60)
def test_every_equilibrium_of_degenerate_games_of_up_to_4_actions_is_found(whole: Whole) -> None:
    agrees(*degenerate(whole, 4))


def listed(text: str, **files: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[int, str]:
    """How many equilibria vertex-enumeration lists of a game, and what it says of the list."""
    game = parse(text, "game.yaml", files={f"{name}.npy": npy(array) for name, array in files.items()})
    result = api.solve(game, "vertex-enumeration")
    return len(result.equilibria or ()), result.complete or ""


def npy(array: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> bytes:
    buffer = BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def test_a_game_of_five_decimals_has_the_equilibria_that_it_has_times_100000() -> None:
    """The third row pays the row player half of what the first and the second pay."""
    rows = [[(39270, 46173), (97083, 6408)], [(51236, 60449), (73609, 58100)], [(45253, 75047), (85346, 91662)]]
    expected = 3, "every extreme equilibrium (3 corner equilibria in 2 components)"
    for places in (0, 5):
        tables = [[[pair[i] for pair in row] for row in rows] for i in range(2)]
        result = api.solve(spec(tables, places), "vertex-enumeration")
        assert (len(result.equilibria or ()), result.complete) == expected


@pytest.mark.parametrize("last", ["0.2", "0.20000000000000000001"])
def test_decimals_beyond_float64_decide_a_tie(last: str) -> None:
    """The column player ties at the first row, or is just not tied, by a digit that no float64 holds."""
    expected = (
        (2, "every extreme equilibrium (2 corner equilibria in 1 component)")
        if last == "0.2"
        else (1, "every equilibrium")
    )
    assert listed(f"{{kind: matrix, payoffs: [[[1, 0.2], [1, {last}]]]}}") == expected


def test_ties_of_files_of_floats_are_those_of_the_floats_and_said_to_be() -> None:
    """0.1 + 0.2 is 0.3 as written: the middle column is as good as the others at the even mixture, in decimals only."""
    column = "[[0.2, 0.4, 0.6], [0.6, 0.4, 0.2]]"
    row = "[[0.3, 0.1, 0.2], [0.1, 0.3, 0.2]]"
    written = listed(f"{{kind: matrix, payoffs: {{Row: {row}, Column: {column}}}}}")
    floats = np.array([[[0.3, 0.1, 0.2], [0.1, 0.3, 0.2]], [[0.2, 0.4, 0.6], [0.6, 0.4, 0.2]]])
    assert written == (3, "every extreme equilibrium (3 corner equilibria in 1 component)")
    of_floats = (
        3,
        "every extreme equilibrium (3 corner equilibria in 2 components), payoffs compared as float64 numbers",
    )
    assert listed("{kind: matrix, payoffs: u.npy}", u=floats) == of_floats
    assert listed(f"{{kind: matrix, payoffs: {{Row: {row}, Column: u.npy}}}}", u=floats[1]) == of_floats


def test_floats_without_a_tie_and_whole_floats_need_no_such_words() -> None:
    drawn = np.random.default_rng(0).normal(size=(2, 3, 3))
    whole = np.array([[[3.0, 3], [2, 5], [0, 6]], [[3.0, 3], [2, 6], [3, 1]]])
    assert listed("{kind: matrix, payoffs: u.npy}", u=drawn)[1] == "every equilibrium"
    assert listed("{kind: matrix, payoffs: u.npy}", u=whole) == (
        3,
        "every extreme equilibrium (3 corner equilibria in 2 components)",
    )


@on_random_games(150)
def test_support_enumeration_tells_ties_in_decimals_from_what_is_nearly_one(whole: Whole) -> None:
    tables, places = degenerate(whole, 3)
    game, form, solver = reference(tables, places), spec(tables, places).form, SupportEnumeration()
    assert isinstance(form, TensorGame)
    state = at_end(solver, form)
    assert isinstance(state, State)
    expected = {tuple(float(p) for policy in pair for p in policy) for pair in extreme_equilibria(game)}
    found = [tuple(profile) for profile in state.profiles.tolist()]
    assert all(any(np.allclose(one, other, rtol=0, atol=1e-9) for other in expected) for one in found)
    assert state.degenerate == is_degenerate(game)
    if not state.degenerate:
        assert len(found) == len(expected)
        assert solver.enumeration(form, state).coverage == "every equilibrium"


@pytest.mark.parametrize("off", ["000000000", "000000001"])
def test_what_differs_in_the_tenth_place_is_no_tie(off: str) -> None:
    """Matching pennies, and a row that pays what the others pay at the even mixture, or 10^-10 less."""
    text = f"{{kind: matrix, row: [[1, 0], [0, 1], [0.4999999999, 0.5{off}]], column: [[0, 1], [1, 0], [0, 0.1]]}}"
    result = api.solve(parse(text, "game.yaml"), "support-enumeration")
    is_tie = off == "000000001"
    assert len(result.equilibria or ()) == (2 if is_tie else 1)
    said = "at least these equilibria (the game is degenerate" if is_tie else "every equilibrium"
    assert (result.complete or "").startswith(said)
