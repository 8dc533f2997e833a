"""Known facts about a game, stated in its spec: for readers, and for the tests, which verify every one.

They are no part of the game: the hash leaves them out. Loading checks their form only.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema

from eqsolve.spec.faults import Refusal, describe
from eqsolve.spec.numbers import Integer, Vector, array_schema, distribution, entries, every, label
from eqsolve.spec.record import Record

#: A row of a policy: probabilities, or the label of the action played for sure.
Row: TypeAlias = tuple[float, ...] | str


def profile(value: Any) -> tuple[Row | tuple[Row, ...], ...]:
    """One policy per player: a row; in a Markov game a list of rows, one per state; else one per information set."""
    return tuple(every(enumerate(entries(value, "policies, one per player")), _policy))


def _policy(value: Any) -> Row | tuple[Row, ...]:
    if not isinstance(value, list):
        return label(value)
    if any(isinstance(item, list) for item in value) or all(_names_action(item) for item in value):
        return tuple(every(enumerate(entries(value, "rows, one per state")), _row))
    return distribution(value)


def _row(value: Any) -> Row:
    if isinstance(value, list):
        return distribution(value)
    if not isinstance(value, str):
        raise Refusal(f"expected probabilities or an action's label, got {describe(value)}")
    return label(value)


def _names_action(item: Any) -> bool:
    """Whether an entry is a label rather than a number or a rational."""
    return isinstance(item, str) and "/" not in item


def profiles(value: Any) -> tuple[tuple[Row | tuple[Row, ...], ...], ...]:
    """A list of profiles."""
    return tuple(every(enumerate(entries(value, "profiles")), profile))


class Known(Record):
    """Facts. `equilibria` need not be all of them; `values` and `welfare` refer to them in order."""

    zero_sum: bool | None = Field(None, description="Whether payoffs sum to one constant (two players).")
    potential: bool | None = Field(None, description="Whether the game has an exact potential.")
    pure_equilibria: Integer | None = Field(None, description="How many pure profiles are equilibria.")
    equilibria: Annotated[Any, PlainValidator(profiles), WithJsonSchema(array_schema(array_schema({})))] | None = Field(
        None,
        description="Equilibria: policies by player, each a list of probabilities or an action's label; "
        "in Markov games a list of those, one per state; in extensive games one per information set.",
    )
    values: Vector | None = Field(None, description="Each player's expected payoff in every equilibrium listed.")
    welfare: Vector | None = Field(None, description="Sum of the players' expected payoffs, per equilibrium listed.")
