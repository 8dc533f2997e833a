"""What is written means the same to Gambit. Skipped where its Python package is missing: `pip install pygambit`."""

from __future__ import annotations

import io
from typing import Any

import pytest

from eqsolve.formats.convert import converted
from eqsolve.forms.normal.game import TensorGame
from eqsolve.metrics.judge import values
from eqsolve.spec.formats import named
from eqsolve.spec.load import parse
from reference.efg import CARDS, FLAT, STAGES
from reference.forms import as_mixed
from reference.nfg import OUTCOMES, PAYOFFS, THREE

#: What Gambit's own reader takes: a name for each outcome, no plus, no comma between numbers; and since its `to_arrays`
#: fails where outcome 0 is, another in its place.
STRICT = OUTCOMES.replace("NFG 1 D", "NFG 1 R").replace("2, 0", "2 3").replace("{ +4 5.", '{ "" 4 5.')

pygambit: Any = pytest.importorskip("pygambit")


def written(text: str, name: str) -> io.BytesIO:
    row = named(name)
    assert row is not None
    found = converted(parse(text, "g"), row)
    assert isinstance(found, str)
    return io.BytesIO(found.encode())


@pytest.mark.parametrize(
    "text", [STAGES, FLAT, CARDS, "{kind: kuhn}", "{kind: kuhn, players: 3}", "{kind: leduc}", "{kind: goofspiel}"]
)
def test_uniform_play_is_worth_as_much_to_gambit(text: str) -> None:
    game = parse(text, "g")
    theirs = pygambit.read_efg(written(text, "efg"))
    uniform = theirs.mixed_behavior_profile()
    found = [float(uniform.payoff(player)) for player in theirs.players]
    assert values(game.form, as_mixed(game.form).uniform())[:, 0] == pytest.approx(found, abs=1e-9)


def test_gambit_finds_the_value_of_kuhn_poker() -> None:
    theirs = pygambit.read_efg(written("{kind: kuhn}", "efg"))
    [equilibrium] = pygambit.nash.lp_solve(theirs, rational=True).equilibria
    assert [str(equilibrium.payoff(player)) for player in theirs.players] == ["-1/18", "1/18"]


@pytest.mark.parametrize("text", [PAYOFFS, STRICT, THREE])
def test_a_payoff_table_means_the_same_to_gambit_as_read_and_as_written(text: str) -> None:
    form = parse(text, "g.nfg").form
    assert isinstance(form, TensorGame)
    for theirs in (pygambit.read_nfg(io.BytesIO(text.encode())), pygambit.read_nfg(written(text, "nfg"))):
        tables = [[float(x) for x in array.ravel()] for array in theirs.to_arrays(dtype=float)]
        assert tables == form.payoffs.reshape(len(form.players), -1).tolist()


@pytest.mark.parametrize("number", ["1e-7", "2.5e99", "1e-300", "123456789.123456789", "1e16", "0.1"])
def test_gambit_reads_every_number_that_is_written(number: str) -> None:
    theirs = pygambit.read_nfg(written(f"{{kind: matrix, payoffs: [[{number}, 0]]}}", "nfg"))
    assert float(theirs.to_arrays(dtype=float)[0][0]) == pytest.approx(float(number), rel=1e-15)
