"""Small .efg files for tests, and when two sequence forms are the same game."""

from __future__ import annotations

import numpy as np

from eqsolve.forms.extensive.form import SequenceForm

#: Every part of the grammar: old letter, numbers of all sorts, commas or none, line ends anywhere, names left out.
STAGES = r"""EFG 2 D "Two \"stages\"" { "Ann"
"Bob" } "A comment
on two lines"
c "ROOT" 7 "weather" { "sun" .25 "rain" 7.5e-1 } 3 "a gift" { 1, -1 }
p "" 1 5 "sees sun" { "go" "stay" } 0
p "" 2 1 "" { "l" "r" } 4 "fee" { -1/2 0.5, }
t "" 1 "end" { 1e1 2.0 }
t "x" 0
t "" 4
p ""1 9 "sees rain"{"go" "stay"}0 p "" 2 1 0
t "" 1 t "" 2 "" { +3 -2 } t "" 0
"""

#: The same, one declaration each, every payoff at the ends.
FLAT = """EFG 2 R "" { "Ann" "Bob" }
c "" 1 "" { "sun" 1/4 "rain" 3/4 } 0
p "" 1 1 "sees sun" { "go" "stay" } 0
p "" 2 1 "1" { "l" "r" } 0
t "" 1 "" { 21/2, 3/2 }
t "" 2 "" { 1/2, -1/2 }
t "" 2 "" { 1/2, -1/2 }
p "" 1 2 "sees rain" { "go" "stay" } 0
p "" 2 1 "1" { "l" "r" } 0
t "" 3 "" { 11, 1 }
t "" 4 "" { 4, -3 }
t "" 5 "" { 1, -1 }
"""

CARDS = """EFG 2 R "Cards" { "Fred" "Alice" } ""
c "" 1 "" { "red" 1/2 "black" 1/2 } 0
p "" 1 1 "red" { "raise" "fold" } 0
p "" 2 1 "raised" { "meet" "pass" } 0
t "" 1 "" { 2, -2 }
t "" 2 "" { 1, -1 }
t "" 2 "" { 1, -1 }
p "" 1 2 "black" { "raise" "fold" } 0
p "" 2 1 "raised" { "meet" "pass" } 0
t "" 3 "" { -2, 2 }
t "" 2 "" { 1, -1 }
t "" 4 "" { -1, 1 }
"""


def assert_same(one: SequenceForm, other: SequenceForm) -> None:
    """The same players, labels, information sets and leaves, to rounding."""
    assert one.players == other.players
    for a, b in zip(one.treeplexes, other.treeplexes, strict=True):
        assert (a.infosets, a.actions) == (b.infosets, b.actions)
        for field in ("parent", "first", "count"):
            np.testing.assert_array_equal(getattr(a, field), getattr(b, field))
    np.testing.assert_array_equal(one.leaves.sequences, other.leaves.sequences)
    np.testing.assert_allclose(one.leaves.chance, other.leaves.chance, rtol=1e-14)
    np.testing.assert_allclose(one.leaves.payoffs, other.leaves.payoffs, rtol=1e-13, atol=1e-13)
