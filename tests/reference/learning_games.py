"""Small normal forms for learning dynamics, and where a method is after some steps."""

from __future__ import annotations

from typing import Any

import numpy as np

from eqsolve.forms.base import Profile, frozen
from eqsolve.forms.normal.game import NormalForm, TensorGame
from eqsolve.spec.load import parse
from reference.forms import numbered

SHAPES = [(3, 2), (2, 3, 2), (1, 3), (2, 2, 2, 2)]
ROCK = "zero_sum: [[0, -1, 1], [1, 0, -1], [-1, 1, 0]]"
#: One equilibrium, interior and not uniform: both (1/4, 3/4).
PENNIES = "zero_sum: [[3, -1], [-1, 1/3]]"
#: An interior profile of 3 × 3 actions that is no equilibrium of Shapley's game.
START = ((0.5, 0.3, 0.2), (0.2, 0.3, 0.5))


def drawn(shape: tuple[int, ...], seed: int = 0) -> TensorGame:
    """Return a game whose payoffs have no ties."""
    tensor = np.random.default_rng(seed).normal(size=(len(shape), *shape))
    return TensorGame(numbered(len(shape)), tuple(map(numbered, shape)), tensor)


def interior(shape: tuple[int, ...], seed: int = 1) -> Profile:
    """Return a profile that gives every action a probability."""
    rng = np.random.default_rng(seed)
    return frozen(rng.dirichlet(np.ones(size)) for size in shape)


def matrix(text: str) -> NormalForm:
    """Return the normal form of a matrix spec, whose fields `text` gives."""
    form = parse(f"{{kind: matrix, {text}}}", "g").form
    assert isinstance(form, NormalForm)
    return form


def after(form: NormalForm, solver: Any, steps: int, start: Profile | None = None, seed: int = 0) -> dict[str, Profile]:
    """Return the answers of `solver` after `steps` steps."""
    found: dict[str, Profile] = solver.answers(form, solver.step(form, solver.init(form, seed, start), steps))
    return found
