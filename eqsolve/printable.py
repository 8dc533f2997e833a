"""Text from strangers' files, made safe to show: a control character in a name could move the cursor or hide a line."""

from __future__ import annotations


def printable(text: str) -> str:
    """`text` in one line, its control characters and line breaks as visible escapes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)
