"""YAML 1.2 text as plain Python values, safely, with the position of every value on demand.

PyYAML's parser (libyaml where it was built in) delivers events; the values are built here, because PyYAML's own
constructors read YAML 1.1 (`no` is false, `1e-6` a string), let a repeated key overwrite the first and recurse as
deep as the text asks. Scalars follow the YAML 1.2 core schema. Steps:

1. decode UTF-8 within a size limit;
2. a text that is JSON as well is read as such (`json_text.py`);
3. build dicts, lists and scalars from the events, under limits of nesting and of values after alias expansion;
4. positions are not kept: `Document.locate` runs through the events a second time, for the few paths it is asked
   for, so that a text without mistakes pays nothing for them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml import events as ev

from eqsolve.errors import Problem, SpecError
from eqsolve.spec.json_text import read_json
from eqsolve.spec.positions import Path, Position, events, locate, place_of
from eqsolve.spec.scalars import resolve

MAX_TEXT_BYTES = 32 * 2**20
MAX_DEPTH = 64
#: Scalars and collections, counted again wherever an alias repeats them.
MAX_VALUES = 4_000_000
#: Problems that are kept of one text.
MAX_PROBLEMS = 100


@dataclass(frozen=True)
class Document:
    """One YAML document. `problems` are those that did not keep the rest from being read."""

    value: Any
    text: str
    origin: str
    problems: list[Problem] = field(default_factory=list)

    def locate(self, paths: Iterable[Path]) -> dict[Path, Position]:
        """Where each of `paths` is; a path that does not exist is where its deepest existing ancestor is."""
        return locate(self.text, paths)


def decode(raw: bytes, origin: str, most: int = MAX_TEXT_BYTES) -> str:
    """The text of a spec's bytes, at `most` so many: UTF-8, with or without a byte order mark."""
    if len(raw) > most:
        raise _fatal(origin, "", f"larger than {most // 2**20} MiB", hint="large arrays may stand in .npy files")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        raise _fatal(origin, "", "not a text file in UTF-8", (line, column), "save it in UTF-8") from error


def read(text: str, origin: str) -> Document:
    """The one document in `text`; raises SpecError where it cannot be read at all."""
    if len(text) > MAX_TEXT_BYTES:
        raise _fatal(origin, "", f"larger than {MAX_TEXT_BYTES // 2**20} MiB")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise _fatal(origin, "", "not text: it holds half a surrogate pair") from error
    if (mapping := read_json(text, MAX_DEPTH, MAX_VALUES)) is not None:
        return Document(mapping, text, origin)
    builder = _Builder(text, origin)
    try:
        builder.take(events(text))
    except yaml.MarkedYAMLError as error:
        raise _fatal(origin, text, *_syntax(error)) from error
    except yaml.YAMLError as error:
        at = getattr(error, "position", None)
        place = _line_column(text, at) if isinstance(at, int) else (0, 0)
        raise _fatal(origin, text, "not a text file: it holds a control character", place) from error
    if not builder.documents:
        raise _fatal(origin, text, "empty: expected a mapping with a `kind`")
    return Document(builder.result, text, origin, builder.problems)


class _Frame:
    """A collection being read: its container, the key that waits for a value, its anchor, where counting stood."""

    __slots__ = ("anchor", "before", "container", "event", "is_mapping", "key")

    def __init__(self, container: Any, event: Any, before: int) -> None:
        self.container = container
        self.is_mapping = type(container) is dict
        self.event = event
        self.anchor: str | None = event.anchor
        self.before = before
        self.key: str | None = None

    @property
    def wants_key(self) -> bool:
        """Whether a mapping's next key, rather than a value, is due."""
        return self.key is None and self.is_mapping


