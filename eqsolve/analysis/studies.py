"""What a study of games of one form has to be: a record of functions, which the table of forms names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eqsolve.analysis.finding import Finding
from eqsolve.forms.base import Form
from eqsolve.forms.registry import part
from eqsolve.forms.traits import Structure

Findings = tuple[Finding, Finding, Finding, Finding]


def no_words(form: Any) -> frozenset[Structure]:
    """Return no structure: nothing is known of a game."""
    return frozenset()


def no_table(form: Any) -> None:
    """Return None: a game is not told by a table."""


@dataclass(frozen=True)
class Study:
    """What the arrays of games of one form show. Every function takes the form.

    `words`: which of 'tensor' and 'zero-sum' hold; `nearly`: which of 'zero-sum' and 'potential' hold within their
    tolerance, but by more than rounding do not. `table`: the game by tables, if it is, or is soon, one; `of_table`:
    whether a table has constant sums and a common interest, and whether it is symmetric and anonymous; `findings`: the
    same of games without tables, None where only drawn profiles can tell.
    """

    words: Callable[[Any], frozenset[Structure]] = no_words
    nearly: Callable[[Any], frozenset[Structure]] = no_words
    table: Callable[[Any], Form | None] = no_table
    of_table: Callable[[Any], Findings] | None = None
    findings: Callable[[Any], Findings] | None = None


def study_of(form: Form) -> Study:
    """Return the study of the form at hand; one that knows nothing where the table has none."""
    found: Study | None = part(form, "study")
    return found or Study()
