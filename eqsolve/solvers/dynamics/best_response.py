"""Sequential better and best replies in pure policies: the players take turns.

Rosenthal 1973 ("A class of games possessing pure-strategy Nash equilibria"): where a potential exists, every reply
that gains raises it, so that the replies end in a pure equilibrium. Monderer and Shapley 1996, "Potential games",
Games and Economic Behavior 14, section 2; for Markov potential games Leonardos et al. 2022, arXiv:2106.01969. Step t:

1. player t mod N learns what each of their actions is worth against the others' present ones: its payoff, or in a
   Markov game, in every state, its action value under their present stationary policy;
2. if some action is worth more than their present one, they go over to the best of them (`reply=best`) or to the first
   (`reply=better`); the first in the order of the game where several are best. In a Markov game they do so in all
   states at once, visited or not: one step of policy iteration (Howard 1960), which `reply=best` repeats until
   nothing gains, so that they arrive at an exact best response.

It ends when all players in a row have stayed; then nobody gains from any state by more than 1e-12 of the payoff range.
Elsewhere the replies may go round for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import UsageError
from eqsolve.forms.base import Profile, readonly
from eqsolve.forms.markov.game import MarkovGame
from eqsolve.forms.mixed import Mixed
from eqsolve.forms.tolerances import PAYOFF_ROUNDING
from eqsolve.kernels.jit import jit
from eqsolve.kernels.pure_play import move, own_payoffs, stand
from eqsolve.solvers.initial import draw_logits

REPLIES = ("best", "better")
INITS = ("random", "first")


class State(NamedTuple):
    """`actions` int64, one per row of the packed profile (a player's, or theirs in a state).

    `unasked`: how many players must still stay, in a row, for it to end; at the end 0.
    """

    iteration: int
    actions: NDArray[np.int64]
    unasked: int


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

    def init(self, game: Mixed, seed: int, start: Profile | None = None) -> State:
        rows = game.row_offsets
        if start is not None:
            if any((policy.max(axis=-1) < 1).any() for policy in start):
                raise UsageError("best-response takes no --start that mixes: each row must put 1 on an action")
            worth = game.pack(start)
        elif self.initial == "first":
            worth = game.pack(game.uniform())
        else:
            worth = draw_logits(game, "dirichlet", seed)  # the likeliest action of a symmetric draw: each alike
        chosen = [worth[rows[r] : rows[r + 1]].argmax() for r in range(rows.size - 1)]
        return State(0, np.array(chosen, dtype=np.int64), len(game.players))

    def step(self, game: Mixed, state: State, steps: int) -> State:
        actions = state.actions.copy()
        best = self.reply == "best"
        if isinstance(game, MarkovGame):
            from eqsolve.solvers.dynamics._policy_replies import policy_sweep

            n, unasked = policy_sweep(
                game.arrays,
                game.row_offsets,
                packed_legal(game),
                actions,
                state.iteration,
                state.unasked,
                len(game.players),
                PAYOFF_ROUNDING * game.reward_range,
                best,
                steps,
            )
        else:
            gain = PAYOFF_ROUNDING * game.payoff_range
            n, unasked = sweep(game.arrays, actions, state.iteration, state.unasked, gain, best, steps)
        return State(n, actions, unasked)

    def answers(self, game: Mixed, state: State) -> dict[str, Profile]:
        pure = np.zeros(game.offsets[-1])
        pure[game.row_offsets[:-1] + state.actions] = 1.0
        return {"last": game.unpack(pure)}

    def is_state(self, game: Mixed, state: State) -> bool:
        within = (state.actions >= 0) & (state.actions < np.diff(game.row_offsets))
        return bool(within.all()) and 0 <= state.unasked <= len(game.players)

    def finished(self, state: State) -> bool:
        return state.unasked == 0


def packed_legal(game: Mixed) -> NDArray[np.bool_]:
    """Which entries of a packed profile are actions at all."""
    if game.legal is None:
        return readonly(np.ones(game.offsets[-1], dtype=np.bool_))
    return readonly(np.concatenate([mask.ravel() for mask in game.legal]))


@jit
def sweep(
    game: Any, actions: NDArray[np.int64], done: int, unasked: int, gain: float, best: bool, steps: int
) -> tuple[int, int]:
    """Make `steps` replies after the first `done`, fewer if it ends: (replies so far, how many are unasked).

    actions int64 [N] are modified in place.
    """
    players = actions.size
    standing = stand(game, actions)
    most = 0
    for i in range(players):
        most = max(most, game.offsets[i + 1] - game.offsets[i])
    q = np.empty(most)
    for t in range(done, done + steps):
        if unasked == 0:
            return t, unasked
        i = t % players
        own_payoffs(game, actions, standing, i, q)
        present = q[actions[i]]
        chosen = actions[i]
        for k in range(game.offsets[i + 1] - game.offsets[i]):
            if q[k] > present + gain and (chosen == actions[i] or (best and q[k] > q[chosen])):
                chosen = k
        if chosen == actions[i]:
            unasked -= 1
        else:
            move(game, actions, standing, i, chosen)
            unasked = players
    return done + steps, unasked
