"""Folders with a policy file per equilibrium: all there or nothing, and nobody else's files touched."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from eqsolve import api
from eqsolve.errors import UsageError, WriteError
from eqsolve.profiles.files import read_profiles
from eqsolve.run.result import Result
from eqsolve.spec.load import GameSpec, parse
from eqsolve.store import folder as module
from eqsolve.store import read_policy
from eqsolve.store.atomic import remove_abandoned
from eqsolve.store.folder import check_folder, write_all


@pytest.fixture(scope="module")
def game() -> GameSpec:
    return parse("{kind: matrix, payoffs: [[[3, 2], [0, 0]], [[0, 0], [2, 3]]]}", "couple")


@pytest.fixture(scope="module")
def result(game: GameSpec) -> Result:
    return api.solve(game, "vertex-enumeration")


def test_every_equilibrium_is_a_policy_file_numbered_as_listed(tmp_path: Path, game: GameSpec, result: Result) -> None:
    assert write_all(tmp_path / "all", result, game) is None
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["0001.npz", "0002.npz", "0003.npz", "all"]
    file = read_profiles(tmp_path / "all")
    assert [entry.name for entry in file.entries] == ["0001.npz", "0002.npz", "0003.npz"]
    assert file.game(tmp_path).hash == game.hash
    assert result.equilibria is not None
    for entry, one in zip(file.entries, result.equilibria, strict=True):
        for ours, theirs in zip(file.profile(game.form, entry).profile, one.answer, strict=True):
            np.testing.assert_array_equal(ours, theirs)
        assert entry.recorded == one.record.nash_gap


def test_an_existing_folder_is_replaced_with_force_and_only_if_nothing_else_is_in_it(
    tmp_path: Path, game: GameSpec, result: Result
) -> None:
    target = tmp_path / "all"
    write_all(target, result, game)
    (target / "0099.npz").write_bytes(b"old")
    with pytest.raises(UsageError, match="exists already"):
        check_folder(target, force=False)
    write_all(target, result, game, force=True)
    assert not (target / "0099.npz").exists()
    (target / "notes.txt").write_text("mine")
    with pytest.raises(WriteError, match=r"holds notes\.txt"):
        write_all(target, result, game, force=True)
    assert (target / "notes.txt").read_text() == "mine"
    (tmp_path / "file").write_text("mine")
    with pytest.raises(WriteError, match="is no folder"):
        check_folder(tmp_path / "file", force=True)
    with pytest.raises(WriteError, match="cannot write"):
        check_folder(tmp_path / "no" / "such", force=False)


def test_what_fails_half_way_leaves_what_was_there(
    tmp_path: Path, game: GameSpec, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "all"
    write_all(target, result, game)
    before = {path.name: path.read_bytes() for path in target.iterdir()}
    written = []

    def full(path: Path, data: bytes) -> None:
        written.append(path)
        if len(written) == 2:
            raise OSError(28, "No space left on device")
        path.write_bytes(data)

    monkeypatch.setattr(module, "write_bytes", full)
    with pytest.raises(WriteError, match="No space left"):
        write_all(target, result, game, force=True)
    assert {path.name: path.read_bytes() for path in target.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["all"]


def test_a_game_that_would_be_there_too_often_is_left_out_and_that_is_said(
    tmp_path: Path, game: GameSpec, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "TOGETHER", 3 * len(game.text) - 1)
    said = write_all(tmp_path / "all", result, game)
    assert said is not None
    assert "--game" in said
    assert read_policy(tmp_path / "all" / "0001.npz").meta.spec.text is None


def test_the_folder_of_a_run_that_was_killed_is_removed_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / ".eqsolve-0123456789ab.tmp"
    left.mkdir()
    (left / "0001.npz").write_bytes(b"half")
    replaced = tmp_path / ".eqsolve-ba9876543210.old"
    replaced.mkdir()
    (replaced / "0001.npz").write_bytes(b"whole")
    check_folder(tmp_path / "all", force=False)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_being_replaced_is_not_taken_for_one_that_was_left(
    tmp_path: Path, game: GameSpec, result: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, rename = tmp_path / "all", os.replace
    write_all(target, result, game)
    (target / "0099.npz").write_bytes(b"old")

    def failing(source: Path, to: Path) -> None:
        if Path(source).is_dir() and to == target and Path(source).suffix == ".tmp":
            remove_abandoned(tmp_path)  # another run looks just now
            raise OSError(28, "No space left on device")
        rename(source, to)

    monkeypatch.setattr(os, "replace", failing)
    with pytest.raises(WriteError, match="what was there before is intact"):
        write_all(target, result, game, force=True)
    assert (target / "0099.npz").read_bytes() == b"old"
