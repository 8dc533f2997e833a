"""Which algorithm suits a game, and why: structure found by the judge -> a row of the registry.

Where structure does not tell, candidates race: each runs the same number of iterations, whatever the clock says, and
the least measured Nash gap wins. So the choice is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any, NamedTuple

import numpy as np

from eqsolve.analysis.structure import nearly, structure
from eqsolve.errors import InputError, MismatchError
from eqsolve.forms.base import CONSTANT_SUM_TOLERANCE, Form
from eqsolve.forms.concept import Concept
from eqsolve.forms.extensive.cards import CardForm
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.markov.game import DenseMarkovGame, MarkovGame
from eqsolve.forms.markov.sparse import HorizonGame, SparseMarkovGame
from eqsolve.forms.normal.game import NormalForm
from eqsolve.metrics.judge import deviations
from eqsolve.run import loop as run
from eqsolve.solvers import SOLVERS, Row
from eqsolve.solvers.parameters import configure

#: Minimisers that race in a sequence form for a coarse gap; the first is the one whose gap falls longest.
RACERS: Mapping[str, Mapping[str, Any]] = {"pcfr+": {"gamma": 5.0}, "pdcfr+": {}, "dcfr+": {}}
#: Iterations of a race in games of up to so many leaves; in larger ones the last number.
RACES = ((10**6, 300), (10**7, 100))
FEWEST = 10
#: A race takes at most about so many visits of leaves by players: a few seconds, where a game is no deal of cards.
VISITS = 10**8
#: So many algorithms that fit are named where one does not.
NAMED = 8
#: Methods that list all equilibria of the games they accept, the better ones first.
LISTERS = ("vertex-enumeration", "support-enumeration")
#: In games of more leaves nobody races: even that takes minutes. This one is ahead at coarse gaps.
RACED, UNRACED = 10**8, "dcfr"
#: Gaps below this fraction of the payoff range are small: what leads a short race then need not get there first.
SMALL_GAP = 1e-5
#: Payoff tensors up to so many bytes go to n-player: in larger ones its steps take seconds. Those of two players with a
#: potential go to bimatrix, which is exact in no time, where dynamics come near in some.
SMALL_BYTES = 2**24
#: A single long step (a linear programme) is taken unasked up to this many tensor entries or leaves.
LONG_STEP = 50_000
#: Ranges of payoffs: of less, sums of regrets come near what counts as none, and steps of 1 / range near infinity.
LEAST_RANGE = 1e-200


class Choice(NamedTuple):
    """An algorithm, the reason in words, and the hyperparameters that differ from its defaults."""

    row: Row
    reason: str
    parameters: Mapping[str, Any] = {}


def fits(row: Row, form: Form, found: frozenset[str]) -> bool:
    """Whether the algorithm accepts the game, whose structure is `found`."""
    return misfit(row, form, found) is None


def misfit(row: Row, form: Form, found: frozenset[str]) -> str | None:
    """Why the algorithm does not accept the game, whose structure is `found`; None where it does."""
    if form.name not in row.forms:
        return f"it is a {form.name} game"
    missing = [need for need in row.needs if need not in found]
    if missing:
        return f"it is not {' '.join(missing)}"
    if row.most_actions is not None and (actions := sum(map(len, form.actions))) > row.most_actions:
        return f"it has {actions} actions in all, more than {row.most_actions}"
    if row.most_supports is not None and len(form.players) > 2:
        supports = prod(2 ** len(labels) - 1 for labels in form.actions)
        if supports > row.most_supports:
            return f"it has about {supports:.1e} profiles of supports, more than {row.most_supports}"
    if row.most_leaves is not None and isinstance(form, SequenceForm):
        leaves = form.size
        return f"it has {leaves} leaves, {row.most_leaves} are the most" if leaves > row.most_leaves else None
    return None


def fitting(form: Form) -> list[Row]:
    """The algorithms that accept the game, in the order of the registry."""
    found = structure(form)
    return [row for row in SOLVERS.values() if fits(row, form, found)]


def is_quick(row: Row, form: Form) -> bool:
    """Whether one step of the algorithm in a game of this size is short enough to be taken unasked."""
    if isinstance(form, SequenceForm):
        return row.most_leaves is None or form.size <= LONG_STEP
    return row.long_step is None or not isinstance(form, NormalForm) or sum(map(len, form.actions)) <= row.long_step


def check_range(form: Form) -> None:
    """Raise InputError where payoffs differ, but by so little that products with probabilities would be lost."""
    if 0 < form.payoff_range < LEAST_RANGE:
        raise InputError(
            f"the payoffs differ by {form.payoff_range:.2g} at most: expected {LEAST_RANGE:g} or more",
            "write them in a smaller unit",
        )


def check_fit(row: Row, form: Form) -> None:
    """MismatchError, naming the algorithms that fit, if the algorithm does not accept the game."""
    check_range(form)
    why = misfit(row, form, structure(form))
    if why is None:
        return
    others = [other.name for other in fitting(form) if other.concept in (Concept.NASH, row.concept)]
    more = f" and {len(others) - NAMED} more (eqsolve info GAME)" if len(others) > NAMED else ""
    hint = f"algorithms that do: {', '.join(others[:NAMED])}{more}"
    raise MismatchError(f"{row.name} does not accept this game: {why}", hint)


def lister(form: Form) -> Row:
    """Return the algorithm that lists all equilibria of the game; MismatchError, saying why, where none does."""
    found = structure(form) if form.name == "normal" else frozenset[str]()
    whys = {name: misfit(SOLVERS[name], form, found) for name in LISTERS}
    fit = next((name for name, why in whys.items() if why is None), None)
    if fit is not None:
        return SOLVERS[fit]
    if form.name != "normal":
        raise MismatchError(
            f"--all: no method here lists all equilibria of a {form.name} game",
            "--algo auto finds one; other seeds may find others",
        )
    told = "; ".join(f"{name}: {why}" for name, why in whys.items())
    hint = "--algo pure lists the pure ones" if misfit(SOLVERS["pure"], form, found) is None else None
    raise MismatchError(f"--all: no method here lists all equilibria of this game: {told}", hint)


def choose(form: Form, start: bool = False, wanted: float | None = None) -> Choice:
    """The algorithm for `form` (for a run from a given `start`, to the gap `wanted`), and the reason in words."""
    check_range(form)
    found = structure(form)
    if fits(SOLVERS["zero-sum-lp"], form, found):
        if start:
            why = f"{_constant_sum(form)} payoffs of two players, and a start: the average converges"
            return Choice(SOLVERS["regret-matching+"], why)
        return Choice(SOLVERS["zero-sum-lp"], _one_programme(form))
    if isinstance(form, SequenceForm):
        return _of_sequences(form, found, start, wanted)
    if isinstance(form, MarkovGame):
        return Choice(SOLVERS["inpg"], _of_markov(form, found))
    near = "near-" if "potential" in found and "potential" in nearly(form) else ""
    if "potential" in found and not start and _is_small(form) and fits(SOLVERS["bimatrix"], form, found):
        why = f"a small {near}potential game of two players: pivots and small supports, in turns, end exactly"
        return Choice(SOLVERS["bimatrix"], why)
    if "potential" in found and not start:
        return Choice(SOLVERS["best-response"], f"a {near}potential game: replies that gain end in a pure equilibrium")
    if "potential" in found:
        return Choice(SOLVERS["inpg"], f"a {near}potential game: its last iterate converges for small steps")
    if fits(SOLVERS["bimatrix"], form, found) and not start:
        return Choice(SOLVERS["bimatrix"], "two players, a general game: pivots and small supports, in turns")
    if _is_small(form) and len(form.players) > 2 and not start:
        why = "a general game of several players: a portfolio, supports polished, no guarantee"
        return Choice(SOLVERS["n-player"], why)
    return Choice(SOLVERS["regret-matching+"], "a general game: regret matching with a support polish, no guarantee")


def _constant_sum(form: Form) -> str:
    return f"{'nearly ' if 'zero-sum' in nearly(form) else ''}constant-sum"


def _one_programme(form: Form) -> str:
    how_well = "comes near" if "zero-sum" in nearly(form) else "is exact"
    return f"two players with {_constant_sum(form)} payoffs: one linear programme {how_well}"


def _of_markov(form: MarkovGame, found: frozenset[str]) -> str:
    """Why the natural policy gradient: what is known of it in this game, and what else there is."""
    others = " and ".join(row.name for row in SOLVERS.values() if row.name != "inpg" and fits(row, form, found))
    if "potential" in found:
        return "a Markov game with a potential: its last iterate converges for small steps"
    if not _is_zero_sum(form):
        why = "a Markov game: natural policy gradient on exact values, judged as it goes; it is known to converge only"
        return f"{why} where there is a potential, and none was found; {others} fit too"
    why = "a zero-sum Markov game: no method here is known to converge on games of this kind; natural policy gradient"
    if isinstance(form, DenseMarkovGame) and form.unmoved:
        own = "No action moves the state: each state's own game, written as a `matrix`, has exact methods"
        return f"{why}, judged as it goes. {own}"
    return f"{why}, judged as it goes; {others} fit too"


def _is_zero_sum(form: MarkovGame) -> bool:
    """Whether the rewards of two players sum to the same everywhere, but for rounding; False where no table says so."""
    if len(form.players) != 2 or not isinstance(form, DenseMarkovGame | SparseMarkovGame | HorizonGame):
        return False
    return bool(np.ptp(form.rewards.sum(axis=0)) <= CONSTANT_SUM_TOLERANCE * form.reward_range)


def _is_small(form: Form) -> bool:
    return isinstance(form, NormalForm) and form.tensor_bytes <= SMALL_BYTES


def _of_sequences(form: SequenceForm, found: frozenset[str], start: bool, wanted: float | None) -> Choice:
    leaves = form.size
    if fits(SOLVERS["sequence-lp"], form, found) and not start:
        return Choice(SOLVERS["sequence-lp"], _one_programme(form))
    if wanted is not None and wanted < SMALL_GAP * form.payoff_range:
        name = next(iter(RACERS))
        return Choice(SOLVERS[name], "a small gap is asked for, and its gap falls longest", RACERS[name])
    if leaves > RACED:
        return Choice(SOLVERS[UNRACED], f"a game of {leaves} leaves, too large for a race: its gap falls fast at first")
    iterations = next((n for most, n in RACES if leaves <= most), FEWEST)
    if not isinstance(form, CardForm):
        iterations = max(FEWEST, min(iterations, VISITS // (leaves * len(form.players))))
    gaps = {name: _gap_after(iterations, name, form) for name in RACERS}
    winner = min(gaps, key=gaps.__getitem__)
    told = ", ".join(f"{name} {gap:.3g}" for name, gap in gaps.items())
    why = f"the least Nash gap of its average after {iterations} iterations: {told}"
    return Choice(SOLVERS[winner], why, RACERS[winner])


def _gap_after(iterations: int, name: str, form: Form) -> float:
    row = SOLVERS[name]
    solver = configure(row.load(), RACERS[name])
    states = run.iterates(form, solver, until=lambda n: iterations)
    next(states)
    average = solver.answers(form, next(states))[row.answers[0]]
    return float(deviations(form, average).regrets.max())
