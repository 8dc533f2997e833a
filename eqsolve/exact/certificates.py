"""Certificates in rational arithmetic: what a profile is worth and how far it is from an equilibrium, as fractions.

An extensive game is told once more by its rules, without float64; a normal form by its payoffs as they were written or,
where no text has them, by the float64 numbers, which are rationals. The profile is the one that a method solved for in
rationals; or, in a normal form, the one nearby that makes the actions which the answer plays exactly alike; or else the
answer, whose float64 numbers are rationals too. The judge then measures it exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from math import prod
from typing import Any, Protocol, TypeAlias, cast, runtime_checkable

from eqsolve.errors import InputError, UsageError
from eqsolve.exact.supports import on_support
from eqsolve.forms.base import Form, Profile
from eqsolve.forms.concept import Concept
from eqsolve.forms.exact_payoffs import (
    Chances,
    ExactLeaves,
    ExactPayoffs,
    Policies,
    completed,
    exact_leaves,
    exact_payoffs,
)
from eqsolve.forms.extensive.form import SequenceForm
from eqsolve.forms.joint import Joint
from eqsolve.forms.normal.game import NormalForm
from eqsolve.forms.registry import part
from eqsolve.forms.rules import Rules
from eqsolve.metrics.exact_regrets import (
    ExactDeviations,
    exact_deviations,
    exact_joint_deviations,
    exact_normal_deviations,
)
from eqsolve.run.result import Exact, ExactJoint
from eqsolve.spec.load import GameSpec

#: Leaves of a game that is still told in rationals: a minute. And payoffs of a normal form.
MAX_PAYOFFS = 1_000_000
#: A game in rationals.
ExactGame: TypeAlias = ExactLeaves | ExactPayoffs
#: Probabilities up to these are taken for rounding, one after the other, where the answer's support is looked for.
ROUNDING_THRESHOLDS = (0.0, 1e-9, 1e-6, 1e-3)
#: An equilibrium of which some probability is further from the answer's is another one.
NEAR_ANSWER = 0.01


@runtime_checkable
class HasRules(Protocol):
    """A family whose games can be told by rules."""

    def rules(self) -> Rules:
        """The rules of the game, chances and payoffs as rationals or as float64 numbers that are exact."""


def exact_game(game: GameSpec) -> ExactGame:
    """The game in rationals; UsageError where it has no rules or is too large, InputError where chances are rounded."""
    tell: Callable[[Any, GameSpec], ExactGame] | None = part(game.form, "exact")
    if tell is None:
        raise _untold(game)
    return tell(game.form, game)


def _untold(game: GameSpec) -> UsageError:
    return UsageError(
        f"exact: expected a game in normal form, or an extensive game with rules, got one of the kind {game.kind}"
    )


def of_table(form: NormalForm, game: GameSpec) -> ExactPayoffs:
    """The payoffs of a normal form, as they were written or as the float64 numbers that they are."""
    if (count := len(form.players) * prod(len(labels) for labels in form.actions)) > MAX_PAYOFFS:
        raise UsageError(f"exact: {count} payoffs are more than the {MAX_PAYOFFS} that fractions are computed for")
    table = form.tensor()
    exact = table.exact or exact_payoffs(table.payoffs)
    return exact._replace(paid=exact.paid.astype(object))


def of_leaves(form: SequenceForm, game: GameSpec) -> ExactLeaves:
    """The leaves of an extensive game, told by its rules once more."""
    if not isinstance(game.family, HasRules):
        raise _untold(game)
    if (leaves := form.size) > MAX_PAYOFFS:
        raise UsageError(f"exact: {leaves} leaves are more than the {MAX_PAYOFFS} that fractions are computed for")
    try:
        return exact_leaves(form, game.family.rules())
    except InputError as error:
        raise InputError(f"{game.origin}: {error.message}", error.hint) from error


def certificate(form: Form, game: ExactGame, answer: Profile, solution: Policies | None = None) -> Exact:
    """The figures of `solution`, if there is one, or of `answer`: of whichever has the smaller largest regret.

    In a normal form without one: of an exact equilibrium on the answer's support, where there is such a one.
    """
    policies = rationals(form, answer)
    found = [Exact("answer", policies, measured(form, game, policies))]
    if solution is not None:
        # first with the actions alone that the answer keeps, where best replies were filled in
        both = dict.fromkeys((_narrowed(form, solution, answer), solution))
        found = [*(Exact("solution", one, measured(form, game, one)) for one in both), *found]
    best = min(found, key=lambda one: max(one.deviations.regrets))
    if isinstance(game, ExactPayoffs) and max(best.deviations.regrets) > 0:
        return _on_support(form, game, answer, policies) or best
    return best


def _narrowed(form: Form, solution: Policies, answer: Profile) -> Policies:
    """The solution with the actions alone that the answer plays; the answer's rows where none of them is left."""
    narrowed = []
    for i, (exact, policy) in enumerate(zip(solution, answer, strict=True)):
        row_starts, played = form.starts(i).tolist(), policy.reshape(-1).tolist()
        kept = [x if p > 0 else Fraction(0) for x, p in zip(exact, played, strict=True)]
        for start, end in pairwise([*row_starts, len(played)]):
            total = sum(kept[start:end])
            kept[start:end] = [x / total for x in kept[start:end]] if total else completed([0], played[start:end])
        narrowed.append(tuple(kept))
    return tuple(narrowed)


