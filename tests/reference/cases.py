"""Every algorithm on every small game that it accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from eqsolve.analysis.structure import structure
from eqsolve.forms.base import Form
from eqsolve.forms.joint import Joint
from eqsolve.forms.normal.game import NormalForm
from eqsolve.run import fit
from eqsolve.solvers import SOLVERS, Row
from eqsolve.solvers.protocol import Finishes, State
from eqsolve.spec.load import GameSpec
from reference.specs import TEXTS, spec

SPECS = {name: spec(name) for name in TEXTS}


@dataclass(frozen=True)
class Case:
    """An algorithm on a game that it accepts."""

    row: Row
    game: GameSpec
    solver: Any

    @property
    def form(self) -> Form:
        return self.game.form

    @property
    def has_an_end(self) -> bool:
        return isinstance(self.solver, Finishes)

    def after(self, steps: int, seed: int = 0) -> State:
        return self.solver.step(self.form, self.solver.init(self.form, seed), steps)


CASES = [
    pytest.param(Case(row, game, row.load()()), id=f"{row.name}-{name}")
    for row in SOLVERS.values()
    for name, game in SPECS.items()
    if fit.fits(row, game.form, structure(game.form))
]


every_case = pytest.mark.parametrize("case", CASES)


def content(value: Any) -> Any:
    """A state or profile down to its bytes."""
    if isinstance(value, np.ndarray):
        return (value.dtype.str, value.shape, value.tobytes())
    if isinstance(value, tuple):
        return tuple(content(part) for part in value)
    if isinstance(value, Joint):
        return content((value.actions, value.probabilities))
    return (type(value), value)


def joint_of(case: Case, state: State) -> tuple[NormalForm, Joint]:
    """The joint distribution that a method of correlated equilibria stands by."""
    assert isinstance(case.form, NormalForm)
    joint = case.solver.joint(case.form, state)
    assert isinstance(joint, Joint)
    return case.form, joint
