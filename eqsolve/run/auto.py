"""Which algorithm suits a game, and why: the first of RULES whose conditions hold; the docs' table is made of them.

Where structure does not tell, candidates race: each runs the same number of iterations, whatever the clock says, and
the least measured Nash gap wins. So the choice is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from eqsolve.analysis.structure import nearly, structure
from eqsolve.errors import MismatchError
from eqsolve.forms.base import Form
from eqsolve.forms.extensive.cards import CardForm
from eqsolve.forms.markov.game import DenseMarkovGame
from eqsolve.forms.markov.sparse import HorizonGame, SparseMarkovGame
from eqsolve.forms.mixed import CONSTANT_SUM_TOLERANCE, Mixed
from eqsolve.forms.traits import FormName, Structure
from eqsolve.metrics.judge import deviations
from eqsolve.run.fit import check_range, fits, fitting
from eqsolve.run.iterating import iterates
from eqsolve.solvers import SOLVERS, Row
from eqsolve.solvers.limits import Counted
from eqsolve.solvers.parameters import configure

#: Minimisers that race in a sequence form for a coarse gap, with their hyperparameters.
RACERS: Mapping[str, Mapping[str, Any]] = {"pcfr+": {"gamma": 5.0}, "pdcfr+": {}, "dcfr+": {}}
#: Iterations of a race in games of up to so many leaves; in larger ones the last number.
RACES = ((10**6, 300), (10**7, 100))
FEWEST = 10
#: A race takes at most about so many visits of leaves by players: a few seconds, where a game is no deal of cards.
RACE_VISITS = 10**8
#: In games of more leaves nobody races: even that takes minutes. This one is ahead at coarse gaps.
RACED, UNRACED = 10**8, "dcfr"
#: Gaps below this fraction of the payoff range are small: what leads a short race then need not get there first.
SMALL_GAP = 1e-5
#: Payoff tensors up to so many bytes go to n-player: in larger ones its steps take seconds. Those of two players with a
#: potential go to bimatrix, which is exact in no time, where dynamics come near in some.
SMALL_BYTES = 2**24


class Choice(NamedTuple):
    """An algorithm, the reason in words, and the hyperparameters that differ from its defaults."""

    row: Row
    reason: str
    parameters: Mapping[str, Any] = {}


class Asked(NamedTuple):
    """What a choice is made by: the game, the structure found in it, whether a run begins from a given start, and the
    gap that it is to reach, in payoff units, if any.
    """

    form: Form
    found: frozenset[Structure]
    start: bool
    wanted: float | None


class Condition(NamedTuple):
    """A question of a game and a run, with its name in the docs' table."""

    words: str
    holds: Callable[[Asked], bool]


class Rule(NamedTuple):
    """Where all conditions hold, `take` an algorithm with these hyperparameters; of several the one that leads a race.

    `reason` may have the fields of FACTS; after a race also {iterations} and {gaps}.
    """

    conditions: tuple[Condition, ...]
    take: Mapping[str, Mapping[str, Any]]
    reason: str


def _accepted_by(name: str, words: str) -> Condition:
    return Condition(words, lambda asked: fits(SOLVERS[name], asked.form, asked.found))


def _is(name: FormName, words: str) -> Condition:
    return Condition(words, lambda asked: asked.form.name == name)


def _is_zero_sum(asked: Asked) -> bool:
    """Whether the rewards of two players sum to the same everywhere, but for rounding; False where no table says so."""
    form = asked.form
    if len(form.players) != 2 or not isinstance(form, DenseMarkovGame | SparseMarkovGame | HorizonGame):
        return False
    return bool(np.ptp(form.rewards.sum(axis=0)) <= CONSTANT_SUM_TOLERANCE * form.reward_range)


def _is_unmoved(asked: Asked) -> bool:
    return isinstance(asked.form, DenseMarkovGame) and asked.form.unmoved


def _is_small(asked: Asked) -> bool:
    return asked.form.tensor_bytes is not None and asked.form.tensor_bytes <= SMALL_BYTES


def _asks_for_a_small_gap(asked: Asked) -> bool:
    return asked.wanted is not None and asked.wanted < SMALL_GAP * (asked.form.scale or 0.0)


