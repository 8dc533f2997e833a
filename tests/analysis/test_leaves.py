"""What the leaves of a sequence form show, and what drawn profiles do."""

from __future__ import annotations

import pytest

from eqsolve.analysis.evidence import evidence
from eqsolve.analysis.finding import Finding
from eqsolve.forms.base import Form
from eqsolve.spec.load import parse


def form(text: str) -> Form:
    return parse(f"{{kind: {text}}}", "game.yaml").form


def findings(text: str) -> dict[str, Finding]:
    return {finding.name: finding for finding in evidence(form(text), cycles=20)}


def test_constant_sums_are_proved_or_refuted_by_two_ends() -> None:
    found = findings("kuhn")["constant-sum"]
    assert (found.holds, found.value, found.evidence) == (True, 0, "payoffs sum to 0 at every leaf")
    found = findings("extensive, root: {player: 0, actions: {l: {payoffs: [1, 2]}, r: {payoffs: [4, -1]}}}")[
        "constant-sum"
    ]
    assert (found.holds, found.value, found.evidence) == (True, 3, "payoffs sum to 3 at every leaf")
    found = findings("extensive, root: {player: 0, actions: {l: {payoffs: [1, 2]}, r: {payoffs: [4, 0]}}}")[
        "constant-sum"
    ]
    assert (found.holds, found.value) == (False, None)
    assert found.evidence == "payoffs sum to 3 after l at root (P1), to 4 after r at root (P1)"


def test_common_interest_is_proved_or_refuted_by_one_end() -> None:
    team = "extensive, root: {player: 0, actions: {l: {payoffs: [1, 1]}, r: {player: 1, actions: {x: {payoffs: [4, 4]},"
    found = findings(f"{team} y: {{payoffs: [0, 0]}}}}}}}}}}")
    assert found["common-interest"].holds
    assert found["potential"].holds
    assert found["potential"].evidence.startswith("the common payoffs are one; no violation found")
    found = findings(f"{team} y: {{payoffs: [0, -2]}}}}}}}}}}")
    assert found["common-interest"].holds is False
    assert (
        found["common-interest"].evidence == "payoffs of P1 and P2 after r at root (P1), y at root/r (P2) are 0 and -2"
    )


@pytest.mark.parametrize("text", ["kuhn, players: 3", "leduc"])
def test_players_with_other_information_sets_are_not_exchanged(text: str) -> None:
    found = findings(text)
    for name in ("symmetric", "anonymous"):
        assert found[name].holds is False
        assert found[name].evidence == "P1 and P2 do not have the same information sets"


def test_a_game_that_is_symmetric_but_for_the_numbering_is_not_called_asymmetric() -> None:
    found = findings("goofspiel, cards: 3")
    for name in ("symmetric", "anonymous"):
        unknown = "which information sets correspond to each other is not known"
        assert (found[name].holds, found[name].evidence) == (None, unknown)


def test_an_open_cycle_is_one_of_pure_or_mixed_rows_of_any_length() -> None:
    game = form("leduc, suits: 1, raises: 1")
    search = {finding.name: finding for finding in evidence(game, cycles=20)}["potential"].search
    assert search is not None
    assert search.open_cycle is not None
    cycle = search.open_cycle
    for profile in (cycle.profile, tuple(cycle.other_i if k == cycle.i else p for k, p in enumerate(cycle.profile))):
        assert game.check(profile).notes == ()
    assert abs(cycle.total) == pytest.approx(search.largest)
