"""Structure of a game with the evidence for it: constant sums, common interest, symmetry, anonymity, degeneracy, a
potential.

Where tables show it (a payoff tensor; a Markov game's rewards and transitions; leaves) a finding is proved or refuted.
Elsewhere profiles are drawn and the values compared from every start: a difference refutes, and its absence proves
nothing, which a finding then says by `holds` None.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from time import monotonic
from typing import NamedTuple, cast

import numpy as np

from eqsolve.analysis.degeneracy import MAX_SYSTEMS, find_pure_tie, find_tie, systems
from eqsolve.analysis.finding import UP_TO_ROUNDING, Finding, unequal_actions, word
from eqsolve.analysis.potential import drawn, drawn_cycles, every_cycle, rounding, start_values
from eqsolve.analysis.studies import study_of
from eqsolve.forms.base import Array, Form, Profile
from eqsolve.forms.mixed import Mixed
from eqsolve.forms.normal.game import TensorGame

#: Profiles drawn where no table shows the structure.
DRAWS = 24
#: Best replies that are named.
NAMED_REPLIES = 5


def evidence(form: Form, seed: int = 0, cycles: int = 200, seconds: float | None = 1.0) -> tuple[Finding, ...]:
    """Return the structure of a game whose policies are distributions; that of other games is not looked for.

    At most `cycles` are drawn in the search for a potential, in about `seconds` (or all).
    """
    if not isinstance(form, Mixed):
        return ()
    study = study_of(form)
    table = study.table(form)
    if table is not None and study.of_table is not None:
        found = study.of_table(table)
    elif study.findings is not None:
        found = study.findings(form)
    else:
        start_values(form, form.uniform())  # kernels are loaded before the clock of the draws starts
        samples = _samples(form, seed, seconds)
        found = _drawn_sums(form, samples), _drawn_interest(form, samples), *_drawn_symmetries(form, samples)
    return (*found, _degenerate(form, table), _potential(form, table, found[1], seed, cycles, seconds))


def tables(form: Form) -> Form | None:
    """The game by tables if it is, or is soon, one; None where they would be large.

    Of a game over a horizon: its stage, since every stage has the same rewards and transitions.
    """
    return study_of(form).table(form)


class Sample(NamedTuple):
    """Values [N, starts] at a drawn profile, and where players j and k exchange their policies (None: they cannot)."""

    values: Array
    exchanged: Array | None
    j: int
    k: int


def _samples(form: Mixed, seed: int, seconds: float | None) -> list[Sample]:
    """Values at pure and mixed profiles in turn, as many as time allows but at least 2."""
    deadline = np.inf if seconds is None else monotonic() + seconds
    n = len(form.players)
    found: list[Sample] = []
    exchangeable = n > 1 and unequal_actions(form) is None
    for profile, uniforms in _profiles(form, seed):
        if len(found) >= 2 and monotonic() > deadline:
            break
        j = int(uniforms[0] * n)
        k = (j + 1 + int(uniforms[1] * (n - 1))) % n
        exchanged = None
        if exchangeable:
            order = list(profile)
            order[j], order[k] = profile[k], profile[j]
            exchanged = start_values(form, tuple(order))
        found.append(Sample(start_values(form, profile), exchanged, j, k))
    return found


def _profiles(form: Mixed, seed: int) -> Iterator[tuple[Profile, Array]]:
    """Drawn profiles, each with two further uniform numbers; other draws than those of cycles."""
    for number in range(DRAWS):
        counter = np.random.Philox(key=seed + ((number + (1 << 32)) << 64))
        uniforms = np.random.Generator(counter).random(2 + int(form.offsets[-1]))
        yield drawn(form, uniforms[2:], number % 2 == 0), uniforms[:2]


def _verdict(name: str, samples: Sequence[Sample], against: str | None) -> Finding:
    """Refuted by `against`, else open."""
    if against is not None:
        return Finding(name, False, against)
    return Finding(name, None, f"no violation at {len(samples)} drawn profiles")


def _small(form: Mixed, samples: Sequence[Sample]) -> float:
    """Differences of values up to this are rounding."""
    size = max(float(np.abs(sample.values).max()) for sample in samples)
    return rounding(form, max(size, form.largest_number))


def _drawn_sums(form: Mixed, samples: Sequence[Sample]) -> Finding:
    sums = np.array([sample.values.sum(axis=0) for sample in samples])
    spread = np.ptp(sums, axis=0)
    at = int(spread.argmax())
    if spread[at] <= len(form.players) * _small(form, samples):
        return _verdict("constant-sum", samples, None)
    return _verdict("constant-sum", samples, f"values sum to {sums[:, at].min():g} and to {sums[:, at].max():g}")


def _drawn_interest(form: Mixed, samples: Sequence[Sample]) -> Finding:
    off = np.array([np.abs(sample.values - sample.values[0]).max(axis=1) for sample in samples])
    number, who = divmod(int(off.argmax()), off.shape[1])
    if off[number, who] <= _small(form, samples):
        return _verdict("common-interest", samples, None)
    at = np.abs(samples[number].values[who] - samples[number].values[0]).argmax()
    one, other = samples[number].values[[0, who], at]
    names = form.players[0], form.players[who]
    return _verdict("common-interest", samples, f"values of {names[0]} and {names[1]} can be {one:g} and {other:g}")


def _drawn_symmetries(form: Mixed, samples: Sequence[Sample]) -> tuple[Finding, Finding]:
    if (why := unequal_actions(form)) is not None:
        return Finding("symmetric", False, why), Finding("anonymous", False, why)
    small = _small(form, samples)
    asymmetric, known = None, None
    for before, after, j, k in samples:
        if after is None:
            continue
        names = f"{form.players[j]} and {form.players[k]}"
        order = np.arange(len(before))
        order[[j, k]] = k, j
        off = np.abs(after[order] - before).max(axis=1)
        others = np.delete(off, [j, k])
        if known is None and others.size and others.max() > small:
            known = f"another player's value changes when {names} exchange their policies"
        if asymmetric is None and off.max() > small:
            asymmetric = f"when {names} exchange their policies, their values are not exchanged"
    return _verdict("symmetric", samples, asymmetric), _verdict("anonymous", samples, known)


def _degenerate(form: Mixed, table: Form | None) -> Finding:
    """Of two-player matrices: decided by all mixtures, or, of large ones, shown by single actions only."""
    if len(form.players) != 2 or form.tensor_bytes is None:
        return Finding("degenerate", None, "asked of two players in normal form only", examined=False)
    if table is None:
        return Finding("degenerate", None, "the game is too large to be written as a matrix", examined=False)
    table = cast(TensorGame, table)  # as those of forms with a tensor are
    count = systems((len(form.actions[0]), len(form.actions[1])))
    tie = find_tie(table) if count <= MAX_SYSTEMS else find_pure_tie(table)
    if tie is not None:
        labels, replies = form.actions[tie.player], form.actions[1 - tie.player]
        mixed = np.flatnonzero(tie.policy)
        policy = labels[mixed[0]] if len(mixed) == 1 else " ".join(f"{labels[a]}={tie.policy[a]:.3g}" for a in mixed)
        best = ", ".join(replies[a] for a in tie.replies[:NAMED_REPLIES])
        best += ", …" if len(tie.replies) > NAMED_REPLIES else ""
        many = f"{form.players[1 - tie.player]} has {len(tie.replies)} best replies"
        rounded = "" if table.is_exact else UP_TO_ROUNDING
        return Finding("degenerate", True, f"{many} to {policy} of {form.players[tie.player]}: {best}{rounded}")
    if count > MAX_SYSTEMS:
        return Finding(
            "degenerate", None, "no action has two best replies; with so many actions mixtures are not examined"
        )
    text = f"no mixture of k actions has more than k best replies ({count} systems of equations solved for each player)"
    return Finding("degenerate", False, text)


def _potential(
    form: Mixed, table: Form | None, common: Finding, seed: int, cycles: int, seconds: float | None
) -> Finding:
    """By every cycle of pure actions where a tensor shows them, else by drawn cycles of policies."""
    if table is not None and form.tensor_bytes is not None:
        search = every_cycle(cast(TensorGame, table))
    else:
        search = drawn_cycles(form, seed, cycles, seconds)
    if search.open_cycle is not None:
        share = 100 * search.largest / form.payoff_range
        many = f"the worst of {search.cycles} cycles of four moves"
        text = f"{many} sums to {search.open_cycle.total:g}, not 0: {share:.3g} % of the payoff range"
        return Finding("potential", False, text, search=search)
    if search.cycles == 0:
        return Finding("potential", True, "at most one player has a choice", search=search)
    if search.exhaustive:
        rounded = UP_TO_ROUNDING if search.rounded else ""
        text = f"all {search.cycles} cycles of four moves between pure actions sum to 0{rounded}"
        return Finding("potential", True, text, search=search)
    none = f"no violation found in {search.cycles} cycles"
    rounded = UP_TO_ROUNDING if common.evidence.endswith(UP_TO_ROUNDING) else ""
    if common.holds:
        return Finding("potential", True, f"the common {word(form)} are one{rounded}; {none}", search=search)
    if form.has_potential:
        return Finding("potential", True, f"by the rules of the game; {none}", search=search)
    return Finding("potential", None, f"{none}, which is no proof", search=search)
