"""Payoff arrays with an axis of players: the two orders of axes, [N, A_1, …, A_N] and [A_1, …, A_N, N].

A shape such as [2, 2, 2] fits both. Which one is meant, the spec's key `order` says; where it does not, lists of lists
of lists are rows of [row's, column's] pairs and all other arrays have the players first, and a remark says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from eqsolve.spec.faults import Refusal

if TYPE_CHECKING:
    from eqsolve.forms.base import Array

FIRST, LAST = "players-first", "players-last"

#: How to write the payoffs where one matrix was found.
TWO_MATRICES = (
    "two players: `row: [[3, 0], [0, 2]]` and `column: [[2, 0], [0, 3]]`; one matrix for both goes under `zero_sum`, "
    "`symmetric` or `common`"
)

_TO_FIRST: Mapping[str, Callable[[Any], Any]] = {
    FIRST: lambda array: array,
    LAST: lambda array: array.transpose(array.ndim - 1, *range(array.ndim - 1)),
}


class Reading(NamedTuple):
    """How an array of `shape` is read: in `order`, which was `said` or not; `hint` names the other order if it fits."""

    shape: tuple[int, ...]
    order: str
    said: bool
    inline: bool
    hint: str | None

    def to_first(self, array: Any) -> Any:
        """Return the array as [N, A_1, …, A_N]."""
        return _TO_FIRST[self.order](array)

    def remark(self, array: Array) -> str | None:
        """Return how the array was read, if nobody said it and the other order fits and makes another game."""
        if self.said or self.hint is None:
            return None
        other = _other(self.order)
        first, second = self.to_first(array), _TO_FIRST[other](array)
        if first.shape == second.shape and (first == second).all():
            return None
        return (
            f"payoffs: the shape {list(self.shape)} fits two orders and was read as {_axes(self.order, self.shape)}; "
            f"say `order: {self.order}` if that is right, `order: {other}` if it is {_axes(other, self.shape)}"
        )


def reading(
    shape: tuple[int, ...],
    order: str | None,
    *,
    inline: bool,
    players: Sequence[str] | None,
    actions: Sequence[Sequence[str]] | None,
) -> Reading:
    """Return how an array of `shape` is read in a spec with these players and actions; Refusal if it does not fit."""
    chosen = order or (LAST if inline and len(shape) == 3 else FIRST)
    other = _other(chosen)
    where = "" if inline else ", in a spec that names the file,"
    fits = _fits(other, shape, players, actions)
    hint = f"`order: {other}`{where} reads it as {_axes(other, shape)}" if fits else None
    if _is_laid_out(chosen, shape):
        return Reading(shape, chosen, order is not None, inline, hint)
    if chosen == LAST and len(shape) == 3:
        message = f"expected rows of [row's, column's] pairs, got lists of {shape[2]} numbers"
        raise Refusal(message, hint or "three players and more: [N, A_1, …, A_N], or a mapping from players to tensors")
    if len(shape) == 2:
        what = "rows of numbers" if inline else f"a matrix of {shape[0]} × {shape[1]} numbers"
        raise Refusal(f"expected the payoffs of every player, got {what}", TWO_MATRICES)
    wanted = "[N, A_1, …, A_N]" if chosen == FIRST else "[A_1, …, A_N, N]"
    raise Refusal(f"expected the shape {wanted}, got {list(shape)}", hint)


def _other(order: str) -> str:
    return LAST if order == FIRST else FIRST


def _is_laid_out(order: str, shape: tuple[int, ...]) -> bool:
    """Tell whether the axis of players is as long as there are other axes."""
    return shape[0 if order == FIRST else -1] == len(shape) - 1


def _fits(
    order: str, shape: tuple[int, ...], players: Sequence[str] | None, actions: Sequence[Sequence[str]] | None
) -> bool:
    """Tell whether an array of this shape, read in this order, has the players and actions that the spec names."""
    if not _is_laid_out(order, shape):
        return False
    sizes = shape[1:] if order == FIRST else shape[:-1]
    return (not players or len(players) == len(sizes)) and (not actions or tuple(map(len, actions)) == sizes)


def _axes(order: str, shape: tuple[int, ...]) -> str:
    """Return `[player, row, column]`, `[A_1, …, A_N, player]`."""
    actions = "row, column" if len(shape) == 3 else "A_1, …, A_N"
    return f"[player, {actions}]" if order == FIRST else f"[{actions}, player]"
