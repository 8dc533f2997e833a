"""What `eqsolve info` found, as text for people: shows numbers, computes none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from math import inf
from textwrap import wrap
from typing import TYPE_CHECKING, cast

from eqsolve.forms.base import Array, Form
from eqsolve.forms.mixed import Mixed
from eqsolve.report.details import LONG_KEY
from eqsolve.report.details import entry as line
from eqsolve.report.lines import LISTED, column, short
from eqsolve.report.survey_document import infosets_of, place

if TYPE_CHECKING:
    from eqsolve.analysis.dominance import Dominance
    from eqsolve.analysis.finding import Finding
    from eqsolve.analysis.potential import Cycle
    from eqsolve.info import Survey

#: Rows of a policy that the text names one by one.
NAMED_ROWS = 6

#: What the text says of a finding.
VERDICTS = {True: "yes", False: "no", None: "not refuted"}


def rows_text(form: Form) -> str:
    """The rows by number, or by their entries where they differ in length; a normal form's only one has no label."""
    if form.tensor_bytes is not None:
        return line("rows", 1, "a normal form: one row per player") + "\n"
    if not isinstance(form, Mixed):
        return "".join(line("shape", str(shape), player) + "\n" for player, shape in _shapes(form))
    if form.rows_before:
        return "".join(
            line(f"entries {first}-{first + len(actions) - 1}", f"{player}: {label}", f"  {_listed(actions)}") + "\n"
            for i, player in enumerate(form.players)
            for label, actions, first in infosets_of(form, i)
        )
    return "".join(line(f"row {number}", label) + "\n" for number, label in enumerate(form.rows))


def _shapes(form: Form) -> Iterator[tuple[str, str]]:
    """Each player with the shape of their policy in words."""
    for player, shape in zip(form.players, form.shapes, strict=True):
        yield player, str(shape).replace(",)", ")")


def survey_text(survey: Survey, *, width: int | None = None) -> str:
    """Return what was found for people: one `key  value  what it is` a line; `width` folds longer lines."""
    form = survey.game.form
    lines = [*_sizes(survey), *_structure(form, survey.findings), *_dominance_lines(form, survey.dominance)]
    lines += _algorithms(survey)
    lines += [line("note", remark) for remark in survey.remarks]
    if survey.note is not None:
        lines.append(line("note", f"not looked into: {survey.note}"))
    if width is not None:
        fold = partial(wrap, width=max(width, 40), subsequent_indent=" " * LONG_KEY, break_on_hyphens=False)
        lines = [folded for each in lines for folded in fold(each)]
    return "\n".join(lines) + "\n"


def _sizes(survey: Survey) -> Iterator[str]:
    game, form = survey.game, survey.game.form
    yield line("game", f"{game.name} ({game.kind}, {len(form.players)} players)")
    yield line("hash", game.hash[:12], "the first 12 of its 64 digits")
    yield line("players", _listed(form.players))
    if isinstance(form, Mixed) and form.staged:
        yield line(f"{form.row_is}s", len(form.rows), "rows of a policy: --states lists them in order")
        yield line("discount", short(form.discount))
    for name, count in form.counts.items():
        numbers = count if isinstance(count, tuple) else (count,)
        alike = len(set(numbers)) == 1
        whose = "of each player" if alike else "of the players in order"
        what = form.counted_in_words.get(name, "{}").format(whose)
        yield line(name, _listed([str(n) for n in numbers[: 1 if alike else None]]), what)
    if isinstance(form, Mixed) and form.same_actions:
        yield _actions(form)
    shapes = [shape for _, shape in _shapes(form)]
    yield line("policy_shape", shapes[0] if len(set(shapes)) == 1 else _listed(shapes))
    if form.scale is None:
        yield line("payoff_range", "none", "payoffs have no bounds: tolerances are in payoff units, by --tol")
    else:
        yield line("payoff_range", short(form.scale), "largest minus smallest payoff of a player")
    if isinstance(form, Mixed) and form.staged:
        yield line("reward_range", short(form.reward_range), "largest minus smallest reward of a player in one stage")


def _actions(form: Mixed) -> str:
    if len(set(form.actions)) == 1:
        return line("actions", len(form.actions[0]), f"of each player: {_listed(form.actions[0])}")
    return line("actions", _listed([str(len(labels)) for labels in form.actions]), "of the players in order")


def _listed(words: Sequence[str]) -> str:
    more = f", … {len(words) - LISTED} more" if len(words) > LISTED else ""
    return ", ".join(words[:LISTED]) + more