START = Condition("a start is given", lambda asked: asked.start)
NO_START = Condition("no start is given", lambda asked: not asked.start)
CONSTANT_SUM = _accepted_by("zero-sum-lp", "two players, constant sum, a payoff table that fits into memory")
MOST_LEAVES = SOLVERS["sequence-lp"].limits[0].most
EXTENSIVE = _is(FormName.SEQUENCE, "an extensive game")
CONSTANT_SUM_TREE = _accepted_by("sequence-lp", f"two players, constant sum, up to {MOST_LEAVES:,} leaves")
SMALL_GAP_ASKED = Condition(f"a gap below {SMALL_GAP:g} of the payoff range is asked for", _asks_for_a_small_gap)
LARGE_TREE = Condition(f"more than {RACED:,} leaves", lambda asked: _leaves(asked.form) > RACED)
NO_CONSTANT_SUM = Condition("no constant sum", lambda asked: Structure.ZERO_SUM not in asked.found)
MEDIUM_TREE = Condition(f"up to {MOST_LEAVES:,} leaves", lambda asked: _leaves(asked.form) <= MOST_LEAVES)
MARKOV = _is(FormName.MARKOV, "a Markov game")
POTENTIAL = Condition("a potential game", lambda asked: Structure.POTENTIAL in asked.found)
ZERO_SUM_REWARDS = Condition("two players whose rewards have the same sum everywhere", _is_zero_sum)
UNMOVED = Condition("no action moves the state", _is_unmoved)
TWO_PLAYERS = Condition("two players", lambda asked: Structure.TWO_PLAYER in asked.found)
SMALL_TABLE = Condition(f"a payoff table of up to {SMALL_BYTES >> 20} MiB", _is_small)
BIMATRIX = _accepted_by("bimatrix", "two players, a payoff table that fits into memory")
SEVERAL_PLAYERS = Condition("three players or more", lambda asked: len(asked.form.players) > 2)

_NONE_KNOWN = (
    "a zero-sum Markov game: natural policy gradient; no method here is known to converge on games of this kind"
)

#: The first rule whose conditions all hold decides; the last one has none.
RULES: tuple[Rule, ...] = (
    Rule(
        (CONSTANT_SUM, START),
        {"regret-matching+": {}},
        "{constant_sum} payoffs of two players, and a start: the average converges",
    ),
    Rule(
        (CONSTANT_SUM,),
        {"zero-sum-lp": {}},
        "two players with {constant_sum} payoffs: one linear programme {is_exact}",
    ),
    Rule(
        (EXTENSIVE, CONSTANT_SUM_TREE, NO_START),
        {"sequence-lp": {}},
        "two players with {constant_sum} payoffs: one linear programme {is_exact}",
    ),
    Rule(
        (EXTENSIVE, NO_CONSTANT_SUM, MEDIUM_TREE),
        {"portfolio": {}},
        "payoffs that sum to no constant: schedules in turn, since each alone goes round in some games; no guarantee",
    ),
    Rule(
        (EXTENSIVE, SMALL_GAP_ASKED),
        {"pcfr+": RACERS["pcfr+"]},
        "a small gap is asked for, and this method's gap falls for longest",
    ),
    Rule(
        (EXTENSIVE, LARGE_TREE),
        {UNRACED: {}},
        "a game of {leaves} leaves, too large to try several: this method's gap falls fast at first",
    ),
    Rule(
        (EXTENSIVE,),
        RACERS,
        "the least Nash gap of the average after {iterations} iterations of each: {gaps}",
    ),
    Rule(
        (MARKOV, POTENTIAL),
        {"inpg": {}},
        "a Markov game with a potential: its last iterate converges for small steps",
    ),
    Rule(
        (MARKOV, ZERO_SUM_REWARDS, UNMOVED),
        {"inpg": {}},
        f"{_NONE_KNOWN}. No action moves the state: each state's game, written as a `matrix`, has exact methods",
    ),
    Rule(
        (MARKOV, ZERO_SUM_REWARDS),
        {"inpg": {}},
        _NONE_KNOWN + "; {others} fit too",
    ),
    Rule(
        (MARKOV,),
        {"inpg": {}},
        "a Markov game: natural policy gradient, known to converge only where there is a potential, and none was "
        "found; {others} fit too",
    ),
    Rule(
        (POTENTIAL, TWO_PLAYERS, SMALL_TABLE, NO_START),
        {"bimatrix": {}},
        "a small {near}potential game of two players: pivoting and small supports, in turn, end in an equilibrium",
    ),
    Rule(
        (POTENTIAL, NO_START),
        {"best-response": {}},
        "a {near}potential game: better replies end in a pure equilibrium",
    ),
    Rule(
        (POTENTIAL,),
        {"inpg": {}},
        "a {near}potential game: its last iterate converges for small steps",
    ),
    Rule(
        (BIMATRIX, NO_START),
        {"bimatrix": {}},
        "a general game of two players: pivoting and small supports, in turn",
    ),
    Rule(
        (SEVERAL_PLAYERS, SMALL_TABLE, NO_START),
        {"n-player": {}},
        "a general game of several players: several methods in turn, with a support polish, no guarantee",
    ),
    Rule(
        (),
        {"regret-matching+": {}},
        "a general game: regret matching with a support polish, no guarantee",
    ),
)


