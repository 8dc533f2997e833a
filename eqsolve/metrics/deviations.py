"""What each player would gain by deviating alone: the figures by which every answer is judged.

regret_i = value of a best response of i − value of i, both from the initial distribution and with the others
fixed. Nash gap = max regret_i over i, the least ε for which the profile is an ε-Nash equilibrium; NashConv = their
sum. Computed from the form and the profile alone; nothing here has met a solver.
"""

from __future__ import annotations

from dataclasses import dataclass

from eqsolve.forms.base import Array


@dataclass(frozen=True)
class Deviations:
    """Figures in payoff units (Markov games: discounted, not normalised), one entry per player in player order.

    `max_regret` is the Nash gap in a normal form; in a Markov game the largest regret over players and all states as
    the start; in a sequence form the largest counterfactual gain over players, information sets and the root, that is
    weighted by the reach of chance and the others. `Form.max_regret_is` has these words for reports.
    Regrets are never clipped: rounding may leave them slightly below zero. `exploitability`: half of NashConv, in
    extensive games of two players with constant sum; None elsewhere, where the word has other meanings.
    """

    values: Array
    best_values: Array
    regrets: Array
    max_regret: float
    exploitability: float | None = None

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
