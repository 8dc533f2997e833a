"""What every family shares: the keys that all specs may have, and how a model reports its mistakes.

A family is one file: a `Family` with its fields, `build()` that imports its form inside and returns it, and a
`template` for `eqsolve new`. A check across fields belongs into a validator of the later field (`info.data` holds
the earlier ones that are right), so that one mistake does not hide another.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from eqsolve.spec.known import Known
from eqsolve.spec.numbers import PlayerLabels
from eqsolve.spec.record import Record, Scalars, Text

if TYPE_CHECKING:
    from eqsolve.forms.base import Form


class SolverDefaults(Record):
    """What `eqsolve solve` uses for this game where the command line does not say otherwise."""

    algo: Text | None = Field(None, description="Algorithm; `eqsolve algos` lists them.")
    parameters: Scalars = Field({}, description="Hyperparameters by name; `eqsolve algos NAME` lists them.")


class Family(Record):
    """A kind of game: the fields of its specs."""

    #: A commented spec that loads and solves: what `eqsolve new KIND` prints.
    template: ClassVar[str]
    #: Fields that say nothing about the game itself; the hash leaves them out.
    FREE: ClassVar[frozenset[str]] = frozenset(("name", "description", "source", "known", "solver"))

    kind: str
    name: Text | None = Field(None, description="A title, free text.")
    description: Text | None = Field(None, description="What the game is about, free text.")
    source: Text | None = Field(None, description="Where the game comes from, free text.")
    known: Known | None = Field(None, description="Facts about the game, for tests and readers.")
    solver: SolverDefaults | None = Field(None, description="Defaults for the command line.")
    players: PlayerLabels | None = Field(None, description="Number of players, or their labels.")

    @abstractmethod
    def build(self) -> Form:
        """The game as arrays."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a user should know about how the spec was read, a sentence each."""
        return ()

    def place(self, text: str, state: Any) -> tuple[int, int]:
        """Line and column, from 1, where the text shows a state of the game's rules; zeros where it shows none."""
        return 0, 0

    def canonical(self) -> dict[str, Any]:
        """What defines the game, defaults filled: the fields that the hash covers."""
        return {name: getattr(self, name) for name in type(self).model_fields if name not in self.FREE}
