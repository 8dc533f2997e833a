"""Gambit's extensive-form files (.efg), read: https://gambitproject.readthedocs.io/en/stable/formats.efg.html

    EFG 2 R "title" { "player" … } "comment"
    c "node" event    "name" { "outcome" probability … }  outcome "name" { payoff, … }
    p "node" player infoset "name" { "action" … }         outcome "name" { payoff, … }
    t "node"                                              outcome "name" { payoff, … }

Nodes follow each other depth first. What an event, an information set or an outcome is stands where its number first
appears, and may be repeated, alike. Outcome 0 is none; the others pay wherever they stand, and a history pays the sum
of those on it. Beyond Gambit's own reader, a name before `{` may be left out; what comes after the tree is refused.
"""

from __future__ import annotations

from array import array
from fractions import Fraction
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from eqsolve.formats.gambit import comment, opening
from eqsolve.formats.tokens import END, TEXT, WORD, Tokens, place
from eqsolve.formats.tree import Event, FlatTree, Infoset, distinct, fingerprint
from eqsolve.forms.rules import CHANCE, MAX_LEAVES, MAX_MOVES, TERMINAL, Rules
from eqsolve.forms.tolerances import PROBABILITY_TOLERANCE
from eqsolve.spec.base import Family
from eqsolve.spec.numbers import ACTION, MAX_NUMBER, numbered

if TYPE_CHECKING:
    from eqsolve.forms.extensive.form import SequenceForm

#: Digits, in bits, of a sum of payoffs along a history; common denominators of hostile files know no end.
MAX_BITS = 10_000


class Efg(Family):
    """A game read from an .efg file; its hash is that of the rules, so titles and node names do not count."""

    kind: Literal["efg"] = "efg"
    tree: Any

    template: ClassVar[str] = ""

    def canonical(self) -> dict[str, Any]:
        return {"kind": self.kind, "tree": fingerprint(self.tree)}

    def rules(self) -> Rules:
        """The game as plain rules, in rationals."""
        tree: FlatTree = self.tree
        return tree

    def place(self, text: str, state: int) -> tuple[int, int]:
        """Where the node begins."""
        return place(text, self.tree.places[state])

    def build(self) -> SequenceForm:
        """The game in sequence form; InputError where a player does not have perfect recall."""
        from eqsolve.forms.extensive.walk import sequence_form

        return sequence_form(self.tree)


def read(text: str, origin: str) -> Efg:
    """The game in the text of an .efg file; SpecError with the place of the first mistake."""
    reader = _Reader(Tokens(text, origin))
    title, players, comment = reader.prologue()
    tree = reader.body()
    return Efg.model_construct(kind="efg", name=title, description=comment, players=players, tree=tree)


class _Declared(NamedTuple):
    """An information set or an event as the file says it: its name, labels, chances of an event, where it stands."""

    name: str
    labels: tuple[str, ...]
    chances: tuple[Fraction, ...]
    at: int


class _Outcome(NamedTuple):
    """An outcome as the file says it."""

    name: str
    payoffs: tuple[Fraction, ...]
    at: int


class _Open(NamedTuple):
    """A node whose children are being read: how many it has, those read, what the history pays up to here."""

    node: int
    labels: tuple[str, ...]
    below: list[int]
    paid: int
    at: int


