"""Run a method that has an end of its own, without the loop round it."""

from __future__ import annotations

from typing import Any

from eqsolve.forms.base import Form


def at_end(solver: Any, form: Form, chunk: int = 10**9) -> Any:
    """Step `solver` from its first state until it has finished, `chunk` steps at a time, and return the last state."""
    state = solver.init(form, 0)
    while not solver.finished(state):
        state = solver.step(form, state, chunk)
    return state
