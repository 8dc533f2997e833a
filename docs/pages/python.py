"""The Python interface, records, and what a solver can be, from the code."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import is_dataclass
from functools import cached_property
from typing import Any

from pages.markdown import block, prose, table


def python_api() -> Iterator[str]:
    """Signatures and docstrings of the public names."""
    import eqsolve

    for name in eqsolve.__all__:
        value = getattr(eqsolve, name)
        if callable(value) and not inspect.isclass(value):
            yield f"## eqsolve.{name}"
            yield ""
            yield from block("python", _signature(name, value))
            yield from inspect.cleandoc(value.__doc__ or "").splitlines()
            yield ""


def record_types() -> tuple[type[Any], ...]:
    """Return the records that `solve` and `deviations` return, and those inside them, in the order of the page."""
    from eqsolve.metrics.deviations import Deviations
    from eqsolve.metrics.exact_regrets import ExactDeviations
    from eqsolve.run.result import Exact, Measured, Record, Result
    from eqsolve.solved import SolveResult
    from eqsolve.spec.load import GameSpec

    return (SolveResult, Result, Measured, Record, Deviations, Exact, ExactDeviations, GameSpec)


def records() -> Iterator[str]:
    """The fields of the records that `solve` and `deviations` return."""
    for record in record_types():
        properties = [name for name, value in vars(record).items() if isinstance(value, property | cached_property)]
        yield f"### {record.__name__}"
        yield ""
        yield from inspect.cleandoc(record.__doc__ or "").splitlines()
        yield ""
        fields = [(f"`{k}`", f"`{v}`") for k, v in record.__annotations__.items()]
        yield from table(("name", "type"), [*fields, *((f"`{k}`", _returns(record, k)) for k in properties)])


def solver_protocol() -> Iterator[str]:
    """Every method that a solver may have, by protocol: first what all have, then what is optional."""
    from eqsolve.solvers import protocol

    own = [one for one in vars(protocol).values() if inspect.isclass(one) and one.__module__ == protocol.__name__]
    for one in sorted(own, key=lambda one: (one is not protocol.Solver, inspect.getsourcelines(one)[1])):
        yield f"## {one.__name__}"
        yield ""
        yield from inspect.cleandoc(one.__doc__ or "").splitlines()
        yield ""
        if is_dataclass(one):
            yield from table(("name", "type"), [(f"`{k}`", f"`{v}`") for k, v in one.__annotations__.items()])
            continue
        bases = [f"`{base.__name__}`" for base in one.__mro__[1:] if base in own]
        if bases:
            yield f"Besides the methods of {' and '.join(bases)}:"
            yield ""
        for name, kind in one.__annotations__.items():
            yield from block("python", f"{name}: {kind}")
        for name, method in vars(one).items():
            if inspect.isfunction(method) and not name.startswith("_"):
                yield from block("python", f"def {name}{inspect.signature(method)}".replace("'", ""))
                yield from inspect.cleandoc(method.__doc__ or "").splitlines()
                yield ""


def _returns(record: type[Any], name: str) -> str:
    attribute = vars(record)[name]
    function = attribute.func if isinstance(attribute, cached_property) else attribute.fget
    return f"`{function.__annotations__['return']}`: {prose(function.__doc__)}"


def _signature(name: str, function: Callable[..., Any]) -> str:
    """One parameter a line, types as they are written in the code."""
    lines, starred = [], False
    for p in inspect.signature(function).parameters.values():
        if p.kind is p.KEYWORD_ONLY and not starred:
            lines.append("    *,")
            starred = True
        default = "" if p.default is p.empty else f" = {p.default!r}"
        lines.append(f"    {p.name}: {p.annotation}{default},")
    returns = inspect.signature(function).return_annotation
    return "\n".join([f"{name}(", *lines, f") -> {returns}"])
