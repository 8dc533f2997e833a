"""Random congestion games that follow one another: which comes next is chance, whatever the players do.

In every state each player takes one of the links and pays a cost that grows with the number of players on it; costs
and the chances of the next state are drawn by seed. The game of each state has Rosenthal's potential (Rosenthal 1973),
and since nobody moves the state, the expected discounted sum of these is an exact potential of the whole game
(Leonardos et al. 2021, arXiv:2106.01969, section 3). The stream of numbers is that of Philox (Salmon et al. 2011).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from eqsolve.families.variates import Seed, draw, fits, generator, simplex
from eqsolve.spec.base import Family
from eqsolve.spec.faults import Refusal
from eqsolve.spec.numbers import ActionLabels, EndlessDiscount, PlayerLabels, StateLabels

if TYPE_CHECKING:
    from eqsolve.forms.markov.game import DenseMarkovGame


class RandomCongestionMarkov(Family):
    """A congestion game on parallel links in every state; the next state is chance. It starts in each state alike."""

    kind: Literal["random-congestion-markov"] = Field(description="The family.")
    players: PlayerLabels = Field(description="Number of players, or their labels.")
    links: ActionLabels = Field(description="Number of links, or their labels: the actions of every player.")
    states: StateLabels = Field(description="Number of states, or their labels.")
    discount: EndlessDiscount = Field(description="Discount factor, below 1: the game has no end.")
    distribution: Literal["uniform", "integers"] = Field(
        "uniform",
        description="Of what one more player on a link adds to its cost: uniform on [0, 1), or one of the integers "
        "1 to 9, all alike.",
    )
    seed: Seed = Field(description="Seed of the random numbers: another seed, another game of this kind.")

    template: ClassVar[str] = """\
kind: random-congestion-markov
players: 3                          # a number, or a list of labels
links: 2                            # a number, or a list of labels: what each player chooses from
states: 4                           # a number, or a list of labels; the game starts in each alike
discount: 0.9                       # below 1
distribution: uniform               # of what one more player adds to a link's cost; or integers (1 … 9)
seed: 0                             # another seed, another game
"""

    @field_validator("states")
    @classmethod
    def _tables_fit(cls, states: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        players, links = len(info.data.get("players", ())), len(info.data.get("links", ()))
        if players * (links > 1) > 27:  # 2^27 joint actions
            raise Refusal(f"{players} players have too many joint actions for a table", "at most 27")
        fits(len(states), links**players, max(len(states), players))
        return states

    def build(self) -> DenseMarkovGame:
        """Costs are drawn first, state by state and link by link, then transitions."""
        import numpy as np

        from eqsolve.forms.markov.game import DenseMarkovGame

        n, m, states = len(self.players), len(self.links), len(self.states)
        stream = generator(self.seed)
        more = draw(stream, "uniform", (states, m, n))
        if self.distribution == "integers":
            more = np.floor(9 * more) + 1
        costs = more.cumsum(axis=-1)
        moves = simplex(stream, (states, states))
        joint = np.indices((m,) * n)
        rewards = []
        for own in joint:
            load = (joint == own).sum(axis=0)
            rewards.append(-costs[:, own, load - 1])
        sizes = (1,) * n
        return DenseMarkovGame(
            players=self.players,
            actions=(self.links,) * n,
            states=self.states,
            rewards=np.stack(rewards),
            transitions=np.broadcast_to(moves.reshape(states, *sizes, states), (states, *(m,) * n, states)),
            discount=self.discount,
            start=np.full(states, 1 / states),
        )
