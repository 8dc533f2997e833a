"""A game by its rules: who moves, what they know, what they may do, what it pays. States are whatever the rules say.

Games in extensive form are written so; `forms.sequence` turns them into arrays, exporters walk them, and slow
references enumerate them. A history is the list of choices that led to a state.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Protocol, TypeAlias

#: Opaque: only the rules that made it look inside.
State: TypeAlias = Any

#: What `turn` says where nobody chooses: the dice do, or the game is over.
CHANCE, TERMINAL = -1, -2

#: Leaves that are written down one by one at most: some GB.
MAX_LEAVES = 20_000_000
#: Entries of a profile of cards that can be counted: with padded hands in 32 bits.
MAX_PROFILE_ENTRIES = 2**30
#: A history of more moves than this is taken for one that never ends.
MAX_MOVES = 100_000


class Rules(Protocol):
    """A finite game with perfect recall, to be walked from `root`."""

    @property
    def players(self) -> tuple[str, ...]:
        """Their labels."""

    def root(self) -> State:
        """Where the game begins."""

    def turn(self, state: State) -> int:
        """The player to move (0 … N − 1), CHANCE or TERMINAL."""

    def chances(self, state: State) -> Sequence[tuple[str, Fraction | float]]:
        """At a chance node: label and probability of each outcome; they sum to 1."""

    def infoset(self, state: State) -> str:
        """What the player to move knows, as a label that no other of their information sets has."""

    def actions(self, state: State) -> Sequence[str]:
        """Labels of the moves of the player to move: the same, in the same order, throughout an information set."""

    def after(self, state: State, choice: int) -> State:
        """The state that outcome or action number `choice` leads to."""

    def payoffs(self, state: State) -> Sequence[Fraction | float]:
        """At a terminal state: what each player receives."""
