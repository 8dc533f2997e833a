"""The hash names the game: not its text, and the same for ever and everywhere."""

from __future__ import annotations

import struct
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from eqsolve.spec.load import load, parse

BASE = "{kind: matrix, players: [Row, Column], payoffs: [[[3, 2], [0, 0]], [[0, 0], [2, 3]]]}"
ROADS = "{kind: congestion, players: 2, resources: {a: {affine: [1, 0]}, b: {table: [1, 2]}}, strategies: [[a], [b]]}"
CROWD = (
    "{kind: distancing, players: 2, weights: {A: 1, B: 2}, penalty: 1, spread_above: 1, safe_at_most: 1, discount: 0.5,"
    " start: [0.5, 0.5]}"
)


def digest(text: str) -> str:
    return parse(text, "g.yaml").hash


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("matrix/battle-of-the-sexes", "a3c2e41291225e49954b8e2d2c62b42b35b42462ec645c4da80e330231579873"),
        ("matrix/neppo-alpha-3-5", "cfb6b64c0530c33be32f7ae3182139fa46beb9a077d8bfbf1ca6ba1257649d55"),
        ("congestion/pigou", "d1eac797a8dcaa91528bdfb7723d94df7bb269dc1223787fd72cfd95bae94370"),
        ("distancing/eight-agents", "5e0f2b77140800f474dda3f94edb16ac2b607e48fddc05b4b7b90da2e6dc415d"),
        ("markov/commons", "654d2e5bdb468ac8ccda5411f2b2c004fdcf9836dd1fa701bca09de34544671f"),
        ("shapley/asymmetric", "994112a83373f1b6c1175d2347e8c48ad7bb4a0a0d2a23e643479c5ed701d707"),
    ],
)
def test_the_hash_of_a_game_never_changes(name: str, expected: str) -> None:
    assert load(f"@{name}").hash == expected


def test_the_hash_is_that_of_the_validated_fields_as_json() -> None:
    text = '{"a":[1.2,1.0,1.0],"b":[1.2,1.0,1.0],"kind":"shapley","players":["Row","Column"]}'
    assert load("@shapley/asymmetric").hash == sha256(text.encode()).hexdigest()


def test_arrays_count_by_shape_and_little_endian_bytes() -> None:
    array = sha256(b"[2, 1, 1]" + struct.pack("<2d", 3, -2)).hexdigest()
    text = f'{{"actions":[["a1"],["a1"]],"kind":"matrix","payoffs":{{"array":"{array}"}},"players":["P1","P2"]}}'
    assert digest("{kind: matrix, payoffs: [[[3, -2]]]}") == sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        (BASE, BASE.replace("kind: matrix, ", "").replace("}", ", kind: matrix}")),
        (BASE, BASE.replace("3, 2", "3.0, '4/2'")),
        (BASE, BASE.replace("0, 0", "-0.0, 0")),
        (BASE, BASE.replace("}", ", name: a, description: b, source: c, known: {values: [1]}, solver: {algo: x}}")),
        (BASE, BASE.replace("}", ", actions: [2, 2]}")),
        (BASE, BASE.replace("}", ", actions: [[a1, a2], ['a1', a2]]}")),
        (BASE, "{kind: matrix, payoffs: {Row: [[3, 0], [0, 2]], Column: [[2, 0], [0, 3]]}}"),
        ("{kind: matrix, zero_sum: [[1, 0]]}", "{kind: matrix, players: 2, payoffs: [[[1, -1], [0, 0]]]}"),
        ("{kind: matrix, common: [[1, 0]]}", "{kind: matrix, payoffs: [[[1, 1], [0, 0]]]}"),
        (
            "{kind: matrix, symmetric: [[1, 2], [3, 0]]}",
            "{kind: matrix, payoffs: [[[1, 1], [2, 3]], [[3, 2], [0, 0]]]}",
        ),
        (ROADS, ROADS.replace("players: 2", "players: [P1, 'P2'], weights: [1, 1]")),
        (ROADS, ROADS.replace("[[a], [b]]", "[[[a], [b]], [[a], [b]]]")),
        (CROWD, CROWD.replace("[0.5, 0.5]", "[1/2, 1/2]").replace("0.5", "5e-1")),
    ],
)
def test_what_is_the_same_game_has_the_same_hash(text: str, same: str) -> None:
    assert text != same
    assert digest(text) == digest(same)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (BASE, BASE.replace("3, 2", "3, 2.0000000000000004")),
        (BASE, BASE.replace("Row", "row")),
        (BASE, BASE.replace("}", ", actions: [[a, b], [a, b]]}")),
        (BASE, BASE.replace("[0, 0]], [[0, 0]", "[0, 0], [0, 0]")),
        (ROADS, ROADS.replace("players: 2", "players: 2, weights: [1, 2]").replace("[1, 2]}}", "[1, 2, 3]}}")),
        (ROADS, ROADS.replace("[[a], [b]]", "[[b], [a]]")),
        (CROWD, CROWD.replace("A: 1, B: 2", "B: 2, A: 1")),
        (CROWD, CROWD.replace("[0.5, 0.5]", "[1, 0]")),
        ("{kind: shapley, a: [1, 1, 1], b: [1, 1, 2]}", "{kind: shapley, a: [1, 1, 2], b: [1, 1, 1]}"),
    ],
)
def test_what_is_another_game_has_another_hash(text: str, other: str) -> None:
    assert text != other
    assert digest(text) != digest(other)


def test_an_array_counts_by_its_numbers_wherever_they_are(tmp_path: Path) -> None:
    payoffs = np.array([[[3, 0], [0, 2]], [[2, 0], [0, 3]]])
    for name, array in {
        "a": payoffs.astype("<i4"),
        "b": payoffs.astype(">f8"),
        "c": np.asfortranarray(payoffs),
    }.items():
        np.save(tmp_path / f"{name}.npy", array)
        text = f"{{kind: matrix, players: [Row, Column], payoffs: {name}.npy}}"
        assert parse(text, "g.yaml", folder=tmp_path).hash == digest(BASE)
