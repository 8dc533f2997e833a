"""Best replies: pure, worth what the judge says a best response is worth, and without any gain left."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from eqsolve.forms.base import Form, Profile
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.metrics import extensive as sequence
from eqsolve.metrics.judge import deviations
from eqsolve.metrics.replies import best_replies
from eqsolve.spec.load import parse
from reference import draws
from reference.draws import Whole, on_random_games
from reference.forms import arrays, as_mixed, tensor_game
from reference.specs import TEXTS

#: Beside the small games: horizons, rounds that return to their start, local policies, hands.
MORE = {
    "routing": "{kind: routing, players: 2, layers: 1}",
    "local routing": "{kind: routing, players: 2, layers: 1, policy: local}",
    "leduc": "{kind: leduc}",
    "goofspiel": "{kind: goofspiel, cards: 3}",
}


def random_profile(form: Form, seed: int) -> Profile:
    weights = np.random.default_rng(seed).random(int(form.offsets[-1]))
    if (legal := as_mixed(form).legal) is not None:
        weights *= form.pack(tuple(mask.astype(float) for mask in legal))
    sums = np.add.reduceat(weights, form.row_offsets[:-1])
    return form.unpack(weights / np.repeat(sums, np.diff(form.row_offsets)))


def assert_best(form: Form, profile: Profile) -> None:
    """Each reply is pure, gets the judge's best-response value against the others, and leaves no gain anywhere."""
    found, replies = deviations(form, profile), best_replies(form, profile)
    close = partial(np.testing.assert_allclose, rtol=0, atol=1e-9 * max(1.0, as_mixed(form).payoff_range))
    assert set(form.pack(form.check(replies).profile).tolist()) <= {0, 1}
    for i, reply in enumerate(replies):
        replaced = deviations(form, (*profile[:i], reply, *profile[i + 1 :]))
        close(replaced.values[i], found.best_values[i])
        close(replaced.regrets[i], 0)


@pytest.mark.parametrize("text", [*TEXTS.values(), *MORE.values()], ids=[*TEXTS, *MORE])
def test_each_player_gets_the_most_against_the_others(text: str) -> None:
    form = parse(text, "game").form
    for seed in range(3):
        assert_best(form, random_profile(form, seed))


@pytest.mark.parametrize("text", ["{kind: kuhn}", "{kind: leduc}"])
def test_card_games_whose_leaves_are_not_written_down(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequence, "LEAVES_A_BLOCK", 0)
    form = parse(text, "game").form
    assert isinstance(form, SequenceForm)
    assert sequence.by_blocks(form)
    assert_best(form, random_profile(form, 0))


@on_random_games(300)
def test_of_equally_good_actions_the_first_is_taken(whole: Whole) -> None:
    game = draws.normal(whole)
    form, profile = tensor_game(game), arrays(draws.profile(whole, game.sizes))
    for reply, payoffs in zip(best_replies(form, profile), form.backup(profile), strict=True):
        assert reply.argmax() == np.flatnonzero(payoffs == payoffs.max())[0]


def test_a_set_that_the_others_never_let_the_player_reach_has_its_first_action() -> None:
    """After `out` the second player never moves; each of their actions is worth the same then."""
    second = "{player: B, actions: {a: {payoffs: [1, 1]}, b: {payoffs: [0, 2]}}}"
    tree = f"{{player: A, actions: {{out: {{payoffs: [0, 0]}}, in: {second}}}}}"
    form = parse(f"{{kind: extensive, players: [A, B], root: {tree}}}", "tree").form
    stays_out = tuple(np.array(policy) for policy in ([1.0, 1.0, 0.0], [1.0, 0.5, 0.5]))
    assert best_replies(form, stays_out)[1].tolist() == [1, 1, 0]
    comes_in = (np.array([1.0, 0.0, 1.0]), stays_out[1])
    assert best_replies(form, comes_in)[1].tolist() == [1, 0, 1]
