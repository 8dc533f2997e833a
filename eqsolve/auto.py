"""Which algorithm suits a game, and why: structure found by the judge -> a row of the registry."""

from __future__ import annotations

from eqsolve.errors import MismatchError
from eqsolve.forms.base import Form
from eqsolve.metrics.structure import structure
from eqsolve.solvers import SOLVERS, Row


def fits(row: Row, form: Form, found: frozenset[str]) -> bool:
    """Whether the algorithm accepts the game, whose structure is `found`."""
    return misfit(row, form, found) is None


def misfit(row: Row, form: Form, found: frozenset[str]) -> str | None:
    """Why the algorithm does not accept the game, whose structure is `found`; None where it does."""
    if form.name not in row.forms:
        return f"it is a {form.name} game"
    missing = [need for need in row.needs if need not in found]
    return f"it is not {' '.join(missing)}" if missing else None


def fitting(form: Form) -> list[Row]:
    """The algorithms that accept the game, in the order of the registry."""
    found = structure(form)
    return [row for row in SOLVERS.values() if fits(row, form, found)]


def check_fit(row: Row, form: Form) -> None:
    """MismatchError, naming the algorithms that fit, if the algorithm does not accept the game."""
    why = misfit(row, form, structure(form))
    if why is None:
        return
    others = ", ".join(other.name for other in fitting(form))
    raise MismatchError(f"{row.name} does not accept this game: {why}", f"algorithms that do: {others}")


def choose(form: Form, start: bool = False) -> tuple[Row, str]:
    """The algorithm for `form` (and for a run from a given `start`), and the reason in words."""
    found = structure(form)
    if fits(SOLVERS["zero-sum-lp"], form, found):
        if start:
            return SOLVERS[
                "regret-matching+"
            ], "constant-sum payoffs of two players, and a start: the average converges"
        return SOLVERS["zero-sum-lp"], "two players with constant-sum payoffs: one linear programme is exact"
    if form.name == "markov":
        return SOLVERS["inpg"], "a Markov game: natural policy gradient on exact values, judged as it goes"
    if "potential" in found:
        return SOLVERS["inpg"], "a potential game: its last iterate converges for small steps"
    return SOLVERS["regret-matching+"], "a general game: regret matching with a support polish, no guarantee"
