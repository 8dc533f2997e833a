"""Walks of trees, and labels that tell things apart."""

from __future__ import annotations

from collections import deque
from fractions import Fraction

import pytest

from eqsolve.errors import InputError
from eqsolve.formats import tree
from eqsolve.formats.tree import distinct, visits, written
from reference.extensive import Node, Tree


def test_labels_alike_get_numbers_that_are_free() -> None:
    assert distinct(["a", "b"]) == ("a", "b")
    assert distinct(["a", "a", "a (1)", ""]) == ("a (2)", "a (3)", "a (1)", "4")


def test_rules_without_end_are_refused() -> None:
    class Endless(Tree):
        def after(self, state: Node, choice: int) -> Node:
            return state

    top = Node(children=(("on", Node()),), player=0, label="x")
    with pytest.raises(InputError, match="more than 100000 moves"):
        deque(visits(Endless(("A",), top)), maxlen=0)


def test_a_history_may_be_as_long_as_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def moves(count: int) -> Tree:
        node = Node()
        for _ in range(count):
            node = Node(children=(("on", node),), player=0, label="x")
        return Tree(("A",), node)

    monkeypatch.setattr(tree, "MAX_MOVES", 3)
    assert len(list(visits(moves(3)))) == 4
    with pytest.raises(InputError, match="more than 3 moves"):
        list(visits(moves(4)))


@pytest.mark.parametrize(
    ("number", "text"), [("99", "99"), ("100", "100.0"), ("-1/99", "-1/99"), ("1/100", "0.01"), ("-101", "-101.0")]
)
def test_rationals_with_more_digits_than_are_wanted_are_written_as_floats(number: str, text: str) -> None:
    assert written(Fraction(number), 2) == text
