"""Puts what commands print now in the place of what the pages show: `python tests/docs/update_pages.py [PAGE…]`.

A page is named by its path in docs/, or README.md; without names all pages are done. Each page is run as the tests run
it. Where an output differs by the tests' own measure, or stands in other columns, it is replaced; lines that still hold
stay as they are written, and so do lines of `...` between lines that have a counterpart. What fails (a command, an exit
code, a program) is told and left alone. Read the difference (`git diff`) before you keep it: this makes pages true, not
good.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Sequence
from contextlib import chdir
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

ELISION = "..."
#: Lines that share less than this of their letters are not one line that changed.
ALIKE = 0.5


def update(page: Path, run: Session) -> tuple[int, list[str]]:
    """Run a page and rewrite its outputs that differ; return how many, and what failed."""
    with chdir(run.folder):
        outcomes = list(run.outcomes(page))
    failures = [f"{one.place}\n{one.failure}" for one in outcomes if one.failure is not None]
    lines, count = page.read_text(encoding="utf-8").splitlines(), 0
    for one in reversed(outcomes):  # from below, so that places above stay where they are
        end = one.at + len(one.shown.splitlines())
        shown = [line.removeprefix(one.indent) for line in lines[one.at : end]]
        new = merged(shown, tidy(one.printed).splitlines())
        # what holds may still stand in other columns, line by line
        if one.failure is None and new != shown and (one.problem is not None or len(new) == len(shown)):
            lines[one.at : end] = [(one.indent + line).rstrip() for line in new]
            count += 1
    if count:
        page.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return count, failures


def merged(shown: Sequence[str], printed: Sequence[str]) -> list[str]:
    """Return the printed lines as a page shows them: those that hold as they were, elided ones elided again."""
    pairs = [(-1, -1), *_counterparts(shown, printed), (len(shown), len(printed))]
    out: list[str] = []
    for (i, j), (next_i, next_j) in pairwise(pairs):
        elided = ELISION in (line.strip() for line in shown[i + 1 : next_i])
        out += [ELISION] if elided else printed[j + 1 : next_j]
        if next_i < len(shown):
            one, other = shown[next_i], printed[next_j]
            kept = difference(one, other) is None and _start(one) == _start(other)
            out.append(shown[next_i] if kept else printed[next_j])
    holds = difference("\n".join(out), "\n".join(printed)) is None
    return out if holds else list(printed)


def _start(line: str) -> int:
    """Return where the second word of a line begins: lines of other columns are not kept beside new ones."""
    return len(re.match(r"\s*\S*\s*", line)[0])  # type: ignore[index]  # it matches every line


def _counterparts(shown: Sequence[str], printed: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs (shown, printed) of the lines that belong together, in order, as many and as like as there are."""
    best = [[0.0] * (len(printed) + 1) for _ in range(len(shown) + 1)]
    weights = [[_likeness(one, other) for other in printed] for one in shown]
    for i in reversed(range(len(shown))):
        for j in reversed(range(len(printed))):
            paired = weights[i][j] + best[i + 1][j + 1] if weights[i][j] else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs, i, j = [], 0, 0
    while i < len(shown) and j < len(printed):
        if weights[i][j] and best[i][j] == weights[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(shown: str, printed: str) -> float:
    """Return 3 for a line that holds, 0 for one that is another line, between them for one that has changed."""
    if shown.strip() == ELISION or not shown.strip() or not printed.strip():
        return 0.0
    if difference(shown, printed) is None:
        return 3.0
    ratio = SequenceMatcher(None, shown, printed, autojunk=False).ratio()
    same_key = shown.split()[0] == printed.split()[0]
    return ratio + same_key if same_key or ratio >= ALIKE else 0.0


def main(names: Sequence[str]) -> int:
    """Update the named pages, or all; return 1 where something failed."""
    failed = False
    for name in names or page_names():
        with tempfile.TemporaryDirectory() as place:
            count, failures = update(page_path(name), session(name, Path(place) / "folder"))
        print(f"{name}: {count} outputs replaced")  # noqa: T201
        for failure in failures:
            failed = True
            print(f"  left alone: {failure}")  # noqa: T201
    return int(failed)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    sys.path.insert(0, str(Path(__file__).parents[2]))

from docs.doc_outputs import difference, tidy  # noqa: E402  (the path is set above)
from docs.doc_pages import Session, page_names, page_path, session  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
