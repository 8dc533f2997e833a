"""Any game of OpenSpiel that is a finite tree, by its name and parameters there.

Lanctot et al. 2019, arXiv:1908.09453. OpenSpiel itself is the rules: states, chances, information states and returns
are asked of it (extra `openspiel`). Games of simultaneous moves are played in turn, unseen, by its own transform.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, field_validator

from eqsolve.errors import InputError
from eqsolve.forms.rules import CHANCE, TERMINAL, Rules
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal, nearest

if TYPE_CHECKING:
    from eqsolve.forms.extensive.form import SequenceForm

#: Histories walked at most: OpenSpiel's states are large, and most of its games are far too large to be written out.
MAX_HISTORIES = 1_000_000
#: Estimates of how many there are, before any walk; of so many random plays each.
ESTIMATES, PLAYS = 6, 50
#: All estimates must be so many times too large. Of a game that fits each is, by Markov's inequality, with probability
#: 1/10 at most, so that one in 10⁶ is refused wrongly.
BEYOND = 10


class OpenSpiel(Family):
    """A game of OpenSpiel by its name there, parameters in brackets."""

    kind: Literal["openspiel"] = Field(description="The family.")
    game: str = Field(description="Name and parameters as OpenSpiel writes them.")

    template: ClassVar[str] = """\
kind: openspiel
game: kuhn_poker(players=3)     # as OpenSpiel writes it; needs the extra `openspiel`
"""

    @field_validator("game")
    @classmethod
    def _named(cls, game: str) -> str:
        if not game.strip() or len(game) > 1000 or not game.isprintable():
            raise Refusal("expected the name of a game of OpenSpiel", "e.g. leduc_poker(players=3)")
        return game.strip()

    def rules(self) -> Rules:
        """The game as plain rules; InputError where OpenSpiel is missing, does not know it, or has it as no tree, or as
        far too large a one.
        """
        game, random = _loaded(self.game), Random(0)  # noqa: S311  (plays, no secrets)
        if all(_seems_beyond(game, random) for _ in range(ESTIMATES)):
            raise _too_large(f"far more than {MAX_HISTORIES}")
        return _Spiel(game)

    def build(self) -> SequenceForm:
        """The game in sequence form, walked; InputError as for `rules`, and where a player forgets."""
        from eqsolve.forms.extensive.walk import sequence_form

        return sequence_form(self.rules())


def _loaded(name: str) -> Any:
    """OpenSpiel's game, one mover at a time."""
    try:
        import pyspiel
    except ImportError:
        raise InputError(
            "OpenSpiel is not installed", "the extra `openspiel` brings it: pip install '.[openspiel]'"
        ) from None
    short = name.split("(")[0]
    if short not in pyspiel.registered_names():  # asked first: its own refusal prints all names
        known = (
            f"`python -c 'import pyspiel; print(pyspiel.registered_names())'` lists {len(pyspiel.registered_names())}"
        )
        raise InputError(f"OpenSpiel has no game '{short}'", nearest(short, pyspiel.registered_names(), known))
    try:
        game = pyspiel.load_game(name)
        kind = game.get_type()
        if kind.dynamics == pyspiel.GameType.Dynamics.SIMULTANEOUS:
            game = pyspiel.convert_to_turn_based(game)
            kind = game.get_type()
    except (pyspiel.SpielError, RuntimeError) as error:
        raise InputError(f"OpenSpiel refuses '{name}': {str(error).splitlines()[0][:200]}") from None
    if kind.dynamics != pyspiel.GameType.Dynamics.SEQUENTIAL:
        raise InputError(f"'{name}' is no game of moves in turn")
    if kind.chance_mode == pyspiel.GameType.ChanceMode.SAMPLED_STOCHASTIC:
        raise InputError(f"OpenSpiel only draws the chances of '{name}', it does not tell them")
    if not kind.provides_information_state_string:
        raise InputError(f"OpenSpiel does not say what players of '{name}' know (no information states)")
    return game


def _seems_beyond(game: Any, random: Random) -> bool:
    """Whether random plays let expect more than BEYOND × MAX_HISTORIES histories.

    Knuth 1975, "Estimating the efficiency of backtrack programs": in a uniformly random play, the product of the
    numbers of choices up to each node, summed over its nodes, has the number of all nodes as its mean. Plays stop when
    the sum is beyond anyway.
    """
    total, limit = 0, PLAYS * BEYOND * MAX_HISTORIES
    for _ in range(PLAYS):
        state, nodes = game.new_initial_state(), 1
        while not state.is_terminal():
            actions = state.legal_actions()
            nodes *= len(actions)
            total += nodes
            if total > limit:
                return True
            state.apply_action(random.choice(actions))
    return False


def _too_large(histories: str) -> InputError:
    return InputError(
        f"this game of OpenSpiel has {histories} histories, too many to walk",
        "give it smaller parameters, or take the family of ours if there is one",
    )


class _Spiel:
    """OpenSpiel's states behind our rules."""

    def __init__(self, game: Any) -> None:
        self.game = game
        self.players = tuple(str(i) for i in range(game.num_players()))
        self._histories = 0

    def root(self) -> Any:
        self._histories = 0
        return self.game.new_initial_state()

    def turn(self, state: Any) -> int:
        if state.is_terminal():
            return TERMINAL
        return CHANCE if state.is_chance_node() else int(state.current_player())

    def chances(self, state: Any) -> list[tuple[str, float]]:
        return [(state.action_to_string(action), p) for action, p in state.chance_outcomes()]

    def infoset(self, state: Any) -> str:
        return str(state.information_state_string()).replace("\n", " / ")

    def actions(self, state: Any) -> tuple[str, ...]:
        return tuple(state.action_to_string(action) for action in state.legal_actions())

    def after(self, state: Any, choice: int) -> Any:
        self._histories += 1
        if self._histories > MAX_HISTORIES:
            raise _too_large(f"more than {MAX_HISTORIES}")
        return state.child(state.legal_actions()[choice])

    def payoffs(self, state: Any) -> list[float]:
        return [float(x) for x in state.returns()]
