"""Walks of trees, and labels that tell things apart."""

from __future__ import annotations

from collections import deque

import pytest

from eqsolve.errors import InputError
from eqsolve.formats.tree import distinct, visits
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
