"""Of which equilibria a method looks for one, and the gap that judges its answer. Loads nothing, for the registry."""

from __future__ import annotations

from enum import StrEnum


class Concept(StrEnum):
    """Nash equilibrium, logit quantal-response equilibrium, correlated (CE) or coarse correlated equilibrium (CCE)."""

    NASH = "nash"
    QUANTAL = "quantal"
    CE = "ce"
    CCE = "cce"

    @property
    def is_joint(self) -> bool:
        """Whether an answer is a joint distribution, not a profile."""
        return self in (Concept.CE, Concept.CCE)

    @property
    def unit(self) -> str:
        """The gap's unit, for sentences."""
        return "probability" if self == Concept.QUANTAL else "payoff units"

    @property
    def gap(self) -> str:
        """The figure that judges an answer, as results name it."""
        return f"{self}_gap"

    @property
    def gap_in_words(self) -> str:
        """That figure's name in sentences."""
        return {Concept.NASH: "Nash gap", Concept.QUANTAL: "quantal-response gap"}.get(self, f"{self.upper()} gap")
