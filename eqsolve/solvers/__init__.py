"""The registry: every algorithm, what it accepts, what of it converges where, and its source.

`info`, `auto`, the refusal message, the docs and the law tests read the same rows. Targets are strings: nothing
here imports a solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from eqsolve.errors import UsageError


@dataclass(frozen=True)
class Row:
    """One algorithm. `needs` are structures the game must have: 'two-player', 'zero-sum', 'tensor'.

    `converges` lists pairs (answer, class of games): where that answer's Nash gap provably tends to 0, for steps that
    are small enough where the method has a step size.
    `polish` lets `run.solve` try a support polish of the answer at measuring points. `keeps_zeros`: a probability that
    starts at 0 stays 0.
    """

    name: str
    target: str
    forms: tuple[str, ...]
    summary: str
    reference: str
    answers: tuple[str, ...]
    converges: tuple[tuple[str, str], ...]
    needs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    polish: bool = False
    keeps_zeros: bool = False

    def load(self) -> type[Any]:
        """The solver's class; imports its module."""
        module, _, name = self.target.partition(":")
        return getattr(import_module(module), name)  # type: ignore[no-any-return]  # the table's own promise


SOLVERS: Mapping[str, Row] = {
    row.name: row
    for row in (
        Row(
            name="inpg",
            target="eqsolve.solvers.inpg:INPG",
            forms=("normal", "markov"),
            summary="independent natural policy gradient = multiplicative weights on advantages, all players at once",
            reference="Fox et al. 2022, arXiv:2110.10614; Freund and Schapire 1999",
            answers=("last",),
            converges=(("last", "potential (small steps)"),),
            aliases=("mwu",),
            keeps_zeros=True,
        ),
        Row(
            name="ipg",
            target="eqsolve.solvers.ipg:IPG",
            forms=("normal", "markov"),
            summary="independent policy gradient, projected onto the simplex, all players at once",
            reference="Leonardos et al. 2022, arXiv:2106.01969; Zhang et al. 2021, arXiv:2106.00198",
            answers=("last",),
            converges=(("last", "potential (small steps)"),),
        ),
        Row(
            name="regret-matching+",
            target="eqsolve.solvers.regret_matching_plus:RegretMatchingPlus",
            forms=("normal",),
            summary="regret matching with regrets floored at zero; linear average",
            reference="Tammelin et al. 2015 (IJCAI), arXiv:1407.5042; Hart and Mas-Colell 2000",
            answers=("average", "last"),
            converges=(("average", "two-player zero-sum"),),
            aliases=("rm+",),
            polish=True,
        ),
        Row(
            name="pure",
            target="eqsolve.solvers.pure:Pure",
            forms=("normal",),
            summary="every pure equilibrium, by enumeration of the pure profiles",
            reference="definition of Nash equilibrium, Nash 1951",
            answers=("equilibrium",),
            converges=(),
            needs=("tensor",),
        ),
        Row(
            name="best-response",
            target="eqsolve.solvers.best_response:BestResponse",
            forms=("normal", "markov"),
            summary="better and best replies, one player after the other, in pure (stationary) policies",
            reference="Rosenthal 1973 (International Journal of Game Theory 2); Monderer and Shapley 1996; Howard 1960",
            answers=("last",),
            converges=(("last", "potential"),),
            aliases=("br",),
        ),
        Row(
            name="zero-sum-lp",
            target="eqsolve.solvers.zero_sum_lp:ZeroSumLP",
            forms=("normal",),
            summary="maximin policies of both players by one linear programme (HiGHS)",
            reference="von Neumann 1928; Dantzig 1951; HiGHS: Huangfu and Hall 2018",
            answers=("maximin",),
            converges=(("maximin", "two-player zero-sum"),),
            needs=("tensor", "two-player", "zero-sum"),
        ),
    )
}


def find(name: str) -> Row:
    """The row called `name` or with that alias; an unknown name raises UsageError with the nearest ones."""
    for row in SOLVERS.values():
        if name == row.name or name in row.aliases:
            return row
    from difflib import get_close_matches

    names = [n for row in SOLVERS.values() for n in (row.name, *row.aliases)]
    close = get_close_matches(name, names, n=1)
    hint = f"did you mean `{close[0]}`?" if close else "`eqsolve algos` lists them"
    raise UsageError(f"unknown algorithm '{name}'", hint)
