"""The JSON Schema: sound in itself, never narrower than the loader, and every field explained."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema
import pytest

from eqsolve.spec import catalogue, reader
from eqsolve.spec.kinds import FAMILIES, family
from eqsolve.spec.schema import json_schema


@cache
def validator() -> Any:
    return jsonschema.Draft202012Validator(json_schema())


def accepts(text: str) -> bool:
    return bool(validator().is_valid(reader.read(text, "g.yaml").value))


def test_the_schema_is_valid_itself() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())
    assert json_schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@pytest.mark.parametrize("name", catalogue.names())
def test_every_game_of_the_catalogue_is_valid(name: str) -> None:
    validator().validate(reader.read(catalogue.path(name).read_text(encoding="utf-8"), name).value)


@pytest.mark.parametrize("kind", FAMILIES)
def test_every_template_is_valid(kind: str) -> None:
    assert accepts(family(kind).template)


def test_every_field_has_a_description() -> None:
    for name, definition in json_schema()["$defs"].items():
        assert definition["description"], name
        for field, schema in definition["properties"].items():
            assert schema.get("description"), f"{name}.{field}"


def test_numbers_may_be_rationals() -> None:
    assert accepts("{kind: shapley, a: [1/3, 1, '2/3'], b: [1.5, 1e-6, -1]}")
    assert not accepts("{kind: shapley, a: [x, 1, 1], b: [1, 1, 1]}")
    assert not accepts("{kind: shapley, a: [true, 1, 1], b: [1, 1, 1]}")


@pytest.mark.parametrize(
    "text",
    [
        "{kind: matrx, zero_sum: [[1]]}",
        "{kind: matrix, zero_sum: [[1]], unknown: 1}",
        "{kind: matrix, zero_sum: u.csv}",
        "{kind: matrix, zero_sum: [[1]], players: 0}",
        "{kind: matrix, zero_sum: [[1]], solver: {algorithm: inpg}}",
        "{kind: distancing}",
        "{kind: shapley, a: [1, 1, 1]}",
    ],
)
def test_what_an_editor_should_mark_is_invalid(text: str) -> None:
    assert not accepts(text)


def test_labels_may_be_integers_and_arrays_files() -> None:
    assert accepts("{kind: matrix, players: [1, 2], payoffs: u.npy, actions: [2, [a, 7]]}")
    assert accepts("{kind: matrix, payoffs: {A: [[1]], B: v.npy}}")
