"""What each player would gain by deviating alone: the figures by which every answer is judged.

regret_i = value of a best response of i − value of i, both from the initial distribution and with the others
fixed. Nash gap = max regret_i over i, the least ε for which the profile is an ε-Nash equilibrium; NashConv = their
sum. Computed from the form and the profile alone; nothing here has met a solver.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from eqsolve.forms.base import Array
from eqsolve.forms.concept import Concept
from eqsolve.metrics.gap import Gap


@dataclass(frozen=True)
class Deviations:
    """Figures in payoff units (Markov games: discounted, not normalised), one entry per player in player order.

    `max_regret` is the Nash gap in a normal form; in a Markov game the largest regret over players and all states as
    the start; in a sequence form the largest counterfactual gain over players, information sets and the root, that is
    weighted by the reach of chance and the others. `Form.max_regret_is` has these words for reports.
    Regrets are never clipped: rounding may leave them slightly below zero. `exploitability`: half of NashConv, in
    extensive games of two players with constant sum; None elsewhere, where the word has other meanings. `least`: where
    a judge can only bound the regrets, their lower bounds, `regrets` then being the upper ones.
    """

    values: Array
    best_values: Array
    regrets: Array
    max_regret: float
    exploitability: float | None = None
    least: Array | None = None

    @property
    def gap(self) -> Gap:
        """The Nash gap, between its bounds."""
        return Gap(Concept.NASH, self.nash_gap if self.least is None else float(self.least.max()), self.nash_gap)

    @property
    def figures(self) -> dict[str, Any]:
        """The figures by their names in metrics/figures.py."""
        return {
            "nash_gap": self.nash_gap,
            "nash_conv": self.nash_conv,
            "exploitability": self.exploitability,
            "max_regret": self.max_regret,
            "regrets": self.regrets,
            "values": self.values,
            "best_response_values": self.best_values,
            "welfare": self.welfare,
        }

    @property
    def nash_gap(self) -> float:
        """max over players of regret."""
        return float(self.regrets.max())

    @property
    def nash_conv(self) -> float:
        """Sum over players of regret."""
        return float(self.regrets.sum())

    @property
    def welfare(self) -> float:
        """Sum over players of value."""
        return float(self.values.sum())


@dataclass(frozen=True)
class JointDeviations:
    """Figures in payoff units, one entry per player in player order.

    `ce_regrets` ≥ 0: gain of the best swap; `cce_regrets`: gain of the best fixed action, at most the former and maybe
    negative; never clipped.
    """

    values: Array
    ce_regrets: Array
    cce_regrets: Array

    @property
    def ce_gap(self) -> float:
        """max over players of the gain of the best swap: the least ε for an ε-correlated equilibrium."""
        return float(self.ce_regrets.max())

    @property
    def cce_gap(self) -> float:
        """max over players of the gain of the best fixed action: the least ε for an ε-coarse correlated equilibrium."""
        return float(self.cce_regrets.max())

    @property
    def welfare(self) -> float:
        """Sum over players of value."""
        return float(self.values.sum())

    def gap(self, concept: Concept) -> Gap:
        """Return the gap that judges an answer meant to be a correlated or a coarse correlated equilibrium."""
        return Gap.exactly(concept, self.cce_gap if concept == Concept.CCE else self.ce_gap)

    @property
    def figures(self) -> dict[str, Any]:
        """The figures by their names in metrics/figures.py."""
        return {
            "values": self.values,
            "welfare": self.welfare,
            "cce_gap": self.cce_gap,
            "ce_gap": self.ce_gap,
            "ce_regrets": self.ce_regrets,
            "cce_regrets": self.cce_regrets,
        }


class Unreached(StrEnum):
    """Why play does not come to an information set."""

    OWN = "own"  #: only the player's own moves exclude it
    OTHERS = "others"  #: the others' moves do, whatever the player does
