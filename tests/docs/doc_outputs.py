"""Outputs that pages show beside what was printed: alike but for incidental lines and the last digits of numbers."""

from __future__ import annotations

import re

#: Talk that depends on the machine and on what ran before.
INCIDENTAL = re.compile(r"^(compiling .*|timing .* …|\d+ s  iteration .*)\n", re.MULTILINE)
NUMBER = r"[-+−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"
TOKEN = re.compile(rf"(\.\.\.)|((?<![\w.]){NUMBER}(?![\w.]))|([ \t]+)")
RELATIVE = 0.01
ROUNDING = 1e-9


def difference(expected: str, printed: str) -> str | None:
    """What differs, in words; None where the output is as the page shows it."""
    expected, printed = tidy(expected), tidy(INCIDENTAL.sub("", printed))
    pattern, numbers = "", []
    for line in expected.splitlines(keepends=True):
        free = line.startswith("seconds")
        at = 0
        for token in TOKEN.finditer(line):
            pattern += re.escape(line[at : token.start()])
            at = token.end()
            if token[1]:
                pattern += ".*?"
            elif token[2]:
                pattern += f"({NUMBER})"
                numbers.append((token[2], free))
            else:
                pattern += "[ \t]+"
        pattern += re.escape(line[at:])
    match = re.fullmatch(pattern, printed, re.DOTALL)
    if match is None:
        return f"--- the page shows:\n{expected}"
    for (shown, free), found in zip(numbers, match.groups(), strict=True):
        if not free and not _close(shown, found):
            return f"the page shows {shown}, not {found}"
    return None


def tidy(text: str) -> str:
    """Without blanks at line ends and without empty lines at the end."""
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())


def _close(shown: str, found: str) -> bool:
    a, b = (float(text.replace("−", "-")) for text in (shown, found))
    if all(re.fullmatch(r"[-+−]?\d+", text) for text in (shown, found)):
        return a == b
    return abs(a - b) <= RELATIVE * max(abs(a), abs(b)) or max(abs(a), abs(b)) < ROUNDING
