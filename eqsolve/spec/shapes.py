"""Checks that several families share: whether arrays have as many players and actions as the spec says elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any, TypeAlias

from pydantic import PlainValidator, ValidationInfo, WithJsonSchema

from eqsolve.spec.faults import Refusal, describe
from eqsolve.spec.numbers import ACTION, COUNT_OR_LABELS_SCHEMA, PLAYER, array_schema, count_or_labels, entries, every


def actions(value: Any, info: ValidationInfo) -> tuple[tuple[str, ...], ...]:
    """Labels of each player's actions, or how many there are."""
    found = tuple(every(enumerate(entries(value, "action lists, one per player")), partial(count_or_labels, ACTION)))
    players = info.data.get("players")
    if players and len(players) != len(found):
        raise Refusal(f"expected {len(players)} lists, one per player, got {len(found)}")
    return found


def check_players(n: int, info: ValidationInfo) -> None:
    """Refuses an array of `n` players where the spec names another number."""
    players, named = info.data.get("players"), info.data.get("actions")
    if players and len(players) != n:
        raise Refusal(f"there are {len(players)} players, but these are numbers for {n}")
    if named and len(named) != n:
        raise Refusal(f"`actions` is for {len(named)} players, but these are numbers for {n}")


def check_actions(sizes: Sequence[int], info: ValidationInfo) -> None:
    """Refuses an array over `sizes` actions where the spec names others."""
    players = info.data.get("players")
    for i, (labels, size) in enumerate(zip(info.data.get("actions") or (), sizes, strict=False)):
        if len(labels) != size:
            who = f"player {describe(players[i])}" if players else f"player {PLAYER}{i + 1}"
            raise Refusal(f"{who} has {len(labels)} actions, but these are numbers for {size}")


Actions: TypeAlias = Annotated[
    tuple[tuple[str, ...], ...], PlainValidator(actions), WithJsonSchema(array_schema(COUNT_OR_LABELS_SCHEMA))
]
