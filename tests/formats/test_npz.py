"""Games as archives of arrays: what numpy writes is read, labels or none, and nothing else is taken for a game."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eqsolve.errors import InputError
from eqsolve.forms.normal.game import TensorGame
from eqsolve.spec.load import GameSpec, load, parse
from reference.forms import as_mixed
from reference.nfg import THREE_MEANS

ROW, COLUMN = [[3.0, 0.0, 1.0], [0.0, 2.0, 1.0]], [[2.0, 0.0, 1.0], [0.0, 3.0, 1.0]]
LABELS: Mapping[str, Any] = {"players": ["R", "C"], "actions_0": ["u", "d"], "actions_1": ["l", "m", "r"]}
SPEC = f"{{kind: matrix, players: [R, C], actions: [[u, d], [l, m, r]], payoffs: {{R: {ROW}, C: {COLUMN}}}}}"


def game(**arrays: Any) -> GameSpec:
    buffer = BytesIO()
    np.savez(buffer, **arrays)
    return load("-", BytesIO(buffer.getvalue()))


def refused(**arrays: Any) -> str:
    with pytest.raises(InputError) as caught:
        game(**arrays)
    return caught.value.message


@pytest.mark.parametrize("tables", [{"payoffs": [ROW, COLUMN]}, {"payoffs_0": ROW, "payoffs_1": COLUMN}])
def test_one_array_or_one_per_player_is_the_game_of_a_matrix_spec(tables: dict[str, Any]) -> None:
    found = game(**tables, **LABELS)
    assert found.hash == parse(SPEC, "g").hash
    assert as_mixed(found.form).actions == (("u", "d"), ("l", "m", "r"))
    plain = game(**tables)
    assert plain.form.players == ("P1", "P2")
    assert as_mixed(plain.form).actions == (("a1", "a2"), ("a1", "a2", "a3"))


@pytest.mark.parametrize(
    "tables",
    [
        {"A": ROW, "B": COLUMN},
        {"row": ROW, "column": COLUMN},
        {"arr_0": ROW, "arr_1": COLUMN},
        {"arr_0": [ROW, COLUMN]},
        {"payoffs": np.transpose([ROW, COLUMN], (1, 2, 0)), "order": "players-last"},
    ],
    ids=lambda tables: " ".join(tables),
)
def test_two_matrices_and_arrays_in_either_order_are_that_game_too(tables: dict[str, Any]) -> None:
    assert game(**tables, **LABELS).hash == parse(SPEC, "g").hash
    assert as_mixed(game(**tables).form).actions == as_mixed(game(payoffs=[ROW, COLUMN]).form).actions


def test_an_array_file_is_a_game(tmp_path: Path) -> None:
    np.save(tmp_path / "u.npy", np.array([ROW, COLUMN]))
    assert load(tmp_path / "u.npy").hash == game(payoffs=[ROW, COLUMN]).hash
    assert load("-", BytesIO((tmp_path / "u.npy").read_bytes())).hash == game(payoffs=[ROW, COLUMN]).hash
    np.save(tmp_path / "m.npy", np.array(ROW))
    with pytest.raises(
        InputError, match=r"m\.npy: payoffs: expected the payoffs of every player, got a matrix of 2 × 3"
    ):
        load(tmp_path / "m.npy")


def test_an_array_that_fits_both_orders_is_remarked_unless_its_order_is_said() -> None:
    square = np.arange(8.0).reshape(2, 2, 2)
    [remark] = game(payoffs=square).family.remarks
    assert "was read as [player, row, column]" in remark
    assert game(payoffs=square, order="players-first").family.remarks == ()


def test_axes_are_in_player_order() -> None:
    form = game(payoffs=np.asfortranarray(THREE_MEANS)).form
    assert isinstance(form, TensorGame)
    assert form.payoffs.tolist() == THREE_MEANS


def test_labels_of_one_player_and_texts_are_kept() -> None:
    found = game(payoffs=[ROW, COLUMN], actions_1=[7, 8, 9], name="A  game", description="of two")
    assert (found.name, found.family.description) == ("A game", "of two")
    assert as_mixed(found.form).actions == (("a1", "a2"), ("7", "8", "9"))
    last = game(payoffs=np.moveaxis(np.array([ROW, COLUMN]), 0, -1), order="players-last", actions_0=["u", "d"])
    assert as_mixed(last.form).actions == (("u", "d"), ("a1", "a2", "a3"))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"one": ROW, "two": COLUMN}, "-: holds no game"),
        ({"A": ROW}, "-: holds no game"),
        ({"A": ROW, "B": ROW[:1]}, "-: column: expected 2 × 3 numbers as in `row`, got 1 × 3"),
        ({"A": ROW, "B": COLUMN, "C": ROW}, "-: the array `C` is none of a game of 2 players"),
        ({"payoffs": [ROW, COLUMN], "order": "first"}, "-: order: expected 'players-first' or 'players-last', got"),
        ({"A": ROW, "B": COLUMN, "order": "players-first"}, "-: order: says how an array under `payoffs` is laid out"),
        ({"payoffs_1": ROW}, "-: holds no game"),
        ({"policy_0": [1.0], "meta": "{}"}, "-: is a policy file, not a game"),
        ({"payoffs": [ROW], "extra": [1]}, "-: the array `extra` is none of a game of 1 players"),
        (
            {"payoffs": [ROW, COLUMN], "players": [1.5, 2.5]},
            "-: expected `players` to be a list of labels",
        ),
        ({"payoffs": [ROW, COLUMN], "players": ["a", "a"]}, "-: players[1]: the label 'a' is there twice"),
        ({"payoffs": [ROW, COLUMN], "players": ["a"]}, "-: payoffs: there are 1 players, but these are numbers for 2"),
        ({"payoffs": [ROW, COLUMN], "actions_0": ["a"]}, "-: payoffs: player P1 has 1 actions, but these are numbers"),
        ({"payoffs": [ROW, COLUMN], "name": [1]}, "-: expected `name` to be a text, found int64 [1]"),
        ({"payoffs": [ROW, COLUMN, COLUMN]}, "-: payoffs: expected the shape [N, A_1, …, A_N], got [3, 2, 3]"),
        ({"payoffs": [[1.0, np.nan]]}, "-: payoffs: payoffs.npy[0, 1]: expected a finite number, got .nan"),
        ({"payoffs": 3.0}, "-: payoffs: payoffs.npy: an array of shape [] holds no list of numbers"),
        ({"payoffs": ["a"]}, "-: payoffs: payoffs.npy: expected numbers"),
        ({"payoffs": [None]}, "-: damaged, or not"),
    ],
)
def test_what_is_no_game_is_refused_in_a_line(arrays: dict[str, Any], message: str) -> None:
    assert refused(**arrays).startswith(message)


def test_an_archive_that_breaks_off_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "g.npz"
    np.savez(file, payoffs=[ROW, COLUMN])
    whole = file.read_bytes()
    for cut in range(0, len(whole), 7):
        file.write_bytes(whole[:cut])
        with pytest.raises(InputError, match=r"g\.npz: .*damaged, or not"):
            load(file)


def compressed(**arrays: Any) -> bytes:
    buffer = BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def test_a_compressed_archive_is_read() -> None:
    found = load("-", BytesIO(compressed(payoffs=[ROW, COLUMN], **LABELS)))
    assert found.hash == game(payoffs=[ROW, COLUMN], **LABELS).hash


def test_an_archive_that_would_grow_beyond_what_is_read_is_refused_before_it_does() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("payoffs.npy", "w") as entry:
        for _ in range(1025):
            entry.write(bytes(2**20))
    assert len(buffer.getvalue()) < 2**21
    tracemalloc.start()
    with pytest.raises(InputError, match="-: unpacked larger than 1024 MiB, the most that is read"):
        load("-", BytesIO(buffer.getvalue()))
    assert tracemalloc.get_traced_memory()[1] < 2**24
    tracemalloc.stop()


@pytest.mark.parametrize("said", [100, 500_000, 2**29])
def test_an_archive_that_says_a_wrong_size_is_refused(said: int) -> None:
    raw = bytearray(compressed(payoffs=np.zeros((2, 300, 300))))
    at = raw.rfind(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", said)
    with pytest.raises(InputError, match="-: damaged, or not a zip archive"):
        load("-", BytesIO(bytes(raw)))


def test_an_encrypted_archive_is_refused() -> None:
    raw = bytearray(compressed(payoffs=[ROW, COLUMN]))
    at = raw.rfind(b"PK\x01\x02")
    raw[at + 8] |= 1
    with pytest.raises(InputError, match="-: is encrypted"):
        load("-", BytesIO(bytes(raw)))


def test_a_compressed_archive_that_the_memory_cannot_hold_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = compressed(payoffs=np.zeros((2, 300, 300)))
    monkeypatch.setattr("eqsolve.memory.available", lambda: 2**20)
    with pytest.raises(InputError, match=r"-: unpacked .* GiB, which takes three times that to read; there are"):
        load("-", BytesIO(raw))
