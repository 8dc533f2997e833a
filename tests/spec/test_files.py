"""Array files: only below the spec's folder, only numbers, only what the header promises."""

from __future__ import annotations

import io
import os
import pickle
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqsolve.spec import files
from eqsolve.spec.faults import Refusal
from eqsolve.spec.files import Files, decode


def npy(array: Any, **options: Any) -> bytes:
    out = io.BytesIO()
    np.save(out, array, **options)
    return out.getvalue()


GOOD = npy(np.arange(6.0).reshape(2, 3))


def test_a_file_beside_the_spec_or_below_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "u.npy").write_bytes(GOOD)
    (tmp_path / "data" / "v.npy").write_bytes(GOOD)
    found = Files(tmp_path)
    np.testing.assert_array_equal(found.array("u.npy"), np.arange(6.0).reshape(2, 3))
    np.testing.assert_array_equal(found.array("./data/v.npy"), np.arange(6.0).reshape(2, 3))
    assert found.read == {"u.npy": GOOD, "./data/v.npy": GOOD}


def test_embedded_files_come_first(tmp_path: Path) -> None:
    (tmp_path / "u.npy").write_bytes(npy(np.zeros(3)))
    assert Files(tmp_path, {"u.npy": GOOD}).array("u.npy").shape == (2, 3)
    assert Files(None, {"/any/name.npy": GOOD}).array("/any/name.npy").shape == (2, 3)


@pytest.mark.parametrize(
    "name", ["../u.npy", "data/../../u.npy", "/etc/u.npy", "C:u.npy", "C:\\u.npy", "..\\u.npy", "\\u.npy", "a\x00.npy"]
)
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "specs"
    folder.mkdir()
    (tmp_path / "u.npy").write_bytes(GOOD)
    with pytest.raises(Refusal, match="not below the spec"):
        Files(folder).array(name)


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "specs"
    folder.mkdir()
    (tmp_path / "u.npy").write_bytes(GOOD)
    (folder / "u.npy").symlink_to(tmp_path / "u.npy")
    (folder / "up").symlink_to(tmp_path)
    for name in ("u.npy", "up/u.npy"):
        with pytest.raises(Refusal, match="is a link that leads out"):
            Files(folder).array(name)


def test_links_within_the_folder_are_followed_and_circles_are_refused(tmp_path: Path) -> None:
    (tmp_path / "u.npy").write_bytes(GOOD)
    (tmp_path / "v.npy").symlink_to(tmp_path / "u.npy")
    (tmp_path / "w.npy").symlink_to(tmp_path / "w.npy")
    assert Files(tmp_path).array("v.npy").shape == (2, 3)
    with pytest.raises(Refusal, match="cannot read"):
        Files(tmp_path).array("w.npy")


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "d.npy").mkdir()
    os.mkfifo(tmp_path / "f.npy")  # reading it would wait for ever
    for name in ("d.npy", "f.npy"):
        with pytest.raises(Refusal, match="is not a file"):
            Files(tmp_path).array(name)
    with pytest.raises(Refusal, match="there is no file"):
        Files(tmp_path).array("n.npy")


def test_files_that_are_too_large_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_ARRAY_BYTES", len(GOOD) + 1)
    for name in ("u.npy", "v.npy"):
        (tmp_path / name).write_bytes(GOOD)
    found = Files(tmp_path)
    found.array("u.npy")
    with pytest.raises(Refusal, match="is too large"):
        found.array("v.npy")


def test_more_numbers_than_fit_as_float64_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_ENTRIES", 5)
    with pytest.raises(Refusal, match="6 numbers are more than the 5 that fit"):
        decode(npy(np.zeros(6, dtype=np.int8)), "u.npy")


@pytest.mark.parametrize("kind", ["<f8", ">f8", "<f4", ">f4", "<f2", "<i8", ">i4", "i1", "u1", "<u2"])
def test_numbers_of_any_width_and_byte_order_become_float64(kind: str) -> None:
    array = np.arange(6).reshape(3, 2).astype(kind)
    found = decode(npy(array), "u.npy")
    np.testing.assert_array_equal(found, np.arange(6.0).reshape(3, 2))
    assert found.dtype == np.float64


def test_fortran_order_is_undone() -> None:
    array = np.arange(24.0).reshape(2, 3, 4)
    found = decode(npy(np.asfortranarray(array)), "u.npy")
    np.testing.assert_array_equal(found, array)
    assert found.flags.c_contiguous


@pytest.mark.parametrize(
    ("array", "message"),
    [
        (np.array([True, False]), "got booleans"),
        (np.array([1j]), "got complex numbers"),
        (np.array(["a"]), "got text"),
        (np.array([b"a"]), "got text"),
        (np.array(["2001-01-01"], dtype="M8[D]"), "got type M8"),
        (np.zeros(2, dtype=[("a", "f8")]), "structured"),
        (np.array([1.0], dtype=np.longdouble), "got type f16"),
        (np.float64(3.0), "shape []"),
        (np.zeros((2, 0)), "shape [2, 0]"),
    ],
)
def test_arrays_of_anything_but_numbers_are_refused(array: Any, message: str) -> None:
    with pytest.raises(Refusal) as caught:
        decode(npy(array), "u.npy")
    assert message in caught.value.message


class Trap:
    """Unpickling it would be noticed."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os._exit, (3,))


def test_pickled_objects_are_never_loaded() -> None:
    raw = npy(np.array([Trap()], dtype=object), allow_pickle=True)
    with pytest.raises(Refusal, match="got pickled objects"):
        decode(raw, "u.npy")
    with pytest.raises(Refusal, match=r"not a \.npy file of numbers"):
        decode(pickle.dumps(Trap()), "u.npy")


def header(text: str, body: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    return b"\x93NUMPY" + version + len(text).to_bytes(2, "little") + text.encode() + body


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x93NUMPY",
        GOOD[:-1],
        GOOD + b"x",
        GOOD[:40],
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 1000000000), }", b"12345678"),
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -1), }", b"12345678"),
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (" + "1, " * 40 + "), }", b"12345678"),
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (" + "1" * 9000),
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (" + "1" * 9000 + ",), }"),
        header("{'descr': '<f8', 'fortran_order': 0, 'shape': (1,), }", b"12345678"),
        header("__import__('os').abort()"),
        header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", b"12345678", b"\x03\x00"),
    ],
)
def test_truncated_and_forged_files_are_refused_before_anything_is_allocated(raw: bytes) -> None:
    with pytest.raises(Refusal, match=r"u\.npy: "):
        decode(raw, "u.npy")


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_an_array_or_refused(at: int, noise: bytes) -> None:
    raw = GOOD[:at] + noise + GOOD[at + len(noise) :]
    with suppress(Refusal):
        assert decode(raw, "u.npy").dtype == np.float64
