"""What a figure of traces can show: names and axes. Without numpy, since the help of the command line lists them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Figure(StrEnum):
    """What the vertical axis shows: a figure of all traces' records, or the distance of the profiles to the last.

    Figures that a method tells of itself have other names.
    """

    NASH_GAP = "nash_gap"
    NASH_CONV = "nash_conv"
    EXPLOITABILITY = "exploitability"
    MAX_REGRET = "max_regret"
    CCE_GAP = "cce_gap"
    CE_GAP = "ce_gap"
    QUANTAL_GAP = "quantal_gap"
    WELFARE = "welfare"
    POTENTIAL = "potential"
    L1 = "l1"


class Over(StrEnum):
    """What the horizontal axis runs over."""

    ITERATIONS = "iterations"
    SECONDS = "seconds"


class Scale(StrEnum):
    """Which axes are logarithmic: none, the vertical one, both."""

    LINEAR = "linear"
    LOG = "log"
    LOG_LOG = "log-log"


#: What the axes say, with units.
VERTICAL: Mapping[str, str] = {
    Figure.NASH_GAP: "Nash gap (payoff units)",
    Figure.NASH_CONV: "NashConv (payoff units)",
    Figure.EXPLOITABILITY: "NashConv / number of players (payoff units)",
    Figure.MAX_REGRET: "max regret (payoff units)",
    Figure.CCE_GAP: "CCE gap of play or joint answer (payoff units)",
    Figure.CE_GAP: "CE gap of the joint answer (payoff units)",
    Figure.QUANTAL_GAP: "distance to logit responses (probability)",
    Figure.WELFARE: "welfare, sum of values (payoff units)",
    Figure.POTENTIAL: "potential (payoff units)",
    Figure.L1: "L1 accuracy (sum of differences\nin probability, mean over players)",
}
HORIZONTAL: Mapping[Over, str] = {
    Over.ITERATIONS: "iteration",
    Over.SECONDS: "time in the solver's steps",
}
#: Units that stand with the axis' numbers.
UNITS: Mapping[Over, str] = {Over.ITERATIONS: "", Over.SECONDS: "s"}
#: What falls to zero over decades. L1 accuracy does too, but its last value is 0 by definition, and the paper that
#: it is from draws it on a linear axis.
FALLING: frozenset[str] = frozenset(
    {
        Figure.NASH_GAP,
        Figure.NASH_CONV,
        Figure.EXPLOITABILITY,
        Figure.MAX_REGRET,
        Figure.CCE_GAP,
        Figure.CE_GAP,
        Figure.QUANTAL_GAP,
    }
)

#: What a figure can be written as, by the suffix of its file.
FORMATS = ("svg", "pdf", "png")
