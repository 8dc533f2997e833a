"""Counted bytes count every buffer once; a peak is seen where the system tells it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eqsolve import memory
from eqsolve.spec.load import load, parse

MIB = 2**20


def test_every_buffer_counts_once_however_often_it_is_seen() -> None:
    array = np.zeros((10, 20))
    assert memory.held(array) == 1600
    assert memory.held(array, array[2:], {"a": array.T}, (array.reshape(-1),)) == 1600
    assert memory.held(array, array.copy(), b"12345") == 3205
    assert memory.held(("label",) * 9, None, 7, []) == 0


def test_a_game_holds_its_arrays_and_the_files_that_they_came_from(tmp_path: Path) -> None:
    np.save(tmp_path / "u.npy", np.zeros((2, 50, 40)))
    (tmp_path / "game.yaml").write_text("{kind: matrix, payoffs: u.npy}")
    game = load(tmp_path / "game.yaml")
    tensor = 2 * 50 * 40 * 8
    assert tensor <= memory.held(game.form) < 2 * tensor
    assert 3 * tensor <= memory.held(game.files, game.family, game.form, game.form.arrays) < 3 * tensor + 4096
    assert memory.held(parse("{kind: matrix, zero_sum: [[1, 2]]}", "x").form) == 32


def test_a_peak_is_what_was_taken_and_given_back() -> None:
    if memory.resident() is None:
        pytest.skip("this system does not tell")
    for _ in range(2):
        with memory.Peak() as peak:
            np.ones(64 * MIB // 8).sum()
        assert 60 * MIB <= peak.growth <= 80 * MIB
    with memory.Peak() as peak:
        pass
    assert peak.growth <= MIB


def test_what_is_available_is_some_memory() -> None:
    assert (memory.available() or 0) > 64 * MIB


def test_without_the_systems_figures_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PROCESS", "MACHINE", "RESET"):
        monkeypatch.setattr(memory, name, tmp_path / "none" / "there")
    assert memory.resident() is None
    with memory.Peak() as peak:
        pass
    assert peak.growth == 0
    assert (memory.available() or 0) > 64 * MIB
