"""Distributions of games: a spec in which the place of some values is taken by what they are drawn from.

    kind: leduc
    general_sum: {pot: {uniform: [0.3, 0.7]}}

`uniform(a, b)`, `normal(mean, sd)`, `integers(a, b)`, both ends included, and `choice(x, y, …)` stand where a value
stands, as text or as a mapping of one key with a list; inside of brackets the text needs quotes. A draw with an anchor,
`&x uniform(0.5, 1.5)`, is the same number wherever `*x` stands.

Game k of a seed draws in the order of the text from a stream of its own, so it is the same however many are drawn.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from yaml import events as ev

from eqsolve.errors import InputError, Problem, SpecError
from eqsolve.families.variates import draw, generator
from eqsolve.spec import reader
from eqsolve.spec.faults import Refusal, describe
from eqsolve.spec.load import GameSpec, opened, parse
from eqsolve.spec.numbers import integer, number
from eqsolve.spec.positions import events, place_of
from eqsolve.spec.scalars import resolve

if TYPE_CHECKING:
    from numpy.random import Generator

NAMES = ("uniform", "normal", "integers", "choice")
_CALL = re.compile(rf"\s*({'|'.join(NAMES)})\s*\(([^()]*)\)\s*")


class Draw(NamedTuple):
    """One draw: the characters `start` … `end` − 1 of the text, the anchor there, what it is drawn from and by what."""

    start: int
    end: int
    anchor: str | None
    name: str
    arguments: tuple[Any, ...]

    def value(self, stream: Generator) -> str:
        """Draw a value, as YAML; of a normal distribution two variates are taken, of others one."""
        first = self.arguments[0]
        if self.name == "normal":
            return repr(first + self.arguments[1] * float(draw(stream, "normal", ())))
        variate = float(stream.random())
        if self.name == "choice":
            return str(self.arguments[math.floor(variate * len(self.arguments))])
        last = self.arguments[1]
        if self.name == "integers":
            return str(first + math.floor(variate * (last - first + 1)))
        return repr(first + (last - first) * variate)


@dataclass(frozen=True)
class Distribution:
    """A distribution of games: its text as written, and the draws in it."""

    text: str
    origin: str
    name: str
    folder: Path
    draws: tuple[Draw, ...]

    def sampled(self, seed: int, k: int) -> str:
        """Return the text of game k of a seed: the text as written, with numbers in the place of draws."""
        stream, parts, at = generator(seed, k), list[str](), 0
        for one in self.draws:
            anchor = "" if one.anchor is None else f"&{one.anchor} "
            parts += [self.text[at : one.start], anchor, one.value(stream)]
            at = one.end
        return "".join([*parts, self.text[at:]])

    def game(self, seed: int, k: int) -> GameSpec:
        """Return game k of a seed; SpecError, by line and column of its text, where what was drawn makes no game."""
        origin = f"{self.origin}, game {k} of seed {seed}"
        return parse(self.sampled(seed, k), origin, folder=self.folder, name=f"{self.name}, game {k} of seed {seed}")


def distribution(source: str | Path, stdin: BinaryIO | None = None) -> Distribution:
    """Read the distribution in a file, `-` for standard input; InputError where nothing is drawn in it.

    SpecError, by line and column, names draws that are none, and what is wrong with its first game.
    """
    raw, origin, folder, name = opened(source, stdin)
    text = reader.decode(raw, origin)
    found = Distribution(text, origin, name, folder, _draws(text, origin))
    if not found.draws:
        hint = f"put one in the place of a number: {', '.join(f'{one}(…)' for one in NAMES)}"
        raise InputError(f"{origin}: nothing is drawn in this file: all games of it would be alike", hint)
    found.game(0, 0)
    return found


def _draws(text: str, origin: str) -> tuple[Draw, ...]:
    """Find all draws, in the order of the text; SpecError names every one that is wrong."""
    found, problems = [], []
    for event, end, name, arguments in _candidates(text, origin):
        try:
            checked = _checked(name, arguments)
        except Refusal as refusal:
            line, column = place_of(event)
            problems.append(Problem(f"{name}: {refusal.message}", line=line, column=column, hint=refusal.hint))
        else:
            found.append(Draw(event.start_mark.index, end, event.anchor, name, checked))
    if problems:
        raise SpecError(origin, problems, text)
    return tuple(found)


def _candidates(text: str, origin: str) -> Iterator[tuple[Any, int, str, list[str]]]:
    """Yield the event of each value that is written as a draw, where it ends, its name and its arguments as texts."""
    reader.read(text, origin)  # says what is wrong with the YAML itself
    stream = list(events(text))
    is_map, due = list[bool](), list[bool]()  # of the open collections: mappings, and whether a key is due
    k = 0
    while k < len(stream):
        event = stream[k]
        kind = type(event)
        k += 1
        if kind in (ev.MappingEndEvent, ev.SequenceEndEvent):
            is_map.pop()
            due.pop()
            continue
        if kind not in (ev.ScalarEvent, ev.AliasEvent, ev.MappingStartEvent, ev.SequenceStartEvent):
            continue
        is_key = bool(is_map) and is_map[-1] and due[-1]
        if is_map and is_map[-1]:
            due[-1] = not due[-1]
        if kind is ev.ScalarEvent and not is_key and (call := _CALL.fullmatch(event.value)):
            yield event, event.end_mark.index, call[1], call[2].split(",") if call[2].strip() else []
        elif kind is ev.MappingStartEvent and (inner := _in_mapping(stream, k)) is not None:
            k, end, name, arguments = inner
            yield event, end, name, arguments
        elif kind in (ev.MappingStartEvent, ev.SequenceStartEvent):
            is_map.append(kind is ev.MappingStartEvent)
            due.append(True)


def _in_mapping(stream: Sequence[Any], k: int) -> tuple[int, int, str, list[str]] | None:
    """Return what a mapping, whose events begin at k, draws: the event after it, where it ends, name and arguments.

    None where it is no draw. A key in quotes, such as an action's label, is none.
    """
    key, values = stream[k], stream[k + 1]
    if type(key) is not ev.ScalarEvent or not key.implicit[0] or key.value not in NAMES:
        return None
    if type(values) is not ev.SequenceStartEvent:
        return None
    last = k + 2
    while type(stream[last]) is ev.ScalarEvent:
        last += 1
    if type(stream[last]) is not ev.SequenceEndEvent or type(stream[last + 1]) is not ev.MappingEndEvent:
        return None
    # the end of a block is where the next thing begins: the last thing inside says better where it ends
    closing = [event for event in stream[k + 2 : last + 2] if event.end_mark.index > event.start_mark.index]
    return last + 2, closing[-1].end_mark.index, key.value, [event.value for event in stream[k + 2 : last]]


def _checked(name: str, arguments: Sequence[str]) -> tuple[Any, ...]:
    """Return the arguments of a draw as values; Refusal names what is wrong with them."""
    if name == "choice":
        if not arguments:
            raise Refusal("expected values to choose from", "e.g. choice(0.5, 1, 2)")
        return tuple(text.strip() for text in arguments)
    if len(arguments) != 2:
        raise Refusal(f"expected two numbers, got {len(arguments)}", f"e.g. {name}(0, 1)")
    read = integer if name == "integers" else number
    first, last = (read(resolve(text.strip())) for text in arguments)
    if name == "normal" and last < 0:
        raise Refusal(f"expected a standard deviation of at least 0, got {describe(last)}")
    if name != "normal" and last < first:
        raise Refusal(f"expected the lower end first, got {describe(first)} and {describe(last)}")
    return first, last
