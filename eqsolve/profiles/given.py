"""From a profile as it is given to one fit to be judged: the one reader for arrays, labels and parsed documents.

What may be given:

- a list with one policy per player, arrays or nested lists in the shapes of the form;
- a mapping by labels: {player: {action: p}}, or {player: {state or information set: {action: p}}};
- {"policies": such a list} or {"profile": such a mapping}, among other keys;
- a line of Gambit's;
- {"joint": …}: a joint distribution, by numbers of actions or by labels, for `checked_joint`.

Numbers may be texts such as "1/3", which are then known exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from eqsolve.errors import ProfileError
from eqsolve.forms.base import Form, Profile
from eqsolve.forms.exact_payoffs import Policies, completed
from eqsolve.forms.joint import Joint, check_joint
from eqsolve.forms.mixed import ROUNDED_TOLERANCE, ROW_TOLERANCE, Mixed
from eqsolve.profiles import gambit, labels
from eqsolve.profiles.numbers import as_numbers
from eqsolve.spec.faults import nearest

#: Keys of documents, which no mapping by labels has at its top.
KEYS = ("policies", "profile", "joint")


class Given(NamedTuple):
    """A profile, what was done to make it one (a sentence each), and the same in fractions where texts gave these."""

    profile: Profile
    notes: tuple[str, ...] = ()
    exact: Policies | None = None


class GivenJoint(NamedTuple):
    """A joint distribution, what was done to make it one, and its probabilities in fractions where texts gave these."""

    joint: Joint
    notes: tuple[str, ...] = ()
    exact: tuple[Fraction, ...] | None = None


def checked(form: Form, given: Any, *, normalise: bool = False) -> Given:
    """Return what is given as a profile of `form`; raise ProfileError that names the player, row or label at fault.

    Rows may miss a sum of 1 by 1e-6, or by 0.1 with `normalise`; they are divided by it, and a note says so.
    """
    policies, notes = _arranged(form, given)
    if len(policies) != len(form.players):
        form.check(policies)  # says what was expected
    pairs = [as_numbers(raw, f"policy of {player}") for player, raw in zip(form.players, policies, strict=True)]
    profile, remarks = form.check([floats for floats, _ in pairs], normalise=normalise)
    if not isinstance(form, Mixed) or not (isinstance(given, gambit.Line) or _has_texts(given)):
        return Given(profile, (*notes, *remarks))
    exact = tuple(
        completed(form.starts(i).tolist(), list(np.asarray(profile[i] if mixed is None else mixed).reshape(-1)))
        for i, (_, mixed) in enumerate(pairs)
    )
    return Given(profile, (*notes, *remarks), exact)


def is_joint(given: Any) -> bool:
    """Whether a joint distribution is given, which `checked_joint` takes."""
    return isinstance(given, Mapping) and given.get("joint") is not None and not _has_profile(given)


def checked_joint(form: Form, given: Mapping[str, Any], *, normalise: bool = False) -> GivenJoint:
    """Return the joint distribution that is given, if `form` has it; else raise ProfileError."""
    actions, probabilities = _support(form, given["joint"])
    floats, mixed = as_numbers(probabilities, "joint distribution")
    notes: tuple[str, ...] = ()
    total = float(np.sum(floats)) if mixed is not None or np.asarray(floats).dtype.kind in "iuf" else 1.0
    if normalise and ROW_TOLERANCE < abs(total - 1) <= ROUNDED_TOLERANCE:
        floats = np.asarray(floats) / total
        notes = (f"the joint distribution was divided by its sum, {total:.6g}",)
    joint, remarks = check_joint(form, actions, floats)
    exact = None if mixed is None else completed([0], list(mixed.reshape(-1)))
    return GivenJoint(joint, (*notes, *remarks), exact)


def _arranged(form: Form, given: Any) -> tuple[Any, list[str]]:
    """The policies, one per player, numbers as they are written, and notes."""
    if isinstance(given, gambit.Line):
        return gambit.arranged(form, given)
    if not isinstance(given, Mapping):
        if isinstance(given, str) or not hasattr(given, "__len__") or getattr(given, "shape", None) == ():
            raise ProfileError("a profile was expected: a list with one policy per player, or a mapping by labels")
        return given, []
    if given.get("policies") is not None:
        return _arranged(form, given["policies"])
    if "profile" in given:
        if not isinstance(given["profile"], Mapping):
            raise ProfileError("a profile by labels was expected: {player: {action: p}}")
        return labels.arranged(form, given["profile"])
    if is_joint(given):
        raise ProfileError("a joint distribution over pure profiles is given, where a profile is wanted")
    return labels.arranged(form, given)


def _has_profile(given: Mapping[str, Any]) -> bool:
    return given.get("policies") is not None or given.get("profile") is not None


def _has_texts(given: Any) -> bool:
    """Whether a number somewhere in what is given was written as a text, or is a Fraction."""
    if isinstance(given, np.ndarray):
        return given.dtype.kind in "OU" and _has_texts(given.tolist())
    if isinstance(given, Mapping):
        inside = [given[key] for key in ("policies", "profile") if given.get(key) is not None][:1]
        return any(map(_has_texts, inside or given.values()))
    return any(map(_has_texts, given)) if isinstance(given, list | tuple) else isinstance(given, str | Fraction)


def _support(form: Form, joint: Any) -> tuple[Any, Any]:
    """Actions by number and probabilities, from either way of writing a joint distribution."""
    if not isinstance(joint, Mapping):
        raise ProfileError('joint distribution: expected {"actions": [[one per player]], "probabilities": []}')
    if "support" not in joint:
        if joint.get("actions") is None or joint.get("probabilities") is None:
            raise ProfileError('joint distribution: expected {"actions": [[one per player]], "probabilities": []}')
        return joint["actions"], joint["probabilities"]
    places = [{label: a for a, label in enumerate(own)} for own in getattr(form, "actions", ())]
    try:
        drawn = [(one["probability"], one["actions"]) for one in joint["support"]]
        chosen = [[str(own[player]) for player in form.players] for _, own in drawn]
    except (TypeError, KeyError, AttributeError) as error:
        raise ProfileError(
            "joint distribution: expected a support of {probability: p, actions: {player: action}}"
        ) from error
    for k, profile in enumerate(chosen):
        for player, label, own_places in zip(form.players, profile, places, strict=True):
            if label not in own_places:
                raise ProfileError(
                    f"joint distribution, pure profile {k}: {player} has no action '{label}'",
                    nearest(label, own_places),
                )
    numbers = [[own[label] for own, label in zip(places, profile, strict=True)] for profile in chosen]
    return numbers, [p for p, _ in drawn]
