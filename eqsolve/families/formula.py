"""Games whose payoffs a formula makes of the numbers of a spec: in float64, and exactly where somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from eqsolve.spec.numbers import rational

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eqsolve.forms.exact_payoffs import ExactPayoffs
    from eqsolve.forms.normal.game import TensorGame

#: What a formula computes with: `float`, or what makes a fraction of a number as it was written.
Reading: TypeAlias = Callable[[float], Any]
#: From a reading of numbers to payoffs [N, A_1, …, A_N]: a method of the family, since a nested function has no pickle.
Payoffs: TypeAlias = "Callable[[Reading], NDArray[Any]]"


def by_formula(players: tuple[str, ...], actions: Sequence[Sequence[str]], payoffs: Payoffs) -> TensorGame:
    """Return the game of the payoffs [N, A_1, …, A_N] that `payoffs` computes of numbers in the given reading.

    It must turn every number that is not an integer by that reading, since a float makes floats of fractions.
    """
    import numpy as np

    from eqsolve.forms.normal.game import TensorGame

    floats = np.asarray(payoffs(float), dtype=np.float64)
    formula = partial(_exactly, payoffs, floats.size)
    return TensorGame(players, tuple(tuple(own) for own in actions), floats, formula=formula)


def _exactly(payoffs: Payoffs, entries: int) -> ExactPayoffs | None:
    """The payoffs in integers; None where the tensor has too many entries for that."""
    from eqsolve.forms.exact_payoffs import MOST_LONG, in_integers

    return in_integers(payoffs(rational)) if entries <= MOST_LONG else None
