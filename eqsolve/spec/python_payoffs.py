"""Payoffs as the arguments of a call hold them: which argument, or which part of one, is whose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from eqsolve.errors import InputError
from eqsolve.spec.faults import describe
from eqsolve.spec.python import holds_arrays, is_array

ORDERS = ("players-first", "players-last")
#: How the matrices of a call are spelt in messages, as in its docstring; more of them are counted.
LETTERS = "ABCDEFGH"


def split(payoffs: Sequence[Any], order: str | None, maker: str) -> tuple[tuple[Any, ...], tuple[str, ...]]:
    """Return each player's payoffs, and how messages spell them; of a zero-sum game only the row player's.

    One argument may hold them all: tensors one after another, or an array with an axis for the players. InputError,
    which names `maker`, where it holds none or can be read in two ways.
    """
    if order is not None and order not in ORDERS:
        raise InputError(f"{maker}: order: expected 'players-first' or 'players-last', got {describe(order)}")
    if len(payoffs) > 1:
        if order is not None:
            raise InputError(f"{maker}: order: is for one array that holds all players' payoffs", "leave it out")
        return tuple(payoffs), _letters(len(payoffs))
    [only] = payoffs
    if not is_array(only) and not isinstance(only, list | tuple):
        raise InputError(f"{maker}: expected payoffs as nested lists or arrays, got {describe(only)}")
    shape = _shape(only)
    if len(shape) == 2:
        return (only,), ("A",)
    if len(shape) < 2:
        raise InputError(
            f"{maker}: expected a matrix, rows of numbers, got {len(shape)} dimension(s)",
            "matrix([[1, -1], [-1, 1]]) is a zero-sum game of two players",
        )
    n = len(shape) - 1
    apart = holds_arrays(only) if isinstance(only, list | tuple) else False
    first, last = shape[0] == n, shape[-1] == n and not (apart or isinstance(only, tuple))
    if order is None and first and last:
        raise InputError(
            f"{maker}: payoffs of the shape {list(shape)} can be read as [N, A_1, …, A_N] and as [A_1, …, A_N, N]",
            "say order='players-first' or order='players-last', or give the players' payoffs one by one",
        )
    if not {"players-first": first, "players-last": last, None: first or last}[order]:
        wanted = {"players-first": "[N, A_1, …, A_N]", "players-last": "[A_1, …, A_N, N]"}
        expected = wanted[order] if order else f"{wanted['players-first']} or {wanted['players-last']}"
        raise InputError(f"{maker}: expected the payoffs of N players, {expected}, got the shape {list(shape)}")
    if first and order != "players-last":
        return tuple(only[i] for i in range(n)), tuple(f"payoffs[{i}]" for i in range(n))
    return _last_axis(only, shape, maker), tuple(f"payoffs[…][{i}]" for i in range(n))


def table_labels(tensors: Sequence[Any]) -> list[list[str]] | None:
    """Return the labels of rows and columns of the first table that has texts for both; None where none has."""
    for table in tensors:
        sides: list[Any] = [getattr(table, side, None) for side in ("index", "columns")]
        if any(side is None or callable(side) for side in sides):  # lists have a method of that name
            continue
        axes = [list(side) for side in sides]
        if all(axis and all(isinstance(label, str) for label in axis) for axis in axes):
            return axes
    return None


def _shape(value: Any) -> tuple[int, ...]:
    """Return the shape of an array, or the one that the first entries of nested lists promise."""
    if is_array(value):
        return tuple(int(size) for size in value.shape)
    if not isinstance(value, list | tuple):
        return ()
    return (len(value), *(_shape(value[0]) if value else ()))


def _last_axis(payoffs: Any, shape: tuple[int, ...], maker: str) -> tuple[Any, ...]:
    """Return the players' tensors of an array, or of nested lists, whose last axis runs over the players."""
    import numpy as np

    array = np.asarray(payoffs) if is_array(payoffs) else np.array(payoffs, dtype=object)
    if array.shape != shape:
        raise InputError(f"{maker}: expected a full array, all rows of one length", f"the first are {list(shape)}")
    return tuple(np.ascontiguousarray(array[..., i]) for i in range(shape[-1]))


def _letters(n: int) -> tuple[str, ...]:
    return tuple(LETTERS[:n]) if n <= len(LETTERS) else tuple(f"payoffs[{i}]" for i in range(n))
