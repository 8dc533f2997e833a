"""Correlated strategies: joint distributions over pure profiles.

Aumann 1974: a device draws a pure profile and recommends to each player their own action of it. It is no profile of
independent policies, and nothing that takes a profile takes one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import ProfileError
from eqsolve.forms.base import Array, Form, ReadOnly, frozen, readonly
from eqsolve.forms.mixed import ROW_ROUNDING, ROW_TOLERANCE, Mixed


@dataclass(frozen=True, eq=False)
class Joint(ReadOnly):
    """`actions` int32 [K, N]: K pure profiles, an action per player each; `probabilities` float64 [K] of them."""

    actions: NDArray[np.int32]
    probabilities: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "actions", readonly(np.array(self.actions, dtype=np.int32, order="C")))
        object.__setattr__(self, "probabilities", frozen([self.probabilities])[0])


class CheckedJoint(NamedTuple):
    """A joint distribution fit to be judged, and what was done to make it so (a sentence each)."""

    joint: Joint
    notes: tuple[str, ...]


def check_joint(form: Form, actions: Any, probabilities: Any) -> CheckedJoint:
    """`actions` and `probabilities` as a joint distribution of a normal form; ProfileError names what is at fault."""
    if form.tensor_bytes is None or not isinstance(form, Mixed):
        raise ProfileError(
            f"a joint distribution over pure profiles is for games in normal form; this is {form.in_words}"
        )
    chosen, weights = _numbers(actions, "actions", "iu"), _numbers(probabilities, "probabilities", "iuf")
    n = len(form.players)
    if chosen.ndim != 2 or chosen.shape[1] != n or len(chosen) == 0:
        raise ProfileError(f"joint distribution: expected actions of shape [K, {n}], found {list(chosen.shape)}")
    if weights.shape != (len(chosen),):
        raise ProfileError(
            f"joint distribution: expected {len(chosen)} probabilities, one per pure profile, "
            f"found the shape {list(weights.shape)}"
        )
    sizes = np.array([len(labels) for labels in form.actions])
    strange = np.argwhere((chosen < 0) | (chosen >= sizes))
    if len(strange):
        k, i = strange[0].tolist()
        raise ProfileError(
            f"joint distribution, pure profile {k}: {form.players[i]} has no action {chosen[k, i]}, "
            f"only 0 to {sizes[i] - 1}"
        )
    weights = weights.astype(np.float64)
    bad = ~(np.isfinite(weights) & (weights >= 0))
    if bad.any():
        k = int(np.argmax(bad))
        raise ProfileError(f"joint distribution, pure profile {k}: {weights[k]:g} is no probability")
    total = float(weights.sum())
    if abs(total - 1) > ROW_TOLERANCE:
        raise ProfileError(f"joint distribution: probabilities sum to {total:.9g}, not 1")
    if abs(total - 1) <= ROW_ROUNDING:
        return CheckedJoint(Joint(chosen, weights), ())
    return CheckedJoint(
        Joint(chosen, weights / total), ("the joint distribution's sum was within 1e-6 of 1: renormalised",)
    )


def _numbers(raw: Any, what: str, kinds: str) -> NDArray[Any]:
    """`raw` as an array of numbers; booleans, strings, objects and ragged lists are refused."""
    try:
        array = np.asarray(raw)
        if array.dtype.kind not in kinds:
            raise ValueError
    except (ValueError, TypeError, OverflowError) as error:
        whole = "whole numbers" if kinds == "iu" else "numbers"
        raise ProfileError(f"joint distribution: expected nested lists of {whole} as {what}") from error
    return array
