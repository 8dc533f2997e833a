"""Games that have a structure but for a part in 10^13 or less: exact payoffs refute it, floats leave it open."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from eqsolve.analysis.evidence import evidence
from eqsolve.analysis.finding import Finding
from eqsolve.analysis.potential import Cycle
from eqsolve.forms.base import Array, Form
from eqsolve.forms.markov.game import DenseMarkovGame
from eqsolve.forms.normal.game import TensorGame
from eqsolve.spec.load import parse
from reference.draws import Whole, on_random_games
from reference.normal import Game, Joint, joints, structure

#: What is looked for in floats, where less than this is rounding.
NAMES = ("constant-sum", "common-interest", "symmetric", "anonymous", "potential")


def findings(form: Form) -> dict[str, Finding]:
    return {finding.name: finding for finding in evidence(form)}


def structured(whole: Whole) -> tuple[tuple[int, ...], dict[Joint, list[Fraction]]]:
    """Draw a game that has constant sums, a common interest, symmetry or a potential, in tenths or thirds."""
    n, below = whole(2, 3), whole(0, 1) * 7 + 3
    kind, size = whole(0, 3), whole(2, 3)
    sizes = (size,) * n if kind == 2 else tuple(whole(2, 3) for _ in range(n))
    known: dict[object, Fraction] = {}

    def number(*key: object) -> Fraction:
        return known.setdefault(key, Fraction(whole(-9, 9), below))

    offset = whole(0, 1) * 10**6
    table = {}
    for joint in joints(sizes):
        if kind == 0:
            own = [number(i, joint) for i in range(n - 1)]
            table[joint] = [*own, Fraction(1, 3) - sum(own)]
        elif kind == 1:
            table[joint] = [number(joint)] * n
        elif kind == 2:
            table[joint] = [number(joint[i], *sorted(joint[:i] + joint[i + 1 :])) for i in range(n)]
        else:
            table[joint] = [number(joint) + number(i, *(a for k, a in enumerate(joint) if k != i)) for i in range(n)]
        table[joint] = [payoff + offset for payoff in table[joint]]
    return sizes, table


def spec(sizes: tuple[int, ...], table: dict[Joint, list[Fraction]]) -> str:
    """The game as a user writes it: a tensor for each player, in fractions."""

    def nested(i: int, joint: Joint) -> str:
        if len(joint) == len(sizes):
            return f"{table[joint][i].numerator}/{table[joint][i].denominator}"
        return f"[{', '.join(nested(i, (*joint, a)) for a in range(sizes[len(joint)]))}]"

    return f"{{kind: matrix, payoffs: {{{', '.join(f'P{i}: {nested(i, ())}' for i in range(len(sizes)))}}}}}"


@on_random_games(300)
def test_written_payoffs_are_decided_exactly(whole: Whole) -> None:
    sizes, table = structured(whole)
    if whole(0, 2):
        joint = tuple(whole(0, size - 1) for size in sizes)
        table[joint][whole(0, len(sizes) - 1)] += Fraction(whole(-1, 1), 10 ** whole(13, 25))
    found = findings(parse(spec(sizes, table), "game.yaml").form)
    assert {name: found[name].holds for name in NAMES} == structure(Game(sizes, lambda joint: table[joint]))
    assert not [name for name in NAMES if "rounding" in found[name].evidence]
    search = found["potential"].search
    assert search is not None
    if search.open_cycle is not None:
        total = around(table, search.open_cycle)
        # differences of floats near 10^6 are right to 10^-10, and exact ones to the last digit
        assert search.open_cycle.total == pytest.approx(total, rel=1e-9 if abs(total) > 1e-3 else 1e-14)


def around(table: dict[Joint, list[Fraction]], cycle: Cycle) -> float:
    """What the four moves of the cycle sum to, in fractions."""
    profile = cycle.profile
    at = [int(policy.argmax()) for policy in profile]
    total = Fraction(0)
    moves = ((cycle.i, cycle.other_i), (cycle.j, cycle.other_j))
    for player, policy in (*moves, *((player, profile[player]) for player, _ in moves)):
        before = table[tuple(at)][player]
        at[player] = int(policy.argmax())
        total += table[tuple(at)][player] - before
    return float(total)


@on_random_games(200)
def test_floats_that_differ_by_rounding_are_said_to_do_so_and_others_refute(whole: Whole) -> None:
    """Payoffs that somebody computed: as far apart as 10^-13 of the range they are no rounding."""
    sizes, table = structured(whole)
    near = whole(0, 1)
    if near:
        joint = tuple(whole(0, size - 1) for size in sizes)
        table[joint][whole(0, len(sizes) - 1)] += Fraction(3, 10**3) if table[joint][0] > 10**5 else Fraction(1, 10**12)
    payoffs = np.array([table[joint] for joint in joints(sizes)], dtype=np.float64).T.reshape(len(sizes), *sizes)
    actions = tuple(tuple(str(a) for a in range(size)) for size in sizes)
    found = findings(TensorGame(tuple(map(str, range(len(sizes)))), actions, payoffs))
    assert {name: found[name].holds for name in NAMES} == structure(Game(sizes, lambda joint: table[joint]))
    whole_numbers = bool((payoffs % 1 == 0).all())
    for name in NAMES:
        if found[name].holds and not (name == "anonymous" and len(sizes) == 2):
            assert found[name].evidence.endswith(", up to rounding") is not whole_numbers, name


@pytest.mark.parametrize(
    ("name", "payoffs", "evidence"),
    [
        (
            "constant-sum",
            "[[[0.7, 0.3], [0.2, 0.8]], [[0.1, 0.9], [0.6, 0.4000000000001]]]",
            "payoffs sum to 1 at (a1, a1), to 1e-13 more at (a2, a2)",
        ),
        (
            "constant-sum",
            "[[[0.7, -0.7], [0.2, -0.2]], [[0.1, -0.1], [0.6, -0.60000000000000000001]]]",
            "payoffs sum to -1e-20 at (a2, a2), to 0 at (a1, a1)",
        ),
        (
            "common-interest",
            "[[[0.7, 0.7], [0.2, 0.2]], [[1/3, 0.33333333333333333333], [0.6, 0.6]]]",
            "payoffs of P1 and P2 at (a2, a1) differ by 3.3e-21",
        ),
        (
            "potential",
            "[[[0.7, 0.7], [0.2, 0.2]], [[1/3, 0.33333333333333333333], [0.6, 0.6]]]",
            "the worst of 1 cycles of four moves sums to 3.33333e-21, not 0: 6.67e-19 % of the payoff range",
        ),
    ],
)
def test_differences_that_digits_do_not_show_are_told(name: str, payoffs: str, evidence: str) -> None:
    found = findings(parse(f"{{kind: matrix, payoffs: {payoffs}}}", "game.yaml").form)[name]
    assert (found.holds, found.evidence) == (False, evidence)


def test_floats_of_a_file_are_exact_where_they_decide_and_else_rounded(tmp_path: Path) -> None:
    row = np.random.default_rng(3).random((3, 3)) / 3
    for name, column, told in (
        ("zero", -row, "payoffs sum to 0 at every joint action"),
        ("one", 1 - row, "payoffs sum to 1 at every joint action, up to rounding"),
    ):
        np.save(tmp_path / f"{name}.npy", np.stack([row, column]))
        found = findings(parse(f"{{kind: matrix, payoffs: {name}.npy}}", "g.yaml", folder=tmp_path).form)
        assert (found["constant-sum"].holds, found["constant-sum"].evidence) == (True, told)
    column[1, 1] += 1e-13
    np.save(tmp_path / "near.npy", np.stack([row, column]))
    found = findings(parse("{kind: matrix, payoffs: near.npy}", "g.yaml", folder=tmp_path).form)
    assert found["constant-sum"].holds is False


def stage(change: Callable[[Array], None]) -> Form:
    """A Markov game of one state whose rewards sum to .3, changed."""
    rewards = np.array([[[[0.1, 0.7], [0.2, 0.4]]], [[[0.2, -0.4], [0.1, -0.1]]]])
    change(rewards)
    actions = (("a", "b"), ("c", "d"))
    return DenseMarkovGame(("0", "1"), actions, ("s",), rewards, np.ones((1, 2, 2, 1)), 0.5, np.array([1.0]))


def test_rewards_of_markov_games_are_floats() -> None:
    def scale(rewards: Array) -> None:
        rewards *= 10
        np.rint(rewards, out=rewards)

    def shift(rewards: Array) -> None:
        rewards[1, 0, 1, 1] += 1e-13

    every = "rewards sum to {} in every state at every joint action"
    assert findings(stage(scale))["constant-sum"].evidence == every.format(3)
    assert findings(stage(lambda _: None))["constant-sum"].evidence == every.format(0.3) + ", up to rounding"
    assert findings(stage(shift))["constant-sum"].holds is False


@pytest.mark.parametrize(
    ("last", "holds", "told"),
    [
        ("[3, -3]", True, "payoffs sum to 0 at every leaf"),
        ("[0.3, -0.3]", True, "payoffs sum to 0 at every leaf, up to rounding"),
        (
            "[0.3, -0.3000000000001]",
            False,
            "payoffs sum to -1.00031e-13 after right at root (0), to 0 after left at root (0)",
        ),
    ],
)
def test_leaves_of_constant_sum_but_for_rounding_are_said_to_be_so(last: str, holds: bool, told: str) -> None:
    tree = f"{{player: 0, actions: {{left: {{payoffs: [1, -1]}}, right: {{payoffs: {last}}}}}}}"
    found = findings(parse(f"{{kind: extensive, players: [0, 1], root: {tree}}}", "game.yaml").form)["constant-sum"]
    assert (found.holds, found.evidence) == (holds, told)
