"""A game tree as it is written: nodes nested in one another or called by name, and the rules that they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from eqsolve.forms.rules import CHANCE, TERMINAL
from eqsolve.forms.tolerances import PROBABILITY_TOLERANCE
from eqsolve.spec.faults import Fault, Refusal, describe, nearest, refuse
from eqsolve.spec.numbers import entries, every, label, number, pairs
from eqsolve.spec.numbers import rational as exactly
from eqsolve.spec.positions import Path

#: Rationals are kept as text (`1/3`), which is exact and has one spelling.
Rational: TypeAlias = str


class Leaf(NamedTuple):
    """An end of the game: a payoff per player."""

    payoffs: tuple[Rational, ...]


class Chance(NamedTuple):
    """Label, probability and node of every outcome."""

    outcomes: tuple[tuple[str, Rational, Child], ...]


class Move(NamedTuple):
    """A player by label or number, their information set (None: this node alone), label and node of every action."""

    player: str
    infoset: str | None
    actions: tuple[tuple[str, Child], ...]


#: A node, or the name of one.
Child: TypeAlias = "Leaf | Chance | Move | str"

#: What a node may hold besides the key that says what it is.
KEYS: Mapping[str, tuple[str, ...]] = {
    "payoffs": ("payoffs",),
    "chance": ("chance",),
    "actions": ("player", "infoset", "actions"),
}


def node(value: Any) -> Child:
    """A node, or the name of one."""
    if not isinstance(value, dict):
        if not isinstance(value, str | int):
            raise Refusal(f"expected a node (a mapping) or the name of one, got {describe(value)}")
        return label(value)
    kind = _kind(tuple(value))
    if kind == "payoffs":
        return Leaf(*every(value.items(), _payoffs))
    if kind == "chance":
        return Chance(*every(value.items(), _outcomes))
    infoset = value.get("infoset")
    parts = (
        ("player", (label, value["player"])),
        ("infoset", (_none if infoset is None else label, infoset)),
        ("actions", (_actions, value["actions"])),
    )
    return Move(*every(parts, _checked))


@lru_cache(maxsize=100)
def _kind(keys: tuple[str, ...]) -> str:
    """Return which of KEYS a node with these keys is, if they go together."""
    kinds = [key for key in KEYS if key in keys]
    if len(kinds) != 1:
        found = ", ".join(f"`{key}`" for key in keys) or "nothing"
        raise Refusal(f"expected one of `payoffs`, `chance` and `actions` (with `player`), got {found}")
    allowed = KEYS[kinds[0]]
    faults = [
        Fault((key,), "unknown key", nearest(key, allowed, f"known here: {', '.join(allowed)}"), at_key=True)
        for key in keys
        if key not in allowed
    ]
    if kinds == ["actions"] and "player" not in keys:
        faults.append(Fault((), "the key `player` is missing"))
    if faults:
        refuse(faults)
    return kinds[0]


def _checked(part: tuple[Callable[[Any], Any], Any]) -> Any:
    check, value = part
    return check(value)


def _none(value: None) -> None:
    return value


def _actions(value: Any) -> tuple[tuple[str, Child], ...]:
    items = pairs(value, "from actions to nodes")
    return tuple(zip([str(name) for name, _ in items], every(items, node), strict=True))


def _payoffs(value: Any) -> tuple[Rational, ...]:
    return tuple(every(enumerate(entries(value, "payoffs, one per player")), rational))


def _outcomes(value: Any) -> tuple[tuple[str, Rational, Child], ...]:
    items = pairs(value, "from outcomes to [probability, node]")
    found = every(items, _outcome)
    total = sum((Fraction(p) for p, _ in found), Fraction(0))
    if abs(total - 1) > PROBABILITY_TOLERANCE:
        raise Refusal(f"the probabilities sum to {float(total):.9g}, not 1", "rationals such as 1/3 are exact")
    return tuple((str(name), p, child) for (name, _), (p, child) in zip(items, found, strict=True))


def _outcome(value: Any) -> tuple[Rational, Child]:
    if not isinstance(value, list) or len(value) != 2:
        raise Refusal(f"expected [probability, node], got {describe(value)}")
    p, child = every(((0, (probability, value[0])), (1, (node, value[1]))), _checked)
    return p, child


def rational(value: Any) -> Rational:
    """A number as an exact rational: decimals are what they say."""
    # few numbers of a large tree are different; long decimals are equal as floats without being equal
    return _remembered(value) if type(value) in (int, float, str) else _rational(value)


def _rational(value: Any) -> Rational:
    number(value)
    return str(exactly(value))


_remembered = lru_cache(maxsize=10_000, typed=True)(_rational)


def probability(value: Any) -> Rational:
    """A rational above 0."""
    found = rational(value)
    if Fraction(found) <= 0:
        raise Refusal(f"expected a probability above 0, got {describe(value)}", "leave the outcome out")
    return found


class Laid(NamedTuple):
    """A tree as it lies in the file: the nodes that are written out, numbered depth first, and how they hang together.

    `nodes` [n]; `above` [n]: the number of the node that it is written in, and of the branch; at the top −1 and its
    name (None: the root). `below` [n]: the node that each branch leads to. `start`: the first node of the game.
    `named`: the number of each name. A call of a name that is not there leads to −1; `missing` lists these calls by
    node, branch and name.
    """

    start: int
    nodes: list[Leaf | Chance | Move]
    above: list[tuple[int, int | str | None]]
    below: list[list[int]]
    named: Mapping[str, int]
    missing: list[tuple[int, int, str]]

    def path(self, number: int) -> Path:
        """Where a node is written."""
        above, branch = self.above[number]
        if isinstance(branch, int):
            return self.branch(above, branch)
        return ("root",) if branch is None else ("nodes", branch)

    def branch(self, number: int, branch: int) -> Path:
        """Where one of a node's branches is written."""
        parts = list[Path]()
        at: int | str | None = branch
        while isinstance(at, int):
            node = self.nodes[number]
            if isinstance(node, Chance):
                parts.append(("chance", node.outcomes[at][0], 1))
            elif isinstance(node, Move):
                parts.append(("actions", node.actions[at][0]))
            number, at = self.above[number]
        parts.append(("root",) if at is None else ("nodes", at))
        return tuple(chain.from_iterable(reversed(parts)))


