"""The published programme's game: rewards by the load on a vertex, the last joint choice as state."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from eqsolve.errors import SpecError
from eqsolve.forms.base import frozen
from eqsolve.metrics.judge import deviations
from eqsolve.spec.load import parse
from reference.forms import as_mixed


def test_rewards_are_one_over_the_load_in_every_state_and_the_choice_is_the_next_state() -> None:
    form = parse("{kind: routing-published, players: 3, width: 3, discount: 0.5}", "t").form
    assert form.shapes == ((27, 3),) * 3
    assert as_mixed(form).rows[5] == "0-1-2"
    rewards, moves = form.rewards, form.moves  # type: ignore[attr-defined]  # a sparse game
    for cell, (state, *joint) in enumerate(product(range(27), *[range(3)] * 3)):
        for i in range(3):
            assert rewards[(i, state, *joint)] == 1 / joint.count(joint[i])
        assert moves.following[moves.first[cell]] == np.ravel_multi_index(joint, (3, 3, 3))
    assert (moves.probability == 1).all()
    np.testing.assert_allclose(form.start, 1 / 27)  # type: ignore[attr-defined]


def test_two_and_two_everywhere_is_an_equilibrium_and_three_and_one_is_not() -> None:
    form = parse("{kind: routing-published, players: 4}", "t").form
    for split, gap in (((0, 0, 1, 1), 0), ((0, 0, 0, 1), 50 / 3), ((0, 0, 0, 0), 75)):
        measured = deviations(form, frozen(np.tile(np.eye(2)[k], (16, 1)) for k in split))
        np.testing.assert_allclose(measured.regrets.max(), gap, atol=1e-9)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{kind: routing-published, players: 14}", "numbers, more than"),
        ("{kind: routing-published, players: 100000}", "do not fit"),
        ("{kind: routing-published, players: 2, width: 1}", "width"),
        ("{kind: routing-published, players: 2, discount: 1}", "discount 1 needs a game that ends by itself"),
    ],
)
def test_what_cannot_be_is_one_line_each(text: str, message: str) -> None:
    with pytest.raises(SpecError, match=message):
        parse(text, "t")
