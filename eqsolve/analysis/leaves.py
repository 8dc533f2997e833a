"""What the leaves of a sequence form show of its structure, in words."""

from __future__ import annotations

import numpy as np

from eqsolve.analysis.finding import SUM_ROUNDINGS, UP_TO_ROUNDING, Finding
from eqsolve.analysis.studies import Study
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.treeplex import Treeplex
from eqsolve.forms.normal.game import COMPUTED_ROUNDING
from eqsolve.forms.traits import Structure

#: Roundings of an average of payoffs over chance, in those of a computed payoff.
AVERAGED = 8


def sums(form: SequenceForm, small: float) -> tuple[float, str | None]:
    """What the players' payoffs sum to, and what speaks against its being one constant: more than `small`."""
    totals = form.leaves.payoffs.sum(axis=0)
    low, high = int(totals.argmin()), int(totals.argmax())
    if totals[high] - totals[low] <= small:
        constant = 0.0 if abs(totals).max() <= small else float(totals[0])
        return constant, None
    at_low, at_high = (f"to {totals[k]:g} after {history(form, k)}" for k in (low, high))
    return float(totals[low]), f"payoffs sum {at_low}, {at_high}"


def differences(form: SequenceForm, small: float) -> str | None:
    """A leaf at which two players receive different payoffs, by more than `small`."""
    payoffs = form.leaves.payoffs
    off = np.abs(payoffs - payoffs[0])
    who, leaf = divmod(int(off.argmax()), payoffs.shape[1])
    if off[who, leaf] <= small:
        return None
    one, other = payoffs[[0, who], leaf]
    names = f"{form.players[0]} and {form.players[who]}"
    return f"payoffs of {names} after {history(form, leaf)} are {one:g} and {other:g}"


def unequal(form: SequenceForm) -> str | None:
    """Why two players can never exchange their policies: information sets in other numbers, by depth and actions."""
    first = _sizes(form.treeplexes[0])
    for player, treeplex in zip(form.players[1:], form.treeplexes[1:], strict=True):
        if _sizes(treeplex) != first:
            return f"{form.players[0]} and {player} do not have the same information sets"
    return None


def _sizes(treeplex: Treeplex) -> list[list[int]]:
    """Depth by depth, the numbers of actions, sorted."""
    return [sorted(treeplex.count[start:end].tolist()) for start, end in treeplex.levels]


def history(form: SequenceForm, leaf: int) -> str:
    """A leaf by every player's last move: `bet at K (0), fold at Q bet (1)`."""
    words = []
    for player, treeplex, own in zip(form.players, form.treeplexes, form.leaves.sequences[:, leaf], strict=True):
        if own:
            infoset = int(np.searchsorted(treeplex.first, own, side="right")) - 1
            words.append(f"{treeplex.actions[own]} at {treeplex.infosets[infoset]} ({player})")
    return ", ".join(words) or "no move"


def of_leaves(form: SequenceForm) -> tuple[Finding, Finding, Finding, Finding]:
    """Constant sums and common interest, which every leaf shows; symmetries as far as sizes rule them out."""
    payoffs = form.leaves.payoffs
    # averages over chance take more operations than a payoff
    small = 0.0 if bool((payoffs % 1 == 0).all()) else AVERAGED * COMPUTED_ROUNDING * float(np.abs(payoffs).max())
    rounded = UP_TO_ROUNDING if small else ""
    constant, uneven = sums(form, small)
    differing, apart = differences(form, small), unequal(form)
    holds, text = (
        None if apart is None else False,
        apart or "which information sets correspond to each other is not known",
    )
    return (
        Finding("constant-sum", False, uneven)
        if uneven
        else Finding("constant-sum", True, f"payoffs sum to {constant:g} at every leaf{rounded}", constant),
        Finding("common-interest", differing is None, differing or f"all players' payoffs are the same{rounded}"),
        Finding("symmetric", holds, text),
        Finding("anonymous", holds, text),
    )


def words(form: SequenceForm) -> frozenset[Structure]:
    """Whether payoffs have constant sums."""
    return frozenset({Structure.ZERO_SUM}) if form.constant_sum else frozenset()


def nearly(form: SequenceForm) -> frozenset[Structure]:
    """Constant sums that the payoffs have, but for more than rounding."""
    payoffs = form.paid
    small = SUM_ROUNDINGS * COMPUTED_ROUNDING * float(np.abs(payoffs).max())
    return words(form) if np.ptp(payoffs.sum(axis=0)) > small else frozenset()


STUDY = Study(words=words, nearly=nearly, findings=of_leaves)
