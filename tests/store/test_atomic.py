"""Whole files or none."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from eqsolve.errors import StoreError, UsageError, WriteError
from eqsolve.store import check_target, write_text
from eqsolve.store.atomic import read_bytes, replacing


def test_an_error_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("old")

    def fail_half_way() -> None:
        with replacing(target) as file:
            file.write(b"half of the n")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["file"]


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "usual").write_text("")
    write_text(tmp_path / "ours", "text")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_what_replaces_a_private_file_stays_private(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("old")
    target.chmod(0o600)
    write_text(target, "new")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_link_stays_a_link_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real" / "file")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "file").read_text() == "new"


def test_a_name_as_long_as_a_name_can_be_is_written(tmp_path: Path) -> None:
    target = tmp_path / ("x" * 255)
    write_text(target, "text")
    assert target.read_text() == "text"


@pytest.mark.parametrize("name", ["missing/file", ".", "/dev/null", "x" * 256, "nul\0"])
def test_a_place_that_takes_no_file_is_said_before_anything_is_done(tmp_path: Path, name: str) -> None:
    with pytest.raises(WriteError):
        check_target(tmp_path / name, force=True)
    assert os.listdir(tmp_path) == []


def test_an_existing_file_is_refused_without_force_and_a_check_leaves_no_trace(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")
    with pytest.raises(UsageError, match="exists"):
        check_target(tmp_path / "file", force=False)
    check_target(tmp_path / "file", force=True)
    check_target(tmp_path / "other", force=False)
    assert os.listdir(tmp_path) == ["file"]


def test_a_file_beyond_the_limit_and_a_device_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"12345")
    assert read_bytes(tmp_path / "file", limit=5) == b"12345"
    with pytest.raises(StoreError, match="larger than"):
        read_bytes(tmp_path / "file", limit=4)
    with pytest.raises(StoreError, match="device"):
        read_bytes("/dev/zero")


def test_what_a_killed_run_left_is_removed_by_the_next_and_what_is_being_written_stays(tmp_path: Path) -> None:
    killed = tmp_path / ".eqsolve-0123456789ab.tmp"
    killed.write_text("half of a file")
    (tmp_path / ".eqsolve-0123456789ab.old").mkdir()
    (tmp_path / ".eqsolve-mine.tmp").write_text("another name")
    with replacing(tmp_path / "slow") as file:
        check_target(tmp_path / "other", force=False)
        file.write(b"whole")
    assert sorted(os.listdir(tmp_path)) == [".eqsolve-mine.tmp", "slow"]
    assert (tmp_path / "slow").read_bytes() == b"whole"
