"""A game tree as it is written: nodes nested in one another or called by name, and the rules that they make."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from eqsolve.forms.rules import CHANCE, TERMINAL
from eqsolve.spec.faults import Fault, Refusal, describe, nearest, refuse
from eqsolve.spec.numbers import PROBABILITY_TOLERANCE, entries, every, label, number, pairs
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
    if len(value) == 1 and "payoffs" in value:  # most nodes of a large tree
        return Leaf(*every(value.items(), _payoffs))
    kinds = [key for key in KEYS if key in value]
    if len(kinds) != 1:
        found = ", ".join(f"`{key}`" for key in value) or "nothing"
        raise Refusal(f"expected one of `payoffs`, `chance` and `actions` (with `player`), got {found}")
    allowed = KEYS[kinds[0]]
    faults = [
        Fault((key,), "unknown key", nearest(key, allowed, f"known here: {', '.join(allowed)}"), at_key=True)
        for key in value
        if key not in allowed
    ]
    if kinds == ["actions"] and "player" not in value:
        faults.append(Fault((), "the key `player` is missing"))
    if faults:
        refuse(faults)
    items = [(key, (key, value[key])) for key in allowed if value.get(key) is not None or key == kinds[0]]
    parts = dict(zip([key for key, _ in items], every(items, _part), strict=True))
    if kinds == ["payoffs"]:
        return Leaf(parts["payoffs"])
    if kinds == ["chance"]:
        return Chance(parts["chance"])
    return Move(parts["player"], parts.get("infoset"), parts["actions"])


def _part(item: tuple[str, Any]) -> Any:
    key, value = item
    if key == "payoffs":
        return _payoffs(value)
    if key == "chance":
        return _outcomes(value)
    if key == "actions":
        items = pairs(value, "from actions to nodes")
        return tuple(zip([str(name) for name, _ in items], every(items, node), strict=True))
    return label(value)


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
    p, child = every(((0, (probability, value[0])), (1, (node, value[1]))), lambda at: at[0](at[1]))
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
    """A tree as it lies in the file: every node that is written out by its path, and what is below it.

    `below`: of each node that is no end, where each child is called, and the child or its name.
    """

    start: Path
    nodes: Mapping[Path, Leaf | Chance | Move]
    below: Mapping[Path, list[tuple[Path, Child]]]


def laid(root: Child, named: Mapping[str, Child]) -> Laid:
    """The nodes of a tree by their paths: those under `root` first, then those under each name."""
    nodes, all_below = dict[Path, Leaf | Chance | Move](), dict[Path, list[tuple[Path, Child]]]()
    stack: list[tuple[Path, Child]] = [(("nodes", name), at) for name, at in reversed(list(named.items()))]
    stack.append((("root",), root))
    while stack:
        path, at = stack.pop()
        if isinstance(at, str):
            continue
        nodes[path] = at
        if isinstance(at, Leaf):
            continue
        if isinstance(at, Chance):
            below = [((*path, "chance", name, 1), child) for name, _, child in at.outcomes]
        else:
            below = [((*path, "actions", name), child) for name, child in at.actions]
        all_below[path] = below
        stack += reversed(below)
    return Laid(target(("root",), root), nodes, all_below)


class WrittenTree:
    """The rules of a tree whose faults have been looked for; a state is a node's path in the file."""

    def __init__(self, players: tuple[str, ...], tree: Laid) -> None:
        self.players = players
        self._nodes, self._below, self._root = tree.nodes, tree.below, tree.start

    def root(self) -> Path:
        return self._root

    def turn(self, state: Path) -> int:
        match self._nodes[state]:
            case Leaf():
                return TERMINAL
            case Chance():
                return CHANCE
            case Move(player=player):
                return seat(self.players, player)

    def chances(self, state: Path) -> list[tuple[str, Fraction | float]]:
        at = self._nodes[state]
        assert isinstance(at, Chance)  # noqa: S101  (asked for at chance nodes only)
        chances = [Fraction(p) for _, p, _ in at.outcomes]
        exact = sum(chances) == 1
        return [(name, p if exact else float(p)) for (name, _, _), p in zip(at.outcomes, chances, strict=True)]

    def infoset(self, state: Path) -> str:
        at = self._nodes[state]
        assert isinstance(at, Move)  # noqa: S101  (asked for where a player moves only)
        return place(state) if at.infoset is None else at.infoset

    def actions(self, state: Path) -> tuple[str, ...]:
        at = self._nodes[state]
        assert isinstance(at, Move)  # noqa: S101  (asked for where a player moves only)
        return tuple([name for name, _ in at.actions])

    def after(self, state: Path, choice: int) -> Path:
        return target(*self._below[state][choice])

    def payoffs(self, state: Path) -> list[Fraction | float]:
        at = self._nodes[state]
        assert isinstance(at, Leaf)  # noqa: S101  (asked for at the ends only)
        return [Fraction(payoff) for payoff in at.payoffs]


def target(path: Path, child: Child) -> Path:
    """The path of the node itself where `child` at `path` may be a name."""
    return ("nodes", child) if isinstance(child, str) else path


def place(path: Path) -> str:
    """A node in words: its name, or how it is reached from a named one."""
    start, *rest = path[1:] if path[0] == "nodes" else path
    labels = [str(part) for part, before in zip(rest, ["", *rest], strict=False) if before in ("chance", "actions")]
    return "/".join([str(start), *labels])


def seat(players: tuple[str, ...], player: str) -> int:
    """A player's number, by label or number; −1 where there is none."""
    if player in players:
        return players.index(player)
    return int(player) if player.isdecimal() and int(player) < len(players) else -1
