"""Texts in .efg files; whole files are written and read in test_convert.py."""

from __future__ import annotations

import pytest

from eqsolve.formats.gambit import quoted
from eqsolve.formats.tokens import Tokens


@pytest.mark.parametrize(
    "label", ["plain", 'a "b" c', "back\\slash", "ends\\", '\\"', "\\\\", "é ü 漢", "{ , }", "1/2"]
)
def test_labels_survive_quotation(label: str) -> None:
    assert Tokens(quoted(label), "t").label("a label") == label