def as_given(form: Form, game: ExactGame, policies: Policies) -> Exact:
    """The figures of a profile that was written in fractions, and of no other near it."""
    return Exact("given", policies, measured(form, game, policies))


def joint_certificate(
    game: ExactGame, answer: Joint, concept: Concept, solution: tuple[Joint, Chances] | None = None
) -> ExactJoint:
    """The figures of `solution`, if there is one, or of `answer`: of whichever has the smaller gap of this concept.

    Below 0 gaps count as 0: then the solution is preferred.
    """
    found = [_of_joint(game, "answer", answer, completed([0], answer.probabilities.tolist()))]
    if solution is not None:
        found.insert(0, _of_joint(game, "solution", *solution))
    return min(found, key=lambda one: max(0, *joint_regrets(one, concept)))


def joint_as_given(game: ExactGame, joint: Joint, probabilities: Chances) -> ExactJoint:
    """The figures of a joint distribution that was written in fractions."""
    return _of_joint(game, "given", joint, probabilities)


def joint_regrets(exact: ExactJoint, concept: Concept) -> Chances:
    """Each player's gain that the concept looks at."""
    return exact.deviations.cce_regrets if concept == Concept.CCE else exact.deviations.ce_regrets


def _of_joint(game: ExactGame, of: str, joint: Joint, probabilities: Chances) -> ExactJoint:
    assert isinstance(game, ExactPayoffs)  # noqa: S101  (joint distributions are of normal forms)
    return ExactJoint(of, joint, probabilities, exact_joint_deviations(game, joint.actions, probabilities))


def measured(form: Form, game: ExactGame, policies: Policies) -> ExactDeviations:
    """The judge's figures in rationals."""
    if isinstance(game, ExactPayoffs):
        return exact_normal_deviations(game, policies)
    return exact_deviations(cast(SequenceForm, form), game, policies)  # `told` makes leaves of no other


def _on_support(form: Form, game: ExactPayoffs, answer: Profile, policies: Policies) -> Exact | None:
    """The nearest exact equilibrium that plays what the answer plays, more and more of it being taken for rounding."""
    supports = {tuple(tuple((p > least).nonzero()[0].tolist()) for p in answer): None for least in ROUNDING_THRESHOLDS}
    found: Exact | None = None
    nearest = NEAR_ANSWER
    for support in supports:
        candidate = on_support(game, support, policies) if all(support) else None
        if candidate is None:
            continue
        pairs = (zip(one, other, strict=True) for one, other in zip(candidate, policies, strict=True))
        away = float(max(abs(p - q) for each in pairs for p, q in each))
        figures = measured(form, game, candidate)
        if away <= nearest and not any(figures.regrets):
            found, nearest = Exact("support", candidate, figures), away
    return found


def rationals(form: Form, profile: Profile) -> Policies:
    """Policies of float64 as rationals; what rounding took from a row, or gave it, its likeliest entry makes good."""
    return tuple(completed(form.starts(i).tolist(), policy.reshape(-1).tolist()) for i, policy in enumerate(profile))
