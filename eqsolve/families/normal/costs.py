"""Costs of resources by their total load l: affine, a table, a polynomial, or travel time on a road (BPR).

Coefficients are named, `{slope: 2, constant: 1}`. As plain lists they stand in the order that each kind says, which is
not the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from pydantic import Field, PlainValidator, ValidationInfo, WithJsonSchema, field_validator

from eqsolve.spec.faults import Fault, Refusal, describe, nearest, refuse
from eqsolve.spec.numbers import Vector, array_schema, every, number, number_schema, pairs, rational, vector
from eqsolve.spec.record import Record

if TYPE_CHECKING:
    from eqsolve.forms.base import Array

COSTS = ("affine", "table", "bpr", "polynomial")
LINE = ("slope", "constant")
ROAD = ("free_flow", "capacity")
#: Coefficients of l^0, l^1, …; higher powers have no names and come as a list.
POWERS = ("constant", "linear", "quadratic", "cubic", "quartic")


def _coefficients(names: Sequence[str], example: str, *, needed: bool = False) -> Callable[[Any], tuple[float, ...]]:
    """Return a check that puts named coefficients into the order of `names`; a list is taken as it is.

    One that is not named is 0, unless all are `needed`.
    """

    def check(value: Any) -> tuple[float, ...]:
        if isinstance(value, list):
            return vector(value)
        if not isinstance(value, dict):
            raise Refusal(f"expected coefficients by name, {example}, got {describe(value)}")
        items = pairs(value, f"of coefficients by name, {example}")
        if strange := [str(key) for key, _ in items if key not in names]:
            known = f"known here: {', '.join(names)}"
            refuse(Fault((key,), "no such coefficient", nearest(key, names, known), at_key=True) for key in strange)
        found = dict(zip((str(key) for key, _ in items), every(items, number), strict=True))
        if needed and (absent := [name for name in names if name not in found]):
            raise Refusal(f"`{absent[0]}` is missing: expected {example}")
        return tuple(found.get(name, 0.0) for name in names)

    return check


def _schema(names: Sequence[str], *, needed: bool = False) -> WithJsonSchema:
    """Return the JSON Schema of coefficients by name, or as a list."""
    named: dict[str, Any] = {
        "type": "object",
        "properties": {name: number_schema() for name in names},
        "additionalProperties": False,
        "minProperties": 1,
    }
    if needed:
        named["required"] = list(names)
    return WithJsonSchema({"anyOf": [named, array_schema(number_schema())]})


Line: TypeAlias = Annotated[
    tuple[float, ...], PlainValidator(_coefficients(LINE, "{slope: 1, constant: 0}")), _schema(LINE)
]
Road: TypeAlias = Annotated[
    tuple[float, ...],
    PlainValidator(_coefficients(ROAD, "{free_flow: 10, capacity: 4}", needed=True)),
    _schema(ROAD, needed=True),
]
Polynomial: TypeAlias = Annotated[
    tuple[float, ...], PlainValidator(_coefficients(POWERS, "{constant: 1, quadratic: 2}")), _schema(POWERS)
]


class Cost(Record):
    """What each user of a resource pays, by its total load l: exactly one of the kinds."""

    affine: Line | None = Field(
        None, description="{slope: a, constant: b}: a·l + b; one left out is 0. As a list [slope, constant]."
    )
    table: Vector | None = Field(None, description="Cost at load 1, 2, 3, … up to the largest load possible.")
    bpr: Road | None = Field(
        None,
        description="{free_flow: t, capacity: c}: t·(1 + 0.15·(l/c)^4), travel time on a road of capacity c > 0. As a "
        "list [free_flow, capacity].",
    )
    polynomial: Polynomial | None = Field(
        None,
        description="{constant: a, linear: b, quadratic: c, cubic: d, quartic: e}: a + b·l + c·l² + …; one left out is "
        "0. As a list from the constant on, of any length.",
    )

    @classmethod
    def overview(cls, data: Mapping[str, Any]) -> Iterable[Fault]:
        given = [kind for kind in COSTS if kind in data]
        if len(given) != 1:
            expected = f"expected exactly one of {', '.join(f'`{kind}`' for kind in COSTS)}"
            yield Fault((), f"{expected}, got {' and '.join(given) or 'none'}")

    @field_validator("affine", "bpr")
    @classmethod
    def _two(cls, numbers: tuple[float, ...], info: ValidationInfo) -> tuple[float, ...]:
        if len(numbers) != 2:
            meaning = "[slope, constant]" if info.field_name == "affine" else "[free_flow, capacity]"
            raise Refusal(f"expected 2 numbers, {meaning}, got {len(numbers)}")
        return numbers

    @field_validator("polynomial")
    @classmethod
    def _to_the_highest_power(cls, numbers: tuple[float, ...]) -> tuple[float, ...]:
        """Leave out zeros after the highest power, so that one polynomial has one hash."""
        degree = max((power for power, number in enumerate(numbers) if number), default=0)
        return numbers[: degree + 1]

    @field_validator("bpr")
    @classmethod
    def _capacity(cls, numbers: tuple[float, ...]) -> tuple[float, ...]:
        if numbers[1] <= 0:
            raise Refusal(f"expected a capacity above 0, got {numbers[1]:g}")
        return numbers

    def at(self, loads: Array) -> Array:
        """Return the cost at each of `loads`; a table's last entry holds beyond its end."""
        import numpy as np

        if self.table is not None:
            last = len(self.table) - 1
            return np.array(self.table)[np.clip(loads.astype(np.int64) - 1, 0, last)]
        if self.bpr is not None:
            t0, c = self.bpr
            return t0 * (1 + 0.15 * (loads / c) ** 4)
        ascending = self.polynomial if self.affine is None else self.affine[::-1]
        return np.asarray(np.polynomial.polynomial.polyval(loads, np.array(ascending)))

    def exactly(self, load: int) -> Fraction:
        """Return the cost at a load, by the numbers as they were written."""
        if self.table is not None:
            return rational(self.table[min(load, len(self.table)) - 1])
        if self.bpr is not None:
            t0, c = map(rational, self.bpr)
            return t0 * (1 + Fraction(15, 100) * (load / c) ** 4)
        ascending = self.polynomial if self.affine is None else self.affine[::-1]
        return sum((rational(a) * load**power for power, a in enumerate(ascending or ())), Fraction(0))
