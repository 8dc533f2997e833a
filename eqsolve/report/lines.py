"""Lines of text output, `key  value  what it is` in columns, and numbers as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from textwrap import wrap
from typing import Any

from eqsolve.printable import printable

#: Widths of the columns of keys and of values, the blank after each included.
KEY, VALUE = 14, 14
#: A list in the text names at most this many things; JSON has them all.
LISTED = 20
#: Labels longer than this do not widen their column.
WIDEST_LABEL = 32
#: Rows with more actions than this show only those that are played.
ACTIONS = 6
#: Figures in payoff units below this part of the payoff range, and probabilities below it, are printed as 0: float64
#: carries no more of a sum of payoffs. The JSON has them as they were computed.
PRINTED_AS_ZERO = 1e-15
#: Larger figures in payoff units are printed whatever the range: one player's payoffs may be far smaller than those of
#: another, and a regret in them is no rounding noise.
LARGEST_NOISE = 1e-12


def noise(payoff_range: float | None) -> float:
    """Return the size below which figures in payoff units are printed as 0."""
    return min(PRINTED_AS_ZERO * (payoff_range or 0.0), LARGEST_NOISE)


def line(key: str, value: Any, meaning: str = "", *, key_width: int = KEY, value_width: int = VALUE) -> str:
    """Return one line: the key, the value and what it is, in columns; trailing blanks are left out."""
    head = f"{key:<{key_width - 1}} "
    return printable(f"{head}{value!s:<{value_width - 1}} {meaning}".rstrip())


def more(hidden: int, what: str) -> Iterator[str]:
    """Yield the line that says how many things of a list are not shown, if any."""
    if hidden > 0:
        yield line("more", f"{hidden} {what} are not shown: --format json has them all")


def folded(lines: Iterable[str], width: int | None, indent: int = KEY + VALUE) -> list[str]:
    """Return the lines folded to a terminal's width, further lines below the third column; None folds nothing."""
    if width is None:
        return list(lines)
    columns = max(width, indent + 20)
    fold = partial(wrap, width=columns, subsequent_indent=" " * indent, break_on_hyphens=False, break_long_words=False)
    return [part for each in lines for part in (fold(each) if len(each) > columns else [each])]


def short(x: Any, floor: float = 0.0) -> str:
    """Return a figure as people read it, six digits; one that is below `floor` in size as 0."""
    if x is None:
        return "none"
    if not isinstance(x, float):
        return str(x)
    return "0" if abs(x) < floor else f"{x:.6g}"


def mixed(row: Mapping[str, Any]) -> str:
    """Return `action=probability …`; of many actions only those that are played, the others counted."""
    shown = {action: short(p, PRINTED_AS_ZERO) for action, p in row.items()}
    if len(shown) <= ACTIONS:
        return " ".join(f"{action}={p}" for action, p in shown.items())
    played = " ".join(f"{action}={p}" for action, p in shown.items() if p != "0")
    left_out = sum(p == "0" for p in shown.values())
    return f"{played} ({left_out} others 0)" if left_out else played


def rows(policy: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the rows of a labelled policy with their states or information sets; a normal form's has none."""
    if not policy or any(isinstance(value, Mapping) for value in policy.values()):
        yield from policy.items()
    else:
        yield "", policy


def column(labels: Iterable[str], least: int = 0) -> int:
    """Return the width of a column of these labels and the blanks after it; long labels do not count."""
    return max([least, *(len(label) + 2 for label in labels if len(label) <= WIDEST_LABEL)])


def table(head: Sequence[str], body: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield a table's lines, columns two blanks apart: the first to the left, numbers to the right."""
    cells = [list(head), *body]
    widths = [max(len(row[k]) for row in cells) for k in range(len(head))]
    for row in cells:
        aligned = (
            cell.ljust(w) if k == 0 else cell.rjust(w) for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        yield printable("  ".join(aligned))
