"""Where the values of a YAML text stand: found by running through the parser's events, for the paths asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, NamedTuple, TypeAlias

import yaml
from yaml import events as ev

Path: TypeAlias = tuple[str | int, ...]

_Parser: Any = getattr(yaml, "CLoader", yaml.Loader)


class Position(NamedTuple):
    """Where a value stands, and the key that it belongs to (the value itself in a list); counted from 1."""

    value: tuple[int, int]
    key: tuple[int, int]


def locate(text: str, paths: Iterable[Path]) -> dict[Path, Position]:
    """Where each of `paths` is in a text that was read; one that does not exist is where its nearest ancestor is."""
    paths = list(paths)
    wanted = {path[:n] for path in paths for n in range(len(path) + 1)}
    found: dict[Path, Position] = {(): Position((1, 1), (1, 1))}
    with suppress(yaml.YAMLError):  # JSON that libyaml does not take, such as a colon on the next line
        for path, position in _positions(text):
            if path in wanted and (path not in found or path == ()):
                found[path] = position
    return {p: next(found[p[:n]] for n in range(len(p), -1, -1) if p[:n] in found) for p in paths}


def events(text: str) -> Iterator[Any]:
    """The parser's events; yaml.YAMLError where the text is none."""
    parser = _Parser(text)
    try:
        while (event := parser.get_event()) is not None:
            yield event
    finally:
        parser.dispose()


def _positions(text: str) -> Iterator[tuple[Path, Position]]:
    """Every value's path and position, in document order; what an alias repeats is not entered."""
    path: list[str | int] = []
    is_map: list[bool] = []
    key_at: tuple[int, int] | None = None
    for event in events(text):
        kind = type(event)
        if kind is ev.SequenceEndEvent or kind is ev.MappingEndEvent:
            is_map.pop()
            path.pop()
            if is_map and not is_map[-1]:
                path[-1] += 1  # type: ignore[operator]  # a list's index
            continue
        if kind not in (ev.ScalarEvent, ev.AliasEvent, ev.SequenceStartEvent, ev.MappingStartEvent):
            continue
        at = place_of(event)
        if is_map and is_map[-1] and key_at is None:
            path[-1], key_at = event.value, at
            continue
        yield tuple(path), Position(at, key_at or at)
        key_at = None
        if kind is ev.SequenceStartEvent or kind is ev.MappingStartEvent:
            is_map.append(kind is ev.MappingStartEvent)
            path.append(0)
        elif is_map and not is_map[-1]:
            path[-1] += 1  # type: ignore[operator]  # a list's index


def place_of(event: Any) -> tuple[int, int]:
    """Line and column where an event begins, counted from 1."""
    return event.start_mark.line + 1, event.start_mark.column + 1
