"""What is written means the same to Gambit. Skipped where its Python package is missing: `pip install pygambit`."""

from __future__ import annotations

import io
from typing import Any

import pytest

from eqsolve.formats.convert import converted
from eqsolve.metrics.judge import values
from eqsolve.spec.formats import named
from eqsolve.spec.load import parse
from reference.efg import CARDS, FLAT, STAGES

pygambit: Any = pytest.importorskip("pygambit")


@pytest.mark.parametrize(
    "text", [STAGES, FLAT, CARDS, "{kind: kuhn}", "{kind: kuhn, players: 3}", "{kind: leduc}", "{kind: goofspiel}"]
)
def test_uniform_play_is_worth_as_much_to_gambit(text: str) -> None:
    game, row = parse(text, "g"), named("efg")
    assert row is not None
    theirs = pygambit.read_efg(io.BytesIO(converted(game, row).encode()))
    uniform = theirs.mixed_behavior_profile()
    found = [float(uniform.payoff(player)) for player in theirs.players]
    assert values(game.form, game.form.uniform())[:, 0] == pytest.approx(found, abs=1e-9)


def test_gambit_finds_the_value_of_kuhn_poker() -> None:
    row = named("efg")
    assert row is not None
    theirs = pygambit.read_efg(io.BytesIO(converted(parse("{kind: kuhn}", "g"), row).encode()))
    [equilibrium] = pygambit.nash.lp_solve(theirs, rational=True).equilibria
    assert [str(equilibrium.payoff(player)) for player in theirs.players] == ["-1/18", "1/18"]
