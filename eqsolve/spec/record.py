"""A mapping with fixed keys whose mistakes are all reported at once, and the free values that such mappings hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError, WithJsonSchema, model_validator

from eqsolve.spec.faults import ENOUGH_FAULTS, Fault, Refusal, describe, faults_of, nearest, refuse
from eqsolve.spec.numbers import every, pairs


class Record(BaseModel):
    """A mapping with fixed keys. All its mistakes are reported at once; an unknown key comes with a suggestion."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @classmethod
    def overview(cls, data: Mapping[str, Any]) -> Iterable[Fault]:
        """Faults in which keys are there, whatever their values; for a family to override."""
        return ()

    @model_validator(mode="wrap")
    @classmethod
    def _all_at_once(cls, data: Any, handler: Any) -> Any:
        if isinstance(data, cls):
            return data
        if not isinstance(data, dict):
            raise Refusal(f"expected a mapping, got {describe(data)}")
        known = cls.model_fields
        faults = [
            Fault((key,), "unknown key", nearest(key, known, f"known here: {', '.join(known)}"), at_key=True)
            for key in islice((key for key in data if key not in known), ENOUGH_FAULTS)
        ]
        # A key without a value counts as left out where leaving it out means nothing else.
        given = {k: v for k, v in data.items() if k in known and (v is not None or known[k].default is not None)}
        faults += cls.overview(given)
        model = None
        try:
            model = handler(given)
        except ValidationError as error:
            faults += faults_of(error)
        if faults:
            refuse(faults)
        return model


def text(value: Any) -> str:
    """Free text."""
    if not isinstance(value, str):
        hint = "put it in quotes" if isinstance(value, bool | int | float) else None
        raise Refusal(f"expected text, got {describe(value)}", hint)
    return value


def _scalars(value: Any) -> dict[str, Any]:
    """A mapping from names to single values."""
    items = pairs(value, "from names to values") if value != {} else []

    def single(item: Any) -> Any:
        if isinstance(item, list | dict):
            raise Refusal(f"expected a single value, got {describe(item)}")
        return item

    return dict(zip((str(key) for key, _ in items), every(items, single), strict=True))


Text: TypeAlias = Annotated[str, PlainValidator(text), WithJsonSchema({"type": "string"})]
Scalars: TypeAlias = Annotated[
    dict[str, Any],
    PlainValidator(_scalars),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}),
]
