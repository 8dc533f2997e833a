"""Single values of a spec and plain lists of them: numbers and rationals, counts, labels, distributions.

A number is finite; `true` is none; a rational `1/3` is one, quoted or not. The functions check and convert; the
annotated types at the end are what a family's fields use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import partial
from math import isfinite, log10
from typing import Annotated, Any, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PlainValidator,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)

from eqsolve.forms.tolerances import PROBABILITY_TOLERANCE
from eqsolve.spec.faults import ENOUGH_FAULTS, Fault, Refusal, describe, faults_of, refuse
from eqsolve.spec.scalars import Rounded

T = TypeVar("T")

#: More players, actions or states than this are a misprint, caught before they fill the memory with labels.
MAX_LABELS = 100_000
MAX_LABEL = 200
#: Beyond this, sums and squares of payoffs leave float64.
MAX_NUMBER = 1e100
#: Up to this every integer is a float64 number; of larger ones some are rounded.
LARGEST_EXACT_INTEGER = 2**53
#: Digits of either half of a fraction; more are refused, and not written.
MAX_DIGITS = 100
#: Powers of ten beyond this, either way, are no numbers that one can compute with; as fractions they would fill the
#: memory.
MAX_EXPONENT = 400

RATIONAL = re.compile(rf"\s*([-+]?[0-9]{{1,{MAX_DIGITS}}})\s*/\s*([-+]?[0-9]{{1,{MAX_DIGITS}}})\s*")


def sized(count: int) -> str:
    """A count in a message: its digits if one can read them, else a power of ten below it."""
    return str(count) if count < 10**24 else f"more than 10^{int((count.bit_length() - 1) * log10(2))}"


def number(value: Any) -> float:
    """Return `value` as a finite float64, −0 as 0; a `Rounded` one where its shortest decimal says another number."""
    if isinstance(value, Rounded):
        return _rounded(_in_range(float(value), value), value.exact)
    if type(value) is int:
        found = _in_range(float(value), value)
        return found if abs(value) < LARGEST_EXACT_INTEGER else _rounded(found, Fraction(value))
    if isinstance(value, float):
        return _in_range(float(value), value)
    if not isinstance(value, str):
        raise Refusal(f"expected a number, got {describe(value)}")
    if rational := RATIONAL.fullmatch(value):
        p, q = int(rational[1]), int(rational[2])
        if q == 0:
            raise Refusal(f"division by zero in {describe(value)}")
        return _rounded(_in_range(p / q, value), Fraction(p, q))
    raise Refusal(f"expected a number, got {describe(value)}", "leave out the quotes" if _quoted(value) else None)


def rational(value: str | float) -> Fraction:
    """Return what a number as it was written says exactly: a fraction, an integer, a decimal of any length."""
    if isinstance(value, Rounded):
        return value.exact
    return Fraction("".join(value.split()) if isinstance(value, str) else repr(value))


def _rounded(found: float, exact: Fraction) -> float:
    """Return the float64 of a number, with the number itself where its shortest decimal says another one."""
    if Fraction(repr(found)) == exact:
        return found
    kept = Rounded(found)
    kept.exact = exact
    return kept


def complaint(found: float, written: Any = None) -> str | None:
    """Why one cannot compute with the float `found`, if so; `written` is what the message shows in its place."""
    shown = describe(found if written is None else written)
    if not isfinite(found):
        return f"expected a finite number, got {shown}"
    return f"the number {shown} is beyond ±{MAX_NUMBER:g}" if abs(found) > MAX_NUMBER else None


def _in_range(found: float, written: Any) -> float:
    if message := complaint(found, written):
        raise Refusal(message)
    return found + 0.0


def integer(value: Any) -> int:
    """`value` as an int; 2.0 is not one, and neither is true."""
    if type(value) is not int:
        raise Refusal(f"expected an integer, got {describe(value)}")
    if abs(value) >= 2**63:
        raise Refusal(f"the integer {describe(value)} is too large")
    return value


def label(value: Any) -> str:
    """`value` as a label: text that prints on one line; an integer counts as its digits."""
    if type(value) is str and value.isidentifier() and len(value) <= MAX_LABEL:  # most labels
        return value
    if type(value) is int:
        value = str(value)
    if not isinstance(value, str):
        hint = "put it in quotes" if isinstance(value, float | bool) else None
        raise Refusal(f"expected a label, got {describe(value)}", hint)
    if not value.strip() or len(value) > MAX_LABEL or not value.isprintable():
        raise Refusal(f"expected a label of 1 to {MAX_LABEL} printable characters, got {describe(value)}")
    return value


def every(items: Iterable[tuple[str | int, Any]], check: Callable[[Any], T]) -> list[T]:
    """`check` of each (key, value); what is wrong with any of them is raised at once."""
    found: list[T] = []
    faults: list[Fault] = []
    for key, value in items:
        try:
            found.append(check(value))
            continue
        except Refusal as refusal:
            faults.append(Fault((key,), refusal.message, refusal.hint))
        except ValidationError as error:
            faults += [fault._replace(path=(key, *fault.path)) for fault in faults_of(error)]
        if len(faults) >= ENOUGH_FAULTS:
            break
    if faults:
        refuse(faults)
    return found


def entries(value: Any, what: str) -> list[Any]:
    """`value` as a list that is not empty; `what` it should hold is for the message."""
    if not isinstance(value, list):
        raise Refusal(f"expected a list of {what}, got {describe(value)}")
    if not value:
        raise Refusal(f"expected a list of {what}, got an empty list")
    return value


def pairs(value: Any, what: str) -> list[tuple[str | int, Any]]:
    """`value` as a mapping that is not empty, whose keys are labels; as (key, value) in the order written."""
    if not isinstance(value, dict):
        raise Refusal(f"expected a mapping {what}, got {describe(value)}")
    if not value:
        raise Refusal(f"expected a mapping {what}, got an empty one")
    every(zip(value, value, strict=True), label)
    return list(value.items())


def labels(value: Any) -> tuple[str, ...]:
    """A list of distinct labels."""
    found = every(enumerate(entries(value, "labels")), label)
    first: dict[str, int] = {}
    faults = [
        Fault((i,), f"the label {describe(text)} is there twice")
        for i, text in enumerate(found)
        if first.setdefault(text, i) != i
    ]
    if faults:
        refuse(faults[:ENOUGH_FAULTS])
    return tuple(found)


#: What default labels begin with: a letter, so that they can be told from probabilities and counts beside them.
PLAYER, ACTION, STATE = "P", "a", "s"


def count_or_labels(prefix: str, value: Any) -> tuple[str, ...]:
    """Return a list of distinct labels as it is, and default labels with this prefix for a number of them."""
    if type(value) is int:
        if not 1 <= value <= MAX_LABELS:
            raise Refusal(f"expected a number from 1 to {MAX_LABELS}, got {describe(value)}")
        return numbered(prefix, value)
    if not isinstance(value, list):
        raise Refusal(f"expected a number or a list of labels, got {describe(value)}")
    return labels(value)


def numbered(prefix: str, n: int) -> tuple[str, ...]:
    """Return n default labels, counted from 1: P1, P2 … of players, a1, a2 … of actions, s1, s2 … of states."""
    return tuple(f"{prefix}{i}" for i in range(1, n + 1))


def vector(value: Any) -> tuple[float, ...]:
    """A list of numbers, not empty."""
    return tuple(every(enumerate(entries(value, "numbers")), number))


def mapping_of_numbers(value: Any) -> dict[str, float]:
    """A mapping from labels to numbers, in the order written."""
    items = pairs(value, "from labels to numbers")
    return dict(zip((str(key) for key, _ in items), every(items, number), strict=True))


def distribution(value: Any) -> tuple[float, ...]:
    """A list of probabilities that sum to 1."""
    found = vector(value)
    if negative := [Fault((i,), f"a probability is negative: {p:g}") for i, p in enumerate(found) if p < 0]:
        refuse(negative[:ENOUGH_FAULTS])
    if abs(sum(found) - 1) > PROBABILITY_TOLERANCE:
        raise Refusal(f"the probabilities sum to {sum(found):.9g}, not 1", "rationals such as 1/3 are exact")
    return found


def _quoted(text: str) -> bool:
    """Whether `text` would have been a number without the quotes around it."""
    return bool(re.fullmatch(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", text))


def _bounded(value: Any, within_bounds: ValidatorFunctionWrapHandler) -> float:
    """Return a number that its field's bounds admit. Pydantic's own float would forget what a `Rounded` one says."""
    found = number(value)
    within_bounds(float(found))
    return found


def below_one(discount: float) -> float:
    """Return a discount factor of a game that goes on for ever; refuse 1."""
    if discount == 1:
        raise Refusal("discount 1 needs a game that ends by itself; this one does not", "e.g. 0.99")
    return discount


def opponents(players: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    """Return the labels of at least two players; refuse one alone."""
    if len(players) < 2:
        raise Refusal(f"{info.data.get('kind')} needs 2 players or more, got 1")
    return players


# JSON Schema, for editors. It is a little wider than the checks above: it cannot refuse 1/0, say.


def number_schema(**bounds: float) -> dict[str, Any]:
    """The schema of a number whose decimal notation has bounds (`minimum`, `exclusiveMinimum`, …)."""
    rational = {"type": "string", "pattern": r"^\s*[-+]?[0-9]+\s*/\s*[-+]?[0-9]+\s*$"}
    return {"anyOf": [{"type": "number", **bounds}, rational]}


def array_schema(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The schema of a list that is not empty."""
    return {"type": "array", "items": items, "minItems": 1, **more}


