"""Solvers whose every gap is known, runs of them, and hooks that note what they hear."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

import numpy as np

from eqsolve.forms.base import Form, Profile
from eqsolve.forms.normal.game import TensorGame
from eqsolve.run import loop as run
from eqsolve.run.hooks import Hooks, Progress
from eqsolve.run.options import Limits, RunOptions
from eqsolve.run.result import Algorithm, Checkpoint, Game, Judged, Result
from eqsolve.run.schedule import is_measuring_point
from reference.specs import spec

#: One player, action 0 pays 10 and action 1 nothing: playing 1 with probability p has a Nash gap of 10 p.
CHOICE = TensorGame(("Solo",), (("good", "bad"),), np.array([[10.0, 0.0]]))


class Toy(NamedTuple):
    """A state."""

    iteration: int


@dataclass(frozen=True)
class Scripted:
    """Answers with a profile of the gap that a script says; notes how it was called."""

    gap: Callable[[int], float]
    offers: Sequence[str] = ("last",)
    calls: list[int] = field(default_factory=list)

    def init(self, game: Form, seed: int, start: Profile | None = None) -> Toy:
        return Toy(0)

    def step(self, game: Form, state: Toy, steps: int) -> Toy:
        self.calls.append(steps)
        return Toy(state.iteration + steps)

    def answers(self, game: Form, state: Toy) -> dict[str, Profile]:
        bad = self.gap(state.iteration) / 10
        return {name: (np.array([1 - bad, bad]),) for name in self.offers}


@dataclass(frozen=True)
class Two(Scripted):
    """An average by the script, and a last iterate by another one."""

    last: Callable[[int], float] = lambda n: 0.0

    def answers(self, game: Form, state: Toy) -> dict[str, Profile]:
        found = {"average": self.gap(state.iteration) / 10, "last": self.last(state.iteration) / 10}
        return {name: (np.array([1 - bad, bad]),) for name, bad in found.items()}


@dataclass(frozen=True)
class Ending(Scripted):
    """The same with an end of its own."""

    end: int = 5

    def step(self, game: Form, state: Toy, steps: int) -> Toy:
        return Toy(min(state.iteration + steps, self.end))

    def finished(self, state: Toy) -> bool:
        return state.iteration >= self.end


def falling(n: int) -> float:
    """1 / (n + 1)."""
    return 1 / (n + 1)


def game(form: Form = CHOICE) -> Game:
    return Game(form, "matrix", "toy", "0" * 64)


def tensor_game() -> TensorGame:
    form = spec("zero-sum 2x3").form
    assert isinstance(form, TensorGame)
    return form


def solve(solver: Any, limits: Limits, form: Form = CHOICE, **options: Any) -> Result:
    asked = {one.name: options.pop(one.name) for one in fields(RunOptions) if one.name in options}
    return run.solve(game(form), solver, Algorithm("toy", {}, "toy"), RunOptions(limits, **asked), **options)


def exactly(iterations: int) -> Limits:
    return Limits.of(None, None, iterations, None)


def to(tol: float, iterations: int = 1000) -> Limits:
    return Limits.of(tol, None, iterations, None)


def points(last: int) -> list[int]:
    return [n for n in range(last + 1) if is_measuring_point(n)]


class Listening(Hooks):
    """Notes everything it is told, and signals what a script says."""

    def __init__(self, say: Callable[[int], str | None] = lambda n: None) -> None:
        self.say = say
        self.heard: list[str] = []
        self.records: list[int] = []
        self.progressed: list[Progress] = []
        self.at = 0

    def started(self) -> None:
        self.heard.append("started")

    def resumed(self, checkpoint: Checkpoint) -> None:
        self.heard.append("resumed")

    def record(self, measured: Judged) -> None:
        self.heard.append("record")
        self.records.append(measured.record.iteration)

    def progress(self, progress: Progress) -> None:
        self.heard.append("progress")
        self.progressed.append(progress)
        self.at = progress.iteration

    def signal(self) -> str | None:
        return self.say(self.at)
