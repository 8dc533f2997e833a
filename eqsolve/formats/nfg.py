"""Gambit's normal-form files (.nfg), read: https://gambitproject.readthedocs.io/en/stable/formats.nfg.html

    NFG 1 R "title" { "player" … } { { "action" … } … } "comment"       or the numbers of actions, { 2 2 }
    payoff …                                                            either every player's payoff at each profile
    { { "outcome" payoff, … } … } number …                              or the outcomes, and one's number at each

Profiles follow each other with player 1's action running fastest. Outcomes count from 1; number 0 pays nothing. Beyond
Gambit's own reader, an outcome may have no name, and commas between numbers mean nothing; what comes after the table is
refused.
"""

from __future__ import annotations

from array import array
from fractions import Fraction
from typing import TYPE_CHECKING

from eqsolve.formats.gambit import comment, opening
from eqsolve.formats.table import PayoffTable, check_sizes, filled, matrix, profile_by_profile
from eqsolve.formats.tokens import END, NUMBER, TEXT, Tokens
from eqsolve.formats.tree import distinct
from eqsolve.spec.numbers import ACTION, numbered

if TYPE_CHECKING:
    from eqsolve.families.normal.matrix import Matrix


def read(text: str, origin: str) -> Matrix:
    """The game in the text of an .nfg file; SpecError with the place of the first mistake."""
    tokens = Tokens(text, origin)
    title, players = opening(tokens, "NFG", "1", "normal-form")
    at = tokens.at
    named = _named(tokens, len(players))
    sizes = [len(labels) for labels in named] if named else _counted(tokens, len(players))
    count = check_sizes(tokens, sizes, at)
    remark = comment(tokens)
    if tokens.skip("{"):
        values, rationals = _outcomes(tokens, len(players), count // len(players))
    else:
        values, rationals = tokens.numbers(count, "a payoff")
        if len(values) < count:
            tokens.missing(f"payoff {len(values) + 1} of {count}, {len(players)} at each profile")
    if tokens.kind != END:
        tokens.fail(f"the table is complete before this, found {tokens.found()}", f"its shape is {_shape(sizes)}")
    order = profile_by_profile(sizes)
    table = PayoffTable(
        players,
        named or tuple(numbered(ACTION, size) for size in sizes),
        filled(sizes, order, values),
        {int(order[place]): number for place, number in rationals.items()},
    )
    return matrix(table, title, remark)


def _named(tokens: Tokens, n: int) -> tuple[tuple[str, ...], ...]:
    """The actions' labels, or none where the file gives only numbers of actions; the brace before is taken."""
    tokens.take("{", "`{` and the actions of each player, or how many they have")
    if tokens.kind == NUMBER:
        return ()
    found = []
    while tokens.skip("{"):
        names = []
        while tokens.kind == TEXT:
            names.append(tokens.label("an action"))
        if not names:
            tokens.missing("an action in quotation marks")
        tokens.take("}", "an action in quotation marks, or `}`")
        found.append(distinct(names, numbered(ACTION, len(names))))
    if len(found) != n:
        tokens.missing(f"the actions of {n} players, as many as have a name: these are of {len(found)}")
    tokens.take("}", "`{` and the actions of a player, or `}`")
    return tuple(found)


def _counted(tokens: Tokens, n: int) -> list[int]:
    """How many actions each player has."""
    found = []
    while tokens.kind == NUMBER:
        at = tokens.at
        found.append(tokens.integer("a number of actions"))
        if found[-1] < 1:
            tokens.fail(f"expected a number of actions, at least 1, found {found[-1]}", at=at)
    if len(found) != n:
        tokens.missing(f"numbers of actions of {n} players, as many as have a name: these are of {len(found)}")
    tokens.take("}", "a number of actions, or `}`")
    return found


def _outcomes(tokens: Tokens, n: int, profiles: int) -> tuple[array[float], dict[int, Fraction]]:
    """The outcomes, then the number of one at each profile: the payoffs that they spell, in the order of the file."""
    outcomes: list[tuple[array[float], dict[int, Fraction]]] = [(array("d", [0.0] * n), {})]
    while tokens.skip("{"):
        if tokens.kind == TEXT:
            tokens.label("the name of an outcome")
        tokens.skip(",")
        paid = tokens.numbers(n, "a payoff")
        if len(paid[0]) < n:
            tokens.missing(f"payoff {len(paid[0]) + 1} of {n} of outcome {len(outcomes)}")
        tokens.take("}", f"`}}` after {n} payoffs, one per player")
        outcomes.append(paid)
    tokens.take("}", "`{` and an outcome, or `}`")
    values = array("d")
    rationals: dict[int, Fraction] = {}
    for profile in range(profiles):
        at = tokens.at
        number = tokens.integer(f"the number of the outcome of profile {profile + 1} of {profiles}")
        if not 0 <= number < len(outcomes):
            tokens.fail(f"there is no outcome {number}: this game has outcomes 1 to {len(outcomes) - 1}", at=at)
        payoffs, fractions = outcomes[number]
        rationals |= {len(values) + place: fraction for place, fraction in fractions.items()}
        values.extend(payoffs)
        tokens.skip(",")
    return values, rationals


def _shape(sizes: list[int]) -> str:
    return " × ".join(map(str, sizes))
