"""Which algorithms accept a game: the rows of the registry against its form, its structure and its size."""

from __future__ import annotations

from eqsolve.analysis.structure import structure
from eqsolve.errors import InputError, MismatchError
from eqsolve.forms.base import Form
from eqsolve.forms.traits import Structure
from eqsolve.solvers import SOLVERS, Row
from eqsolve.solvers.limits import Beyond

#: Methods that list all equilibria of the games they accept, the better ones first.
LISTERS = ("vertex-enumeration", "support-enumeration")
#: Ranges of payoffs: of less, sums of regrets come near what counts as none, and steps of 1 / range near infinity.
LEAST_RANGE = 1e-200
#: What a game lacks that an algorithm needs, in words.
LACKS: dict[str, str] = {
    Structure.TENSOR: "its payoff table is too large, or it has none",
    Structure.TWO_PLAYER: "it is not of two players",
    Structure.ZERO_SUM: "its payoffs do not sum to a constant",
}


def fits(row: Row, form: Form, found: frozenset[Structure]) -> bool:
    """Whether the algorithm accepts the game, whose structure is `found`."""
    return misfit(row, form, found) is None


def misfit(row: Row, form: Form, found: frozenset[Structure]) -> str | None:
    """Why the algorithm does not accept the game, whose structure is `found`; None where it does."""
    if form.name not in row.forms:
        return f"it is {form.in_words}"
    missing = [need for need in row.needs if need not in found]
    if missing:
        return "; ".join(LACKS.get(need, f"it is not {need}") for need in missing)
    return _beyond(row, form, Beyond.REFUSED)


def _beyond(row: Row, form: Form, beyond: Beyond) -> str | None:
    """Say which limit of the row that has this consequence the game exceeds; None where it exceeds none."""
    excesses = (limit.excess(form) for limit in row.limits if limit.beyond is beyond)
    return next((why for why in excesses if why is not None), None)


def fitting(form: Form) -> list[Row]:
    """The algorithms that accept the game, in the order of the registry."""
    found = structure(form)
    return [row for row in SOLVERS.values() if fits(row, form, found)]


def is_quick(row: Row, form: Form) -> bool:
    """Whether one step of the algorithm in a game of this size is short enough to be taken unasked."""
    return _beyond(row, form, Beyond.NOT_UNASKED) is None


def check_range(form: Form) -> None:
    """Raise InputError where payoffs differ, but by so little that products with probabilities would be lost."""
    if form.scale is not None and 0 < form.scale < LEAST_RANGE:
        raise InputError(
            f"the payoffs differ by {form.scale:.2g} at most: expected {LEAST_RANGE:g} or more",
            "write them in a smaller unit",
        )


def lister(form: Form) -> Row:
    """Return the algorithm that lists all equilibria of the game; MismatchError, saying why, where none does."""
    found = structure(form) if form.tensor_bytes is not None else frozenset[Structure]()
    whys = {name: misfit(SOLVERS[name], form, found) for name in LISTERS}
    fit = next((name for name, why in whys.items() if why is None), None)
    if fit is not None:
        return SOLVERS[fit]
    if form.tensor_bytes is None:
        raise MismatchError(
            f"--all: no method here lists all equilibria of {form.in_words}",
            "--algo auto finds one; other seeds may find others",
        )
    reasons = "; ".join(f"{name}: {why}" for name, why in whys.items())
    hint = "--algo pure lists the pure ones" if misfit(SOLVERS["pure"], form, found) is None else None
    raise MismatchError(f"--all: no method here lists all equilibria of this game: {reasons}", hint)
