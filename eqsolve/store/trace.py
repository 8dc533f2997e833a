"""The trace of a run: JSON Lines, one measured point a line, each written through as it comes.

It is the one file that grows while the run goes on; a line that could not be written whole is taken back. A resumed
run cuts the trace back to what its checkpoint had seen and appends. `read_trace` reads one back as arrays over its
measured points.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from math import isfinite, nan
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eqsolve.errors import StoreError, WriteError
from eqsolve.forms.base import Array
from eqsolve.metrics.figures import DRAWN_AS_TRACED
from eqsolve.store.atomic import explain, read_bytes, shown

#: What is read of a line, and what is computed of it: `exploitability` is nash_conv by the number of players. A figure
#: that is null, or that an older version did not write, counts as NaN.
FIGURES = (*DRAWN_AS_TRACED, "exploitability")


class TraceWriter:
    """Writes records to `path`: from the start, or, given `keep`, after the first `keep` lines that are there."""

    def __init__(self, path: Path, keep: int | None = None) -> None:
        self.path = path
        resumed = keep is not None and path.exists()
        end = _end_of(path, keep or 0) if resumed else 0
        try:
            # Unbuffered: after a failed write nothing is left that a later close would add.
            self._file = open(path, "r+b" if resumed else "wb", buffering=0)  # noqa: SIM115 — open during the run
            self._file.truncate(end)
            self._file.seek(end)
        except OSError as error:
            raise explain(path, error) from error

    def write(self, record: Mapping[str, Any]) -> None:
        """One line; a WriteError leaves the lines before it whole."""
        rest = memoryview(json.dumps(record, allow_nan=False).encode() + b"\n")
        end = self._file.tell()
        try:
            while rest:
                rest = rest[self._file.write(rest) or 0 :]
        except OSError as error:
            with suppress(OSError):
                self._file.truncate(end)
            raise WriteError(f"{self.path}: cannot write: {error.strerror}; the lines before are whole") from error

    def close(self) -> None:
        """Closes the file; more records are refused."""
        try:
            self._file.close()
        except OSError as error:
            raise explain(self.path, error) from error


def _end_of(path: Path, keep: int) -> int:
    """Where the first `keep` records of a trace end, in bytes; StoreError for fewer lines, or lines of other kinds."""
    end = 0
    try:
        with open(path, "rb") as file:
            for number in range(1, keep + 1):
                line = file.readline()
                if not line.endswith(b"\n"):
                    raise StoreError(f"{path}: has {number - 1} records, but the checkpoint had seen {keep}")
                _require_record(line, path, number)
                end += len(line)
            following = file.readline()
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from error
    if following.endswith(b"\n"):  # a line cut short by a kill is no evidence either way
        _require_record(following, path, keep + 1)
    return end


def _require_record(line: bytes, path: Path, number: int) -> None:
    """Nothing but a trace is ever cut: a file named by mistake stays whole."""
    try:
        if "iteration" in json.loads(line):
            return
    except (ValueError, RecursionError, TypeError):
        pass
    raise StoreError(f"{path}: line {number} is not a record of a trace; it was left as it was")


@dataclass(frozen=True)
class Trace:
    """A trace as read: T measured points in the order of their iterations.

    `figures` has an array [T] for each name of FIGURES, in payoff units, NaN where the trace has null. `seconds` [T]
    are those spent in the solver's steps, None where the run left its clocks out. `profiles` [T, entries] are the
    measured profiles, all policies of the `players` players in a row; None where there are none or nobody asked.
    `cut_short`: a last line that ends in the middle was left out. `own` has an array [T] of each figure that the method
    told of itself, by the names it gave them.
    """

    origin: str
    iterations: NDArray[np.int64]
    polished: NDArray[np.bool_]
    figures: Mapping[str, Array]
    seconds: Array | None
    players: int
    profiles: Array | None
    cut_short: bool = False
    own: Mapping[str, Array] = field(default_factory=dict)


def read_trace(source: str | Path, *, profiles: bool = False) -> Trace:
    """The trace in a file, or in standard input for `-`; StoreError names the file and line of the first damage.

    No damage: a last line that ends in the middle. Its run was killed there, or is writing it.
    """
    origin = shown(source)
    points: list[_Point] = []
    cut_short = False
    for number, line in enumerate(BytesIO(read_bytes(source)), 1):
        try:
            point = _point(_parsed(line), profiles)
            if points:
                _require_order(points[-1], point)
        except _CutError:
            cut_short = True
            break
        except _DamageError as error:
            raise StoreError(f"{origin}:{number}: {error}") from error
        points.append(point)
    if not points:
        raise StoreError(f"{origin}: has no records")
    has_profiles = profiles and points[0].layout is not None
    return Trace(
        origin,
        np.array([p.iteration for p in points], dtype=np.int64),
        np.array([p.polished for p in points], dtype=np.bool_),
        {name: np.array([p.figures[k] for p in points]) for k, name in enumerate(FIGURES)},
        None if points[0].seconds is None else np.array([p.seconds for p in points], dtype=np.float64),
        len({player for player, *_ in points[0].layout or ()}),
        np.array([p.profile for p in points], dtype=np.float64) if has_profiles else None,
        cut_short,
        {name: np.array([p.own.get(name, nan) for p in points]) for name in {n: None for p in points for n in p.own}},
    )


class _DamageError(Exception):
    """What is wrong with a line, in words of ours."""


class _CutError(Exception):
    """The line has no end, and so is the last one."""


@dataclass(frozen=True)
class _Point:
    """One line. `layout` has the labels of each row of the profile: (player, …, its actions)."""

    iteration: int
    polished: bool
    figures: list[float]
    seconds: float | None
    layout: tuple[tuple[str, ...], ...] | None
    profile: list[float]
    own: Mapping[str, float]


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        # Python's reader would take NaN and Infinity, which are no JSON and which no trace has
        record = json.loads(line, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        if not line.endswith(b"\n"):
            raise _CutError from error
        raise _DamageError("is not a record of a trace: no JSON") from error
    if not isinstance(record, dict) or "iteration" not in record:
        raise _DamageError("is not a record of a trace: has no `iteration`")
    return record


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _point(record: Mapping[str, Any], profiles: bool) -> _Point:
    iteration, polished, run = record["iteration"], record.get("polished", False), record.get("run")
    if type(iteration) is not int or not 0 <= iteration < 2**63:
        raise _DamageError(f"`iteration` is {_described(iteration)}, not a whole number of at least 0")
    if type(polished) is not bool:
        raise _DamageError(f"`polished` is {_described(polished)}, not true or false")
    figures = [nan if record.get(name) is None else _number(record[name], name) for name in DRAWN_AS_TRACED]
    regrets = record.get("regrets") or [nan]
    if not isinstance(regrets, list):
        raise _DamageError(f"`regrets` is {_described(regrets)}, not a list of numbers")
    figures.append(figures[FIGURES.index("nash_conv")] / len(regrets))
    given = record.get("figures", {})
    if not isinstance(given, dict):
        raise _DamageError(f"`figures` is {_described(given)}, not numbers by name")
    own = {name: nan if x is None else _number(x, f"figures.{name}") for name, x in given.items()}
    seconds = None
    if run is not None:
        seconds = _number(run.get("work_seconds") if isinstance(run, dict) else run, "run.work_seconds")
    if not profiles or record.get("profile") is None:
        return _Point(iteration, polished, figures, seconds, None, [], own)
    layout: list[tuple[str, ...]] = []
    profile: list[float] = []
    for labels, row in _rows(record["profile"]):
        layout.append((*labels, *row))
        profile += [_number(p, "profile") for p in row.values()]
    return _Point(iteration, polished, figures, seconds, tuple(layout), profile, own)


def _require_order(before: _Point, point: _Point) -> None:
    """Iterations increase, and what one record holds of clocks and profiles the next one holds too."""
    if point.iteration <= before.iteration:
        raise _DamageError(f"iteration {point.iteration} follows iteration {before.iteration}")
    if (point.seconds is None) != (before.seconds is None):
        raise _DamageError("`run` is in some records and not in others")
    if point.layout != before.layout:
        raise _DamageError("`profile` is not one of the same game as in the line before")


def _rows(node: Any, labels: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    """The rows of a profile with their player (and state): {player: {action: p}} or {player: {state: {action: p}}}."""
    if not isinstance(node, dict) or not node or len(labels) > 2:
        raise _DamageError("`profile` is not a profile of labels and probabilities")
    if labels and not any(isinstance(value, dict) for value in node.values()):
        yield labels, node
        return
    for label, value in node.items():
        yield from _rows(value, (*labels, label))


def _number(value: Any, name: str) -> float:
    try:
        if type(value) in (int, float) and isfinite(value):
            return float(value)
    except OverflowError:  # a whole number of hundreds of digits
        pass
    raise _DamageError(f"`{name}` is {_described(value)}, not a number")


def _described(value: Any) -> str:
    """A value of a damaged line, short enough for a message."""
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:40]}…"