class _Builder:
    """Values from events. Mistakes that leave the rest readable are collected in `problems`."""

    def __init__(self, text: str, origin: str) -> None:
        self.text, self.origin = text, origin
        self.problems: list[Problem] = []
        self.result: Any = None
        self.documents = 0
        self._stack: list[_Frame] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._resolved: dict[str, Any] = {}
        self._values = 0

    def take(self, stream: Iterable[Any]) -> None:
        """All events. Almost all of a large text are scalars without tag and anchor, so these come first."""
        stack, resolved, scalar = self._stack, self._resolved, ev.ScalarEvent
        for event in stream:
            if type(event) is not scalar or not stack or event.tag or event.anchor:
                self._take(event)
                continue
            frame, text = stack[-1], event.value
            if frame.is_mapping and frame.key is None:
                if text in frame.container:
                    self._key(frame, event)
                frame.key = text
                continue
            self._values += 1
            if self._values > MAX_VALUES:
                self._count(0, event)
            value = text
            if event.implicit[0]:
                value = resolved[text] if text in resolved else self._scalar(event)
            if frame.is_mapping:
                frame.container.setdefault(frame.key, value)
                frame.key = None
            else:
                frame.container.append(value)

    def _take(self, event: Any) -> None:
        """The next event, whatever it is."""
        kind = type(event)
        if kind is ev.SequenceEndEvent or kind is ev.MappingEndEvent:
            frame = self._stack.pop()
            if frame.anchor is not None:
                self._anchor(frame.event, frame.anchor, frame.container, self._values - frame.before)
            self._place(frame.container)
        elif kind is ev.SequenceStartEvent or kind is ev.MappingStartEvent:
            self._open(event, [] if kind is ev.SequenceStartEvent else {})
        elif kind is ev.ScalarEvent:
            if self._stack and self._stack[-1].wants_key:
                self._key(self._stack[-1], event)
                return
            self._count(1, event)
            value = self._scalar(event)
            if event.anchor is not None:
                self._anchor(event, event.anchor, value, 1)
            self._place(value)
        elif kind is ev.AliasEvent:
            self._alias(event)
        elif kind is ev.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                raise self._fatal(event, "a second document: one file is one game", "remove `---` and what follows")

    def _open(self, event: Any, container: dict[str, Any] | list[Any]) -> None:
        if self._stack and self._stack[-1].wants_key:
            hint = "is a space or a bracket misplaced?"
            raise self._fatal(event, "a key must be text, not a list or a mapping", hint)
        if len(self._stack) >= MAX_DEPTH:
            raise self._fatal(event, _TOO_DEEP)
        if event.tag is not None:
            self._tag(event, event.tag, container)
        self._stack.append(_Frame(container, event, self._values))
        self._count(1, event)

    def _key(self, frame: _Frame, event: Any) -> None:
        """A key is the text as written: labels such as 1 or no stay what they look like."""
        key: str = event.value
        self._tag(event, event.tag, key)
        if event.anchor:
            self._problem(event, "an anchor on a key is not accepted")
        if key in frame.container:
            self._problem(event, f"the key {_short(key)} is there twice")
        frame.key = key

    def _place(self, value: Any) -> None:
        """Puts a finished value where it belongs: into the innermost open collection."""
        if not self._stack:
            self.result = value
            return
        frame = self._stack[-1]
        if frame.is_mapping:
            frame.container.setdefault(frame.key, value)
            frame.key = None
        else:
            frame.container.append(value)

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        tag = event.tag
        if tag is None and not event.implicit[0]:
            return text
        if tag is not None and not self._tag(event, tag, text):
            return text
        if tag in ("!", _CORE + "str"):
            return text
        try:
            value = resolve(text)
        except OverflowError:
            self._problem(event, f"the number {_short(text)} is too long or too large for a float64")
            return 0
        if tag is None:
            self._resolved[text] = value
        elif not isinstance(value, _TAGGED[tag]):
            self._problem(event, f"{_short(text)} is not what its tag says")
        return value

    def _tag(self, event: Any, tag: str | None, value: Any) -> bool:
        """Whether `tag` is one of the core schema for such a value; a problem if not."""
        if tag is None or tag == "!":
            return True
        if issubclass(type(value), _TAGGED.get(tag, ())) or (isinstance(value, str) and tag in _SCALAR_TAGS):
            return True
        self._problem(event, f"the tag {_short(tag)} is not accepted", "a spec needs no tags")
        return False

    def _alias(self, event: Any) -> None:
        name: str = event.anchor
        if self._stack and self._stack[-1].wants_key:
            raise self._fatal(event, "a key must be text, not an alias")
        if any(name == open_.anchor for open_ in self._stack):
            raise self._fatal(event, f"the alias *{name[:40]} stands inside what it names")
        if name not in self._anchors:
            raise self._fatal(event, f"the alias *{name[:40]} has no anchor &{name[:40]} before it")
        value, size = self._anchors[name]
        self._count(size, event)
        self._place(value)

    def _anchor(self, event: Any, name: str, value: Any, size: int) -> None:
        if name in self._anchors:
            self._problem(event, f"the anchor &{name[:40]} is there twice")
        self._anchors[name] = (value, size)

    def _count(self, n: int, event: Any) -> None:
        self._values += n
        if self._values > MAX_VALUES:
            raise self._fatal(
                event, f"more than {MAX_VALUES} values, aliases expanded", "put large arrays into .npy files"
            )

    def _problem(self, event: Any, message: str, hint: str | None = None) -> None:
        if len(self.problems) < MAX_PROBLEMS:
            line, column = place_of(event)
            self.problems.append(Problem(message, line=line, column=column, hint=hint))

    def _fatal(self, event: Any, message: str, hint: str | None = None) -> SpecError:
        return _fatal(self.origin, self.text, message, place_of(event), hint, self.problems)


_TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"
_CORE = "tag:yaml.org,2002:"
_TAGGED: dict[str, tuple[type, ...]] = {
    _CORE + "str": (str,),
    _CORE + "int": (int,),
    _CORE + "float": (int, float),
    _CORE + "bool": (bool,),
    _CORE + "null": (type(None),),
    _CORE + "seq": (list,),
    _CORE + "map": (dict,),
}
_SCALAR_TAGS = frozenset(_CORE + name for name in ("str", "int", "float", "bool", "null"))


def _line_column(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "…")


def _syntax(error: yaml.MarkedYAMLError) -> tuple[str, tuple[int, int], str | None]:
    """libyaml's complaint, where it arose, and what usually causes it."""
    mark = error.problem_mark or error.context_mark
    place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    message = " ".join(part for part in (error.context, error.problem) if part)
    hint = None
    if "nesting depth" in message:  # newer versions of libyaml have a limit of their own, and look ahead
        return _TOO_DEEP, place, None
    if "cannot start any token" in message:
        hint = "indent with spaces, not tabs; put text that starts with @, ` or % in quotes"
    elif "mapping values are not allowed" in message:
        hint = "put text that contains `: ` in quotes, and check the indentation"
    elif "',' or ']'" in message or "',' or '}'" in message:
        hint = "a comma or a closing bracket is missing before this place"
    return f"not valid YAML: {message}", place, hint


def _fatal(
    origin: str,
    text: str,
    message: str,
    place: tuple[int, int] = (0, 0),
    hint: str | None = None,
    others: Iterable[Problem] = (),
) -> SpecError:
    return SpecError(origin, [*others, Problem(message, line=place[0], column=place[1], hint=hint)], text)
