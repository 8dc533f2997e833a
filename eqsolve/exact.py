"""Certificates in rational arithmetic: what a profile is worth and how far it is from an equilibrium, as fractions.

The game is told once more by its rules, without float64; the profile is the one that a method solved for in rationals,
or else the answer, whose float64 numbers are rationals too. The judge then measures it exactly.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Protocol, runtime_checkable

from eqsolve.errors import InputError, UsageError
from eqsolve.forms.base import Form, Profile
from eqsolve.forms.exact import ExactLeaves, Policies, exact_leaves
from eqsolve.forms.rules import Rules
from eqsolve.forms.sequence import SequenceForm
from eqsolve.metrics.exact import exact_deviations
from eqsolve.result import Exact
from eqsolve.spec.load import GameSpec

#: Leaves of a game that is still told in rationals: a minute.
MAX_LEAVES = 1_000_000


@runtime_checkable
class Told(Protocol):
    """A family whose games can be told by rules."""

    def rules(self) -> Rules:
        """The rules of the game, chances and payoffs as rationals or as float64 numbers that are exact."""


def told(game: GameSpec) -> ExactLeaves:
    """The game in rationals; UsageError where it has no rules or is too large, InputError where chances are rounded."""
    form = game.form
    if not isinstance(form, SequenceForm) or not isinstance(game.family, Told):
        raise UsageError(f"exact: games of kind {game.kind} are not told in rationals", "extensive games are")
    if (leaves := len(form.leaves.chance)) > MAX_LEAVES:
        raise UsageError(f"exact: {leaves} leaves are too many for rational arithmetic, {MAX_LEAVES} are the most")
    try:
        return exact_leaves(form, game.family.rules())
    except InputError as error:
        raise InputError(f"{game.origin}: {error.message}", error.hint) from error


def certificate(form: Form, leaves: ExactLeaves, answer: Profile, solution: Policies | None = None) -> Exact:
    """The figures of `solution`, if there is one, or of `answer`: of whichever has the smaller largest regret."""
    assert isinstance(form, SequenceForm)  # noqa: S101  (`told` takes no other)
    found = [Exact("answer", policies := rationals(form, answer), exact_deviations(form, leaves, policies))]
    if solution is not None:
        found.insert(0, Exact("solution", solution, exact_deviations(form, leaves, solution)))
    return min(found, key=lambda one: max(one.deviations.regrets))


def rationals(form: Form, profile: Profile) -> Policies:
    """Policies of float64 as rationals; what rounding took from a row, or gave it, its likeliest entry makes good."""
    policies = []
    for i, policy in enumerate(profile):
        exact = [Fraction(p) for p in policy.reshape(-1).tolist()]
        starts = form.starts(i).tolist()
        for start, end in zip(starts, [*starts[1:], len(exact)], strict=True):
            likeliest = max(range(start, end), key=exact.__getitem__)
            exact[likeliest] += 1 - sum(exact[start:end])
        policies.append(tuple(exact))
    return tuple(policies)
