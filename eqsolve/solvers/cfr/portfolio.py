"""A portfolio of schedules of alternating predictive CFR+ for general-sum games, and a polish of what they find.

Farina, Kroer and Sandholm 2021 (AAAI), arXiv:2007.14358, predictive CFR+; Xu et al. 2024 (IJCAI), arXiv:2404.13891, its
discounts; von Stengel 1996 (Games and Economic Behavior 14), the equations of the polish. No schedule is proved to
converge in general-sum games, and each alone goes round in cycles in some of them. An iteration is one sweep of one
member:

1. the member in turn makes a block of iterations; then averages of its last 1, 2, 4 and of all blocks are compared;
2. where a block gained little, some members change how much their last regrets count for the next ones;
3. a turn ends at 256, 512, 1,024, … iterations, in small games from 64 on. A member whose gap fell to a tenth goes
   on; else the one of least gap has its turn unless it has had half of all iterations; else those that have had fewest
   turns, among them whose gap fell most;
4. when all in play have had as many turns, the best average is polished and more members come into play.

With two players the polish solves two linear programmes on the supports of the best average, with more the equations
of indifference there by Newton's method. What it gives counts where its gap is smaller. The method ends where a gap is
rounding, below 1e-12 of the payoff range. A game in normal form is a tree in which each player moves once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from eqsolve.arithmetic.rational import require_flint
from eqsolve.errors import UsageError
from eqsolve.forms.base import Array, Profile
from eqsolve.forms.exact_payoffs import ExactLeaves, ExactPayoffs, Policies
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.extensive.layout.hands import aligned
from eqsolve.forms.extensive.packing import in_lanes, lane_entries, packed
from eqsolve.forms.extensive.simultaneous import with_empty, without_empty
from eqsolve.forms.normal.game import NormalForm
from eqsolve.forms.tolerances import PAYOFF_ROUNDING
from eqsolve.solvers.cfr._averages import KEPT_BLOCKS, Averages, end_block, end_turn, largest_gain, no_averages
from eqsolve.solvers.cfr._indifference import indifferent
from eqsolve.solvers.cfr._members import MOST_BLOCKS, SCHEDULES, Members, advance, block_end, first_members
from eqsolve.solvers.cfr._support_programmes import SupportProgrammes, Supports, supports
from eqsolve.solvers.state import Asked

#: A turn ends once the member has made so many iterations, doubled for each turn that it had before.
FIRST_TURN = 256
#: In games of up to so many leaves first turns are so long, and the averages of several members are polished: there
#: programmes cost next to nothing.
FEW_LEAVES, SHORT_TURN, SEVERAL = 1_000, 64, 4
#: How many members are in play until all of them have had 1, 2 and 3 turns; later all are.
IN_PLAY = (4, 4, 8)
#: A member goes on at once where its turn left less than this share of its gap.
FAST_FALL = 0.1
#: A block that leaves more than this share of a member's gap gained little.
LITTLE = 0.7
#: Bytes of all members at most, unless one alone takes more.
MEMORY = 2**30
#: Probabilities up to these are taken for 0, one after the other, where the supports of an average are looked for.
AVERAGE_THRESHOLDS = (1e-2, 1e-3, 1e-4)
#: How often a support is solved for, dropping sequences that are no best replies.
TRIES = 3
#: Games of more leaves are not polished: their programmes take minutes.
POLISHED_LEAVES = 200_000


Game: TypeAlias = SequenceForm | NormalForm


class State(NamedTuple):
    """`turn`: the member in turn; `rounds`: how many turns all in play have had; `polished` [ΣQ], of least `gap` so
    far, on supports of member `source`, −1 while there is none; `tried`: codes of supports that were polished;
    `found`: a gap is rounding.
    """

    iteration: int
    turn: int
    rounds: int
    members: Members
    averages: Averages
    polished: NDArray[np.float64]
    gap: float
    source: int
    tried: NDArray[np.uint64]
    found: bool


@dataclass(frozen=True)
class Portfolio:
    """How many members there are, and whether their averages are polished."""

    members: int = field(
        default=len(SCHEDULES),
        metadata={"symbol": "M", "help": f"how many schedules take turns, 1 … {len(SCHEDULES)}"},
    )
    polish: bool = field(
        default=True,
        metadata={
            "symbol": "-",
            "help": "true: equilibria are solved for on supports of averages; false: these are taken as they are",
        },
    )

    def __post_init__(self) -> None:
        if not 1 <= self.members <= len(SCHEDULES):
            raise UsageError(f"members: expected 1 to {len(SCHEDULES)}, got {self.members}")

    def adapted(self, game: Game) -> Portfolio:
        # policy, regrets, all, best; and blocks
        most = MEMORY // (8 * (4 + KEPT_BLOCKS) * lane_entries(_tree(game)))
        return replace(self, members=max(1, min(self.members, most)))

    def init(self, game: Game, seed: int, start: Profile | None = None) -> State:
        tree = _tree(game)
        if start is not None and isinstance(game, NormalForm):
            start = with_empty(start)
        members = first_members(tree, self.adapted(game).members, seed, start)
        polished = tree.pack(tree.uniform()).copy()
        nothing = np.zeros(0, np.uint64)
        return State(0, 0, 0, members, no_averages(members.policy), polished, np.inf, -1, nothing, False)

    def step(self, game: Game, state: State, steps: int) -> State:
        policy, regrets = (aligned(rows.reshape(-1)).reshape(rows.shape) for rows in state.members[:2])
        members = Members(policy, regrets, *(each.copy() for each in state.members[2:]))
        averages = Averages._make(each.copy() for each in state.averages)
        return self.advance(game, state._replace(members=members, averages=averages), steps)

    def advance(self, game: Game, state: State, steps: int) -> State:
        tree = _tree(game)
        until = state.iteration + steps
        while state.iteration < until and not state.found:
            m, members = state.turn, state.members
            end = block_end(int(members.ended[m]))
            now = min(until - state.iteration, end - int(members.done[m]))
            advance(tree, members, m, now, state.averages.blocks[m, 0])
            state = state._replace(iteration=state.iteration + now)
            if members.done[m] == end:
                state = self._after_block(tree, state)
        return state

    def answers(self, game: Game, state: State) -> Mapping[str, Profile]:
        tree = _tree(game)

        def profile_of(flat: Array) -> Profile:
            profile = tree.unpack(flat)
            return profile if tree is game else without_empty(profile)

        def average() -> Profile:
            return profile_of(packed(tree, state.averages.best[_leader(state)]))

        def candidate() -> Profile:
            return profile_of(state.polished.copy()) if _is_polished(state) else average()

        return Asked({"candidate": candidate, "average": average})

    def polished_answers(self, state: State) -> frozenset[str]:
        return frozenset({"candidate"} if _is_polished(state) else ())

    def finished(self, state: State) -> bool:
        return state.found

    def figures(self, game: Game, state: State) -> dict[str, float]:
        m = state.source if _is_polished(state) else _leader(state)
        return {"member": m + 1.0, "prediction": SCHEDULES[m].prediction}

    def remarks(self, game: Game, state: State) -> Sequence[str]:
        found = [f"the best average is {_in_words(state, _leader(state))}"]
        if _is_polished(state):
            found.append(f"the candidate was solved for on supports of averages of member {state.source + 1}")
        return found

    def is_state(self, game: Game, state: State) -> bool:
        members, count = state.members, len(state.members.done)
        ends = [k for k in members.ended.tolist() if 0 <= k < MOST_BLOCKS]
        return (
            len(ends) == count
            and 0 <= state.turn < count
            and 0 <= state.rounds < MOST_BLOCKS
            and -1 <= state.source < count
            and all(block_end(k - 1) <= n < block_end(k) for k, n in zip(ends, members.done.tolist(), strict=True))
            and all(0 <= turns < 2 * len(SCHEDULES) for turns in members.turns.tolist())
        )

    def require_rationals(self) -> None:
        require_flint()

    def solution(self, game: Game, state: State, exact: ExactLeaves | ExactPayoffs, answer: Profile) -> Policies | None:
        """Return the exact plans on the supports of `answer`; None where there are none, in normal forms and for more
        players.
        """
        if isinstance(game, NormalForm) or isinstance(exact, ExactPayoffs) or len(game.players) != 2:
            return None
        return SupportProgrammes(game).exact(answer, exact)

    def _after_block(self, game: SequenceForm, state: State) -> State:
        """Compare averages; where the member's turn is over, say whose turn it is."""
        m, members, averages = state.turn, state.members, state.averages
        members.ended[m] += 1
        left = end_block(game, averages, m, int(members.ended[m]))
        if SCHEDULES[m].changes and left > LITTLE:
            members.changed[m] += 1
        if averages.gap[m] <= _rounding(game):
            return state._replace(found=True)
        first_turn = SHORT_TURN if game.size <= FEW_LEAVES else FIRST_TURN
        if members.done[m] < first_turn << int(members.turns[m]):
            return state
        members.turns[m] += 1
        end_turn(averages, m)
        leader = _leader(state)
        if averages.left[m] < FAST_FALL:
            return state
        if 2 * members.done[leader] < state.iteration:
            return state._replace(turn=leader)
        waiting = self._waiting(state)
        if not waiting and self.polish:
            state = self._polished(game, state)
        while not waiting:
            state = state._replace(rounds=state.rounds + 1)
            waiting = self._waiting(state)
        return state._replace(turn=min(waiting, key=lambda k: (members.turns[k], averages.left[k], k)))

    def _waiting(self, state: State) -> list[int]:
        """Return the members in play that have had no more turns than there were rounds."""
        count = len(state.members.done)
        in_play = IN_PLAY[state.rounds] if state.rounds < len(IN_PLAY) else count
        return [m for m in range(min(in_play, count)) if state.members.turns[m] <= state.rounds]

    def _polished(self, game: SequenceForm, state: State) -> State:
        """Solve for an equilibrium on the supports of the best average; the result is kept if its gap is smaller."""
        # this is not to take longer than iterations have
        if game.size > POLISHED_LEAVES or game.size * state.iteration < int(game.offsets[-1]) ** 2:
            return state
        tried, gaps = state.tried.tolist(), state.averages.gap
        for m in np.argsort(gaps, kind="stable")[: SEVERAL if game.size <= FEW_LEAVES else 1].tolist():
            average = game.unpack(packed(game, state.averages.best[m]))
            for threshold in AVERAGE_THRESHOLDS:
                played = supports(game, average, threshold)
                bits = b"".join(own.tobytes() for own in played)
                code = int.from_bytes(blake2b(bits, digest_size=8).digest(), "little")
                if state.gap <= _rounding(game) or code in tried:
                    continue
                tried.append(code)
                profile = _on_supports(game, average, played)
                polished = None if profile is None else game.pack(profile)
                gap = np.inf if polished is None else largest_gain(game, in_lanes(game, polished))
                if polished is not None and gap < state.gap:
                    state = state._replace(polished=polished, gap=gap, source=m)
        return state._replace(tried=np.array(tried, np.uint64), found=state.gap <= _rounding(game))


