"""Policies, joint distributions and certificates by the labels of a game, and numbers as JSON has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from eqsolve.forms.base import Form
from eqsolve.forms.joint import Joint
from eqsolve.forms.mixed import Mixed
from eqsolve.run.result import Exact, ExactJoint


def labelled(
    form: Form, profile: Sequence[NDArray[Any]], shown: Callable[[Any], float | str | None] | None = None
) -> dict[str, Any]:
    """{player: {action: probability}} for a normal form, else {player: {state or information set: {action: …}}}.

    `shown` writes a probability; as a JSON number unless told otherwise.
    """
    out: dict[str, Any] = {}
    for i, (player, policy) in enumerate(zip(form.players, profile, strict=True)):
        named = form.named_rows(i, policy)
        rows = {label: dict(zip(actions, map(shown or number, row), strict=True)) for label, actions, row in named}
        out[player] = rows if form.row_is else rows[""]
    return out


def support(form: Form, joint: Joint, probabilities: Iterable[Any]) -> list[dict[str, Any]]:
    """The pure profiles of a joint distribution by labels, each with its probability."""
    named = list(zip(form.players, cast(Mixed, form).actions, strict=True))  # no others have joint distributions
    return [
        {
            "probability": p,
            "actions": {player: labels[a] for (player, labels), a in zip(named, chosen, strict=True)},
        }
        for p, chosen in zip(probabilities, joint.actions.tolist(), strict=True)
    ]


def certificate(form: Form, exact: Exact | ExactJoint, profile: bool) -> dict[str, Any]:
    """The figures of a certificate as texts; those of a joint distribution with the distribution itself."""
    if isinstance(exact, ExactJoint):
        found = exact.deviations
        return {
            "of": exact.of,
            **{key: list(map(fraction_text, getattr(found, key))) for key in ("values", "ce_regrets", "cce_regrets")},
            "support": support(form, exact.joint, map(fraction_text, exact.probabilities)),
        }
    figures, policies = exact.deviations, [np.array(policy, dtype=np.object_) for policy in exact.policies]
    return {
        "of": exact.of,
        "values": [fraction_text(x) for x in figures.values],
        "regrets": [fraction_text(x) for x in figures.regrets],
        **({"profile": labelled(form, policies, fraction_text)} if profile else {}),
    }


def fraction_text(x: Fraction) -> str:
    """`-1/18`; of any length, which Python's own conversion refuses beyond some thousand digits."""
    parts = [x.numerator] if x.denominator == 1 else [x.numerator, x.denominator]
    return "/".join(f"{Decimal(part):f}" for part in parts)


def number(x: Any) -> float | None:
    """JSON has no infinities and no NaN: what is not finite is null."""
    return float(x) if x is not None and isfinite(x) else None


def numbers(array: Any) -> list[float | None]:
    """The numbers of an array, each as `number` has it."""
    return [number(x) for x in array]