def _structure(form: Form, findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        yield line(finding.name, VERDICTS[finding.holds] if finding.examined else "not examined", finding.evidence)
        if finding.search is not None and finding.search.open_cycle is not None:
            yield from _cycle_lines(form, finding.search.open_cycle)


#: Which actions each kind of elimination takes away, and what to know of it.
ELIMINATIONS = {
    "pure": ("strictly dominated by an action", ""),
    "mixed": ("strictly dominated by a mixture", ""),
    "weak": ("weakly dominated by a mixture", "; in another order others may survive"),
}


def _dominance_lines(form: Form, found: Sequence[Dominance]) -> Iterator[str]:
    """How many actions go, and which survive of the players who lose some."""
    for one in found:
        what, caution = ELIMINATIONS[one.kind]
        if not one.examined:
            yield line(f"dominance_{one.kind}", "not examined", "too many actions")
        elif not one.eliminated:
            yield line(f"dominance_{one.kind}", "none", f"no action is {what}")
        else:
            count, rounds = len(one.eliminated), one.eliminated[-1].round
            how = f"{what}, in {rounds} round{'s' if rounds > 1 else ''}{caution}"
            yield line(f"dominance_{one.kind}", f"{count} action{'s' if count > 1 else ''}", how)
            losers = sorted({gone.player for gone in one.eliminated})
            for i in losers[:LISTED]:
                survivors = _listed([cast(Mixed, form).actions[i][a] for a in one.survivors[i]])
                yield line("  survive", f"{form.players[i]}: {survivors}")


def _cycle_lines(form: Form, cycle: Cycle) -> Iterator[str]:
    """The four moves in words, each with what it does to the payoff of the one who moves."""
    payoff = "value" if form.row_is else "payoff"
    movers = form.players[cycle.i], form.players[cycle.j]
    if cycle.start is not None:
        yield line("cycle_start", f"in {form.row_is} {place(form, cycle.start)}")
    others = [k for k in range(len(form.players)) if k not in (cycle.i, cycle.j)]
    for k in [cycle.i, cycle.j, *others][:LISTED]:
        what = "at first" if k in (cycle.i, cycle.j) else "all along"
        yield line("cycle_policy", f"{form.players[k]} {what}: {_policy(form, k, cycle.profile[k])}")
    if len(form.players) > LISTED:
        yield line("more", f"{len(form.players) - LISTED} players are not shown: --format json has them all")
    moves = ((0, 1, False), (1, 2, False), (0, 3, True), (1, 0, True))
    for number, ((who, after, back), change) in enumerate(zip(moves, cycle.changes, strict=True)):
        k = (cycle.i, cycle.j)[who]
        one, other = cycle.profile[k], (cycle.other_i, cycle.other_j)[who]
        how = _change(form, k, *((other, one) if back else (one, other)))
        before = cycle.corners[number][who]
        values = f"{payoff} {before:.6g} → {cycle.corners[after][who]:.6g}, {change:+.6g}"
        yield line(f"cycle_move {number + 1}", f"{movers[who]} moves{' back' if back else ''}: {how}; {values}")
    signs = " ".join(f"{change:+.6g}" for change in cycle.changes)
    yield line("cycle_sum", f"{cycle.total:.6g}", f"= {signs}; 0 for every cycle of a potential game")


def _policy(form: Form, player: int, policy: Array) -> str:
    """A policy by its rows; where most rows are alike, that row and the exceptions."""
    rows = [(label, _row(actions, row), row.tolist()) for label, actions, row in form.named_rows(player, policy)]
    if not rows:
        return "no choice"
    if len(rows) == 1:
        return rows[0][1]
    many, probabilities = Counter(text for _, text, _ in rows), {text: row for _, text, row in rows}
    usual = min(many, key=lambda text: (-many[text], probabilities[text])) if max(many.values()) > 1 else rows[0][1]
    others = [(label, text) for label, text, _ in rows if text != usual]
    return f"{usual} but for {_named(others)}" if others else f"{usual} everywhere"


def _change(form: Form, player: int, one: Array, other: Array) -> str:
    """What changes between two policies, row by row."""
    both = zip(form.named_rows(player, one), form.named_rows(player, other), strict=True)
    changes = [
        (label, f"{_row(actions, before)} → {_row(actions, after)}")
        for (label, actions, before), (_, _, after) in both
        if (before != after).any()
    ]
    return _named(changes)


def _named(rows: Sequence[tuple[str, str]]) -> str:
    shown = [f"{text} in {label}" if label else text for label, text in rows[:NAMED_ROWS]]
    if len(rows) > NAMED_ROWS:
        shown.append(f"{len(rows) - NAMED_ROWS} more rows")
    return ", ".join(shown)


def _row(labels: Sequence[str], row: Array) -> str:
    """One row: the action if it is sure, else probabilities."""
    if (row == 1).any():
        return labels[int(row.argmax())]
    return " ".join(f"{label}={p:.3g}" for label, p in zip(labels, row, strict=True) if p > 0)


def _algorithms(survey: Survey) -> Iterator[str]:
    yield line("auto", survey.chosen, survey.reason)
    fitting = [(c.row.name, c.estimate) for c in survey.candidates if c.estimate is not None]
    width = column((name for name, _ in fitting), least=LONG_KEY)
    for name, estimate in sorted(fitting, key=lambda one: inf if one[1].seconds is None else one[1].seconds):
        parts = []
        if estimate.seconds is not None:
            parts.append(f"{_time(estimate.seconds)} per iteration")
        if estimate.memory is not None:
            parts.append(f"{_size(estimate.memory)} of memory")
        if estimate.note is not None:
            parts.append(estimate.note)
        yield line(name, "fits", ", ".join(parts), key_width=width)
    if others := len(survey.candidates) - len(fitting):
        yield line("others", others, "algorithms that do not fit: --format json says why")
    if survey.judging is not None:
        yield line("judge", _time(survey.judging), "to measure one answer")
    if survey.program is not None:
        yield line("program", _size(survey.program), "of memory for the program itself, on top of those above")
    yield line("costs", "measured on this machine, now, in one thread, with the kernels loaded")


def _time(seconds: float) -> str:
    for unit, name in ((1.0, "s"), (1e-3, "ms")):
        if seconds >= unit:
            return f"{seconds / unit:.2g} {name}" if seconds < 100 * unit else f"{seconds / unit:.0f} {name}"
    return f"{seconds / 1e-6:.2g} µs" if seconds < 1e-4 else f"{seconds / 1e-6:.0f} µs"


def _size(count: int) -> str:
    for unit, name in ((2**30, "GiB"), (2**20, "MiB")):
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return f"{count / 2**10:.3g} KiB" if count >= 2**10 else f"{count} bytes"
