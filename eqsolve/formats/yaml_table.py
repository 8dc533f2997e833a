"""A payoff table as a spec of the kind `matrix`: two players as two matrices, others as a tensor per player."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from math import prod
from typing import TYPE_CHECKING

from eqsolve.errors import UsageError
from eqsolve.formats.yaml_tree import scalar
from eqsolve.spec.numbers import MAX_DIGITS
from eqsolve.spec.reader import MAX_VALUES

if TYPE_CHECKING:
    from eqsolve.formats.table import PayoffTable


def write(table: PayoffTable, title: str, description: str) -> Iterator[str]:
    """The spec, piece by piece; UsageError where a spec cannot hold it."""
    # payoffs, and the lists around them
    if 2 * table.tensor.size > MAX_VALUES:
        raise UsageError(f"{table.tensor.size} payoffs are too many for a spec in words", "write it as .npz or .nfg")
    yield f"name: {json.dumps(title, ensure_ascii=False)}\n"
    if description:
        yield f"description: {json.dumps(description, ensure_ascii=False)}\n"
    yield f"kind: matrix\nplayers: [{', '.join(map(scalar, table.players))}]\nactions:\n"
    for labels in table.actions:
        yield f"  - [{', '.join(map(scalar, labels))}]\n"
    texts, sizes = table.texts(MAX_DIGITS), table.tensor.shape[1:]
    own = prod(sizes)
    if len(sizes) == 2:
        for k, key in enumerate(("row", "column")):
            yield f"{key}:\n"
            for row in range(k * own, (k + 1) * own, sizes[1]):
                yield f"  - [{', '.join(texts[row : row + sizes[1]])}]\n"
        return
    yield "payoffs:\n"
    for i, player in enumerate(table.players):
        yield f"  {scalar(player)}: {_nested(texts[i * own : (i + 1) * own], sizes)}\n"


def _nested(texts: Sequence[str], sizes: Sequence[int]) -> str:
    """Numbers in C order as nested lists."""
    for size in reversed(sizes):
        texts = [f"[{', '.join(texts[k : k + size])}]" for k in range(0, len(texts), size)]
    return texts[0]