class _Reader:
    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.players: tuple[str, ...] = ()
        #: By player (CHANCE for events) and number.
        self.declared: dict[tuple[int, int], _Declared] = {}
        self.outcomes: dict[int, _Outcome] = {}
        self.row_of: dict[tuple[int, int], int] = {}
        self.totals: list[tuple[Fraction, ...]] = []
        self.total_of: dict[tuple[Fraction, ...], int] = {}
        self.sums: dict[tuple[int, int], int] = {}

    def prologue(self) -> tuple[str, tuple[str, ...], str]:
        """Title, players and comment."""
        title, self.players = opening(self.tokens, "EFG", "2", "extensive")
        return title, self.players, comment(self.tokens)

    def body(self) -> FlatTree:
        """The nodes, from the root to the end of the file."""
        tokens = self.tokens
        turns, rows, firsts, below, places = array("i"), array("i"), array("i"), array("i"), array("i")
        stack: list[_Open] = []
        leaves = 0
        paid = self._row((Fraction(0),) * len(self.players))
        while True:
            node = len(turns)
            at = tokens.at
            turn, key = self._node(stack)
            total = self._paid(stack[-1].paid if stack else paid, at)
            turns.append(turn)
            places.append(at)
            firsts.append(-1)
            if stack:
                stack[-1].below.append(node)
            if turn == TERMINAL:
                rows.append(total)
                leaves += 1
                if leaves > MAX_LEAVES:
                    tokens.fail(f"this game has more than {MAX_LEAVES} leaves, which do not fit", at=at)
            else:
                rows.append(self.row_of.setdefault(key, len(self.row_of)))
                stack.append(_Open(node, self.declared[key].labels, [], total, at))
                if len(stack) > MAX_MOVES:
                    tokens.fail(f"a history of more than {MAX_MOVES} moves", at=at)
            while stack and len(stack[-1].below) == len(stack[-1].labels):
                done = stack.pop()
                firsts[done.node] = len(below)
                below.extend(done.below)
            if not stack:
                break
        if tokens.kind != END:
            hint = "has a node above fewer actions than branches?"
            tokens.fail(f"the tree is complete before this, found {tokens.found()}", hint)
        return self._tree(turns, rows, firsts, below, places)

    def _node(self, stack: list[_Open]) -> tuple[int, tuple[int, int]]:
        """One node up to its outcome: whose turn it is, and what is declared of it."""
        tokens = self.tokens
        if tokens.kind != WORD or tokens.value not in ("c", "p", "t"):
            what = "a node (`c`, `p` or `t`)"
            if stack:
                line, _ = tokens.place(stack[-1].at)
                what += f" after {stack[-1].labels[len(stack[-1].below)]!r} of line {line}"
            tokens.missing(what)
        kind = tokens.value
        tokens.advance()
        tokens.label('the name of the node (`""` for none)')
        if kind == "t":
            return TERMINAL, (TERMINAL, 0)
        turn = CHANCE
        if kind == "p":
            at = tokens.at
            turn = tokens.integer("the number of a player") - 1
            if not 0 <= turn < len(self.players):
                tokens.fail(f"there is no player {turn + 1}: this game has players 1 to {len(self.players)}", at=at)
        at = tokens.at
        key = turn, tokens.integer("the number of an event" if turn == CHANCE else "the number of an information set")
        if tokens.kind in (TEXT, "{"):
            self._declare(key, at)
        elif key not in self.declared:
            what = "outcomes" if turn == CHANCE else "actions"
            tokens.missing(f"the name and the {what} of {self._called(key)}, which is new")
        return turn, key

    def _declare(self, key: tuple[int, int], at: int) -> None:
        """Name, labels and chances of an information set or event; it must agree with what was said before."""
        tokens = self.tokens
        name = tokens.label("a name") if tokens.kind == TEXT else ""
        what = "an outcome" if key[0] == CHANCE else "an action"
        tokens.take("{", f"`{{` and {what} in quotation marks")
        labels, chances = list[str](), list[Fraction]()
        while tokens.kind != "}":
            labels.append(tokens.label(f"`}}` or {what}"))
            if key[0] == CHANCE:
                place = tokens.at
                chances.append(tokens.rational("a probability"))
                if chances[-1] < 0:
                    tokens.fail(f"a probability is negative: {chances[-1]}", at=place)
        if not labels:
            tokens.missing(f"{what} in quotation marks")
        tokens.advance()
        total = sum(chances, Fraction(0))
        if key[0] == CHANCE and abs(total - 1) > PROBABILITY_TOLERANCE:
            tokens.fail(f"the probabilities sum to {float(total):.9g}, not 1", "rationals such as 1/3 are exact", at)
        found = _Declared(name, tuple(labels), tuple(chances), at)
        known = self.declared.setdefault(key, found)
        for aspect in ("name", "labels", "chances"):
            here, there = getattr(found, aspect), getattr(known, aspect)
            if here != there:
                called = "actions" if aspect == "labels" and key[0] != CHANCE else _ASPECTS[aspect]
                self._differs(f"{self._called(key)} has {called}", here, there, at, known.at)

    def _called(self, key: tuple[int, int]) -> str:
        turn, number = key
        return f"event {number}" if turn == CHANCE else f"information set {number} of player {turn + 1}"

    def _differs(self, subject: str, here: Any, there: Any, at: int, before: int) -> None:
        line, _ = self.tokens.place(before)
        self.tokens.fail(f"{subject} {_said(here)} here and {_said(there)} in line {line}", at=at)

    def _paid(self, before: int, node: int) -> int:
        """The outcome at a node: row of what the history pays up to it, this outcome included."""
        tokens = self.tokens
        at = tokens.at
        number = tokens.integer("the number of an outcome (0 for none)")
        if tokens.kind in (TEXT, "{"):
            if number == 0:
                tokens.fail("outcome 0 means none: it has neither name nor payoffs", "give it another number")
            self._declare_outcome(number, at)
        elif number and number not in self.outcomes:
            tokens.missing(f"the name and the payoffs of outcome {number}, which is new")
        if number == 0:
            return before
        row = self.sums.get((before, number))
        if row is None:
            pairs = zip(self.totals[before], self.outcomes[number].payoffs, strict=True)
            row = self.sums[before, number] = self._row(tuple(a + b for a, b in pairs), node)
        return row

    def _declare_outcome(self, number: int, at: int) -> None:
        tokens = self.tokens
        name = tokens.label("a name") if tokens.kind == TEXT else ""
        tokens.take("{", "`{` and a payoff per player")
        payoffs, n = [], len(self.players)
        for i in range(n):
            payoffs.append(tokens.rational(f"payoff {i + 1} of {n}, one per player"))
            tokens.skip(",")
        tokens.take("}", f"`}}` after {n} payoffs, one per player")
        found = _Outcome(name, tuple(payoffs), at)
        known = self.outcomes.setdefault(number, found)
        for aspect in ("name", "payoffs"):
            here, there = getattr(found, aspect), getattr(known, aspect)
            if here != there:
                self._differs(f"outcome {number} has {_ASPECTS[aspect]}", here, there, at, known.at)

    def _row(self, total: tuple[Fraction, ...], at: int = 0) -> int:
        """The row of these payoffs; refused where one cannot compute with them."""
        row = self.total_of.get(total)
        if row is None:
            for payoff in total:
                if payoff.denominator.bit_length() > MAX_BITS:
                    self.tokens.fail("the payoffs of this history have no common denominator of sensible size", at=at)
                if abs(payoff) > MAX_NUMBER:
                    self.tokens.fail(f"the payoffs of this history sum to more than ±{MAX_NUMBER:g}", at=at)
            row = self.total_of[total] = len(self.totals)
            self.totals.append(total)
        return row

    def _tree(
        self, turns: array[int], rows: array[int], firsts: array[int], below: array[int], places: array[int]
    ) -> FlatTree:
        """The tree with labels that tell everything apart."""
        names: dict[tuple[int, int], str] = {}
        for player in range(len(self.players)):
            own = [key for key in self.row_of if key[0] == player]
            labels = distinct([self.declared[key].name for key in own], [str(number) for _, number in own])
            names |= dict(zip(own, labels, strict=True))
        infosets = {}
        for key, name in names.items():
            labels = self.declared[key].labels
            infosets[self.row_of[key]] = Infoset(name, distinct(labels, numbered(ACTION, len(labels))))
        events = {row: _event(self.declared[key]) for key, row in self.row_of.items() if key[0] == CHANCE}
        return FlatTree(self.players, turns, rows, firsts, below, places, infosets, events, tuple(self.totals))


_ASPECTS = {"name": "the name", "labels": "outcomes", "chances": "the probabilities", "payoffs": "the payoffs"}


def _event(declared: _Declared) -> Event:
    """What can happen; rounding that the sum shows turns rationals into floats."""
    labels = distinct(declared.labels)
    places = tuple(k for k, p in enumerate(declared.chances) if p)
    exact = sum(declared.chances) == 1
    return Event(
        tuple((labels[k], declared.chances[k] if exact else float(declared.chances[k])) for k in places), places
    )


def _said(value: Any) -> str:
    """A name or a list in a message, in short."""
    if isinstance(value, str):
        return repr(value[:40])
    shown = ", ".join(str(item) for item in value[:6])
    return f"[{shown[:200]}{', …' if len(value) > 6 else ''}]"
