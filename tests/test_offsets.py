"""What is added to all payoffs of a player, and what they are multiplied by, changes no equilibrium and no dominance.

Games are written with the payoffs moved, so that reading, solving and judging are all under test: offsets of up to
10^13 beside differences of 10^-6 are beyond float64.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.analysis.dominance import dominance
from eqsolve.forms.concept import Concept
from eqsolve.forms.joint import Joint
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.correlated import joint_deviations
from eqsolve.metrics.judge import deviations
from eqsolve.solvers.enumeration.pure import Pure
from eqsolve.solvers.enumeration.vertex_enumeration import VertexEnumeration
from eqsolve.solvers.programmes.cce import CCE
from eqsolve.solvers.programmes.ce import CE
from eqsolve.spec.load import parse
from reference.draws import Whole, on_random_games

#: A player's payoffs [row][column] as they are, and as offset + scale · payoff.
Tables = list[list[list[Fraction]]]


def spec(tables: Tables) -> TensorGame:
    """The game of two players as a user writes it, in decimals."""
    row, column = (
        "[" + ", ".join("[" + ", ".join(map(decimal, line)) + "]" for line in table) + "]" for table in tables
    )
    form = parse(f"{{kind: matrix, row: {row}, column: {column}}}", "game.yaml").form
    assert isinstance(form, TensorGame)
    return form


def decimal(number: Fraction) -> str:
    """Write a fraction whose denominator divides 10^12 with all its digits."""
    digits = f"{abs(int(number * 10**12)):013d}"
    return f"{'-' if number < 0 else ''}{digits[:-12]}.{digits[-12:]}"


def moved(whole: Whole, tables: Tables) -> Tables:
    """Draw for each player an offset and a positive scale, and apply them."""
    found = []
    for table in tables:
        offset, scale = (
            Fraction(whole(-9, 9) * 10 ** whole(0, 16), 1000),
            Fraction(whole(1, 9) * 10 ** whole(0, 9), 10**6),
        )
        found.append([[offset + scale * payoff for payoff in line] for line in table])
    return found


def drawn(whole: Whole) -> Tables:
    """Draw small payoffs of one decimal place, which tie often."""
    sizes, largest = (whole(1, 3), whole(1, 4)), (2, 5, 30)[whole(0, 2)]
    return [[[Fraction(whole(0, largest), 10) for _ in range(sizes[1])] for _ in range(sizes[0])] for _ in range(2)]


def told(form: TensorGame) -> dict[str, Any]:
    """Tell all pure equilibria, all extreme ones in fractions with their components, and what survives elimination."""
    pure, vertices = Pure(), VertexEnumeration()
    end = vertices.step(form, vertices.init(form, 0), 10**9)
    everything = vertices.enumeration(form, end).profiles
    assert all(deviations(form, profile).nash_gap <= 1e-12 * form.payoff_range for profile in everything)
    return {
        "pure": pure.step(form, pure.init(form, 0), 10**9).equilibria.tolist(),
        "extreme": {vertices.solution(form, end, None, profile) for profile in everything},
        "components": max(vertices.enumeration(form, end).components or ()),
        "survivors": [found.survivors for found in dominance(form)],
    }


def best(solver: CE | CCE, form: TensorGame) -> Joint:
    joint = solver.joint(form, solver.step(form, solver.init(form, 0), 1))
    assert joint is not None
    gap = joint_deviations(form, joint).gap(Concept.CE if isinstance(solver, CE) else Concept.CCE)
    assert gap.value <= 1e-9 * form.payoff_range
    return joint


@on_random_games(60)
def test_offsets_and_scales_change_nothing(whole: Whole) -> None:
    tables = drawn(whole)
    form, other = spec(tables), spec(moved(whole, tables))
    assert told(other) == told(form)
    for solver in (CE("1,0"), CE("0,1"), CCE("1,0"), CCE("0,1")):
        # whichever of the best it is, it is a best one of the game as it was
        one, two = (joint_deviations(form, best(solver, game)) for game in (form, other))
        player = solver.objective.index("1") // 2
        assert two.values[player] == pytest.approx(one.values[player], abs=1e-8)


@pytest.mark.parametrize("name", ["ce", "cce"])
@pytest.mark.parametrize("offsets", [(0, 0), (10**11, 0), (0, 10**11), (10**11, -(10**13))])
def test_the_best_is_best_whatever_one_player_is_paid_besides(name: str, offsets: tuple[int, int]) -> None:
    """Chicken's best correlated equilibrium is worth 10 1/2 (Aumann 1974), however many are given to one player."""
    tables = [
        [[Fraction(payoff + offset) for payoff in line] for line in table]
        for table, offset in zip(([[6, 2], [7, 0]], [[6, 7], [2, 0]]), offsets, strict=True)
    ]
    joint = best(CE() if name == "ce" else CCE(), spec(tables))
    np.testing.assert_allclose(joint.probabilities, [0.5, 0.25, 0.25], atol=1e-9)
    assert joint.actions.tolist() == [[0, 0], [0, 1], [1, 0]]


def test_the_least_of_the_values_is_best_where_another_is_paid_much_more() -> None:
    text = "{kind: matrix, row: [[6, 2], [7, 0]], column: [[100000000006, 100000000007], [100000000002, 100000000000]]}"
    result = api.solve(parse(text, "game.yaml"), "ce", {"objective": "max-min"})
    assert result.joint is not None
    assert result.joint.record.measured["values"][0] == pytest.approx(7, abs=1e-9)
