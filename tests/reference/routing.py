"""Routing by its rules: where everyone stands, who is on the same edge, what the edge pays.

A state is None (all at the source) or (layer, the vertex of each player). The policies of `local` ones are expanded to
the states of the game, so that both kinds are judged by the same enumeration.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from reference.linear import Number
from reference.markov import MarkovGame, Profile, decision_problem
from reference.normal import Joint

State = tuple[int, tuple[int, ...]]


@dataclass(frozen=True)
class Routing:
    """`discount` below 1: the last edge leads back to the source; None: it ends the game."""

    players: int
    layers: int
    width: int
    final_edge: bool = True
    discount: Fraction | None = None

    @property
    def states(self) -> list[State]:
        """Source first (layer 0, all at vertex 0), then by layer; player 0's vertex is the most significant digit."""
        places = list(product(range(self.width), repeat=self.players))
        return [(0, (0,) * self.players), *((layer, c) for layer in range(1, self.layers + 1) for c in places)]

    @property
    def game(self) -> MarkovGame:
        """The game of full policies; on the forced last edge every action is the same."""
        states = self.states
        start = [int(s == 0) for s in range(len(states))]
        sizes = (self.width,) * self.players
        return MarkovGame(sizes, len(states), self.reward, self.transition, self.discount or Fraction(1), start)

    def reward(self, i: int, s: int, joint: Joint) -> Number:
        layer, at = self.states[s]
        if layer == self.layers:
            return Fraction(int(self.final_edge), at.count(at[i]))
        edges = list(zip(at, joint, strict=True))
        return Fraction(1, edges.count(edges[i]))

    def transition(self, s: int, joint: Joint) -> list[int]:
        states = self.states
        layer, _ = states[s]
        if layer == self.layers:
            return [int(t == 0 and self.discount is not None) for t in range(len(states))]
        return [int(state == (layer + 1, tuple(joint))) for state in states]

    def expanded(self, local: Sequence[Sequence[Sequence[Number]]]) -> list[list[Sequence[Number]]]:
        """Local policies, rows source, layer 1's vertices, …, as policies of all states."""
        return [
            [rows[0 if layer == 0 else 1 + (layer - 1) * self.width + at[j]] for layer, at in self.states]
            for j, rows in enumerate(local)
        ]

    def local_rows(self) -> int:
        return 1 + self.layers * self.width

    def rosenthal(self, joints: Sequence[Joint]) -> Fraction:
        """Σ over layers and edges of 1 + 1/2 + … + 1/load when layer after layer everyone moves as `joints` says."""
        total = Fraction(0)
        at: tuple[int, ...] = (0,) * self.players
        for joint in joints:
            edges = list(zip(at, joint, strict=True))
            total += sum(Fraction(1, k) for edge in set(edges) for k in range(1, edges.count(edge) + 1))
            at = tuple(joint)
        if self.final_edge:
            total += sum(Fraction(1, k) for v in set(at) for k in range(1, at.count(v) + 1))
        return total


def best_by_induction(game: MarkovGame, profile: Profile, i: int) -> list[Number]:
    """The most that player i can get from each state of a game whose states lead only to later ones."""
    rewards, moves = decision_problem(game, profile, i)
    best: list[Number] = [Fraction(0)] * game.states
    for s in range(game.states - 1, -1, -1):
        best[s] = max(
            rewards[s][a] + game.discount * sum(p * best[t] for t, p in enumerate(moves[s][a]) if p)
            for a in range(game.sizes[i])
        )
    return best
