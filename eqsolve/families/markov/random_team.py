"""Random team Markov games: all receive the same reward, drawn by seed, and move the state together.

The common value is an exact potential of the whole game (Leonardos et al. 2021, arXiv:2106.01969): what a player gains
by changing their policy, all gain. From every state every joint action leads to each state with probabilities uniform
on the simplex. The stream of numbers is that of Philox (Salmon et al. 2011).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.families.variates import (
    DISTRIBUTIONS,
    ActionsOrNumber,
    DistributionName,
    Seed,
    draw,
    fits,
    generator,
    simplex,
)
from eqsolve.spec.base import Family
from eqsolve.spec.numbers import EndlessDiscount, PlayerLabels, StateLabels

if TYPE_CHECKING:
    from eqsolve.forms.markov.game import DenseMarkovGame


class RandomTeam(Family):
    """A Markov game of common rewards, drawn by seed; it starts in each state alike."""

    kind: Literal["random-team"] = Field(description="The family.")
    players: PlayerLabels = Field(description="Number of players, or their labels.")
    actions: ActionsOrNumber = Field(
        description="Number of actions of every player, or for each player the labels or their number."
    )
    states: StateLabels = Field(description="Number of states, or their labels.")
    discount: EndlessDiscount = Field(description="Discount factor, below 1: the game has no end.")
    distribution: DistributionName = Field("uniform", description=f"Of each reward: {DISTRIBUTIONS}.")
    seed: Seed = Field(description="Seed of the random numbers: another seed, another game of this kind.")

    template: ClassVar[str] = """\
kind: random-team
players: 2                          # a number, or a list of labels
actions: 3                          # of each player; or a list with one number or one list of labels per player
states: 4                           # a number, or a list of labels; the game starts in each alike
discount: 0.9                       # below 1
distribution: uniform               # on [0, 1); or normal (mean 0, variance 1); or integers (−9 … 9)
seed: 0                             # another seed, another game
"""

    @field_validator("states")
    @classmethod
    def _tables_fit(cls, states: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        sizes = [len(labels) for labels in info.data.get("actions", ())]
        fits(len(states), *sizes, max(len(states), len(sizes)))
        return states

    def build(self) -> DenseMarkovGame:
        """Rewards are drawn first, then transitions."""
        import numpy as np

        from eqsolve.forms.markov.game import DenseMarkovGame

        states, shape = len(self.states), (len(self.states), *map(len, self.actions))
        stream = generator(self.seed)
        rewards = draw(stream, self.distribution, shape)
        return DenseMarkovGame(
            players=self.players,
            actions=self.actions,
            states=self.states,
            rewards=np.broadcast_to(rewards, (len(self.players), *shape)),
            transitions=simplex(stream, (*shape, states)),
            discount=self.discount,
            start=np.full(states, 1 / states),
        )
