"""From rules to sequence form: numbering, merging, and what is no game with perfect recall."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from eqsolve.errors import InputError, TreeError
from eqsolve.forms.extensive import walk
from eqsolve.forms.extensive.walk import sequence_form
from reference import draws, extensive
from reference.draws import Whole, on_random_games
from reference.extensive import Node, Tree


def end(*payoffs: int | Fraction) -> Node:
    return Node(payoffs=payoffs)


def move(player: int, label: str, **children: Node) -> Node:
    return Node(children=tuple(children.items()), player=player, label=label)


def chance(*outcomes: tuple[Any, Node]) -> Node:
    return Node(
        children=tuple((str(k), node) for k, (_, node) in enumerate(outcomes)), chances=tuple(p for p, _ in outcomes)
    )


@on_random_games(300)
def test_every_history_has_its_leaf(whole: Whole) -> None:
    """Leaf by leaf: chance and payoffs of the histories whose last own sequences these are, by brute force."""
    tree = draws.extensive(whole)
    form = sequence_form(tree)
    expected: dict[tuple[int, ...], tuple[Fraction, list[Fraction]]] = {}

    def number(i: int, history: Sequence[tuple[str, int]]) -> int:
        if not history:
            return 0
        label, action = history[-1]
        treeplex = form.treeplexes[i]
        return int(treeplex.first[treeplex.infosets.index(label)]) + action

    def visit(node: Node, p: Fraction, own: tuple[tuple[tuple[str, int], ...], ...]) -> None:
        if not node.children:
            key = tuple(number(i, history) for i, history in enumerate(own))
            before, sums = expected.setdefault(key, (Fraction(0), [Fraction(0)] * len(own)))
            expected[key] = before + p, [s + p * x for s, x in zip(sums, node.payoffs, strict=True)]
        for k, (_, child) in enumerate(node.children):
            if node.player < 0:
                visit(child, p * node.chances[k], own)
            else:
                after = (*own[node.player], (node.label, k))
                visit(child, p, (*own[: node.player], after, *own[node.player + 1 :]))

    visit(tree.top, Fraction(1), ((),) * len(tree.players))
    found = list(zip(*form.leaves.sequences.tolist(), strict=True))
    assert found == sorted(expected)
    assert form.leaves.chance.tolist() == pytest.approx([float(expected[key][0]) for key in found], abs=1e-15)
    means = [[float(s / expected[key][0]) for s in expected[key][1]] for key in found]
    np.testing.assert_allclose(form.leaves.payoffs.T, means, rtol=0, atol=1e-13)


@on_random_games(200)
def test_information_sets_are_ordered_by_depth_then_first_visit(whole: Whole) -> None:
    tree = draws.extensive(whole)
    form = sequence_form(tree)
    places = extensive.infosets(tree)
    for i, treeplex in enumerate(form.treeplexes):
        depth: dict[int, int] = {0: -1}
        for parent, first, count in zip(treeplex.parent, treeplex.first, treeplex.count, strict=True):
            depth |= {int(first) + k: depth[int(parent)] + 1 for k in range(count)}
        depths = [depth[int(first)] for first in treeplex.first]
        visits = [list(places).index((i, label)) for label in treeplex.infosets]
        assert list(zip(depths, visits, strict=True)) == sorted(zip(depths, visits, strict=True))
        assert treeplex.first.tolist() == [1 + sum(treeplex.count[:k]) for k in range(len(treeplex.count))]
        assert [slice(*level) for level in treeplex.levels] == [
            slice(depths.index(d), len(depths) - depths[::-1].index(d)) for d in sorted(set(depths))
        ]
        labels = [a for label in treeplex.infosets for a in places[i, label]]
        assert treeplex.actions == ("", *labels)


def test_leaves_that_nobody_tells_apart_are_one_and_the_payoff_range_remembers_them() -> None:
    tree = Tree(("A",), move(0, "x", l=chance((Fraction(1, 4), end(8)), (Fraction(3, 4), end(-4))), r=end(0)))
    form = sequence_form(tree)
    assert form.leaves.sequences.tolist() == [[1, 2]]
    assert form.leaves.chance.tolist() == [1, 1]
    assert form.leaves.payoffs.tolist() == [[-1, 0]]
    assert form.payoff_range == 12


def test_a_game_that_is_over_at_once_has_one_leaf() -> None:
    form = sequence_form(Tree(("A", "B"), end(3, -1)))
    assert form.shapes == ((1,), (1,))
    assert form.leaves.payoffs.tolist() == [[3], [-1]]
    assert [policy.tolist() for policy in form.uniform()] == [[1], [1]]


def mistakes() -> list[tuple[Tree, str]]:
    forgets = move(0, "x", l=move(0, "y", a=end(1), b=end(2)), r=move(0, "y", a=end(3), b=end(4)))
    meets_again = move(0, "x", l=move(0, "x", l=end(0), r=end(1)), r=end(2))
    other_actions = chance(
        (Fraction(1, 2), move(0, "x", l=end(0), r=end(1))), (Fraction(1, 2), move(0, "x", l=end(0), m=end(1)))
    )
    twice = Node(children=(("l", end(0)), ("l", end(1))), player=0, label="x")
    short = chance((Fraction(1, 3), end(0)), (Fraction(1, 3), end(1)))
    almost = chance((0.5, end(0)), (0.5 + 1e-6, end(1)))
    return [
        (
            Tree(("A",), forgets),
            "no perfect recall: player A comes to information set 'y' after 'l' at 'x' and after 'r' at 'x'",
        ),
        (Tree(("A",), meets_again), "comes to information set 'x' after nothing and after 'l' at 'x'"),
        (Tree(("A",), other_actions), r"'x' of player A has actions \[l, r\] in one place and \[l, m\] in another"),
        (Tree(("A",), twice), r"'x' of player A has an action twice: \[l, l\]"),
        (Tree(("A",), short), r"the chances sum to 2/3, not 1 \(at the root\)"),
        (Tree(("A",), almost), "the chances sum to 1.000001, not 1"),
        (Tree(("A",), chance((0, end(0)), (1, end(1)))), "a chance is 0, not positive"),
        (Tree(("A",), chance((float("nan"), end(0)))), "a chance is nan, not positive"),
        (Tree(("A", "B"), move(0, "x", l=end(0))), r"expected 2 payoffs, one per player, found 1 \(history: l\)"),
        (Tree(("A",), move(0, "x", l=Node(payoffs=(float("inf"),)))), r"not a finite number \(history: l\)"),
    ]


@pytest.mark.parametrize(("tree", "message"), mistakes())
def test_what_is_no_game_is_told_in_one_line(tree: Tree, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        sequence_form(tree)
    assert "\n" not in caught.value.message


def test_a_fault_of_recall_knows_its_state_and_where_long_histories_part() -> None:
    there, here = (move(0, "y", a=end(1, 1), b=end(2, 2)) for _ in range(2))
    tree = move(0, "x", l=there, r=here)
    for k in range(20):
        tree = move(1, f"z{k}", on=tree, off=end(0, 0))
    parted = r"\(histories: 16 alike, on, on, on, on, l; 16 alike, on, on, on, on, r\)"
    with pytest.raises(TreeError, match=parted) as caught:
        sequence_form(Tree(("A", "B"), tree))
    assert caught.value.state is here


def test_floats_that_sum_to_one_but_for_rounding_are_chances() -> None:
    form = sequence_form(Tree(("A",), chance(*((0.1, end(k)) for k in range(10)))))
    assert form.leaves.chance.sum() == pytest.approx(1)


class Line:
    """One player who goes on and on; after `moves` moves it is over, if ever."""

    players = ("A",)

    def __init__(self, moves: int | None) -> None:
        self.moves = moves

    def root(self) -> int:
        return 0

    def turn(self, state: int) -> int:
        return extensive.TERMINAL if state < 0 or state == self.moves else 0

    def chances(self, state: int) -> list[tuple[str, Fraction | float]]:
        raise NotImplementedError

    def infoset(self, state: int) -> str:
        return str(state)

    def actions(self, state: int) -> tuple[str, ...]:
        return ("on", "stop")

    def after(self, state: int, choice: int) -> int:
        return -1 if choice else state + 1

    def payoffs(self, state: int) -> list[Fraction | float]:
        return [Fraction(state)]


def test_a_deep_tree_is_walked_and_an_endless_one_is_told() -> None:
    form = sequence_form(Line(20_000))
    assert form.shapes == ((40_001,),)
    assert len(form.treeplexes[0].levels) == 20_000
    with pytest.raises(InputError, match=r"more than 100000 moves: does the game end\? \(history: on, on, on"):
        sequence_form(Line(None))


def test_a_tree_too_large_to_walk_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAX_NODES", 1000)
    with pytest.raises(InputError, match="more than 1000 nodes: 0 leaves and 1000 information sets of the players"):
        sequence_form(Line(5000))
