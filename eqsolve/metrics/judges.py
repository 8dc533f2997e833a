"""What a judge has to be for a form: a record of functions, which the table of forms names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from eqsolve.forms.base import Array, Form, Profile
from eqsolve.forms.joint import Joint
from eqsolve.forms.registry import part
from eqsolve.metrics.deviations import Deviations, JointDeviations, Unreached


def largest(form: Any, payoffs: Sequence[Array]) -> list[float]:
    """Return the largest payoff of each player: what the best of alternatives gets that exclude each other."""
    return [float(own.max()) for own in payoffs]


def nothing(form: Any, profile: Profile) -> int:
    """Return 0: judging takes no tables to speak of."""
    return 0


@dataclass(frozen=True)
class Judge:
    """How profiles of one form are judged. Every function takes the form first; None where the form has no such thing.

    `deviations` gives values and regrets; `values` every player's value from every row of a policy, [N, rows].
    `best_replies`: a pure best reply of each player, as policies. `best_fixed`: from what each entry of a policy would
    have been paid in all to what a player's best one would have got. `quantal_gap`: the largest distance to the logit
    responses at a precision. `joint`: figures of a joint distribution over pure profiles. `unreached`: why play does
    not come to information sets. `table_bytes`: what judging a profile holds at once.
    """

    deviations: Callable[[Any, Profile], Deviations]
    values: Callable[[Any, Profile], Array]
    best_replies: Callable[[Any, Profile], Profile] | None = None
    best_fixed: Callable[[Any, Sequence[Array]], list[float]] = largest
    quantal_gap: Callable[[Any, Profile, float], float] | None = None
    joint: Callable[[Any, Joint], JointDeviations] | None = None
    unreached: Callable[[Any, Profile], tuple[tuple[Unreached | None, ...], ...] | None] | None = None
    table_bytes: Callable[[Any, Profile], int] = nothing


def judge_of(form: Form) -> Judge:
    """Return the judge of the form at hand; TypeError where the table has none."""
    found: Judge | None = part(form, "judge")
    if found is None:
        raise TypeError(f"no judge for {type(form).__name__}")
    return found
