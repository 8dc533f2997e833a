"""The JSON Schema of specs, for editors: the union of all families by `kind` (draft 2020-12).

A number may be a rational written as a string. The schema is as narrow as JSON Schema allows and never narrower
than the loader; what depends on other fields (shapes that must fit, rows that must sum to one) only the loader checks.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from eqsolve.spec.kinds import FAMILIES, family


def json_schema() -> dict[str, Any]:
    """What `eqsolve schema` prints."""
    union: Any = reduce(or_, (family(kind) for kind in FAMILIES))
    body = TypeAdapter(Annotated[union, Field(discriminator="kind")]).json_schema(schema_generator=_Untitled)
    # `discriminator` is OpenAPI's; every branch has its own constant `kind`, which is all that JSON Schema needs.
    del body["discriminator"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "eqsolve game",
        "description": "A game for eqsolve: `kind` names its family.",
        **body,
    }


class _Untitled(GenerateJsonSchema):
    """Without a title on every field, which would only repeat its name."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False
