"""Small random games and profiles, all of integers and fractions.

Every function takes `whole(low, high)`, which picks an integer: a seeded generator's, or hypothesis's, which then
can shrink the game.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reference.congestion import Congestion
from reference.distancing import Distancing
from reference.extensive import Behaviour, Node, Tree, infosets
from reference.markov import MarkovGame
from reference.normal import Game, Joint, joints

Whole = Callable[[int, int], int]

#: EQSOLVE_FUZZ=10 draws ten times the usual number of games.
FUZZ = int(os.environ.get("EQSOLVE_FUZZ", "1"))


def on_random_games(count: int) -> Callable[[Callable[[Whole], None]], Callable[[int, int, int], None]]:
    """Decorator: the test runs on `count` seeded draws, then on some of hypothesis's, which looks for a small one.

    A tenth of the seeded draws and a quarter of hypothesis's make the test `few` of the fast tier; the other seeded
    ones, and all of hypothesis's, the test `many` of the slow one.
    """
    drawn = count * FUZZ
    few = -(-drawn // 10)
    usual = settings().max_examples

    def decorate(test: Callable[[Whole], None]) -> Callable[[int, int, int], None]:
        @given(st.data())
        def searched(data: st.DataObject) -> None:
            test(lambda low, high: data.draw(st.integers(low, high)))

        def run(first: int, end: int, examples: int) -> None:
            for n in range(first, end):
                try:
                    test(seeded(test.__name__, n))
                except BaseException as error:
                    error.add_note(f"drawn by seeded('{test.__name__}', {n})")
                    raise
            settings(max_examples=examples)(searched)()

        run.__name__, run.__doc__ = test.__name__, test.__doc__
        parts = [
            pytest.param(0, few, usual // 4, id="few"),
            pytest.param(few, drawn, usual, id="many", marks=pytest.mark.slow),
        ]
        return pytest.mark.parametrize(("first", "end", "examples"), parts)(run)

    return decorate


def seeded(*seed: object) -> Whole:
    """`whole` of a generator of its own."""
    return Random(repr(seed)).randint


def row(whole: Whole, size: int) -> list[Fraction]:
    """A distribution; about half of its entries are 0, and pure ones are common."""
    weights = [max(0, whole(-3, 4)) for _ in range(size)]
    weights[whole(0, size - 1)] += 1
    return [Fraction(w, sum(weights)) for w in weights]


def profile(whole: Whole, sizes: Sequence[int]) -> list[list[Fraction]]:
    """One policy per player of a normal form."""
    return [row(whole, size) for size in sizes]


def stationary(whole: Whole, game: MarkovGame) -> list[list[list[Fraction]]]:
    """One policy per player and state."""
    return [[row(whole, size) for _ in range(game.states)] for size in game.sizes]


def sizes(whole: Whole, players: int, most: int) -> tuple[int, ...]:
    """Actions per player, one of them 1 now and then."""
    return tuple(max(1, whole(0, most)) for _ in range(players))


def normal(whole: Whole, fewest: int = 1, most: int = 4) -> Game:
    """A game of integer payoffs, which tie often."""
    players = whole(fewest, most)
    shape = sizes(whole, players, 4 if players <= 2 else 3)
    reach = 10 ** whole(0, 3)
    table = {joint: tuple(whole(-reach, reach) for _ in shape) for joint in joints(shape)}
    return Game(shape, table.__getitem__)


def two_players(whole: Whole, sizes: tuple[int, int], largest: int) -> Game:
    """A game of two players with payoffs from 0 to `largest`."""
    table = {joint: (whole(0, largest), whole(0, largest)) for joint in joints(sizes)}
    return Game(sizes, table.__getitem__)


def zero_sum(whole: Whole) -> list[list[int]]:
    """The row player's matrix."""
    rows, columns = sizes(whole, 2, 5)
    return [[whole(-5, 5) for _ in range(columns)] for _ in range(rows)]


def potential(whole: Whole) -> Game:
    """A game of a common payoff plus, for each player, something they cannot change: an exact potential game."""
    players = whole(2, 4)
    shape = sizes(whole, players, 3)
    common = {joint: whole(-9, 9) for joint in joints(shape)}
    dummies = [{joint[:i] + joint[i + 1 :]: whole(-9, 9) for joint in common} for i in range(players)]

    def payoff(joint: Joint) -> list[int]:
        return [common[joint] + dummy[joint[:i] + joint[i + 1 :]] for i, dummy in enumerate(dummies)]

    return Game(shape, payoff)


def congestion(whole: Whole, heaviest: int = 3) -> Congestion:
    """Costs of any shape, strategies of any size (none empty), weights up to `heaviest`."""
    players = whole(1, 4)
    resources = [f"r{r}" for r in range(whole(1, 4))]
    weights = [whole(1, heaviest) for _ in range(players)]
    strategies = []
    for _ in range(players):
        own = [[r for r in resources if whole(0, 1)] or [resources[-1]] for _ in range(whole(1, 3))]
        strategies.append(own)
    costs = {r: [whole(-2, 9) for _ in range(sum(weights))] for r in resources}
    return Congestion(costs, strategies, weights)