LABEL_SCHEMA: dict[str, Any] = {"anyOf": [{"type": "string", "minLength": 1}, {"type": "integer"}]}
LABELS_SCHEMA = array_schema(LABEL_SCHEMA, uniqueItems=True)
COUNT_OR_LABELS_SCHEMA: dict[str, Any] = {"anyOf": [{"type": "integer", "minimum": 1}, LABELS_SCHEMA]}

Number: TypeAlias = Annotated[float, WrapValidator(_bounded), WithJsonSchema(number_schema())]
#: A discount factor; 1 means that only the game's own end stops it.
Discount: TypeAlias = Annotated[
    float, BeforeValidator(number), Field(ge=0, le=1), WithJsonSchema(number_schema(minimum=0, maximum=1))
]
#: That of a game that goes on for ever.
EndlessDiscount: TypeAlias = Annotated[Discount, AfterValidator(below_one)]
Integer: TypeAlias = Annotated[int, BeforeValidator(integer)]
Labels: TypeAlias = Annotated[tuple[str, ...], PlainValidator(labels), WithJsonSchema(LABELS_SCHEMA)]
PlayerLabels: TypeAlias = Annotated[
    tuple[str, ...], PlainValidator(partial(count_or_labels, PLAYER)), WithJsonSchema(COUNT_OR_LABELS_SCHEMA)
]
#: Players of a game that nobody can play alone.
Opponents: TypeAlias = Annotated[PlayerLabels, AfterValidator(opponents)]
ActionLabels: TypeAlias = Annotated[
    tuple[str, ...], PlainValidator(partial(count_or_labels, ACTION)), WithJsonSchema(COUNT_OR_LABELS_SCHEMA)
]
StateLabels: TypeAlias = Annotated[
    tuple[str, ...], PlainValidator(partial(count_or_labels, STATE)), WithJsonSchema(COUNT_OR_LABELS_SCHEMA)
]
Vector: TypeAlias = Annotated[tuple[float, ...], PlainValidator(vector), WithJsonSchema(array_schema(number_schema()))]
Distribution: TypeAlias = Annotated[
    tuple[float, ...], PlainValidator(distribution), WithJsonSchema(array_schema(number_schema(minimum=0, maximum=1)))
]
Weights: TypeAlias = Annotated[
    dict[str, float],
    PlainValidator(mapping_of_numbers),
    WithJsonSchema({"type": "object", "additionalProperties": number_schema(), "minProperties": 1}),
]
