"""The public game of Leduc poker: betting, the public card, betting."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from eqsolve.families.extensive.deck import cards, ranks
from eqsolve.families.extensive.leduc_payoffs import GeneralSum, net_gains, noise, varied
from eqsolve.forms.rules import CHANCE, TERMINAL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from eqsolve.forms.base import Array

FOLD, CALL, RAISE = range(3)
#: Names of the moves before the first bet of a round, and once a player faces one.
OPEN, FACING = ("fold", "check", "bet"), ("fold", "call", "raise")
#: What noise is drawn by: a move is named alike whether or not there is a bet, so that its numbers never change.
NOISE_WORDS = dict(zip(OPEN, FACING, strict=True))


class Hand(NamedTuple):
    """What all have seen. `to_act`: how many have still to answer the last raise; `left`: raises left in this round.

    `public`: the public card, None before it is dealt; `history`: the names of the moves, the public card's label in
    brackets.
    """

    seat: int
    to_act: int
    left: int
    stake: float
    paid: tuple[float, ...]
    active: tuple[bool, ...]
    public: int | None
    history: tuple[str, ...]


class Table:
    """PublicRules of the family's options. A hand is a rank if suits are merged, else a card."""

    def __init__(
        self,
        players: tuple[str, ...],
        ranks_: int,
        suits: int,
        bets: tuple[float, ...],
        raises: int,
        ante: float,
        merged: bool,
        variant: GeneralSum | None,
    ) -> None:
        self.players, self.bets, self.raises, self.ante, self.variant = players, bets, raises, ante, variant
        self.names = ranks(ranks_) if merged else cards(ranks_, suits)
        self.hands = (self.names,) * len(players)
        #: How many real cards a hand stands for, and the rank of each hand.
        self.copies = suits if merged else 1
        self.rank = tuple(k // (1 if merged else suits) for k in range(len(self.names)))

    @cached_property
    def _dealt(self) -> NDArray[np.int64]:
        """[N, H, …, H]: every player's hand in every joint deal."""
        import numpy as np

        n = len(self.players)
        return np.indices((len(self.names),) * n, dtype=np.int64)

    def deals(self) -> Array:
        import numpy as np

        dealt, ways = self._dealt, np.ones(self._dealt.shape[1:])
        for i in range(len(dealt)):
            ways *= np.maximum(self.copies - (dealt[:i] == dealt[i]).sum(axis=0), 0)
        return ways

    @cached_property
    def _public_ways(self) -> Array:
        import numpy as np

        held = np.array([(self._dealt == card).sum(axis=0) for card in range(len(self.names))])
        return np.asarray(np.maximum(self.copies - held, 0), dtype=np.float64)

    def root(self) -> Hand:
        n = len(self.players)
        return Hand(0, n, self.raises, self.ante, (self.ante,) * n, (True,) * n, None, ())

    def turn(self, state: Hand) -> int:
        if sum(state.active) == 1:
            return TERMINAL
        if state.to_act:
            return state.seat
        return CHANCE if state.public is None else TERMINAL

    def _facing(self, state: Hand) -> bool:
        return state.paid[state.seat] < state.stake

    def _names(self, state: Hand) -> tuple[str, ...]:
        return FACING if self._facing(state) else OPEN

    def _moves(self, state: Hand) -> list[int]:
        return [*([FOLD] if self._facing(state) else []), CALL, *([RAISE] if state.left else [])]

    def actions(self, state: Hand) -> tuple[str, ...]:
        if not state.to_act:
            return self.names
        names = self._names(state)
        return tuple(names[move] for move in self._moves(state))

    def ways(self, state: Hand) -> Array:
        return self._public_ways

    def after(self, state: Hand, choice: int) -> Hand:
        seat, to_act, left, stake, paid, active, public, history = state
        if not to_act:
            opener, still_in = active.index(True), sum(active)
            return Hand(opener, still_in, self.raises, stake, paid, active, choice, (*history, self._shown(choice)))
        move = self._moves(state)[choice]
        history = (*history, self._names(state)[move])
        if move == FOLD:
            active = (*active[:seat], False, *active[seat + 1 :])
        else:
            if move == RAISE:
                stake += self.bets[public is not None]
                left, to_act = left - 1, sum(active)
            paid = (*paid[:seat], stake, *paid[seat + 1 :])
        following = seat
        for _ in active:
            following = (following + 1) % len(active)
            if active[following]:
                break
        return Hand(following, to_act - 1, left, stake, paid, active, public, history)

    def _shown(self, card: int) -> str:
        return f"[{self.names[card]}]"

    def alike(self, state: Hand) -> Hand:
        """The history only names what all have seen, unless noise depends on it."""
        return state if self.variant is not None and self.variant.noise is not None else state._replace(history=())

    def history(self, state: Hand) -> str:
        return " ".join(state.history)

    def settlement(self, state: Hand) -> tuple[tuple[float, ...], tuple[bool, ...], int | None, tuple[str, ...]]:
        """Payments, who is left, the public card's rank where they compare; the history where noise depends on it."""
        noisy = self.variant is not None and self.variant.noise is not None
        public = None if state.public is None else self.rank[state.public]
        shown = public if sum(state.active) > 1 else None
        return state.paid, state.active, shown, self._merged(state, public) if noisy else ()

    def _merged(self, state: Hand, public: int | None) -> tuple[str, ...]:
        """The history by which noise is drawn: as it is where suits are merged."""
        return tuple(f"[{public}]" if word.startswith("[") else NOISE_WORDS.get(word, word) for word in state.history)

    def payoffs(self, settlement: tuple[tuple[float, ...], tuple[bool, ...], int | None, tuple[str, ...]]) -> Array:
        import numpy as np

        paid, active, public, history = settlement
        held = np.array(self.rank)[self._dealt.reshape(len(paid), -1)]
        strength = held + (held == public) * len(self.names)
        gains, variant = net_gains(paid, active, strength), self.variant
        if variant is not None:
            gains = varied(gains, variant)
            if variant.noise is not None and variant.seed is not None:
                sizes = (len(paid), *(self.rank[-1] + 1,) * len(paid))
                gains = gains + variant.noise * noise(variant.seed, " ".join(history), sizes)[(slice(None), *held)]
        return gains.reshape(len(paid), *self._dealt.shape[1:])
