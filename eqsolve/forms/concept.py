"""Of which equilibria a method looks for one, and the gap that judges its answer. Loads nothing, for the registry."""

from __future__ import annotations

from enum import StrEnum


class Concept(StrEnum):
    """Nash, correlated (CE) or coarse correlated equilibrium (CCE)."""

    NASH = "nash"
    CE = "ce"
    CCE = "cce"

    @property
    def gap(self) -> str:
        """The figure that judges an answer, as results name it."""
        return f"{self}_gap"

    @property
    def gap_in_words(self) -> str:
        """The same for sentences."""
        return "Nash gap" if self == Concept.NASH else f"{self.upper()} gap"
