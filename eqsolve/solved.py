"""What `solve` returns to a program or a notebook: the result with its game, by labels, as arrays, drawn and saved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from html import escape
from math import nan
from os import PathLike
from typing import TYPE_CHECKING, Any, cast

from eqsolve import arguments
from eqsolve.forms.base import Array, Profile
from eqsolve.forms.mixed import Mixed
from eqsolve.metrics.figures import DRAWN_AS_TRACED
from eqsolve.run.result import Record, Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from eqsolve.spec.load import GameSpec

#: Rows of policies, or pure profiles of a joint distribution, that are shown where a result is printed.
PRINTED_ROWS = 12


@dataclass(frozen=True, eq=False, repr=False)
class SolveResult(Result):
    """A result with the game that was solved, `spec`: what `eqsolve.solve` returns.

    Besides these properties it has `plot()`, `save(path)` and `to_dict()`.
    """

    spec: GameSpec = field(kw_only=True)

    # arrays are neither equal at once nor hashable: a result is itself alone
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @classmethod
    def of(cls, result: Result, spec: GameSpec) -> SolveResult:
        """Join `result` with the game that it is about."""
        return cls(**{one.name: getattr(result, one.name) for one in fields(Result)}, spec=spec)

    @property
    def gap(self) -> float | None:
        """The figure that judges the answer, in payoff units: its Nash gap, or what its concept says; None without."""
        return None if self.judged is None else self.judged.record.gap.value

    @property
    def profile(self) -> Profile | None:
        """The answer, one array per player in the shapes of the form; None where it is a joint distribution."""
        return None if self.answer is None else self.answer.answer

    @property
    def policies(self) -> dict[str, Any]:
        """The answer by labels: {player: {action: p}}, or {player: {state or information set: {action: p}}}."""
        from eqsolve.report.by_labels import labelled

        return {} if self.answer is None else labelled(self.game.form, self.answer.answer)

    @property
    def trace(self) -> dict[str, Array]:
        """The measured points as arrays by name; NaN where a figure does not apply, `seconds` those of the steps."""
        import numpy as np

        points = [_point(record) for record in self.records]
        names = ("iteration", "gap", *DRAWN_AS_TRACED, "seconds")
        columns: dict[str, Array] = {name: np.array([point[name] for point in points]) for name in names}
        columns["iteration"] = columns["iteration"].astype(np.int64)
        return columns

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the gap of the measured points over the iterations; return the axes, new ones unless given.

        UsageError without matplotlib (extra `plot`).
        """
        from eqsolve.plotting.plot import require_matplotlib

        require_matplotlib()
        if axes is None:
            from matplotlib import pyplot as plt

            axes = plt.subplots()[1]
        trace = self.trace
        gaps = trace["gap"]
        axes.plot(trace["iteration"], gaps, marker="." if len(gaps) < 100 else "", label=self.algorithm.name)
        positive = gaps[gaps > 0]
        if len(positive) == len(gaps) > 0:
            axes.set_yscale("log")
        elif len(positive):  # a logarithmic axis has no place for 0
            axes.set_yscale("symlog", linthresh=float(positive.min()))
        axes.set_xlabel("iteration")
        axes.set_ylabel(f"{self.algorithm.concept.gap_in_words}, in payoff units")
        return axes

    def save(self, path: str | PathLike[str], *, force: bool = False) -> str | None:
        """Write the answer as a policy file, with the game inside: what `solve -o` writes and `regret` reads.

        Return a sentence where the game could not be put inside, else None. UsageError for a file that is there
        (unless `force`) and where there is no answer, WriteError where it cannot be written.
        """
        from eqsolve.store.policy import write_policy

        return write_policy(arguments.path("path", path), self, self.spec, force=force)

    def to_dict(self) -> dict[str, Any]:
        """Return the document that `solve --format json --profile --no-provenance` prints."""
        from eqsolve.report.document import result_document

        return result_document(self, profile=True)

    def __repr__(self) -> str:
        rows = list(_rows(self))
        width = max((len(label) for label, _ in rows), default=0)
        shown = [f"\n  {label:<{width}}  {text}" for label, text in rows[:PRINTED_ROWS]]
        more = [f"\n  … {len(rows) - PRINTED_ROWS} more"] if len(rows) > PRINTED_ROWS else []
        return f"<SolveResult of {self.game.name}: {_summary(self)}>" + "".join(shown + more)

    def _repr_html_(self) -> str:
        """Return the same as a table, for notebooks."""
        rows = list(_rows(self))
        lines = [f"<tr><th>{escape(label)}</th><td>{escape(text)}</td></tr>" for label, text in rows[:PRINTED_ROWS]]
        if len(rows) > PRINTED_ROWS:
            lines.append(f"<tr><th></th><td>… {len(rows) - PRINTED_ROWS} more</td></tr>")
        caption = f"<caption>{escape(self.game.name)}: {escape(_summary(self))}</caption>"
        return f"<table>{caption}{''.join(lines)}</table>"


def _point(record: Record) -> dict[str, float]:
    """Return a measured point by the columns of `SolveResult.trace`; NaN where a figure does not apply."""
    found = ((name, record.measured.get(name)) for name in DRAWN_AS_TRACED)
    figures = {name: nan if x is None else float(x) for name, x in found}
    return {"iteration": record.iteration, "gap": record.gap.value, **figures, "seconds": record.clocks.work}


def _summary(result: SolveResult) -> str:
    """`converged, Nash gap 3.1e-07, inpg`."""
    judged = result.judged
    gap = "no answer" if judged is None else f"{judged.record.concept.gap_in_words} {_number(judged.record.gap.value)}"
    listed = "" if result.equilibria is None else f", {len(result.equilibria)} listed"
    return f"{str(result.status).replace('_', ' ')}, {gap}, {result.algorithm.name}{listed}"


def _rows(result: SolveResult) -> Iterator[tuple[str, str]]:
    """Of each row of the policies, or each pure profile of a joint distribution, a label and what it says."""
    form = result.game.form
    if result.joint is not None:
        joint = result.joint.answer
        for p, chosen in zip(joint.probabilities.tolist(), joint.actions.tolist(), strict=True):
            # no others have joint distributions
            named = zip(form.players, cast(Mixed, form).actions, chosen, strict=True)
            yield _number(p), ", ".join(f"{player}: {labels[a]}" for player, labels, a in named)
    for i, policy in enumerate(result.profile or ()):
        for label, actions, row in form.named_rows(i, policy):
            shown = ", ".join(f"{action} {_number(p)}" for action, p in zip(actions, row.tolist(), strict=True))
            yield f"{form.players[i]} {label}".rstrip(), shown


def _number(x: float) -> str:
    """A number for reading: six decimals of a probability, rounding noise as 0; small gaps keep two digits."""
    if abs(x) < 1e-12:
        return "0"
    return f"{x:.2g}" if abs(x) < 1e-3 else f"{x:.6g}"