def _tree(game: Game) -> SequenceForm:
    """Return the game as a tree."""
    return game.tensor().tree if isinstance(game, NormalForm) else game


def _on_supports(game: SequenceForm, average: Profile, played: Supports) -> Profile | None:
    """Return what may be an equilibrium on supports of an average."""
    if len(played) == 2:
        return SupportProgrammes(game).equilibrium(played, TRIES)
    return indifferent(game, average, played)


def _leader(state: State) -> int:
    """Return the member whose best average has the least gap."""
    return int(np.argmin(state.averages.gap))


def _is_polished(state: State) -> bool:
    """Tell whether the polished profile is better than the best average."""
    return bool(state.gap < state.averages.gap.min())


def _rounding(game: SequenceForm) -> float:
    """Return the largest gap that may be rounding."""
    return PAYOFF_ROUNDING * game.payoff_range


def _in_words(state: State, m: int) -> str:
    """Return which average of which member its best one is."""
    schedule, merged = SCHEDULES[m], int(state.averages.merged[m])
    kept = "all regrets kept" if schedule.discount == np.inf else f"discount α = {schedule.discount:g}"
    blocks = "all its blocks" if merged == 0 else f"its last {merged} blocks" if merged > 1 else "its last block"
    done = int(state.members.done[m])
    changes = ", changed while it gained little" if schedule.changes else ""
    return (
        f"that of {blocks} of iterations by member {m + 1} of {len(state.members.done)}, after {done} of its own: "
        f"prediction factor {schedule.prediction:g}{changes}, {kept}"
    )
