"""Gambit's normal-form files (.nfg), written: every player's payoff at each profile, a profile a line.

Numbers are exact: integers, decimals as short as float64 allows, fractions where the game was read with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from eqsolve.formats.efg_writer import WRITTEN_DIGITS
from eqsolve.formats.gambit import quoted
from eqsolve.formats.table import profile_by_profile

if TYPE_CHECKING:
    from eqsolve.formats.table import PayoffTable


def write(table: PayoffTable, title: str, description: str) -> Iterator[str]:
    """The file, piece by piece."""
    actions = " ".join(f"{{ {' '.join(map(quoted, labels))} }}" for labels in table.actions)
    yield f"NFG 1 R {quoted(title)} {{ {' '.join(map(quoted, table.players))} }}\n"
    yield f"{{ {actions} }}\n{quoted(description)}\n\n"
    texts = table.texts(WRITTEN_DIGITS)
    for profile in profile_by_profile(table.tensor.shape[1:]).reshape(-1, len(table.players)).tolist():
        yield " ".join(texts[place] for place in profile) + "\n"
