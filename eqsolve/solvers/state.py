"""States as flat tables of named arrays and scalars, for checkpoints, and back; answers made when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from eqsolve.errors import CheckpointError
from eqsolve.forms.base import Profile
from eqsolve.solvers.protocol import State

MISFIT = "the checkpoint's state does not fit this run"


def flattened(state: State, prefix: str = "") -> dict[str, Any]:
    """The state's fields by name; those of a nested NamedTuple as `outer.inner`."""
    fields: dict[str, Any] = {}
    for name, value in state._asdict().items():
        if isinstance(value, tuple):
            fields |= flattened(value, f"{prefix}{name}.")
        else:
            fields[prefix + name] = value
    return fields


def restored(template: State, fields: Mapping[str, Any], prefix: str = "") -> State:
    """A state like `template` with the values of `fields`; CheckpointError where they are not of its kinds and shapes.

    An array that the template has empty may have any length: such lists grow with the run. Kernels check no bounds,
    so every other length must be the template's.
    """
    values = {}
    for name, like in template._asdict().items():
        if isinstance(like, tuple):
            values[name] = restored(like, fields, f"{prefix}{name}.")
            continue
        value = fields.get(prefix + name)
        if isinstance(like, np.ndarray):
            fits = isinstance(value, np.ndarray) and value.dtype == like.dtype and value.ndim == like.ndim
            if not (fits and (value.shape == like.shape or like.size == 0)):  # type: ignore[union-attr]  # fits says so
                raise CheckpointError(f"{MISFIT}: '{prefix}{name}' is missing or misshapen")
            values[name] = np.array(value)
        elif type(value) is not type(like) or (isinstance(value, int) and not _is_machine_word(name, value)):
            raise CheckpointError(f"{MISFIT}: '{prefix}{name}' is missing or no such number")
        else:
            values[name] = value
    return type(template)(**values)


def _is_machine_word(name: str, value: int) -> bool:
    """Whether kernels can take the number: a signed or unsigned word of 64 bits; iterations count from 0."""
    return (0 if name == "iteration" else -(2**63)) <= value < (2**63 if name == "iteration" else 2**64)


class Asked(Mapping[str, Profile]):
    """Answers by name, each made from the state whenever it is asked for: of a large game there is room for one."""

    def __init__(self, made: Mapping[str, Callable[[], Profile]]) -> None:
        self._made = made

    def __getitem__(self, name: str) -> Profile:
        return self._made[name]()

    def __contains__(self, name: object) -> bool:
        return name in self._made

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)
