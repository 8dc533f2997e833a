"""Texts after a few edits of careless and hostile hands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import strategies as st


@st.composite
def mutated(draw: st.DrawFn, seeds: Sequence[str], bits: Sequence[str], piece: re.Pattern[str]) -> str:
    """One of the good texts `seeds` after one to four edits of its pieces; `bits` are put in their place."""
    text = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(1, 4))):
        pieces = list(piece.finditer(text))
        if not pieces:
            break
        first, last, bit = draw(st.sampled_from(pieces)), draw(st.sampled_from(pieces)), draw(st.sampled_from(bits))
        before, after = text[: first.start()], text[first.end() :]
        match draw(st.sampled_from(("replace", "replace", "insert", "delete", "copy", "cut", "tear"))):
            case "replace":
                text = before + bit + after
            case "insert":
                text = f"{before} {bit} {text[first.start() :]}"
            case "delete":
                text = before + after
            case "copy":
                text = before + last.group() + after
            case "cut":
                text = before + text[max(first.start(), last.end()) :]
            case "tear":
                text = before
    return text
