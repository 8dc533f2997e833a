"""Games that a program tells by rules of its own: the trees that they are, and what is wrong with them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import eqsolve
from eqsolve.errors import InputError
from eqsolve.families.extensive.kuhn import Betting, Kuhn
from eqsolve.forms.extensive.dealt import Dealt
from reference.forms import as_mixed
from reference.specs import text_of


class Nim:
    """One heap of stones; each takes one or two, and who takes the last one wins. Ints stand where rules have text."""

    players = ("First", "Second")

    def __init__(self, stones: int) -> None:
        self.stones = stones

    def root(self) -> tuple[int, int]:
        return 0, self.stones

    def turn(self, state: tuple[int, int]) -> int:
        return state[0] if state[1] else -2

    def chances(self, state: Any) -> list[Any]:
        raise AssertionError("nothing is drawn")

    def infoset(self, state: tuple[int, int]) -> str:
        return f"{state[1]} left"

    def actions(self, state: tuple[int, int]) -> list[int]:
        return [k for k in (1, 2) if k <= state[1]]

    def after(self, state: tuple[int, int], choice: int) -> tuple[int, int]:
        return 1 - state[0], state[1] - (choice + 1)

    def payoffs(self, state: tuple[int, int]) -> Any:
        return np.array([-1, 1]) if state[0] == 0 else np.array([1, -1])


class TestRules:
    """Games whose rules are objects of a program."""

    def test_a_game_of_rules_is_solved_and_kept(self) -> None:
        game = eqsolve.extensive(Nim(2))
        assert text_of(game).hash == game.hash
        result = eqsolve.solve(Nim(2))
        assert result.answer is not None
        assert result.answer.record.measured["values"].tolist() == pytest.approx([1, -1])

    def test_rules_of_ours_make_the_game_that_their_family_makes(self) -> None:
        game = eqsolve.extensive(Dealt(Betting(("A", "B"))))
        kuhn = Kuhn(kind="kuhn", players=["A", "B"])  # type: ignore[arg-type]  # as a spec has it
        uniform = eqsolve.deviations(game, as_mixed(game.form).uniform())
        assert uniform.regrets == pytest.approx(eqsolve.deviations(kuhn, kuhn.build().uniform()).regrets)
        assert as_mixed(game.form).payoff_range == kuhn.build().payoff_range

    def test_a_player_who_forgets_is_found_without_a_place_in_a_text(self) -> None:
        rules = Nim(4)
        rules.infoset = lambda state: f"{state[1] > 2}"  # type: ignore[method-assign]  # what is forgotten: how many
        with pytest.raises(InputError, match=r"^eqsolve\.extensive: ") as refusal:
            _ = eqsolve.extensive(rules).form
        assert "recall" in refusal.value.message or "actions" in refusal.value.message

    @pytest.mark.parametrize(
        ("method", "answer", "message"),
        [
            ("turn", 2, "turn((0, 2)): expected a player from 0 to 1, CHANCE (-1) or TERMINAL (-2), got 2"),
            ("turn", "First", "expected a player from 0 to 1, CHANCE (-1) or TERMINAL (-2), got 'First'"),
            ("actions", [], "actions((0, 2)): expected labels, got none"),
            ("actions", ["a", "a"], "a label is there twice: a, a"),
            ("actions", None, "expected labels, got nothing"),
            ("infoset", (1, 2), "infoset((0, 2)): expected a label, got a list"),
            ("payoffs", [1], "expected 2, one per player, got 1"),
            ("payoffs", [1, None], "expected a number, got nothing"),
            ("payoffs", 3, "expected numbers, one per player, got 3"),
        ],
    )
    def test_a_wrong_answer_of_the_rules_is_named(self, method: str, answer: Any, message: str) -> None:
        rules = Nim(2)
        setattr(rules, method, lambda state: answer)
        with pytest.raises(InputError) as refusal:
            eqsolve.extensive(rules)
        assert refusal.value.message.startswith("eqsolve.extensive: ")
        assert message in refusal.value.message

    @pytest.mark.parametrize(
        ("chances", "message"),
        [
            ([("a", 0.5), ("b", 0.3)], "the probabilities sum to 0.8, not 1"),
            ([("a", 1), ("b", 0)], "expected a probability above 0"),
            (["a"], "expected (label, probability), got 'a'"),
        ],
    )
    def test_chances_are_looked_at(self, chances: list[Any], message: str) -> None:
        rules = Nim(2)
        rules.turn = lambda state: -1 if state == (0, 2) else -2  # type: ignore[method-assign]
        rules.chances = lambda state: chances  # type: ignore[method-assign]
        with pytest.raises(InputError) as refusal:
            eqsolve.extensive(rules)
        assert message in refusal.value.message

    def test_a_game_that_never_ends_is_refused(self) -> None:
        rules = Nim(2)
        rules.after = lambda state, choice: state  # type: ignore[method-assign]
        rules.actions = lambda state: ["on"]  # type: ignore[method-assign, list-item]
        with pytest.raises(InputError, match="does the game end"):
            eqsolve.extensive(rules)
