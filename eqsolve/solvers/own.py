"""Algorithms that are in no table of ours: those of other packages, by name, and a caller's own, as objects.

Both are judged like any other. A package's may come with its `Row`, which says what it accepts; of any other solver
nothing is known beforehand, so that it is offered every game and may refuse one with a MismatchError.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from inspect import getdoc
from typing import Any

from eqsolve import plugins
from eqsolve.errors import UsageError
from eqsolve.forms.traits import FormName
from eqsolve.solvers.registry import Row

METHODS = {"init": "init(game, seed, start)", "step": "step(game, state, steps)", "answers": "answers(game, state)"}


def names_of_packages() -> list[str]:
    """Return the names of the algorithms that other packages offer; nothing of them is imported."""
    return [offer.name for offer in plugins.offers(plugins.SOLVERS)]


def row_of_package(name: str) -> Row | None:
    """Return the row of an algorithm that an installed package offers; None where none does, else PluginError."""
    found = plugins.find(plugins.SOLVERS, name)
    if found is None:
        return None
    package = next(offer.package for offer in plugins.offers(plugins.SOLVERS) if offer.name == name)
    with plugins.blamed(plugins.SOLVERS, name):
        row = found if isinstance(found, Row) else None
        solver = row.load() if row is not None else found
        if not isinstance(solver, type):
            raise plugins.wrong(plugins.SOLVERS, name, f"expected a class or a Row, got {type(solver).__name__}")
        if absent := missing(solver):
            raise plugins.wrong(plugins.SOLVERS, name, f"{solver.__name__} has no {', '.join(absent)}")
        return replace(row or _row(name, solver), name=name, aliases=(), solver=solver, package=package)


def row_of_object(solver: Any) -> Row:
    """Return a row for a caller's own solver; UsageError where it is none, with what it lacks."""
    if isinstance(solver, type):
        raise UsageError(f"algo: expected a solver, got the class {solver.__name__}", f"{solver.__name__}() makes one")
    if absent := missing(solver):
        raise UsageError(
            f"algo: expected the name of an algorithm or a solver, got {type(solver).__name__} without "
            f"{', '.join(absent)}",
            "`eqsolve algos` lists the names; eqsolve.solvers.protocol.Solver says what a solver is",
        )
    return _row(type(solver).__name__, type(solver))


def missing(solver: Any) -> list[str]:
    """Return the methods of a solver that `solver` does not have, as one writes them."""
    return [spelt for name, spelt in METHODS.items() if not callable(getattr(solver, name, None))]


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return hyperparameters for a result; what a document cannot hold, as Python shows it."""
    kinds = (bool, int, float, str, type(None))
    return {name: x if type(x) in kinds else repr(x)[:200] for name, x in values.items()}


def blamed_on(row: Row) -> AbstractContextManager[None]:
    """Return a context in which what another package's algorithm raises is told in one line; ours raise as they do."""
    return nullcontext() if row.package is None else plugins.blamed(plugins.SOLVERS, row.name)


def _row(name: str, solver: type[Any]) -> Row:
    summary = (getdoc(solver) or "").partition("\n")[0]
    return Row(
        name=name,
        target="",
        forms=tuple(FormName),
        summary=summary,
        reference="",
        answers=(),
        converges=(),
        solver=solver,
    )
