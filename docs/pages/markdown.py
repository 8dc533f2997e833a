"""Pieces of Markdown."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a table, and an empty one."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell(one) for one in row)} |"
    yield ""


def cell(text: str) -> str:
    """Return a text as it may stand in a table's cell."""
    return " ".join(str(text).split()).replace("|", "\\|")


def block(language: str, text: str) -> Iterator[str]:
    """Yield the lines of a block of code, and an empty one."""
    yield f"```{language}"
    yield text.rstrip()
    yield "```"
    yield ""


def prose(doc: str | None) -> str:
    """Return a docstring as Markdown paragraphs."""
    return re.sub(r"(?<!\n)\n(?!\n)", " ", inspect.cleandoc(doc or ""))
