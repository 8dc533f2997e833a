"""Archives are read back as written, and nothing in them is trusted."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from eqsolve.errors import StoreError
from eqsolve.store.archive import pack, unpack

KINDS = st.sampled_from(["<f8", "<i8", "|b1", "|u1", "<U3"])


@given(
    st.dictionaries(
        st.from_regex(r"[a-z:/.]{1,8}", fullmatch=True),
        KINDS.flatmap(lambda kind: arrays.arrays(kind, arrays.array_shapes(min_dims=0, min_side=0))),
    )
)
def test_arrays_of_every_kind_and_shape_come_back(content: dict[str, Any]) -> None:
    content.pop("meta", None)
    found = unpack(pack(content, {}), "x")
    assert set(found) == {*content, "meta"}
    for name, array in content.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_the_same_content_gives_the_same_bytes() -> None:
    assert pack({"a": np.arange(3)}, {"b": 1}) == pack({"a": np.arange(3)}, {"b": 1})


def entry(header: str, data: bytes = b"", name: str = "a.npy", version: bytes = b"\x01\x00", **how: Any) -> bytes:
    """An archive with one hand-made entry."""
    text = header.encode() + b"\n"
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, b"\x93NUMPY" + version + len(text).to_bytes(2, "little") + text + data, **how)
    return buffer.getvalue()


PLAIN = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not an .npz"),
        (b"PK\x03\x04", "not an .npz"),
        (entry("{'descr': '<f8', 'fortran_order': False, 'shape': (999999999999,), }"), "shape"),
        (entry("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", bytes(8)), ""),
        (entry("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -1), }", bytes(8)), "shape"),
        (entry("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 9223372036854775807), }"), ""),
        (entry("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", bytes(8)), "object"),
        (entry("{'descr': [('x', '<f8')], 'fortran_order': False, 'shape': (1,), }", bytes(8)), "x"),
        (entry("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", bytes(16)), "complex"),
        (entry("(" * 500), ""),
        (entry("__import__('os').abort()"), ""),
        (entry(PLAIN, bytes(9)), "shape"),
        (entry(PLAIN, bytes(8), version=b"\x03\x00"), "version"),
        (entry(PLAIN, bytes(8), name="a.txt"), "not an array"),
        (entry(PLAIN, bytes(8), compress_type=zipfile.ZIP_DEFLATED), "compressed"),
        (entry(PLAIN, bytes(8))[:-30], ""),
        (entry(PLAIN, bytes(8)).replace(b"<f8", b"<i8", 1), "CRC"),
    ],
)
def test_what_is_damaged_or_odd_is_refused_in_one_line(data: bytes, words: str) -> None:
    with pytest.raises(StoreError) as refusal:
        unpack(data, "file.npz")
    assert words in refusal.value.message
    assert refusal.value.message.startswith("file.npz: ")
    assert "\n" not in refusal.value.message
