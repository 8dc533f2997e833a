"""Sequential better and best replies in pure policies: one player after the other goes where he gains.

Rosenthal 1973 ("A class of games possessing pure-strategy Nash equilibria"): where a potential exists, every reply
that gains raises it, so that the replies end in a pure equilibrium. Monderer and Shapley 1996, "Potential games",
Games and Economic Behavior 14, section 2. Step t:

1. player t mod N learns the payoff of each of his actions against the others' present ones;
2. if some action pays more than his present one, he goes over to the best of them (`reply=best`) or to the first
   (`reply=better`); the first in the order of the game where several are best.

It ends when all players in a row have stayed. Elsewhere the replies may go round for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile, frozen
from eqsolve.forms.normal import NormalForm
from eqsolve.kernels.jit import jit
from eqsolve.kernels.pure_play import move, own_payoffs, stand
from eqsolve.solvers.initial import draw_logits

#: A reply gains only if it pays more than this fraction of the payoff range: rounding alone moves nobody.
GAIN = 1e-12
REPLIES = ("best", "better")
INITS = ("random", "first")


class State(NamedTuple):
    """`actions` int64 [N]; `stayed`: how many players in a row found nothing better, at the end N."""

    iteration: int
    actions: NDArray[np.int64]
    stayed: int


@dataclass(frozen=True)
class BestResponse:
    """Hyperparameters: where to go and where to begin."""

    reply: str = field(
        default="best",
        metadata={"symbol": "b", "help": "go over to the best action, or to the first better one: best, better"},
    )
    initial: str = field(
        default="random",
        metadata={
            "name": "init",
            "symbol": "a⁰",
            "help": "first actions, drawn by seed or the first of each: random, first",
        },
    )

    def __post_init__(self) -> None:
        if self.reply not in REPLIES:
            raise UsageError(f"reply: expected one of {', '.join(REPLIES)}, got '{self.reply}'")
        if self.initial not in INITS:
            raise UsageError(f"init: expected one of {', '.join(INITS)}, got '{self.initial}'")

    def init(self, game: NormalForm, seed: int, start: Profile | None = None) -> State:
        at = game.offsets
        if start is not None:
            if any(policy.max() < 1 for policy in start):
                raise UsageError("best-response takes no --start that mixes: each policy must put 1 on an action")
            return State(0, np.array([policy.argmax() for policy in start], dtype=np.int64), 0)
        if self.initial == "first":
            return State(0, np.zeros(len(game.players), dtype=np.int64), 0)
        logits = draw_logits(game, "dirichlet", seed)  # the likeliest action of a symmetric draw: each alike
        drawn = [logits[at[i] : at[i + 1]].argmax() for i in range(len(game.players))]
        return State(0, np.array(drawn, dtype=np.int64), 0)

    def step(self, game: NormalForm, state: State, steps: int) -> State:
        actions = state.actions.copy()
        gain, best = GAIN * game.payoff_range, self.reply == "best"
        n, stayed = sweep(game.arrays, actions, state.iteration, state.stayed, gain, best, steps)
        return State(n, actions, stayed)

    def answers(self, game: NormalForm, state: State) -> dict[str, Profile]:
        pure = zip(game.shapes, state.actions, strict=True)
        return {"last": frozen(np.arange(size) == action for (size,), action in pure)}

    def finished(self, state: State) -> bool:
        return bool(state.stayed == len(state.actions))


@jit
def sweep(
    game: Any, actions: NDArray[np.int64], done: int, stayed: int, gain: float, best: bool, steps: int
) -> tuple[int, int]:
    """`steps` replies after the first `done`, fewer if it ends: (replies so far, how many in a row stayed).

    `actions` is modified in place.
    """
    players = actions.size
    standing = stand(game, actions)
    most = 0
    for i in range(players):
        most = max(most, game.offsets[i + 1] - game.offsets[i])
    q = np.empty(most)
    for t in range(done, done + steps):
        if stayed == players:
            return t, stayed
        i = t % players
        own_payoffs(game, actions, standing, i, q)
        present = q[actions[i]]
        chosen = actions[i]
        for k in range(game.offsets[i + 1] - game.offsets[i]):
            if q[k] > present + gain and (chosen == actions[i] or (best and q[k] > q[chosen])):
                chosen = k
        if chosen == actions[i]:
            stayed += 1
        else:
            move(game, actions, standing, i, chosen)
            stayed = 0
    return done + steps, stayed
