"""One equilibrium of any two-player game, by the methods that find one soonest, in turns.

Most games have an equilibrium of small supports, or a short path of Lemke and Howson; which, is not known beforehand.
So

1. in games of at most 16,384 pure profiles a few blocks of pivots come first (`lemke-howson`, Lemke and Howson 1964);
2. then pure profiles and pairs of rows are searched, to the end (`small-supports`);
3. then blocks of pivots, triples of rows and now and then a descent (`tsaknakis-spirakis`) go on in turns, until one
   of the first two has an equilibrium.

As long as there is none the answer is where the descent stands: no equilibrium, but a profile with a guarantee. No
polynomial method is known (Daskalakis, Goldberg and Papadimitriou 2009, SIAM Journal on Computing 39), and some games
take this one longer than anyone waits. A step is one step of one of these methods.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile
from eqsolve.forms.normal.game import NormalForm
from eqsolve.solvers.bimatrix import lemke_howson, small_supports, tsaknakis_spirakis
from eqsolve.solvers.bimatrix.lemke_howson import LemkeHowson
from eqsolve.solvers.bimatrix.small_supports import SmallSupports
from eqsolve.solvers.bimatrix.tsaknakis_spirakis import TsaknakisSpirakis

#: Games of at most so many pure profiles begin with so many steps of pivots.
SMALL_TABLE, FIRST_PIVOTS = 2**14, 4
#: Of every ROUND steps in turns the first PIVOTS are pivots, the last one is a descent, those between look at triples.
ROUND, PIVOTS = 64, 56

LEMKE_HOWSON, DESCENT = LemkeHowson(), TsaknakisSpirakis()
PAIRS, TRIPLES = SmallSupports(2), SmallSupports(3)


class State(NamedTuple):
    """The states of the three methods that take turns."""

    iteration: int
    pivots: lemke_howson.State
    supports: small_supports.State
    descent: tsaknakis_spirakis.State


@dataclass(frozen=True)
class Bimatrix:
    """No hyperparameters."""

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        if start is not None:
            raise UsageError("bimatrix searches for an equilibrium and takes no --start")
        return State(0, LEMKE_HOWSON.init(game, seed), PAIRS.init(game, seed), DESCENT.init(game, seed))

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        return self.advance(game, state._replace(pivots=lemke_howson.copied(state.pivots)), steps) if steps else state

    def advance(self, game: NormalForm, state: State, steps: int) -> State:
        last = state.iteration + steps
        while state.iteration < last and not self.finished(state):
            name, part, most = next_turn(game, state)
            before = getattr(state, name)
            limit = min(most, last - state.iteration)
            after = part.advance(game, before, limit) if name == "pivots" else part.step(game, before, limit)
            taken = after.iteration - before.iteration
            if part is PAIRS and part.finished(after) and not small_supports.has_found(after):
                after = small_supports.at_triples(after)
            state = state._replace(iteration=state.iteration + taken, **{name: after})
        return state

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        if lemke_howson.has_found(state.pivots):
            (profile,) = LEMKE_HOWSON.answers(game, state.pivots).values()
        elif small_supports.has_found(state.supports):
            (profile,) = TRIPLES.answers(game, state.supports).values()
        else:
            (profile,) = DESCENT.answers(game, state.descent).values()
        return {"profile": profile}

    def finished(self, state: State) -> bool:
        if lemke_howson.has_found(state.pivots) or small_supports.has_found(state.supports):
            return True
        return (
            LEMKE_HOWSON.finished(state.pivots) and TRIPLES.finished(state.supports) and DESCENT.finished(state.descent)
        )


def next_turn(game: NormalForm, state: State) -> tuple[str, Any, int]:
    """Return which method is next: its field in the state, the method, and how many steps it may make at most."""
    rows, columns = game.actions
    if (
        len(rows) * len(columns) <= SMALL_TABLE
        and state.pivots.iteration < FIRST_PIVOTS
        and not LEMKE_HOWSON.finished(state.pivots)
    ):
        return "pivots", LEMKE_HOWSON, FIRST_PIVOTS - state.pivots.iteration
    if state.supports.search.stage <= small_supports.PAIRS:
        return "supports", PAIRS, ROUND
    pivots, triples, descent = ("pivots", LEMKE_HOWSON), ("supports", TRIPLES), ("descent", DESCENT)
    now = state.iteration % ROUND
    order: tuple[tuple[str, Any], ...]
    if now < PIVOTS:
        order, end = (pivots, triples, descent), PIVOTS
    elif now < ROUND - 1:
        order, end = (triples, pivots, descent), ROUND - 1
    else:
        order, end = (descent, pivots, triples), ROUND
    name, part = next((name, part) for name, part in order if not part.finished(getattr(state, name)))
    return name, part, end - now
