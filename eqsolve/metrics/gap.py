"""The gap that judges an answer: of which equilibria it says how near one is, and between which bounds it lies."""

from __future__ import annotations

from dataclasses import dataclass

from eqsolve.forms.concept import Concept


@dataclass(frozen=True)
class Gap:
    """A gap between `low` and `high`, which are equal where the judge computes it, and not where it samples.

    In the unit of its `concept`. What a tolerance is compared with is the upper end, `value`: an answer is within the
    tolerance only if its gap surely is.
    """

    concept: Concept
    low: float
    high: float

    @classmethod
    def exactly(cls, concept: Concept, value: float) -> Gap:
        """Return a gap that is known but for rounding."""
        return cls(concept, value, value)

    @property
    def value(self) -> float:
        """The most that the gap can be."""
        return self.high

    @property
    def is_interval(self) -> bool:
        """Whether only bounds are known."""
        return self.low < self.high
