"""Texts of nothing but numbers: GameTracer's tables, lrsnash's, or two matrices with blanks between the numbers.

GameTracer's begin with the number N of players and each one's number of actions A_i, and hold N·ΠA_i payoffs after
these; lrsnash's begin with m and n, and hold 2·m·n payoffs. For no N and A_i are both counts alike: a whole file is of
one kind only. Of a file that breaks off or holds too much, the first line and the file's suffix tell.
"""

from __future__ import annotations

import re

#: Suffixes of files whose tables may be of one column.
TABLES = (".csv", ".tsv")
_COMMENTS = re.compile(r"(?:\s*+#.*)*+\s*+")
_WORD = re.compile(r"\S++")


def is_gam(text: str, suffix: str) -> bool:
    """Tell whether a text that begins with two integers is one of GameTracer's."""
    return _kind(text, suffix) == "gam"


def is_lrs(text: str, suffix: str) -> bool:
    """Tell whether a text that begins with two integers is one of lrsnash's."""
    return _kind(text, suffix) == "lrs"


def _kind(text: str, suffix: str) -> str:
    start = _COMMENTS.match(text)
    at = start.end() if start else 0
    line = text[at : at + 1000].split("\n", 1)[0].split()
    plain = bool(line) and all(re.fullmatch("[0-9]{1,9}", word) for word in line)
    if plain and (len(line) == 2 or (len(line) == 1 and suffix in TABLES)):
        count = sum(1 for _ in _WORD.finditer(text, at))
        if len(line) == 2 and int(line[0]) * int(line[1]) > 0 and count == 2 + 2 * int(line[0]) * int(line[1]):
            return "lrs"
        if _fits_gam(text, at, count):
            return "gam"
    if suffix in TABLES or (len(line) > 1 and _is_a_table(text[at:])):
        return "table"
    return "lrs" if suffix == ".lrs" or (len(line) == 2 and suffix != ".gam") else "gam"


def _fits_gam(text: str, at: int, count: int) -> bool:
    """Tell whether there are as many numbers as the first ones say to GameTracer."""
    words = (word[0] for word in _WORD.finditer(text, at))
    n = int(next(words)[:9])
    expected = n
    for _, word in zip(range(min(n, 100)), words, strict=False):
        if not re.fullmatch("0*[1-9][0-9]{0,8}", word):
            return False
        expected *= int(word)
    return count == 1 + n + expected


def _is_a_table(text: str) -> bool:
    """Tell whether the lines are two blocks alike, of equally many numbers in each line, more than one."""
    blocks = [block.splitlines() for block in re.split(r"\n\s*\n", text.strip())]
    widths = {len(line.split()) for block in blocks for line in block}
    return len(blocks) == 2 and len(blocks[0]) == len(blocks[1]) and len(widths) == 1 and min(widths) > 1
