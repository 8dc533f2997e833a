"""A property of a game with what shows it."""

from __future__ import annotations

from dataclasses import dataclass

from eqsolve.analysis.potential import Search
from eqsolve.forms.base import Form
from eqsolve.forms.mixed import Mixed


@dataclass(frozen=True)
class Finding:
    """One property. `holds`: True or False where `evidence` (a sentence) shows it; None: nothing speaks against it.

    `value`: the constant of constant sums. `search`: the cycles that looked for a potential. `examined`: False where
    nobody looked, and `evidence` says why.
    """

    name: str
    holds: bool | None
    evidence: str
    value: float | None = None
    search: Search | None = None
    examined: bool = True


#: What evidence ends with where payoffs are floats that may be rounded.
UP_TO_ROUNDING = ", up to rounding"
#: Roundings of a sum of some payoffs, in those of a computed one.
SUM_ROUNDINGS = 8


def word(form: Form) -> str:
    """Return what players receive in such a game."""
    return "rewards" if form.staged else "payoffs"


def unequal_actions(form: Mixed) -> str | None:
    """Why players cannot be exchanged, by the positions of their actions."""
    sizes = [len(labels) for labels in form.actions]
    other = next((i for i, size in enumerate(sizes) if size != sizes[0]), None)
    if other is None:
        return None
    return f"{form.players[0]} has {sizes[0]} actions, {form.players[other]} has {sizes[other]}"
