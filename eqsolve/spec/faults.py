"""Faults of a spec: what is wrong at which path, in plain words, all of them at once.

A validator of one value raises `Refusal`; one that looks at many values collects `Fault`s and calls `refuse`.
pydantic carries both; `faults_of` translates whatever it reports, its own complaints included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Any, NamedTuple, NoReturn

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from eqsolve.spec.positions import Path

#: One array may hold thousands of mistakes of one kind; this many are worth reading.
MAX_FAULTS = 20
#: This many of one kind are collected: one more than is shown, so that it can be said that there are more.
ENOUGH_FAULTS = MAX_FAULTS + 1


class Fault(NamedTuple):
    """One mistake. `at_key` points at the key rather than at its value."""

    path: Path
    message: str
    hint: str | None = None
    at_key: bool = False


class Refusal(ValueError):  # noqa: N818  (what a validator says, not what went wrong in it)
    """A value that is not what it should be: `message` in words, `hint` what to try."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def refuse(faults: Iterable[Fault]) -> NoReturn:
    """Raises all of `faults` (at least one) as one error that pydantic passes on, paths below its own."""
    raise ValidationError.from_exception_data(
        "spec",
        [
            InitErrorDetails(
                type=PydanticCustomError(_FAULT, "{message}", {"message": f.message, "hint": f.hint, "key": f.at_key}),
                loc=f.path,
                input=None,
            )
            for f in faults
        ],
    )


def faults_of(error: ValidationError) -> list[Fault]:
    """What pydantic found, in the field's words."""
    return [_translate(e) for e in error.errors(include_url=False)]


def describe(value: Any) -> str:
    """A value as a message names it: `'x'`, `3.5`, `a list`, `nothing`."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case str():
            return repr(value if len(value) <= 40 else value[:37] + "…")
        case float() | int():
            return _SPECIAL.get(repr(value), repr(value))
        case Mapping():
            return "a mapping"
        case list() | tuple():
            return "a list"
        case _:
            return type(value).__name__


def nearest(word: str, known: Iterable[str], otherwise: str | None = None) -> str | None:
    """`did you mean …?` for a misspelt word; `otherwise` where none of the first thousand is near."""
    close = get_close_matches(word, list(islice(known, 1000)), n=1)
    return f"did you mean `{close[0]}`?" if close else otherwise


_FAULT = "fault"
_SPECIAL = {"inf": ".inf", "-inf": "-.inf", "nan": ".nan"}

#: pydantic's error types as they may arise from builtin annotations in a family's fields.
_EXPECTED = {
    "int_type": "an integer",
    "int_from_float": "an integer",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "text",
    "bool_type": "true or false",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "mapping_type": "a mapping",
    "greater_than": "a number above {gt:g}",
    "greater_than_equal": "a number of at least {ge:g}",
    "less_than": "a number below {lt:g}",
    "less_than_equal": "a number of at most {le:g}",
    "literal_error": "{expected}",
    "too_short": "{min_length} or more entries",
    "too_long": "{max_length} or fewer entries",
}


def _translate(error: Any) -> Fault:
    kind, path, context = error["type"], tuple(error["loc"]), error.get("ctx", {})
    if kind == _FAULT:
        return Fault(path, context["message"], context["hint"], context["key"])
    if kind == "value_error" and isinstance(context.get("error"), Refusal):
        return Fault(path, context["error"].message, context["error"].hint)
    if kind == "missing":
        return Fault(path[:-1], f"the key `{path[-1]}` is missing")
    if kind in _EXPECTED:
        return Fault(path, f"expected {_EXPECTED[kind].format(**context)}, got {describe(error['input'])}")
    message = error["msg"].removeprefix("Value error, ")
    return Fault(path, message[:1].lower() + message[1:])
