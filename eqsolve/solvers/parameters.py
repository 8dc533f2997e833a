"""Hyperparameters of a solver as users name them, read from its dataclass fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, get_type_hints

from eqsolve.errors import UsageError
from eqsolve.solvers.protocol import AnswersByLogit
from eqsolve.solvers.registry import Row

#: What methods that sum their play say of the hyperparameter `swaps`.
SWAPS = {"symbol": "s", "help": "true: the play's ce_gap is measured too, for A_i² more work an iteration"}


@dataclass(frozen=True)
class Hyperparameter:
    """`name` is the user's word, `field` the dataclass's (they differ where a method has the name)."""

    name: str
    field: str
    symbol: str
    help: str
    default: Any
    type: Any


def hyperparameters(solver: type[Any]) -> tuple[Hyperparameter, ...]:
    """Return the solver's hyperparameters in the order of its fields; none if it is no dataclass.

    A solver of another package may say nothing of a field's symbol, meaning and type.
    """
    if not is_dataclass(solver):
        return ()
    try:
        hints = get_type_hints(solver)
    except NameError:  # types that only type checkers read
        hints = {}
    return tuple(
        Hyperparameter(
            name=f.metadata.get("name", f.name),
            field=f.name,
            symbol=f.metadata.get("symbol", f.name),
            help=f.metadata.get("help", ""),
            default=None if f.default is MISSING else f.default,
            type=hints.get(f.name, Any),
        )
        for f in fields(solver)
        if f.init
    )


#: What every row with `polish` has beside its solver's own: the run looks at it, not the solver.
POLISH = Hyperparameter(
    name="polish",
    field="polish",
    symbol="-",
    help="true: the best answer's support is polished where that lowers its Nash gap; false: it is taken as it is",
    default=True,
    type=bool,
)


def parameters_of(row: Row) -> tuple[Hyperparameter, ...]:
    """Return an algorithm's hyperparameters: its solver's and, where its answers are polished, `polish`."""
    own = hyperparameters(row.load())
    return (*own, POLISH) if row.polish and all(p.name != POLISH.name for p in own) else own


def configured(row: Row, values: Mapping[str, Any]) -> Any:
    """Return an algorithm's solver with `values` by the user's names; UsageError as in `configure`."""
    return configure(row.load(), values, parameters_of(row), row.name)


def used(row: Row, solver: Any, values: Mapping[str, Any], game: Any) -> dict[str, Any]:
    """Return all hyperparameters of a run by the user's names: those of `solver`, and `polish` where the row has it.

    Quantal responses that are asked for are never polished.
    """
    found = values_of(solver)
    if not row.polish:
        return found
    polish = values.get(POLISH.name, POLISH.default)
    if isinstance(solver, AnswersByLogit) and solver.asked_precision(game) is not None:
        polish = False
    return found | {POLISH.name: polish}


def configure(
    solver: type[Any],
    values: Mapping[str, Any],
    parameters: Sequence[Hyperparameter] | None = None,
    name: str | None = None,
) -> Any:
    """Return an instance with `values` by the user's names; UsageError for an unknown name or a wrong type.

    `parameters`: what may be named, where that is more than the solver's own fields; only those reach the solver.
    `name`: what users call the algorithm; that of the class otherwise.
    """
    known = {p.name: p for p in parameters or hyperparameters(solver)}
    own, chosen = {f.name for f in fields(solver)} if is_dataclass(solver) else set(), {}
    for key, value in values.items():
        if key not in known:
            close = get_close_matches(key, known, n=1)
            listed = f"it has {', '.join(known)}" if known else "it has none"
            raise UsageError(
                f"unknown parameter '{key}' of {name or solver.__name__}; {listed}",
                f"did you mean `{close[0]}`?" if close else None,
            )
        typed = _typed(known[key], value)
        if known[key].field in own:
            chosen[known[key].field] = typed
    return solver(**chosen)


def values_of(solver: Any) -> dict[str, Any]:
    """The solver's hyperparameters by the user's names."""
    return {p.name: getattr(solver, p.field) for p in hyperparameters(type(solver))}


def _typed(parameter: Hyperparameter, value: Any) -> Any:
    """`value`, an int widened where a float is wanted; UsageError where the type does not admit it."""
    import types
    from typing import get_args, get_origin

    admitted = get_args(parameter.type) if get_origin(parameter.type) is types.UnionType else (parameter.type,)
    if parameter.type is Any or (value is None and type(None) in admitted):
        return value
    if type(value) is int and int not in admitted and float in admitted:
        try:
            return float(value)
        except OverflowError as error:
            raise UsageError(f"{parameter.name}: the number is too large") from error
    if type(value) in admitted:
        return value
    if type(value) is str and "/" in value and float in admitted:
        try:
            return float(Fraction(value))  # `1/3`, as everywhere in specs
        except (ValueError, ZeroDivisionError, OverflowError):
            pass
    words = " or ".join(WORDS.get(t, t.__name__) for t in admitted if t is not type(None))
    raise UsageError(f"{parameter.name}: expected {words}, got {value!r}")


WORDS = {int: "a whole number", float: "a number", str: "a word", bool: "true or false"}
