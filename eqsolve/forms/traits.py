"""The words for a game's form and for structure found in it, as the registry and refusals use them. Loads nothing."""

from __future__ import annotations

from enum import StrEnum


class FormName(StrEnum):
    """The forms that a game comes in, by the `name` of their class."""

    NORMAL = "normal"
    MARKOV = "markov"
    SEQUENCE = "sequence"


class Structure(StrEnum):
    """What a game's arrays show of it; `analysis.structure.structure` finds it."""

    #: All payoffs fit into a table of the default size.
    TENSOR = "tensor"
    TWO_PLAYER = "two-player"
    #: Payoffs have the same sum everywhere, which need not be 0.
    ZERO_SUM = "zero-sum"
    POTENTIAL = "potential"
