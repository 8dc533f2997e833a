"""What a figure of traces can show: names and axes. Without numpy, since the help of the command line lists them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from eqsolve.metrics.figures import DRAWN

#: The distance of the profiles to the last one, which is no figure of a record.
L1 = "l1"
#: What the vertical axis can show. Figures that a method tells of itself have other names.
SHOWN: tuple[str, ...] = (*(figure.name for figure in DRAWN), L1)


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
    **{figure.name: figure.axis or "" for figure in DRAWN},
    L1: "L1 accuracy (sum of differences\nin probability, mean over players)",
}
HORIZONTAL: Mapping[Over, str] = {
    Over.ITERATIONS: "iteration",
    Over.SECONDS: "time in the solver's steps",
}
#: Units that stand with the axis' numbers.
UNITS: Mapping[Over, str] = {Over.ITERATIONS: "", Over.SECONDS: "s"}
#: What falls to zero over decades. L1 accuracy does too, but its last value is 0 by definition, and the paper that
#: it is from draws it on a linear axis.
FALLING: frozenset[str] = frozenset(figure.name for figure in DRAWN if figure.falls)

#: What a figure can be written as, by the suffix of its file.
FORMATS = ("svg", "pdf", "png")
