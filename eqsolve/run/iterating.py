"""The states of a run, one after another, as the loop and whoever only looks at iterates ask for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from eqsolve.forms.base import Form, Profile
from eqsolve.solvers.protocol import Advances, Solver, State


def iterates(
    form: Form,
    solver: Solver,
    *,
    seed: int = 0,
    start: Profile | None = None,
    state: State = None,
    until: Callable[[int], int] = lambda n: n + 1,
) -> Iterator[State]:
    """Yield states of a run without end: the first (or `state`), then the one at iteration until(n) after each n.

    One that was yielded is spent when the next is asked for.
    """
    if state is None:
        state = solver.init(form, seed, start)
    while True:
        yield state
        state = advanced(solver, form, state, until(state.iteration) - state.iteration)


def advanced(solver: Solver, form: Form, state: State, steps: int) -> State:
    """Return the state so many steps later; the one given is spent."""
    return solver.advance(form, state, steps) if isinstance(solver, Advances) else solver.step(form, state, steps)
