"""Games as archives of arrays: what numpy writes is read, labels or none, and nothing else is taken for a game."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eqsolve.errors import InputError
from eqsolve.forms.normal import TensorGame
from eqsolve.spec.load import GameSpec, load, parse
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
    assert found.form.actions == (("u", "d"), ("l", "m", "r"))
    plain = game(**tables)
    assert plain.form.players == ("0", "1")
    assert plain.form.actions == (("0", "1"), ("0", "1", "2"))


def test_axes_are_in_player_order() -> None:
    form = game(payoffs=np.asfortranarray(THREE_MEANS)).form
    assert isinstance(form, TensorGame)
    assert form.payoffs.tolist() == THREE_MEANS


def test_labels_of_one_player_and_texts_are_kept() -> None:
    found = game(payoffs=[ROW, COLUMN], actions_1=[7, 8, 9], name="A  game", description="of two")
    assert (found.name, found.family.description) == ("A game", "of two")
    assert found.form.actions == (("0", "1"), ("7", "8", "9"))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"arr_0": ROW, "arr_1": COLUMN}, "-: holds no game"),
        ({"payoffs_1": ROW}, "-: holds no game"),
        ({"policy_0": [1.0], "meta": "{}"}, "-: is a policy file, not a game"),
        ({"payoffs": [ROW], "extra": [1]}, "-: the array `extra` is none of a game of 1 players"),
        (
            {"payoffs": [ROW, COLUMN], "players": [1.5, 2.5]},
            "-: expected `players` to be a list of labels",
        ),
        ({"payoffs": [ROW, COLUMN], "players": ["a", "a"]}, "-: players[1]: the label 'a' is there twice"),
        ({"payoffs": [ROW, COLUMN], "players": ["a"]}, "-: payoffs: there are 1 players, but these are numbers for 2"),
        ({"payoffs": [ROW, COLUMN], "actions_0": ["a"]}, "-: payoffs: player 0 has 1 actions, but these are numbers"),
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
        with pytest.raises(InputError, match=r"g\.npz: damaged, or not"):
            load(file)


def test_a_compressed_archive_is_refused_before_it_grows() -> None:
    buffer = BytesIO()
    np.savez_compressed(buffer, payoffs=np.zeros((2, 1000, 1000)))
    with pytest.raises(InputError, match="declares more bytes than it has"):
        load("-", BytesIO(buffer.getvalue()))
