"""Games as archives of numpy arrays (.npz): `np.savez("game.npz", payoffs=u)` writes one.

`payoffs` [N, A_1, …, A_N], or an array [A_1, …, A_N] per player: `payoffs_0`, `payoffs_1`, …. Labels may stand beside
them as arrays of text: `players` [N] and `actions_0` [A_1], …; so may the texts `name` and `description`.

An archive is read as the spec of the kind `matrix` that names these arrays as its files.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any

from eqsolve.errors import InputError
from eqsolve.printable import printable

if TYPE_CHECKING:
    from eqsolve.formats.table import PayoffTable

_SCHEMA = "a game holds `payoffs` of shape [N, A_1, …, A_N], or `payoffs_0`, `payoffs_1`, … of shape [A_1, …, A_N]"


def read(raw: bytes, origin: str) -> tuple[str, dict[str, bytes]]:
    """The spec in YAML, and the array files that it names; InputError where the archive is damaged or no game."""
    from zipfile import ZipFile

    from eqsolve.store.archive import unpack

    arrays = unpack(raw, origin)
    if "policy_0" in arrays:
        raise InputError(f"{origin}: is a policy file, not a game", "`eqsolve regret` measures it")
    n = sum(1 for name in arrays if name.startswith("payoffs_"))
    tables = ["payoffs"] if "payoffs" in arrays else [f"payoffs_{i}" for i in range(n)]
    if not tables or any(name not in arrays for name in tables):
        raise InputError(f"{origin}: holds no game", _SCHEMA)
    if "payoffs" in arrays:
        n = (*arrays["payoffs"].shape, 0)[0]
    known = {*tables, "players", "name", "description", *(f"actions_{i}" for i in range(n))}
    if strange := [name for name in arrays if name not in known]:
        raise InputError(
            f"{origin}: the array `{printable(strange[0])[:40]}` is none of a game of {n} players", _SCHEMA
        )
    players = _labels(arrays, "players", origin)
    spec: dict[str, Any] = {key: _text(arrays, key, origin) for key in ("name", "description") if key in arrays}
    spec["kind"] = "matrix"
    if players is not None:
        spec["players"] = players
    sizes = arrays[tables[0]].shape[tables == ["payoffs"] :]
    actions = [_labels(arrays, f"actions_{i}", origin) for i in range(min(n, len(sizes)))]
    if any(labels is not None for labels in actions):
        spec["actions"] = [size if labels is None else labels for labels, size in zip(actions, sizes, strict=False)]
    files = [f"{name}.npy" for name in tables]
    spec["payoffs"] = (
        files[0] if tables == ["payoffs"] else dict(zip(players or map(str, range(n)), files, strict=False))
    )
    with ZipFile(BytesIO(raw)) as archive:
        text = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in spec.items())
        return text, {name: archive.read(name) for name in files}


def write(table: PayoffTable, title: str, description: str) -> Iterator[bytes]:
    """The archive, in one piece; fractions are rounded."""
    import numpy as np

    texts = {"name": title, "description": description}
    entries: dict[str, Any] = {key: np.array(text) for key, text in texts.items() if text}
    entries["players"] = np.array(table.players)
    entries |= {f"actions_{i}": np.array(labels) for i, labels in enumerate(table.actions)}
    buffer = BytesIO()
    np.savez(buffer, allow_pickle=False, payoffs=table.tensor, **entries)
    yield buffer.getvalue()


def _labels(arrays: Mapping[str, Any], name: str, origin: str) -> list[str] | None:
    """A list of texts, or of integers as their digits; None where it is not there."""
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
