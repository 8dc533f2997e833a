"""Games as numpy arrays: an archive (.npz), compressed or not, or a single array (.npy).

    payoffs                 [N, A_1, …, A_N], or as the text `order` says; a single array, and np.savez(file, u), too
    payoffs_0, payoffs_1 …  an array [A_1, …, A_N] per player
    A, B                    two players' matrices; also row and column, and np.savez(file, A, B)

Labels may stand beside them as arrays of text: `players` [N] and `actions_0` [A_1], …; so may the texts `name` and
`description`. Arrays are read as the spec of the kind `matrix` that names them as its files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from eqsolve.errors import InputError
from eqsolve.formats.zipped import stored
from eqsolve.printable import printable
from eqsolve.spec.files import MAX_ARRAY_BYTES
from eqsolve.spec.numbers import PLAYER, numbered

if TYPE_CHECKING:
    from eqsolve.formats.table import PayoffTable

_SCHEMA = (
    "a game holds two matrices `A` and `B`, or `payoffs` of shape [N, A_1, …, A_N], or `payoffs_0`, `payoffs_1`, … of "
    "shape [A_1, …, A_N]"
)
#: Names under which an archive may hold all payoffs in one array, or two players' matrices.
WHOLE = ("payoffs", "arr_0")
PAIRS = (("A", "B"), ("row", "column"), ("arr_0", "arr_1"))
TEXTS = ("name", "description", "order")


def read_array(raw: bytes, origin: str) -> tuple[str, dict[str, bytes]]:
    """Return the spec in YAML of a single array, and that array as the file which it names."""
    return "kind: matrix\npayoffs: payoffs.npy\n", {"payoffs.npy": raw}


def read(raw: bytes, origin: str) -> tuple[str, dict[str, bytes]]:
    """Return the spec in YAML, and the array files that it names; InputError where the archive is no game."""
    from zipfile import ZipFile

    from eqsolve.store.archive import unpack

    raw = stored(raw, origin, MAX_ARRAY_BYTES)
    arrays = unpack(raw, origin)
    if "policy_0" in arrays:
        raise InputError(f"{origin}: is a policy file, not a game", "`eqsolve regret` measures it")
    keys = _tables(arrays)
    if not keys:
        raise InputError(f"{origin}: holds no game", _SCHEMA)
    shape = arrays[next(iter(keys.values()))].shape
    alone = "payoffs" in keys
    spec: dict[str, Any] = {key: _text(arrays, key, origin) for key in TEXTS if key in arrays}
    first = spec.get("order") != "players-last"
    n = (*(shape if first else shape[::-1]), 0)[0] if alone else len(keys)
    known = {*keys.values(), "players", *TEXTS, *(f"actions_{i}" for i in range(min(n, len(shape))))}
    if strange := [name for name in arrays if name not in known]:
        raise InputError(
            f"{origin}: the array `{printable(strange[0])[:40]}` is none of a game of {n} players", _SCHEMA
        )
    spec["kind"] = "matrix"
    players = _labels(arrays, "players", origin)
    if players is not None:
        spec["players"] = players
    sizes = (shape[1:] if first else shape[:-1]) if alone else shape
    actions = [_labels(arrays, f"actions_{i}", origin) for i in range(min(n, len(sizes)))]
    if any(labels is not None for labels in actions):
        spec["actions"] = [size if labels is None else labels for labels, size in zip(actions, sizes, strict=False)]
    files = {key: f"{name}.npy" for key, name in keys.items()}
    if alone or "row" in keys:
        spec |= files
    else:
        spec["payoffs"] = dict(zip(players or files, files.values(), strict=False))
    with ZipFile(BytesIO(raw)) as archive:
        text = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in spec.items())
        return text, {name: archive.read(name) for name in files.values()}


def _tables(arrays: Mapping[str, Any]) -> dict[str, str]:
    """Return the arrays that hold payoffs, by what each is in a spec: `payoffs`, `row` and `column`, or a player."""
    if "payoffs" in arrays:
        return {"payoffs": "payoffs"}
    for row, column in PAIRS:
        if row in arrays and column in arrays:
            return {"row": row, "column": column}
    if "arr_0" in arrays:
        return {"payoffs": "arr_0"}
    n = sum(1 for name in arrays if re.fullmatch("payoffs_[0-9]+", name))
    own = {player: f"payoffs_{i}" for i, player in enumerate(numbered(PLAYER, n))}
    return own if all(name in arrays for name in own.values()) else {}


def write(table: PayoffTable, title: str, description: str) -> Iterator[bytes]:
    """Yield the archive in one piece; fractions are rounded."""
    import numpy as np

    # the order is said where the shape would allow the other one, too
    texts = {"name": title, "description": description, "order": "players-first"}
    entries: dict[str, Any] = {key: np.array(text) for key, text in texts.items() if text}
    entries["players"] = np.array(table.players)
    entries |= {f"actions_{i}": np.array(labels) for i, labels in enumerate(table.actions)}
    buffer = BytesIO()
    np.savez(buffer, allow_pickle=False, payoffs=table.tensor, **entries)
    yield buffer.getvalue()


def _labels(arrays: Mapping[str, Any], name: str, origin: str) -> list[str] | None:
    """Return a list of texts, or of integers as their digits; None where it is not there."""
    found = arrays.get(name)
    if found is None:
        return None
    if found.dtype.kind not in "Uiu" or found.ndim != 1:
        raise InputError(f"{origin}: expected `{name}` to be a list of labels, found {found.dtype} {list(found.shape)}")
    return [str(label) for label in found.tolist()]


def _text(arrays: Mapping[str, Any], name: str, origin: str) -> str:
    found = arrays[name]
    if found.dtype.kind != "U" or found.ndim != 0:
        raise InputError(f"{origin}: expected `{name}` to be a text, found {found.dtype} {list(found.shape)}")
    return " ".join(str(found).split())
