"""Games whose payoffs a formula makes of the numbers of a spec: in float64, and exactly where somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from eqsolve.spec.numbers import rational

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from eqsolve.forms.exact_payoffs import ExactPayoffs
    from eqsolve.forms.normal.game import TensorGame

#: What a formula computes with: `float`, or what makes a fraction of a number as it was written.
Reading: TypeAlias = Callable[[float], Any]


def by_formula(
    players: tuple[str, ...], actions: Sequence[Sequence[str]], payoffs: Callable[[Reading], NDArray[Any]]
) -> TensorGame:
    """Return the game of the payoffs [N, A_1, …, A_N] that `payoffs` computes of numbers in the given reading.

    It must turn every number that is not an integer by that reading, since a float makes floats of fractions.
    """
    import numpy as np

    from eqsolve.forms.exact_payoffs import MOST_LONG, in_integers
    from eqsolve.forms.normal.game import TensorGame

    floats = np.asarray(payoffs(float), dtype=np.float64)

    def exactly() -> ExactPayoffs | None:
        return in_integers(payoffs(rational)) if floats.size <= MOST_LONG else None

    return TensorGame(players, tuple(tuple(own) for own in actions), floats, formula=exactly)