def distancing(whole: Whole) -> Distancing:
    """1 to 4 facilities; thresholds from 0 to one more than there are players."""
    facilities = whole(1, 4)
    players = whole(1, 5 if facilities <= 2 else 4)
    return Distancing(
        players=players,
        weights=[whole(-2, 6) for _ in range(facilities)],
        penalty=whole(-5, 100),
        spread_above=whole(0, players + 1),
        safe_at_most=whole(0, players + 1),
        discount=Fraction(whole(0, 19), 20),
        start=row(whole, 2),
    )


def markov(whole: Whole) -> MarkovGame:
    """Discounted; where transitions miss mass, the game ends."""
    states, shape = whole(1, 3), sizes(whole, whole(1, 3), 3)
    moves = {}
    for s in range(states):
        for joint in joints(shape):
            weights = [max(0, whole(-1, 3)) for _ in range(states + 1)]  # the last: the end
            weights[whole(0, states)] += 1
            moves[s, joint] = [Fraction(w, sum(weights)) for w in weights[:states]]
    return _markov(whole, states, shape, moves, Fraction(whole(0, 19), 20))


def acyclic(whole: Whole) -> MarkovGame:
    """Undiscounted; from each state only to later ones or to the end."""
    states, shape = whole(1, 4), sizes(whole, whole(1, 3), 2)
    moves = {}
    for s in range(states):
        for joint in joints(shape):
            weights = [0] * (s + 1) + [whole(0, 3) for _ in range(states - s)]  # the last: the end
            total = sum(weights)
            moves[s, joint] = [Fraction(w, total) if total else Fraction(0) for w in weights[:states]]
    return _markov(whole, states, shape, moves, Fraction(1))


def _markov(
    whole: Whole,
    states: int,
    shape: tuple[int, ...],
    moves: dict[tuple[int, Joint], list[Fraction]],
    discount: Fraction,
) -> MarkovGame:
    rewards = {(i, s, joint): whole(-9, 9) for i in range(len(shape)) for s in range(states) for joint in joints(shape)}
    return MarkovGame(
        shape,
        states,
        lambda i, s, joint: rewards[i, s, joint],
        lambda s, joint: moves[s, joint],
        discount,
        row(whole, states),
    )


def extensive(whole: Whole, moves: int = 4) -> Tree:
    """One to three players, chance, imperfect information with perfect recall; up to `moves` moves in a row.

    A player's node joins an information set at which they have done the same before and have as many actions, if there
    is one and the draw says so.
    """
    players = tuple("ABC"[: whole(1, 3)])
    known: dict[tuple[int, tuple[str, ...], int], list[str]] = {}
    counts = [0] * len(players)

    def node(left: int, own: tuple[tuple[str, ...], ...]) -> Node:
        kind = whole(-2, len(players) - 1) if left else -2
        if kind == -2:
            return Node(payoffs=tuple(whole(-9, 9) for _ in players))
        size = whole(1, 3)
        if kind == -1:
            weights = [whole(1, 4) for _ in range(size)]
            children = tuple((str(k), node(left - 1, own)) for k in range(size))
            return Node(children=children, chances=tuple(Fraction(w, sum(weights)) for w in weights))
        mine = known.setdefault((kind, own[kind], size), [])
        at = whole(0, len(mine))
        if at == len(mine):
            mine.append(f"I{counts[kind]}")
            counts[kind] += 1
        label = mine[at]
        children = tuple(
            (f"a{k}", node(left - 1, (*own[:kind], (*own[kind], label, f"a{k}"), *own[kind + 1 :])))
            for k in range(size)
        )
        return Node(children=children, player=kind, label=label)

    return Tree(players, node(moves, ((),) * len(players)))


def zero_sum_tree(whole: Whole, constant: int = 0, moves: int = 4) -> Tree:
    """Two players whose payoffs sum to `constant`; a third one's moves are chance, a second may never move."""
    tree = extensive(whole, moves)

    def node(at: Node) -> Node:
        children = tuple((label, node(child)) for label, child in at.children)
        if not children:
            return Node(payoffs=(at.payoffs[0], constant - at.payoffs[0]))
        if at.player == 2:
            return Node(children=children, chances=(Fraction(1, len(children)),) * len(children))
        return Node(children=children, chances=at.chances, player=at.player, label=at.label)

    return Tree(("A", "B"), node(tree.top))


def behaviour(whole: Whole, tree: Tree) -> Behaviour:
    """One distribution per information set."""
    return {place: row(whole, len(actions)) for place, actions in infosets(tree).items()}
