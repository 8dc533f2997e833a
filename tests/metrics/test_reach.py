"""Which information sets play reaches, against a walk of every history."""

from __future__ import annotations

import pytest

from eqsolve.forms.extensive.walk import sequence_form
from eqsolve.metrics import reach
from eqsolve.metrics.reach import Unreached, unreached
from eqsolve.spec.load import parse
from reference import draws, extensive
from reference.draws import Whole, on_random_games
from reference.forms import as_mixed, sequence_policies


@on_random_games(300)
def test_reached_is_what_a_walk_comes_to_with_positive_probability(whole: Whole) -> None:
    tree = draws.extensive(whole, 5)
    chosen, form = draws.behaviour(whole, tree), sequence_form(tree)
    found = unreached(form, sequence_policies(form, chosen))
    assert found is not None
    for i, treeplex in enumerate(form.treeplexes):
        walked = extensive.reaches(tree, chosen, i)
        for label, why in zip(treeplex.infosets, found[i], strict=True):
            own, others = walked[label]
            expected = None if own and others else Unreached.OWN if others else Unreached.OTHERS
            assert why == expected


def test_a_player_who_checks_every_card_never_faces_his_own_bet() -> None:
    """Player 0 never bets and player 1 always does: what player 1 would do against a bet is out of reach."""
    form = parse("{kind: kuhn}", "kuhn").form
    policies = [[1, *[1, 0] * 6], [1, *[0, 1] * 6]]
    found = unreached(form, form.check(policies).profile)
    assert found is not None
    first, second = (dict(zip(as_mixed(form).rows_of(i)[1:], found[i], strict=True)) for i in range(2))
    assert set(first.values()) == {None}
    assert {label for label, why in second.items() if why == Unreached.OTHERS} == {"J bet", "Q bet", "K bet"}
    assert Unreached.OWN not in second.values()


def test_beyond_so_many_leaves_and_without_information_sets_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    matrix, kuhn = (parse(text, "g").form for text in ("{kind: matrix, zero_sum: [[1, 0]]}", "{kind: kuhn}"))
    assert unreached(matrix, as_mixed(matrix).uniform()) is None
    monkeypatch.setattr(reach, "MAX_LEAVES_READ", 29)
    assert unreached(kuhn, as_mixed(kuhn).uniform()) is None
