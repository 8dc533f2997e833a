"""Profiles by labels, as results print them: {player: {action: p}}, or {player: {row: {action: p}}}.

A row is a state of a Markov game or an information set. Actions that are not named have probability 0; rows and players
that are not named are uniform, and a note says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, cast

import numpy as np

from eqsolve.errors import ProfileError
from eqsolve.forms.base import Array, Form
from eqsolve.profiles.numbers import Mixed
from eqsolve.spec.faults import describe, nearest


def arranged(form: Form, labelled: Mapping[Any, Any]) -> tuple[list[Any], list[str]]:
    """Return one policy per player in the shapes of `form`, and notes on the rows that were filled in.

    Rows and zeros that were filled in are Fractions; all other numbers are as they are written.

    A player's policy may be an array of numbers too. ProfileError names a label that `form` does not have, with the
    nearest that it has.
    """
    named = {str(player): policy for player, policy in labelled.items()}
    _refuse_strangers(named, form.players, "a profile of this game has no player", "players")
    policies, notes = list[Any](), list[str]()
    for i, player in enumerate(form.players):
        own = named.get(player)
        if own is not None and not isinstance(own, Mapping):
            policies.append(own)
        elif not form.row_is:
            policy, missing = _placed(form, i, {"": own or {}})
            policies.append(policy)
            notes += [f"policy of {player}: not given, {form.neutral_is}"] if missing else []
        else:
            rows = _rows(form, player, own or {})
            policy, missing = _placed(form, i, rows)
            policies.append(policy)
            notes += _filled_in(form, player, rows, missing)
    return policies, notes


def _rows(form: Form, player: str, own: Mapping[Any, Any]) -> dict[str, Mapping[Any, Any]]:
    """A player's rows by label, each checked to be a mapping."""
    for label, content in own.items():
        if not isinstance(content, Mapping):
            raise ProfileError(
                f"policy of {player}: expected {{{form.row_is}: {{action: p}}}}, found {describe(content)} at '{label}'"
            )
    return {str(label): content for label, content in own.items()}


def _placed(form: Form, i: int, rows: Mapping[str, Mapping[Any, Any]]) -> tuple[Mixed, list[str]]:
    """Player i's policy with these rows, its other rows uniform; and the labels of those."""
    player, uniform = form.players[i], form.neutral()[i]
    policy = np.empty(uniform.shape, dtype=np.object_)
    policy.reshape(-1)[:] = [Fraction(1, round(1 / p)) if p else Fraction(0) for p in uniform.reshape(-1).tolist()]
    missing, seen = list[str](), set[str]()
    # the rows are views of `policy`, whatever the form: writing into one fills it
    for label, actions, row in form.named_rows(i, cast(Array, policy)):
        given = rows.get(label)
        if not given:
            missing.append(label)
            continue
        seen.add(label)
        numbers = {str(action): p for action, p in given.items()}
        where = f"policy of {player}" + (f", {label}" if label else "")
        _refuse_strangers(numbers, actions, f"{where}: there is no action", "actions")
        row[:] = [numbers.get(action, Fraction(0)) for action in actions]
    strangers = [label for label in rows if label not in seen and rows[label]]
    if strangers:
        known = (label for label, _, _ in form.named_rows(i, uniform))
        _refuse_strangers(strangers, list(known), f"policy of {player}: there is no {form.row_is}", f"{form.row_is}s")
    return policy, missing


def _filled_in(form: Form, player: str, rows: Mapping[str, Any], missing: list[str]) -> list[str]:
    """The note on rows that were not given."""
    if not missing:
        return []
    if not rows:
        return [f"policy of {player}: not given, {form.neutral_is}"]
    first = ", ".join(f"'{label}'" for label in missing[:3]) + (", …" if len(missing) > 3 else "")
    return [f"policy of {player}: {len(missing)} {form.row_is}s not given, {form.neutral_is} there: {first}"]


def _refuse_strangers(labels: Iterable[str], known: Iterable[str], what: str, plural: str) -> None:
    """ProfileError for the first label that is not known."""
    there = dict.fromkeys(known)
    for label in labels:
        if label not in there:
            listed = ", ".join(list(there)[:8]) + (", …" if len(there) > 8 else "")
            raise ProfileError(f"{what} '{label[:80]}'", nearest(label[:80], there, f"{plural}: {listed}"))
