"""What files hold: policies, checkpoints, and the schemas of JSON documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from pages.markdown import prose, table


def policy_file() -> Iterator[str]:
    """The keys of a policy file's `meta`."""
    from eqsolve.store.policy import PolicyMeta

    yield from _meta(PolicyMeta)


def checkpoint_file() -> Iterator[str]:
    """The keys of a checkpoint's `meta`."""
    from eqsolve.store.checkpoint import CheckpointMeta

    yield from _meta(CheckpointMeta)


def _meta(model: type[BaseModel]) -> Iterator[str]:
    yield from table(("key", "value"), _meta_rows(model))


def _meta_rows(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        nested = next((t for t in (field.annotation, *get_args(field.annotation)) if _is_model(t)), None)
        if name == "format":
            yield f"`{name}`", f"`{field.default}`"
        elif nested is None:
            yield f"`{prefix}{name}`", _type(field.annotation)
        else:
            optional = ", or null" if type(None) in get_args(field.annotation) else ""
            yield f"`{prefix}{name}`", prose(nested.__doc__).rstrip(".") + optional
            yield from _meta_rows(nested, f"{prefix}{name}.")


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _type(kind: Any) -> str:
    """A type annotation in JSON's words."""
    words = {str: "text", int: "integer", float: "number", bool: "true or false", type(None): "null"}
    if kind in words:
        return words[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return " or ".join(f"`{one.value}`" for one in kind)
    inner = get_args(kind)
    match get_origin(kind):
        case origin if origin is list:
            return f"list of {_type(inner[0])}"
        case origin if origin is dict:
            return "mapping"
        case origin if origin is Literal:
            return " or ".join(f"`{one}`" for one in inner)
        case _ if inner and hasattr(kind, "__metadata__"):
            return _type(inner[0])
        case _ if inner:
            return " or ".join(_type(one) for one in inner)
        case _:
            return "value"


def result_schema() -> Iterator[str]:
    """The JSON Schema of results, as published."""
    from eqsolve.report import result_schema as schema

    yield json.dumps(schema(), indent=2)


def info_schema() -> Iterator[str]:
    """The JSON Schema of what `info` prints, as published."""
    from eqsolve.report import info_schema as schema

    yield json.dumps(schema(), indent=2)


def comparison_schema() -> Iterator[str]:
    """The JSON Schema of what `compare` prints, as published."""
    from eqsolve.report import comparison_schema as schema

    yield json.dumps(schema(), indent=2)


def evaluation_schema() -> Iterator[str]:
    """The JSON Schema of what `evaluate` prints, as published."""
    from eqsolve.report import evaluation_schema as schema

    yield json.dumps(schema(), indent=2)
