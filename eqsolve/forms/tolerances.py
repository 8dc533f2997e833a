"""What counts as rounding of payoffs and probabilities, asked by several rooms; others stand where they serve.

Kernels are compiled with these numbers.
"""

from __future__ import annotations

#: Regrets and differences of payoffs up to this fraction of the payoff range may be rounding: beyond it, it is a gain.
PAYOFF_ROUNDING = 1e-12
#: The same in a Markov game, whose payoff range is too wide a measure: a fraction of the player's largest action value.
#: An action that is better by more takes the place of the present one.
ADVANTAGE_ROUNDING = 1e-14
#: Payoffs, as fractions of their range, that differ by less may tie, and weights below this may be 0: then floats do
#: not tell which actions a support has, and what was found is not called complete. Beyond it they differ.
MAY_TIE = 1e-9
#: Probabilities in float64 may miss a sum of 1 by this much; beyond it they are a misprint. Rationals may not at all.
PROBABILITY_TOLERANCE = 1e-9
