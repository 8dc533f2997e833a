"""Extensive games written out as a tree: chance, information sets, payoffs at the ends.

Kuhn 1953, "Extensive games and the problem of information". Nodes stand inside one another or are named under `nodes`
and called by name; a node called from several places stands for as many histories. Players must have perfect recall,
which is checked when the tree is walked.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from eqsolve.families.extensive.written_tree import (
    Chance,
    Laid,
    Leaf,
    Move,
    Seats,
    WrittenTree,
    laid,
    node,
    place,
)
from eqsolve.forms.rules import MAX_LEAVES, MAX_MOVES, Rules
from eqsolve.spec.base import Family
from eqsolve.spec.digest import Plain
from eqsolve.spec.faults import ENOUGH_FAULTS, Fault, Refusal, describe, nearest, refuse
from eqsolve.spec.numbers import LABEL_SCHEMA, PLAYER, array_schema, every, number_schema, numbered, pairs, sized
from eqsolve.spec.positions import locate

if TYPE_CHECKING:
    from eqsolve.forms.extensive.form import SequenceForm


def named(value: Any) -> dict[str, Leaf | Chance | Move]:
    """Nodes by name; another name would not be a node."""

    def itself(item: Any) -> Any:
        found = node(item)
        if isinstance(found, str):
            raise Refusal(f"expected a node (a mapping), got {describe(item)}")
        return found

    items = pairs(value, "from names to nodes")
    return dict(zip((str(name) for name, _ in items), every(items, itself), strict=True))


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


#: One level of a node, or a name; what is below is only known to be one or the other.
_BELOW: dict[str, Any] = {"anyOf": [LABEL_SCHEMA, {"type": "object"}]}
_OUTCOME = {"type": "array", "prefixItems": [number_schema(), _BELOW], "items": False, "minItems": 2}
NODE_SCHEMA: dict[str, Any] = {
    "anyOf": [
        LABEL_SCHEMA,
        _object(["payoffs"], payoffs=array_schema(number_schema())),
        _object(["chance"], chance={"type": "object", "additionalProperties": _OUTCOME, "minProperties": 1}),
        _object(
            ["player", "actions"],
            player=LABEL_SCHEMA,
            infoset={"anyOf": [LABEL_SCHEMA, {"type": "null"}]},
            actions={"type": "object", "additionalProperties": _BELOW, "minProperties": 1},
        ),
    ]
}

Node: TypeAlias = Annotated[Any, PlainValidator(node), WithJsonSchema(NODE_SCHEMA)]
Named: TypeAlias = Annotated[
    Any,
    PlainValidator(named),
    WithJsonSchema({"type": "object", "additionalProperties": NODE_SCHEMA, "minProperties": 1}),
]


class Extensive(Family):
    """A game tree with chance and information sets, written out."""

    kind: Literal["extensive"] = Field(description="The family.")
    root: Node = Field(
        description="Where the game begins: `payoffs` of an end; or `chance`, from outcomes to [probability, node]; "
        "or `player` (label or number), `infoset` (left out: the player sees the node) and `actions`, from labels "
        "to nodes. A name in place of a node calls one of `nodes`."
    )
    nodes: Named | None = Field(None, description="Nodes by name.")

    template: ClassVar[str] = """\
kind: extensive
players: [Sender, Receiver]         # labels or a number; may be left out
root:                               # a node: `chance`, or `player` and `actions`, or `payoffs`; or the name of one
  chance:                           # outcome: [probability, node]
    strong: [1/2, {player: Sender, infoset: strong, actions: {raise: strong-raises, fold: {payoffs: [-1, 1]}}}]
    weak: [1/2, {player: Sender, infoset: weak, actions: {raise: weak-raises, fold: {payoffs: [-1, 1]}}}]
nodes:                              # nodes by name, so that large trees stay readable; may be left out
  strong-raises:
    player: Receiver                # by label (P1, P2 … without `players`), or by number from 0
    infoset: raised                 # all nodes of one label look alike to the player; left out: they see where they are
    actions: {call: {payoffs: [2, -2]}, pass: {payoffs: [1, -1]}}
  weak-raises: {player: Receiver, infoset: raised, actions: {call: {payoffs: [-2, 2]}, pass: {payoffs: [1, -1]}}}
