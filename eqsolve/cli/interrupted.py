"""The result JSON of a run that a signal ended before its first answer, ready before anything slow is imported."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from eqsolve.metrics.figures import OF_PROFILES

#: Figures that there are only with an answer, and what is computed of them.
FIGURES = (*OF_PROFILES, "max_regret_is", "last_nash_gap", "payoff_range", "nash_gap_relative")
#: What else is null then.
NOTHING = (
    "algorithm",
    "iterations",
    "tolerance",
    "concept",
    "answer",
    "equilibria",
    "complete",
    "nash_subsets",
    "joint",
)


def unanswered(game: Mapping[str, Any] | None, seed: int | None, *, profile: bool) -> bytes:
    """Return the document as ASCII: status `interrupted`, no answer, nothing measured.

    `game` is the block of that name, None while the game is not read yet; `profile`: whether policies were asked for.
    """
    document = {
        "schema": "eqsolve.result/1",
        "status": "interrupted",
        "game": game,
        "seed": seed,
        **dict.fromkeys((*NOTHING, *FIGURES)),
        **({"profile": None, "unreached": None} if profile else {}),
        "notes": ["a signal came before the first answer"],
    }
    return json.dumps(document, indent=2).encode() + b"\n"
