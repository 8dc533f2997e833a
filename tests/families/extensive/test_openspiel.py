"""Games asked of OpenSpiel: the same sizes and values as its own, ours and its algorithms say; refusals in a line."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import InputError, SpecError
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.metrics.judge import deviations
from eqsolve.spec.load import load, parse
from reference.forms import as_mixed

pyspiel: Any = pytest.importorskip("pyspiel")

SAME = {
    "kuhn_poker": "{kind: kuhn}",
    "kuhn_poker(players=3)": "{kind: kuhn, players: 3}",
    "leduc_poker": "{kind: leduc, merge_suits: false}",
    "liars_dice(dice_sides=3)": "{kind: liars-dice, sides: 3}",
    "goofspiel(imp_info=True,num_cards=3,points_order=descending)": "{kind: goofspiel, cards: 3}",
}


def form_of(text: str) -> SequenceForm:
    form = parse(text, "t").form
    assert isinstance(form, SequenceForm)
    return form


@pytest.mark.parametrize("name", SAME)
def test_our_families_are_openspiels_games(name: str) -> None:
    theirs, ours = load(f"openspiel:{name}").form, form_of(SAME[name])
    assert isinstance(theirs, SequenceForm)
    assert theirs.counts == ours.counts
    values = [deviations(form, form.uniform()) for form in (theirs, ours)]
    np.testing.assert_allclose(values[0].values, values[1].values, atol=1e-12)
    np.testing.assert_allclose(values[0].regrets, values[1].regrets, atol=1e-12)


@pytest.mark.parametrize("name", ["kuhn_poker", "leduc_poker", "first_sealed_auction(max_value=4)"])
def test_the_judge_agrees_with_openspiels(name: str) -> None:
    form = load(f"openspiel:{name}").form
    conv = pyspiel.nash_conv(pyspiel.load_game(name), pyspiel.UniformRandomPolicy(pyspiel.load_game(name)))
    assert deviations(form, as_mixed(form).uniform()).regrets.sum() == pytest.approx(conv, abs=1e-10)


def test_a_game_by_name_is_solved_and_named() -> None:
    game = load("openspiel:kuhn_poker")
    assert (game.kind, game.name) == ("openspiel", "kuhn_poker")
    result = api.solve(game)
    assert result.answer is not None
    assert result.answer.record.measured["values"][0] == pytest.approx(-1 / 18, abs=1e-9)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("kuhn_pokr", "OpenSpiel has no game 'kuhn_pokr'"),
        ("kuhn_poker(players=99)", "OpenSpiel refuses"),
        ("liars_dice_ir(dice_sides=3)", "no perfect recall"),
        ("markov_soccer", "openspiel:markov_soccer"),
    ],
)
def test_what_is_no_tree_with_recall_is_refused(name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _ = load(f"openspiel:{name}").form


def test_games_too_large_to_walk_end_before_memory_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eqsolve.families.extensive.openspiel.MAX_HISTORIES", 1000)
    with pytest.raises(InputError, match="has more than 1000 histories"):
        _ = load("openspiel:liars_dice(dice_sides=3)").form


@pytest.mark.parametrize("name", ["chess", "cliff_walking", "latent_ttt", "goofspiel(num_cards=100)"])
def test_games_far_too_large_are_not_walked(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("eqsolve.forms.extensive.walk.sequence_form", None)
    with pytest.raises(InputError, match="has far more than 1000000 histories"):
        _ = load(f"openspiel:{name}").form


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(SpecError, match="name of a game"):
        load("openspiel:")