def _leaves(form: Form) -> int:
    return Counted.LEAVES.of(form) or 0


def _others(asked: Asked) -> str:
    """Return the names of the algorithms beside `inpg` that accept the game."""
    return " and ".join(
        row.name for row in SOLVERS.values() if row.name != "inpg" and fits(row, asked.form, asked.found)
    )


class Fact(NamedTuple):
    """What a field of a reason says: of any game, in the docs, and of one game."""

    usual: str
    of: Callable[[Asked], object]


def _word(structure: Structure, usual: str, nearly_so: str) -> Fact:
    """Return a word, and another one where the game has the structure within a tolerance only."""
    return Fact(usual, lambda asked: nearly_so if structure in nearly(asked.form) else usual)


#: Field of a reason -> what stands there.
FACTS: Mapping[str, Fact] = {
    "constant_sum": _word(Structure.ZERO_SUM, "constant-sum", "nearly constant-sum"),
    "is_exact": _word(Structure.ZERO_SUM, "is exact", "comes near"),
    "near": _word(Structure.POTENTIAL, "", "near-"),
    "leaves": Fact("…", lambda asked: _leaves(asked.form)),
    "others": Fact("…", _others),
}


def choose(form: Form, start: bool = False, wanted: float | None = None) -> Choice:
    """The algorithm for `form` (for a run from a given `start`, to the gap `wanted`), and the reason in words."""
    check_range(form)
    if not isinstance(form, Mixed):
        return _the_first(form)
    asked = Asked(form, structure(form), start, wanted)
    rule = _rule(asked)
    name, facts = _race(form, rule.take) if len(rule.take) > 1 else (next(iter(rule.take)), {})
    facts |= {field: fact.of(asked) for field, fact in FACTS.items() if f"{{{field}}}" in rule.reason}
    return Choice(SOLVERS[name], rule.reason.format_map(facts), rule.take[name])


def ranked(form: Form) -> list[Row]:
    """Return the algorithms that accept the game: the one it is given to, others of the rules, then the rest."""
    rows = fitting(form)
    if not isinstance(form, Mixed):
        return rows
    rules = (_rule(Asked(form, structure(form), start=False, wanted=None)), *RULES)
    named = list(dict.fromkeys(name for rule in rules for name in rule.take))
    return sorted(rows, key=lambda row: named.index(row.name) if row.name in named else len(named))


def _rule(asked: Asked) -> Rule:
    """Return the first rule whose conditions all hold."""
    return next(rule for rule in RULES if all(condition.holds(asked) for condition in rule.conditions))


def _the_first(form: Form) -> Choice:
    """The first algorithm that accepts a game whose policies are no distributions; MismatchError where none does."""
    rows = fitting(form)
    if not rows:
        raise MismatchError(f"no method here accepts {form.in_words}", "eqsolve regret measures profiles of it")
    return Choice(rows[0], f"{form.in_words}: the first method that accepts it")


def _race(form: Form, racers: Mapping[str, Mapping[str, Any]]) -> tuple[str, dict[str, object]]:
    """Return the racer whose average has the least Nash gap after some iterations, how many, and all gaps in words."""
    leaves = _leaves(form)
    iterations = next((n for most, n in RACES if leaves <= most), FEWEST)
    if not isinstance(form, CardForm):
        iterations = max(FEWEST, min(iterations, RACE_VISITS // (leaves * len(form.players))))
    gaps = {name: _gap_after(iterations, name, parameters, form) for name, parameters in racers.items()}
    in_words = ", ".join(f"{name} {gap:.3g}" for name, gap in gaps.items())
    return min(gaps, key=gaps.__getitem__), {"iterations": iterations, "gaps": in_words}


def _gap_after(iterations: int, name: str, parameters: Mapping[str, Any], form: Form) -> float:
    row = SOLVERS[name]
    solver = configure(row.load(), parameters)
    states = iterates(form, solver, until=lambda n: iterations)
    next(states)
    average = solver.answers(form, next(states))[row.answers[0]]
    return float(deviations(form, average).regrets.max())