def laid(root: Child, named: Mapping[str, Child]) -> Laid:
    """Return the nodes of a tree in the order of the file: those under `root`, then those under each name."""
    nodes, above, below = list[Leaf | Chance | Move](), list[tuple[int, int | str | None]](), list[list[int]]()
    numbers, calls = dict[str, int](), list[tuple[int, int, str]]()
    stack: list[tuple[Child, int, int | str | None]] = [(at, -1, name) for name, at in reversed(list(named.items()))]
    stack.append((root, -1, None))
    while stack:
        at, higher, branch = stack.pop()
        if isinstance(at, str):
            continue
        number = len(nodes)
        nodes.append(at)
        above.append((higher, branch))
        if isinstance(branch, int):
            below[higher][branch] = number
        elif branch is not None:
            numbers[branch] = number
        if isinstance(at, Leaf):
            below.append([])
            continue
        branches = at.outcomes if isinstance(at, Chance) else at.actions
        below.append([-1] * len(branches))
        for k in range(len(branches) - 1, -1, -1):
            child = branches[k][-1]
            if isinstance(child, str):
                calls.append((number, k, child))
            else:
                stack.append((child, number, k))
    for number, k, name in calls:
        below[number][k] = numbers.get(name, -1)
    missing = sorted(call for call in calls if call[2] not in numbers)
    return Laid(numbers.get(root, -1) if isinstance(root, str) else 0, nodes, above, below, numbers, missing)


class WrittenTree:
    """The rules of a tree whose faults have been looked for; a state is a node's number in the file."""

    def __init__(self, players: tuple[str, ...], tree: Laid) -> None:
        self.players = players
        self._tree, self._nodes, self._below = tree, tree.nodes, tree.below
        seats = Seats(players)
        self._turns = [
            TERMINAL if isinstance(at, Leaf) else CHANCE if isinstance(at, Chance) else seats[at.player]
            for at in tree.nodes
        ]

    def root(self) -> int:
        return self._tree.start

    def turn(self, state: int) -> int:
        return self._turns[state]

    def chances(self, state: int) -> list[tuple[str, Fraction | float]]:
        at = self._nodes[state]
        assert isinstance(at, Chance)  # noqa: S101  (asked for at chance nodes only)
        chances = [Fraction(p) for _, p, _ in at.outcomes]
        exact = sum(chances) == 1
        return [(name, p if exact else float(p)) for (name, _, _), p in zip(at.outcomes, chances, strict=True)]

    def infoset(self, state: int) -> str:
        at = self._nodes[state]
        assert isinstance(at, Move)  # noqa: S101  (asked for where a player moves only)
        return place(self._tree.path(state)) if at.infoset is None else at.infoset

    def actions(self, state: int) -> tuple[str, ...]:
        at = self._nodes[state]
        assert isinstance(at, Move)  # noqa: S101  (asked for where a player moves only)
        return tuple([name for name, _ in at.actions])

    def after(self, state: int, choice: int) -> int:
        return self._below[state][choice]

    def payoffs(self, state: int) -> list[Fraction | float]:
        at = self._nodes[state]
        assert isinstance(at, Leaf)  # noqa: S101  (asked for at the ends only)
        return [_fraction(payoff) for payoff in at.payoffs]


#: Few payoffs of a large tree are different.
_fraction = lru_cache(maxsize=10_000)(Fraction)


def place(path: Path) -> str:
    """A node in words: its name, or how it is reached from a named one."""
    start, *rest = path[1:] if path[0] == "nodes" else path
    labels = [str(part) for part, before in zip(rest, ["", *rest], strict=False) if before in ("chance", "actions")]
    return "/".join([str(start), *labels])


class Seats(dict[str, int]):
    """The numbers of the players as a tree calls them, by label or number; −1 for one that is not there."""

    def __init__(self, players: tuple[str, ...]) -> None:
        super().__init__((player, seat) for seat, player in enumerate(players))
        self._count = len(players)

    def __missing__(self, player: str) -> int:
        seat = int(player) if player.isdecimal() and int(player) < self._count else -1
        self[player] = seat
        return seat
