"""The table of forms: what the rooms above have for each one, as targets that are imported when first asked for.

A form knows what it is and computes its own figures; how it is judged, studied, finished and certified is no business
of its own and stands in those rooms, one record a form. All that a new form must have is a judge.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from eqsolve.forms.base import Form

#: The columns of the table beside `name` and `form`.
Part = Literal["judge", "study", "filled", "exact"]


@dataclass(frozen=True)
class FormRow:
    """One form: its `name`, what its `games` are called, its class, and targets `module:attribute`, None for nothing.

    `judge`: the record by which profiles are judged (metrics/judges.py). `study`: the record of what its arrays show of
    a game (analysis/studies.py). `filled`: from a form and a profile to one with best replies where play does not come.
    `exact`: from a form and its spec to the game in rationals (exact/certificates.py).
    """

    name: str
    games: str
    form: str
    judge: str
    study: str | None = None
    filled: str | None = None
    exact: str | None = None


FORMS: dict[str, FormRow] = {
    row.name: row
    for row in (
        FormRow(
            name="normal",
            games="games in normal form",
            form="eqsolve.forms.normal.game:NormalForm",
            judge="eqsolve.metrics.normal:JUDGE",
            study="eqsolve.analysis.tables:NORMAL",
            exact="eqsolve.exact.certificates:of_table",
        ),
        FormRow(
            name="markov",
            games="Markov games",
            form="eqsolve.forms.markov.game:MarkovGame",
            judge="eqsolve.metrics.markov:JUDGE",
            study="eqsolve.analysis.tables:MARKOV",
        ),
        FormRow(
            name="sequence",
            games="extensive games (trees)",
            form="eqsolve.forms.extensive.form:SequenceForm",
            judge="eqsolve.metrics.extensive:JUDGE",
            study="eqsolve.analysis.leaves:STUDY",
            filled="eqsolve.run.unreached:filled",
            exact="eqsolve.exact.certificates:of_leaves",
        ),
    )
}


def games_of(name: str) -> str:
    """Return what games of the form `name` are called; the name itself where the table has none of that name."""
    row = FORMS.get(name)
    return name if row is None else row.games


def part(form: Form, name: Part) -> Any:
    """Return what the table has for the form under the column `name`; None where it has nothing.

    A form that only bears the name of a row, and is none of its class, is in no row.
    """
    row = FORMS.get(form.name)
    if row is None or not isinstance(form, _loaded(row.form)):
        return None
    target = getattr(row, name)
    return None if target is None else _loaded(target)


@cache
def _loaded(target: str) -> Any:
    """Import what `module:attribute` names."""
    module, _, attribute = target.partition(":")
    return getattr(import_module(module), attribute)
