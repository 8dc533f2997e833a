"""The reference of game specs, from their schemas."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pages.markdown import block, prose, table


def game_specs() -> Iterator[str]:
    """The keys that all specs share, then each family: its keys and its template, from the pydantic models."""
    from eqsolve.spec.base import Family
    from eqsolve.spec.kinds import FAMILIES, family

    shared = [name for name in Family.model_fields if name not in ("kind", "players")]
    yield "## Keys of every spec"
    yield ""
    yield from _keys(Family.model_json_schema(), shared)
    for kind in FAMILIES:
        model = family(kind)
        yield f"## {kind}"
        yield ""
        yield prose(sys.modules[model.__module__].__doc__)
        yield ""
        yield from _keys(model.model_json_schema(), [name for name in model.model_fields if name not in shared])
        yield f"What `eqsolve new {kind}` prints:"
        yield ""
        yield from block("yaml", model.template)


def _keys(schema: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
    """Yield a table of the keys, then one for each mapping with keys of its own among their values."""
    definitions = schema.get("$defs", {})

    def described(mapping: Mapping[str, Any], names: Iterable[str]) -> Iterator[str]:
        required = mapping.get("required", ())
        rows = []
        for name in names:
            value = mapping["properties"][name]
            default = "required" if name in required else _spelt(value.get("default"))
            rows.append((f"`{name}`", _shape(value), default, value["description"]))
        yield from table(("key", "value", "default", "meaning"), rows)

    names = list(names)
    yield from described(schema, names)
    for name in names:
        for reference in dict.fromkeys(re.findall(r"#/\$defs/(\w+)", json.dumps(schema["properties"][name]))):
            yield f"### {name}"
            yield ""
            yield prose(definitions[reference].get("description"))
            yield ""
            yield from described(definitions[reference], definitions[reference]["properties"])


def _spelt(default: Any) -> str:
    """Return a default as a spec would write it."""
    if default in (None, {}):
        return ""
    return f"`[{', '.join(map(str, default))}]`" if isinstance(default, list) else f"`{json.dumps(default)}`"


def _shape(schema: Mapping[str, Any]) -> str:
    """Return what a key takes, in a few words, from its JSON Schema."""
    from eqsolve.spec.arrays import ARRAY_SCHEMA
    from eqsolve.spec.numbers import COUNT_OR_LABELS_SCHEMA, LABEL_SCHEMA, number_schema

    named = ((COUNT_OR_LABELS_SCHEMA, "number or labels"), (LABEL_SCHEMA, "label"), (number_schema(), "number"))
    alternatives = list(schema.get("anyOf", (schema,)))
    words = []
    for known, word in (*named, (ARRAY_SCHEMA, "array or file")):
        if all(one in alternatives for one in known["anyOf"]):
            words.append(word)
            alternatives = [one for one in alternatives if one not in known["anyOf"]]
    words += [_plain_shape(one) for one in alternatives]
    return " or ".join(dict.fromkeys(word for word in words if word))


def _plain_shape(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return _shape(schema)
    if "$ref" in schema:
        return "mapping, see below"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    match schema.get("type"):
        case "number" | "integer" as kind:
            bounds = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}
            said = [f"{sign} {schema[key]:g}" for key, sign in bounds.items() if key in schema]
            return " ".join([kind, ", ".join(said)]).strip()
        case "array":
            return f"list of {_shape(schema['items'])}" if schema.get("items") else "list"
        case "object":
            values = schema.get("additionalProperties")
            return f"mapping to {_shape(values)}" if isinstance(values, Mapping) else "mapping"
        case "string":
            # a rational is written as a string and is a number here, which the page says once
            return "" if "/" in schema.get("pattern", "") else "text"
        case list() as kinds:
            return " or ".join(kind for kind in kinds if kind != "null")
        case kind:
            return {"null": "", "boolean": "true or false"}.get(str(kind), "any")
