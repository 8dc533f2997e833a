"""From the name of an algorithm, or a solver of one's own, to what runs and how a result names it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from eqsolve.analysis.structure import structure
from eqsolve.errors import MismatchError, UsageError
from eqsolve.forms.base import Form
from eqsolve.forms.concept import Concept
from eqsolve.run import auto, fit
from eqsolve.run.result import Algorithm
from eqsolve.solvers import Row, find
from eqsolve.solvers.own import blamed_on, plain, row_of_object
from eqsolve.solvers.parameters import POLISH, configured, parameters_of, used, values_of
from eqsolve.solvers.protocol import Adapts, AnswersByLogit, Correlates, Solver

#: So many algorithms that fit are named where one does not.
NAMED_ALGORITHMS = 8


class Method(NamedTuple):
    """A solver with its row of the registry, or one made for it, and the record that results hold."""

    row: Row
    solver: Any
    algorithm: Algorithm


def method(
    form: Form,
    algo: str | Solver,
    parameters: Mapping[str, Any],
    polish: bool | None = None,
    *,
    starts: bool = False,
    wanted: float | None = None,
) -> Method:
    """Return the method that `algo` names or is, with `parameters` by the user's names.

    `polish` switches the support polish where the method has one. `auto` chooses for a run that `starts` from a given
    profile and to the gap `wanted`. UsageError or MismatchError where it cannot be used for `form`.
    """
    if not isinstance(algo, str):
        row = row_of_object(algo)
        if parameters:
            raise UsageError("parameters: are for algorithms by name; those of an object are its own fields")
        values = plain(values_of(algo))
        return Method(row, algo, Algorithm(row.name, values, row.name, None, _concept(row, algo, form)))
    reason, chosen = None, dict[str, Any]()
    if algo == "auto":
        row, reason, known = auto.choose(form, starts, wanted)
        chosen |= known
    else:
        row = find(algo)
    check_fit(row, form)
    chosen |= parameters
    if polish is not None and any(p.name == POLISH.name for p in parameters_of(row)):
        chosen[POLISH.name] = polish
    solver = make_solver(row, chosen, form)
    values = plain(used(row, solver, chosen, form))
    return Method(row, solver, Algorithm(row.name, values, algo, reason, _concept(row, solver, form)))


def check_fit(row: Row, form: Form) -> None:
    """MismatchError if the algorithm does not accept the game; it names those that do, what `auto` takes first."""
    fit.check_range(form)
    why = fit.misfit(row, form, structure(form))
    if why is None:
        return
    others = [other.name for other in auto.ranked(form) if other.concept in (Concept.NASH, row.concept)]
    more = len(others) - NAMED_ALGORITHMS
    listed = ", ".join(others[:NAMED_ALGORITHMS]) + (f" and {more} more (eqsolve info GAME)" if more > 0 else "")
    raise MismatchError(f"{row.name} does not accept this game: {why}", f"algorithms that do: {listed}")


def make_solver(row: Row, parameters: Mapping[str, Any], form: Form) -> Any:
    """Return the row's solver with `parameters` by the user's names, defaults that depend on the game filled in."""
    with blamed_on(row):
        solver = configured(row, parameters)
        return solver.adapted(form) if isinstance(solver, Adapts) else solver


def _concept(row: Row, solver: Solver, form: Form) -> Concept:
    """Of which equilibria the run looks for one."""
    if isinstance(solver, Correlates):
        return solver.concept
    asked = isinstance(solver, AnswersByLogit) and solver.asked_precision(form) is not None
    return Concept.QUANTAL if asked else row.concept