"""

    @model_validator(mode="after")
    def _is_a_tree(self) -> Extensive:
        faults = list(self._faults())
        if faults:
            refuse(faults[:ENOUGH_FAULTS])
        return self

    @cached_property
    def _laid(self) -> Laid:
        return laid(self.root, self.nodes or {})

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The players; as many as the first end pays where the spec does not name them."""
        if self.players is not None:
            return self.players
        ends = (at for at in self._laid.nodes if isinstance(at, Leaf))
        return numbered(PLAYER, max(1, len(next(ends, Leaf(())).payoffs)))

    def _faults(self) -> Iterator[Fault]:
        """What is wrong with how the nodes hang together."""
        tree = self._laid
        yield from self._of_the_nodes(tree)
        missing = [(tree.branch(number, branch), name) for number, branch, name in tree.missing]
        if tree.start < 0:
            missing.insert(0, (("root",), self.root))
        for path, name in missing:
            yield Fault(path, f"there is no node {name!r} under `nodes`", nearest(name, tree.named))
        if not missing:
            yield from self._of_the_whole(tree)

    def _of_the_nodes(self, tree: Laid) -> Iterator[Fault]:
        """Faults of single nodes: payoffs, players, and how those of one information set go together."""
        players = self.labels
        seats = Seats(players)
        # of each information set: the one node that has it if it has no label, and its actions
        sets: dict[tuple[int, str], tuple[int | None, tuple[str, ...]]] = {}
        for number, at in enumerate(tree.nodes):
            if isinstance(at, Leaf):
                if len(at.payoffs) != len(players):
                    text = f"expected {len(players)} payoffs, one per player, got {len(at.payoffs)}"
                    yield Fault((*tree.path(number), "payoffs"), text)
            elif isinstance(at, Move):
                if (own := seats[at.player]) < 0:
                    hint = nearest(at.player, players, f"players: {', '.join(players[:20])}")
                    yield Fault((*tree.path(number), "player"), f"there is no player {at.player!r}", hint)
                actions = tuple([name for name, _ in at.actions])
                label, seen = (place(tree.path(number)), number) if at.infoset is None else (at.infoset, None)
                otherwise, there = sets.setdefault((own, label), (seen, actions))
                if otherwise != seen:
                    text = f"two nodes that player {at.player} is to tell apart would both be {label!r}"
                    yield Fault(tree.path(number), text, "give them an `infoset` each")
                elif there != actions:
                    text = f"information set {label!r} has actions [{', '.join(actions)}] here and "
                    yield Fault((*tree.path(number), "actions"), text + f"[{', '.join(there)}] elsewhere")

    def _of_the_whole(self, tree: Laid) -> Iterator[Fault]:
        """Circles, nodes that nothing leads to, trees too large; by one depth-first walk over the nodes as written."""
        edges = tree.below
        # of each node that is done with: leaves below it (0 until then) and moves of the longest history from it
        leaves, longest = [0 if below else 1 for below in edges], [0] * len(edges)
        reached = bytearray(len(edges))
        trail, open_, remaining = [tree.start], bytearray(len(edges)), [iter(edges[tree.start])]
        open_[tree.start] = reached[tree.start] = True
        while trail:
            here = trail[-1]
            for following in remaining[-1]:
                reached[following] = True
                if open_[following]:
                    circle = [place(tree.path(number)) for number in trail[trail.index(following) :]]
                    call = tree.branch(here, edges[here].index(following))
                    yield Fault(call, f"the game never ends: {_round(circle)} lead round in a circle")
                    return
                if not leaves[following]:
                    trail.append(following)
                    open_[following] = True
                    remaining.append(iter(edges[following]))
                    break
            else:
                if below := edges[here]:
                    leaves[here] = sum([leaves[after] for after in below])
                    longest[here] = 1 + max([longest[after] for after in below])
                open_[here] = False
                trail.pop()
                remaining.pop()
        for name, number in tree.named.items():
            if not reached[number]:
                yield Fault(("nodes", name), "nothing leads to this node", "call it by name, or remove it", at_key=True)
        if leaves[tree.start] > MAX_LEAVES:
            count = sized(leaves[tree.start])
            yield Fault(("root",), f"this game has {count} leaves, more than the {MAX_LEAVES} that fit")
        if longest[tree.start] > MAX_MOVES:
            moves = longest[tree.start]
            yield Fault(("root",), f"a history has {moves} moves, more than the {MAX_MOVES} that are walked")

    def canonical(self) -> dict[str, Any]:
        """What defines the game; nodes as pairs of name and node, in order."""
        nodes = None if self.nodes is None else Plain(list(self.nodes.items()))
        return {**super().canonical(), "root": Plain(self.root), "nodes": nodes}

    def rules(self) -> Rules:
        """The game as plain rules, in rationals."""
        return WrittenTree(self.labels, self._laid)

    def place(self, text: str, state: int) -> tuple[int, int]:
        """Where the node's information set is named, else the node."""
        path = (*self._laid.path(state), "infoset")
        return locate(text, [path])[path].value

    def build(self) -> SequenceForm:
        """The game in sequence form; InputError where a player does not have perfect recall."""
        from eqsolve.forms.extensive.walk import sequence_form

        return sequence_form(self.rules())


def _round(places: list[str]) -> str:
    shown = places if len(places) <= 6 else [*places[:6], f"… {len(places) - 6} more"]
    return " → ".join(shown)
